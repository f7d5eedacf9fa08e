internal import WalkerModel

/// One word of a claim, with the column (from 0, in characters) at which it stands.
struct ClaimToken: Equatable {
  enum Kind: Equatable {
    case literal(Int128, IntegerType)
    /// An identifier, with dots: `widget.cap`.
    case name(String)
    /// An operator or a parenthesis.
    case sign(String)
    case end
  }

  let kind: Kind
  let column: Int
  let length: Int
}

/// Splits a claim into words.
struct ClaimLexer {
  private let characters: [Character]
  private let text: String
  /// Names that are C text rather than identifiers, such as `widget->state`, the longest first.
  private let composed: [[Character]]
  private var position = 0

  init(_ text: String, names: some Sequence<String>) {
    self.text = text
    characters = Array(text)
    composed = names.filter { !$0.allSatisfy(Self.isNamePart) || $0.first?.isNumber == true }
      .sorted { ($0.count, $1) > ($1.count, $0) }.map(Array.init)
  }

  mutating func tokens() throws(ClaimError) -> [ClaimToken] {
    var result: [ClaimToken] = []
    while true {
      while position < characters.count, characters[position].isWhitespace { position += 1 }
      guard position < characters.count else { break }
      result.append(try next())
    }
    result.append(ClaimToken(kind: .end, column: characters.count, length: 1))
    return result
  }

  private mutating func next() throws(ClaimError) -> ClaimToken {
    let start = position
    let rest = characters[start...]
    for name in composed where rest.starts(with: name) {
      let end = start + name.count
      let isWhole =
        end == characters.count || !Self.isNamePart(characters[end]) || !Self.isNamePart(characters[end - 1])
      guard isWhole else { continue }
      position = end
      return token(.name(String(name)), from: start)
    }
    let first = characters[start]
    if first.isASCII, first.isNumber { return try number(from: start) }
    if Self.isNamePart(first), first != "." {
      while position < characters.count, Self.isNamePart(characters[position]) { position += 1 }
      return token(.name(String(characters[start..<position])), from: start)
    }
    for sign in Self.signs where rest.starts(with: sign) {
      position += sign.count
      return token(.sign(sign), from: start)
    }
    throw ClaimError("`\(first)` has no meaning in a claim", in: text, column: start)
  }

  private func token(_ kind: ClaimToken.Kind, from start: Int) -> ClaimToken {
    ClaimToken(kind: kind, column: start, length: position - start)
  }

  private static func isNamePart(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == ".")
  }

  /// The longer ones first.
  private static let signs = [
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "(", ")", ",", "?", ":", "+", "-", "*", "/", "%", "<", ">", "&",
    "|", "^", "~", "!",
  ]

  /// Digits with C's prefixes and suffixes; the type is the first that C tries and that holds the number.
  private mutating func number(from start: Int) throws(ClaimError) -> ClaimToken {
    while position < characters.count, Self.isNamePart(characters[position]) { position += 1 }
    let word = String(characters[start..<position]).lowercased()
    let suffix = word.hasPrefix("0x") ? word.ending { "ul".contains($0) } : word.ending(\.isLetter)
    var digits = word.dropLast(suffix.count)
    var radix = 10
    if word.hasPrefix("0b") {
      return try number(digits: word.dropFirst(2), suffix: "", radix: 2, from: start)
    }
    if digits.hasPrefix("0x") {
      (digits, radix) = (digits.dropFirst(2), 16)
    } else if digits.count > 1, digits.hasPrefix("0") {
      (digits, radix) = (digits.dropFirst(), 8)
    }
    return try number(digits: digits, suffix: String(suffix), radix: radix, from: start)
  }

  private func number(
    digits: Substring, suffix: String, radix: Int, from start: Int
  ) throws(ClaimError) -> ClaimToken {
    let word = String(characters[start..<position])
    guard ["", "u", "l", "ul", "lu", "ll", "ull", "llu"].contains(suffix),
      digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } == true }), !digits.isEmpty
    else { throw ClaimError("`\(word)` is no integer of C", in: text, column: start, length: word.count) }
    guard let number = Int128(digits, radix: radix), number <= IntegerType.u64.maximum else {
      throw ClaimError("`\(word)` does not fit 64 bits", in: text, column: start, length: word.count)
    }
    var types: [IntegerType] = suffix.contains("l") ? [.s64, .u64] : [.s32, .u32, .s64, .u64]
    if suffix.contains("u") {
      types.removeAll(where: \.isSigned)
    } else if radix == 10 {
      types.removeAll { $0 == .u32 }
    }
    guard let type = types.first(where: { $0.maximum >= number }) else {
      throw ClaimError("`\(word)` does not fit 64 bits", in: text, column: start, length: word.count)
    }
    return token(.literal(number, type), from: start)
  }
}

extension String {
  /// The longest end of which every character satisfies `condition`.
  fileprivate func ending(_ condition: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
