internal import WalkerModel

/// Lines of an excerpt, coloured, with their tabs made into spaces.
struct SourceText {
  private let excerpt: SourceExcerpt
  private let tokens: [Int: [SourceExcerpt.Token]]
  private let tabWidth: Int

  init(_ excerpt: SourceExcerpt, tabWidth: Int) {
    self.excerpt = excerpt
    self.tabWidth = tabWidth
    tokens = Dictionary(grouping: excerpt.valueTokens, by: \.line)
  }

  var lines: ClosedRange<Int>? {
    excerpt.lines.isEmpty ? nil : excerpt.firstLine...(excerpt.firstLine + excerpt.lines.count - 1)
  }

  func isBlank(_ line: Int) -> Bool { text(line).allSatisfy(\.isWhitespace) }

  func text(_ line: Int) -> String {
    let index = line - excerpt.firstLine
    return excerpt.lines.indices.contains(index) ? excerpt.lines[index] : ""
  }

  /// The line without colours, with spaces for tabs and none at its end.
  func plain(_ number: Int) -> String {
    let text = line(number).spans.map(\.text).joined()
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  /// The line as it is shown. Tokens name bytes, so the line is cut at bytes.
  func line(_ number: Int) -> StyledLine {
    let bytes = Array(text(number).utf8)
    var line = StyledLine()
    var position = 0
    func append(_ end: Int, _ style: Style) {
      guard position < end else { return }
      let piece = String(decoding: bytes[position..<end], as: UTF8.self)
      for part in piece.split(separator: "\t", omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 { line.pad(to: (line.width / tabWidth + 1) * tabWidth) }
        line.append(String(part.element), style)
      }
      position = end
    }
    for token in (tokens[number] ?? []).sorted(by: { $0.column < $1.column }) {
      let start = min(max(token.column - 1, position), bytes.count)
      append(start, .plain)
      append(min(max(token.column - 1 + token.length, start), bytes.count), token.style)
    }
    append(bytes.count, .plain)
    return line
  }
}

extension SourceExcerpt.Token {
  fileprivate var style: Style {
    if isTracked { return .tracked }
    return switch tokenClass {
    case .keyword: .keyword
    case .type: .type
    case .function: .function
    case .macro: .macro
    case .literal: .literal
    case .comment: .comment
    case .identifier, .field, .punctuation: .plain
    }
  }
}
