internal import WalkerModel

/// The parts of a `walkthrough.md`, not yet understood: the front matter, the introduction, and one section for each
/// `## Title {#id}` heading.
struct WalkthroughFile {
  /// YAML without the `---` lines; its first line is line 2 of the file.
  let frontMatter: String
  let introduction: String
  let sections: [Section]

  struct Section {
    let title: String
    let id: String
    let location: SourceLocation
    /// The YAML of the anchor block, and the line in the file before its first line.
    let anchor: String
    let anchorLineOffset: Int
    let prose: String
    /// The line in the file before the prose's first one; nil where the prose stands on both sides of the anchor block.
    let proseLineOffset: Int?
  }

  /// Throws `UserError` for front matter that is missing or not closed, a heading without an id, and a section without
  /// exactly one anchor block.
  init(text: String, file: String) throws {
    // A byte order mark and `\r\n` come from editors of other systems and mean nothing here.
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    guard lines.first.map(isRule) == true else {
      throw UserError(
        "\(file):1: the walkthrough lacks its front matter: begin the file with a line \"---\", the YAML keys, and \"---\""
      )
    }
    guard let close = lines.dropFirst().firstIndex(where: isRule) else {
      throw UserError("\(file):1: the front matter is not closed: end it with a line \"---\"")
    }
    frontMatter = lines[1..<close].joined(separator: "\n")

    let headings = try headings(in: lines, after: close, file: file)
    introduction = trimmed(lines[(close + 1)..<(headings.first?.line ?? lines.count)])
    var sections: [Section] = []
    for (position, heading) in headings.enumerated() {
      let end = position + 1 < headings.count ? headings[position + 1].line : lines.count
      sections.append(try section(heading, lines[(heading.line + 1)..<end], file: file))
    }
    self.sections = sections
  }
}

private struct Heading {
  /// Index into the file's lines.
  let line: Int
  let title: String
  let id: String
}

private func isRule(_ line: String) -> Bool { line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace) }

/// Follows Markdown's fences, so that nothing inside of a code block is taken for a heading.
private struct FenceState {
  private var open: (mark: Character, length: Int)?
  var isInside: Bool { open != nil }

  /// The info string, when `line` opens a fence; nil for every other line.
  mutating func take(_ line: String) -> String? {
    let text = line.drop { $0 == " " }
    guard line.count - text.count < 4, let mark = text.first, mark == "`" || mark == "~" else { return nil }
    let length = text.prefix { $0 == mark }.count
    let info = text.dropFirst(length).trimmingSpace
    guard length >= 3 else { return nil }
    if let known = open {
      if mark == known.mark, length >= known.length, info.isEmpty { open = nil }
      return nil
    }
    open = (mark, length)
    return info
  }
}

private func headings(in lines: [String], after close: Int, file: String) throws -> [Heading] {
  var fence = FenceState()
  var headings: [Heading] = []
  for index in (close + 1)..<lines.count {
    let line = lines[index]
    _ = fence.take(line)
    guard !fence.isInside, line.hasPrefix("## ") else { continue }
    let text = line.dropFirst(3).trimmingSpace
    guard let open = text.range(ofLast: "{#"), text.hasSuffix("}") else {
      throw UserError(
        "\(file):\(index + 1): the heading \"\(text)\" lacks its id: write \"## \(text) {#short-name}\", or use ### for a heading within a section"
      )
    }
    let id = String(text[open.upperBound...].dropLast())
    guard isIdentifier(id) else {
      throw UserError("\(file):\(index + 1): \"\(id)\" is not an id: use letters, digits, \"-\" and \"_\" only")
    }
    if let earlier = headings.first(where: { $0.id == id }) {
      throw UserError(
        "\(file):\(index + 1): the id \"\(id)\" is that of line \(earlier.line + 1) already: choose another one")
    }
    headings.append(Heading(line: index, title: text[..<open.lowerBound].trimmingSpace, id: id))
  }
  return headings
}

private func section(_ heading: Heading, _ lines: ArraySlice<String>, file: String) throws -> WalkthroughFile.Section {
  let location = SourceLocation(file: file, line: heading.line + 1)
  var fence = FenceState()
  var anchorRange: Range<Int>?
  var start: Int?
  for index in lines.indices {
    let info = fence.take(lines[index])
    if info == "anchor" {
      guard anchorRange == nil else {
        throw UserError(
          "\(file):\(index + 1): section \"\(heading.id)\" has a second anchor block: give it a heading of its own")
      }
      start = index
    } else if let opened = start, !fence.isInside {
      anchorRange = opened..<index
      start = nil
    }
  }
  if let start {
    throw UserError(
      "\(file):\(start + 1): the anchor block of \"\(heading.id)\" is not closed: end it with a line of three backquotes"
    )
  }
  guard let anchorRange else {
    throw UserError(
      "\(location): section \"\(heading.id)\" lacks its anchor: add a code block marked \"anchor\" with function and role under the heading"
    )
  }
  guard !heading.title.isEmpty else { throw UserError("\(location): section \"\(heading.id)\" lacks its title") }
  let before = lines[lines.startIndex..<anchorRange.lowerBound]
  let after = lines[(anchorRange.upperBound + 1)..<lines.endIndex]
  return WalkthroughFile.Section(
    title: heading.title, id: heading.id, location: location,
    anchor: lines[(anchorRange.lowerBound + 1)..<anchorRange.upperBound].joined(separator: "\n"),
    anchorLineOffset: anchorRange.lowerBound + 1,
    prose: [trimmed(before), trimmed(after)].filter { !$0.isEmpty }.joined(separator: "\n\n"),
    proseLineOffset: trimmed(before).isEmpty
      ? after.firstIndex { line in !line.allSatisfy { $0.isWhitespace } } : nil)
}

func isIdentifier(_ text: String) -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
}

/// The lines without the empty ones at both ends.
private func trimmed(_ lines: ArraySlice<String>) -> String {
  let isBlank: (String) -> Bool = { $0.allSatisfy(\.isWhitespace) }
  let kept = lines.drop(while: isBlank)
  return kept[..<((kept.lastIndex { !isBlank($0) } ?? kept.startIndex - 1) + 1)].joined(separator: "\n")
}

extension StringProtocol {
  fileprivate var trimmingSpace: String {
    let kept = drop(while: \.isWhitespace)
    guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(kept[...last])
  }
}

extension String {
  fileprivate func range(ofLast needle: String) -> Range<Index>? {
    var found: Range<Index>?
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(needle) { found = index..<self.index(index, offsetBy: needle.count) }
      index = self.index(after: index)
    }
    return found
  }
}
