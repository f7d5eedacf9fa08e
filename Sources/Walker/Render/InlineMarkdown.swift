/// A title or another single line of Markdown.
///
///     the **cap** of `room`, see [the list](https://example.org/list)
///     the cap of room, see the list (https://example.org/list)
struct InlineMarkdown {
  /// Names that stand out as the followed value when a code span is just that name.
  let tracked: Set<String>

  func line(_ text: some StringProtocol) -> StyledLine {
    var line = StyledLine()
    add(MarkdownDocument(String(text)).blocks(tracked: tracked), to: &line)
    return line
  }

  /// A line that looks like a heading, a list or a quote is a line all the same.
  private func add(_ blocks: [MarkdownBlock], to line: inout StyledLine) {
    for block in blocks {
      if !line.isEmpty { line.append(" ") }
      switch block {
      case .paragraph(let lines):
        for (position, part) in lines.enumerated() {
          if position > 0 { line.append(" ") }
          line.append(part)
        }
      case .heading(let text): line.append(text)
      case .item(let marker, let blocks):
        line.append(marker)
        add(blocks, to: &line)
      case .quote(let blocks): add(blocks, to: &line)
      case .code(let lines): line.append(lines.joined(separator: " "), .code)
      case .table(let rows): for cell in rows.flatMap(\.self) { line.append(cell.appending(" ")) }
      case .rule: line.append("---")
      }
    }
  }
}
