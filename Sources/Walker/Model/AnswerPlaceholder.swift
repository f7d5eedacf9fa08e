/// The `{{…}}` of an answer's sentence.
public enum AnswerPlaceholder {
  public enum Piece: Sendable, Hashable {
    case text(String)
    case name(String)
  }

  /// The sentence in its pieces; what is not closed is text.
  public static func pieces(of sentence: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = sentence[...]
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      if open.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<open.lowerBound]))) }
      let name = rest[open.upperBound..<close.lowerBound].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      pieces.append(.name(name))
      rest = rest[close.upperBound...]
    }
    return rest.isEmpty ? pieces : pieces + [.text(String(rest))]
  }

  public static func names(in sentence: String) -> [String] {
    pieces(of: sentence).compactMap { if case .name(let name) = $0 { name } else { nil } }
  }
}
