/// Markdown as lines for a terminal, wrapped to a width.
///
///     - the **cap**           • the cap
///     - `room` at most        • room at most
struct MarkdownText {
  private let width: Int
  private let tracked: Set<String>

  /// - Parameter tracked: names that stand out as the followed value.
  init(width: Int, tracked: Set<String>) {
    self.width = max(width, 20)
    self.tracked = tracked
  }

  func lines(_ markdown: String) -> [StyledLine] {
    render(MarkdownDocument(markdown).blocks(tracked: tracked), width)
  }

  private func render(_ blocks: [MarkdownBlock], _ width: Int) -> [StyledLine] {
    var output: [StyledLine] = []
    var previous: MarkdownBlock?
    for block in blocks {
      if let previous, !isTight(previous, block) { output.append(.empty) }
      output += render(block, width)
      previous = block
    }
    return output
  }

  /// The items of a list stand without empty lines between them.
  private func isTight(_ first: MarkdownBlock, _ second: MarkdownBlock) -> Bool {
    switch (first, second) {
    case (.item, .item), (.paragraph, .item), (.heading, _): true
    default: false
    }
  }

  private func render(_ block: MarkdownBlock, _ width: Int) -> [StyledLine] {
    switch block {
    case .paragraph(let lines): return lines.flatMap { $0.wrapped(to: width) }
    case .heading(let text): return text.over(.strong).wrapped(to: width)
    case .rule: return [StyledLine(String(repeating: "─", count: min(width, 24)), .rule)]
    case .code(let lines): return lines.map { StyledLine("  " + $0, .code) }
    case .quote(let blocks):
      return render(blocks, width - 2).map { StyledLine("│ ", .dim).appending($0.over(.emphasis)) }
    case .item(let marker, let blocks):
      let indent = DisplayWidth.of(marker) + 1
      return render(blocks, width - indent).enumerated().map { position, line in
        position == 0
          ? StyledLine(marker + " ", .dim).appending(line)
          : StyledLine(String(repeating: " ", count: indent)).appending(line)
      }
    case .table(let rows): return table(rows, width)
    }
  }

  private func table(_ cells: [[StyledLine]], _ width: Int) -> [StyledLine] {
    let columns = cells.map(\.count).max() ?? 0
    var widths = (0..<columns).map { column in cells.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0 }
    // Where it does not fit, the widest column gives way first.
    while widths.reduce(0, +) + 2 * (columns - 1) > width, let widest = widths.max(), widest > 6,
      let column = widths.firstIndex(of: widest)
    {
      widths[column] -= 1
    }
    var output: [StyledLine] = []
    for (position, row) in cells.enumerated() {
      let wrapped = row.enumerated().map { column, cell in
        (position == 0 ? cell.over(.strong) : cell).wrapped(to: widths[column])
      }
      for index in 0..<(wrapped.map(\.count).max() ?? 0) {
        var line = StyledLine()
        for (column, cell) in wrapped.enumerated() {
          line.pad(to: widths[..<column].reduce(0) { $0 + $1 + 2 })
          if index < cell.count { line.append(cell[index]) }
        }
        output.append(line)
      }
      if position == 0 {
        output.append(StyledLine(String(repeating: "─", count: widths.reduce(0, +) + 2 * (columns - 1)), .rule))
      }
    }
    return output
  }
}
