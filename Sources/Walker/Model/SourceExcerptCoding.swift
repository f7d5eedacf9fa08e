/// Tokens are by far the most of a walk, so on the wire all tokens of an excerpt are one text: for each one its line,
/// column, length and class, and `1` when it names the followed value, as numbers with spaces between them.
extension SourceExcerpt {
  private enum CodingKeys: String, CodingKey { case file, firstLine, lines, tokens }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(firstLine, forKey: .firstLine)
    try container.encode(lines, forKey: .lines)
    let numbers = tokens.flatMap { [$0.line, $0.column, $0.length, $0.tokenClass.index, $0.isTracked ? 1 : 0] }
    try container.encode(numbers.map(String.init).joined(separator: " "), forKey: .tokens)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let text = try container.decode(String.self, forKey: .tokens)
    guard let tokens = Self.tokens(text) else {
      throw DecodingError.dataCorruptedError(forKey: .tokens, in: container, debugDescription: "not a list of tokens")
    }
    self.init(
      file: try container.decode(String.self, forKey: .file),
      firstLine: try container.decode(Int.self, forKey: .firstLine),
      lines: try container.decode([String].self, forKey: .lines), tokens: tokens)
  }

  private static func tokens(_ text: String) -> [Token]? {
    var tokens: [Token] = []
    var numbers: [Int] = []
    var number: Int?
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (product, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
        if isTooLarge || product > .max - 10 { return nil }
        number = product + Int(byte - UInt8(ascii: "0"))
        continue
      case UInt8(ascii: " "):
        guard let ended = number else { return nil }
        numbers.append(ended)
        number = nil
      default: return nil
      }
      if numbers.count == 5 {
        guard let token = Token(numbers) else { return nil }
        tokens.append(token)
        numbers.removeAll(keepingCapacity: true)
      }
    }
    guard let last = number else { return text.isEmpty ? [] : nil }
    guard numbers.count == 4, let token = Token(numbers + [last]) else { return nil }
    return tokens + [token]
  }
}

extension SourceExcerpt.Token {
  fileprivate init?(_ numbers: [Int]) {
    guard let tokenClass = SourceExcerpt.TokenClass.inOrder[checked: numbers[3]] else { return nil }
    self.init(
      line: numbers[0], column: numbers[1], length: numbers[2], tokenClass: tokenClass, isTracked: numbers[4] == 1)
  }
}

extension SourceExcerpt.TokenClass {
  fileprivate static let inOrder: [Self] = [
    .keyword, .identifier, .type, .function, .field, .macro, .literal, .comment, .punctuation,
  ]

  fileprivate var index: Int { Self.inOrder.firstIndex(of: self) ?? 0 }
}

extension Array {
  fileprivate subscript(checked index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
