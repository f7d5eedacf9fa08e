/// Markdown within a paragraph: code, strong, emphasis, links and escapes. Anything else stays as it was written.
///
///     the **cap** of `room`, see [the list](https://example.org/list)
///     the cap of room, see the list (https://example.org/list)
struct InlineMarkdown {
  /// Names that stand out as the followed value when a code span is just that name.
  let tracked: Set<String>

  func line(_ text: some StringProtocol) -> StyledLine {
    var line = StyledLine()
    render(Array(text), .plain, into: &line, depth: 0)
    return line
  }

  /// How far the end of a span is looked for, and how deep spans are nested: far more than anybody writes.
  private static let (longest, deepest) = (400, 12)

  private func render(_ text: [Character], _ style: Style, into line: inout StyledLine, depth: Int) {
    guard depth < Self.deepest else { return line.append(String(text), style) }
    var plain = ""
    func flush() {
      line.append(plain, style)
      plain = ""
    }
    var index = 0
    while index < text.count {
      let character = text[index]
      if character == "\\", index + 1 < text.count, text[index + 1].isPunctuation || text[index + 1].isSymbol {
        plain.append(text[index + 1])
        index += 2
      } else if character == "`", let code = codeSpan(text, at: index) {
        flush()
        line.append(code.text, tracked.contains(code.text) ? .tracked : .code)
        index = code.end
      } else if character == "*" || character == "_", let inner = emphasis(text, at: index) {
        flush()
        render(inner.text, inner.isStrong || style == .strong ? .strong : .emphasis, into: &line, depth: depth + 1)
        index = inner.end
      } else if character == "[" || (character == "!" && index + 1 < text.count && text[index + 1] == "["),
        let link = link(text, at: character == "!" ? index + 1 : index)
      {
        flush()
        render(link.text, .link, into: &line, depth: depth + 1)
        let label = String(link.text)
        if !link.target.hasPrefix("#"), label != link.target { line.append(" (\(link.target))", .dim) }
        index = link.end
      } else if character == "<", let close = text[index...].prefix(Self.longest).firstIndex(of: ">"),
        String(text[(index + 1)..<close]).hasPrefix("http")
      {
        flush()
        line.append(String(text[(index + 1)..<close]), .link)
        index = close + 1
      } else {
        plain.append(character)
        index += 1
      }
    }
    flush()
  }

  private func codeSpan(_ text: [Character], at start: Int) -> (text: String, end: Int)? {
    let length = text[start...].prefix { $0 == "`" }.count
    var index = start + length
    let end = min(text.count, start + Self.longest)
    while index < end {
      guard text[index] == "`" else {
        index += 1
        continue
      }
      let run = text[index...].prefix { $0 == "`" }.count
      if run == length {
        var code = String(text[(start + length)..<index])
        if code.count > 2, code.hasPrefix(" "), code.hasSuffix(" ") { code = String(code.dropFirst().dropLast()) }
        return (code, index + run)
      }
      index += run
    }
    return nil
  }

  private func emphasis(_ text: [Character], at start: Int) -> (text: [Character], isStrong: Bool, end: Int)? {
    let mark = text[start]
    let length = min(text[start...].prefix { $0 == mark }.count, 2)
    let opensWord = start == 0 || !(text[start - 1].isLetter || text[start - 1].isNumber)
    guard mark == "*" || opensWord else { return nil }
    let first = start + length
    guard first < text.count, !text[first].isWhitespace else { return nil }
    var index = first + 1
    while index + length <= min(text.count, start + Self.longest) {
      if text[index] == "`", let code = codeSpan(text, at: index) {
        index = code.end
        continue
      }
      let closes = text[index..<(index + length)].allSatisfy { $0 == mark } && !text[index - 1].isWhitespace
      let after = index + length
      let endsWord = after == text.count || !(text[after].isLetter || text[after].isNumber)
      if closes, mark == "*" ? (after == text.count || text[after] != mark) : endsWord {
        return (Array(text[first..<index]), length == 2, after)
      }
      index += 1
    }
    return nil
  }

  private func link(_ text: [Character], at start: Int) -> (text: [Character], target: String, end: Int)? {
    var depth = 0
    for index in start..<min(text.count, start + Self.longest) {
      if text[index] == "[" { depth += 1 }
      if text[index] == "]" { depth -= 1 }
      guard depth == 0 else { continue }
      guard index + 1 < text.count, text[index + 1] == "(",
        let close = text[index...].prefix(Self.longest).firstIndex(of: ")")
      else {
        return nil
      }
      let target = String(text[(index + 2)..<close]).split(separator: " ").first.map(String.init) ?? ""
      return (Array(text[(start + 1)..<index]), target, close + 1)
    }
    return nil
  }
}
