public import WalkerModel

/// Two kernels side by side: what means something else first, then the source of the functions that differ.
public enum KernelDiff {
  private static let context = 3

  // MARK: - Text

  /// From 140 columns on the source stands side by side, else one kernel's lines follow the other's.
  public static func render(_ old: Walk, _ new: Walk, _ options: TextOptions) -> String {
    var lines = [StyledLine("\(new.title): \(old.kernel.name) and \(new.kernel.name)", .title), .empty]
    for (title, sentences) in parts(old, new) {
      lines.append(StyledLine(title, .strong))
      for sentence in sentences {
        lines += StyledLine(plain(sentence)).wrapped(
          to: options.textWidth, first: StyledLine("  "), rest: StyledLine("    "))
      }
      lines.append(.empty)
    }
    if options.showsSource {
      for (left, right) in pairs(old, new) { lines += source(left, right, options) }
    }
    return options.write(lines)
  }

  static func parts(_ old: Walk, _ new: Walk) -> [(String, [String])] {
    let difference = KernelDifference(from: old, to: new)
    return [
      ("What it means", difference.meaning), ("The way of the value", difference.path),
      ("Explained places", difference.places),
    ].filter { !$0.1.isEmpty }
  }

  /// Markdown's marks say nothing on a terminal.
  private static func plain(_ sentence: String) -> String {
    sentence.replacing("**", with: "").replacing("`", with: "").replacing("\\", with: "")
  }

  private static func source(_ old: Frame?, _ new: Frame?, _ options: TextOptions) -> [StyledLine] {
    let (left, right) = (old?.excerpt.lines ?? [], new?.excerpt.lines ?? [])
    let difference = LineDifference(left, right)
    guard !difference.isEmpty else { return [] }
    var lines = [heading(old, new)]
    for hunk in difference.hunks(around: context) {
      lines += options.width >= 140 ? sideBySide(hunk, left, right, options) : unified(hunk, left, right, options)
      lines.append(StyledLine("  ⋯", .dim))
    }
    return lines.dropLast() + [.empty]
  }

  private static func heading(_ old: Frame?, _ new: Frame?) -> StyledLine {
    let places = [old, new].compactMap { frame in frame.map { "\($0.function)()  \($0.location)" } }
    return StyledLine(places.joined(separator: "   →   "), .strong)
  }

  private static func unified(
    _ hunk: ArraySlice<LineDifference.Row>, _ old: [String], _ new: [String], _ options: TextOptions
  ) -> [StyledLine] {
    hunk.map { row in
      switch row {
      case .same(_, let line): cut("  ", new[line], .plain, options.width, options)
      case .old(let line): cut("- ", old[line], .bad, options.width, options)
      case .new(let line): cut("+ ", new[line], .good, options.width, options)
      }
    }
  }

  private static func sideBySide(
    _ hunk: ArraySlice<LineDifference.Row>, _ old: [String], _ new: [String], _ options: TextOptions
  ) -> [StyledLine] {
    let width = (options.width - 3) / 2
    func half(_ cell: SideBySide.Cell?, _ mark: String, _ style: Style, _ lines: [String]) -> StyledLine {
      guard let cell else { return .empty }
      return cut(cell.isChanged ? mark : "  ", lines[cell.line], cell.isChanged ? style : .plain, width, options)
    }
    return SideBySide.rows(hunk).map { was, now in
      var line = half(was, "- ", .bad, old)
      line.pad(to: width)
      return line.appending(" │ ", .dim).appending(half(now, "+ ", .good, new))
    }
  }

  private static func cut(
    _ mark: String, _ text: String, _ style: Style, _ width: Int, _ options: TextOptions
  ) -> StyledLine {
    var line = StyledLine(mark, style)
    for character in text.replacing("\t", with: String(repeating: " ", count: options.tabWidth)) {
      guard line.width + DisplayWidth.of(character) <= width else { break }
      line.append(String(character), style)
    }
    return line
  }

  // MARK: - Markdown

  public static func markdown(_ old: Walk, _ new: Walk, showsSource: Bool) -> String {
    var text =
      "## \(MarkdownSpan.text(new.title)): \(MarkdownSpan.text(old.kernel.name)) and \(MarkdownSpan.text(new.kernel.name))\n\n"
    for (title, sentences) in parts(old, new) {
      text += "### \(title)\n\n" + sentences.map { "- \($0)\n" }.joined() + "\n"
    }
    guard showsSource else { return text }
    for (left, right) in pairs(old, new) {
      let (first, second) = (left?.excerpt.lines ?? [], right?.excerpt.lines ?? [])
      let difference = LineDifference(first, second)
      guard !difference.isEmpty else { continue }
      let name = right?.function ?? left?.function ?? ""
      text += "### \(MarkdownSpan.code(name))\n\n````diff\n"
      for hunk in difference.hunks(around: context) {
        for row in hunk {
          switch row {
          case .same(_, let line): text += "  \(second[line])\n"
          case .old(let line): text += "- \(first[line])\n"
          case .new(let line): text += "+ \(second[line])\n"
          }
        }
      }
      text += "````\n\n"
    }
    return text
  }

  /// The functions of both walks, in the way's order; one without a twin stands alone.
  static func pairs(_ old: Walk, _ new: Walk) -> [(Frame?, Frame?)] {
    let (before, now) = (old.frames + old.sideFrames, new.frames + new.sideFrames)
    var seen: Set<String> = []
    let paired = now.filter { seen.insert($0.function).inserted }.map { frame in
      (before.first { $0.function == frame.function }, Optional(frame))
    }
    return paired + before.filter { seen.insert($0.function).inserted }.map { (Optional($0), nil) }
  }
}
