/// The blocks of a Markdown text; a list's items are blocks that follow each other.
indirect enum MarkdownBlock: Hashable {
  case paragraph(String)
  case heading(String)
  case item(marker: String, [MarkdownBlock])
  case quote([MarkdownBlock])
  case code([String])
  /// The first row is the head.
  case table([[String]])
  case rule

  /// Deeper than anybody nests: what is deeper is text.
  private static let deepest = 20

  static func parse(_ lines: [Substring], depth: Int = 0) -> [MarkdownBlock] {
    let nests = depth < deepest
    var blocks: [MarkdownBlock] = []
    var rest = lines[...]
    while let line = rest.first {
      if line.isBlank {
        rest.removeFirst()
      } else if let fence = line.fence {
        blocks.append(.code(takeCode(&rest, fence: fence)))
      } else if let text = line.headingText {
        rest.removeFirst()
        blocks.append(.heading(text))
      } else if line.isRule {
        rest.removeFirst()
        blocks.append(.rule)
      } else if nests, line.trimmedStart.hasPrefix(">") {
        let quoted = rest.prefix { $0.trimmedStart.hasPrefix(">") }
        rest = rest[quoted.endIndex...]
        blocks.append(.quote(parse(quoted.map { $0.trimmedStart.dropFirst().droppingSpaces(1) }, depth: depth + 1)))
      } else if nests, let item = line.listItem {
        blocks.append(.item(marker: item.marker, parse(takeItem(&rest, contentAt: item.content), depth: depth + 1)))
      } else if line.contains("|"), let rule = rest.dropFirst().first, rule.isTableRule {
        let rows = rest.prefix { $0.contains("|") && !$0.isBlank }
        rest = rest[rows.endIndex...]
        blocks.append(.table(rows.enumerated().filter { $0.offset != 1 }.map(\.element.cells)))
      } else {
        var text: [Substring] = []
        while let next = rest.first, !next.isBlank, text.isEmpty || !next.startsBlock {
          text.append(next.trimmedStart)
          rest.removeFirst()
        }
        blocks.append(.paragraph(text.joined(separator: " ")))
      }
    }
    return blocks
  }

  private static func takeCode(_ rest: inout ArraySlice<Substring>, fence: (mark: Substring, indent: Int)) -> [String] {
    rest.removeFirst()
    var code: [String] = []
    while let line = rest.popFirst(), !line.trimmedStart.hasPrefix(fence.mark) {
      code.append(String(line.droppingSpaces(fence.indent)))
    }
    return code
  }

  /// The lines of one list item without their indentation: those indented under its text, and the lazy ones that go on
  /// with its paragraph.
  private static func takeItem(_ rest: inout ArraySlice<Substring>, contentAt content: Int) -> [Substring] {
    var lines: [Substring] = []
    if let first = rest.popFirst() { lines.append(first.dropFirst(content)) }
    while let line = rest.first {
      let isInside = line.indentation >= content
      let isLazy = !line.isBlank && lines.last?.isBlank == false && !line.startsBlock
      let isGap = line.isBlank && rest.first { !$0.isBlank }.map { $0.indentation >= content } == true
      guard isInside && !line.isBlank || isLazy || isGap else { break }
      lines.append(line.droppingSpaces(content))
      rest.removeFirst()
    }
    return lines
  }
}

extension Substring {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
  var indentation: Int { prefix { $0 == " " }.count }
  var trimmedStart: Substring { drop { $0 == " " || $0 == "\t" } }

  func droppingSpaces(_ count: Int) -> Substring { dropFirst(Swift.min(count, indentation)) }

  var fence: (mark: Substring, indent: Int)? {
    let text = trimmedStart
    guard let first = text.first, first == "`" || first == "~" else { return nil }
    let mark = text.prefix { $0 == first }
    return mark.count >= 3 ? (mark, indentation) : nil
  }

  var headingText: String? {
    let level = prefix { $0 == "#" }.count
    guard (1...6).contains(level), dropFirst(level).first == " " else { return nil }
    return String(dropFirst(level).trimmedStart)
  }

  var isRule: Bool {
    let marks = filter { $0 != " " }
    return marks.count >= 3 && ["-", "*", "_"].contains { mark in marks.allSatisfy { $0 == mark } }
  }

  /// The marker as it is shown, and the column of the item's text.
  var listItem: (marker: String, content: Int)? {
    let text = trimmedStart
    if let first = text.first, "-*+".contains(first), text.dropFirst().first == " " {
      return ("•", indentation + 2)
    }
    let digits = text.prefix(while: \.isNumber)
    let after = text[digits.endIndex...]
    guard (1...3).contains(digits.count), let mark = after.first, mark == "." || mark == ")",
      after.dropFirst().first == " "
    else { return nil }
    return (digits + String(mark), indentation + digits.count + 2)
  }

  var isTableRule: Bool {
    contains("-") && contains("|") && allSatisfy { "|-: ".contains($0) }
  }

  var startsBlock: Bool {
    fence != nil || headingText != nil || listItem != nil || trimmedStart.hasPrefix(">")
  }

  /// The cells of a table's row; a `|` within a code span or after a backslash is text.
  var cells: [String] {
    var cells = [""]
    var isCode = false
    var isEscaped = false
    for character in trimmedStart {
      if character == "`" { isCode.toggle() }
      if character == "|", !isCode, !isEscaped {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\"
    }
    if cells.first?.allSatisfy(\.isWhitespace) == true { cells.removeFirst() }
    if cells.last?.allSatisfy(\.isWhitespace) == true { cells.removeLast() }
    return cells.map { cell in
      let kept = cell[...].trimmedStart
      return String(kept[..<(kept.lastIndex { $0 != " " }.map { kept.index(after: $0) } ?? kept.startIndex)])
    }
  }
}
