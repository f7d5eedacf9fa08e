/// A condition that a walkthrough takes as given: `NAME OP NUMBER`, where the number may be a constant of the kernel
/// (`optname == SO_RCVBUF`), or C over such constants.
///
/// | name | what it speaks of |
/// |---|---|
/// | `flags` | a parameter, or what a variable of the function first holds |
/// | `struct widget.state` | a field as it was before the walk wrote to it |
/// | `is_proven()` | what the function returned; it is then not entered |
/// | `widget_cap`, `net.widget.cap` | a knob |
public struct AssumedCondition: Sendable, Hashable {
  /// As the walkthrough has it.
  public let text: String
  public let name: String
  public let op: ComparisonOperator
  /// The right side as the walkthrough has it.
  public let right: String
  /// What the right side is, where it is a plain number.
  public let number: Int128?

  /// nil: the text has not this form.
  public init?(_ text: String) {
    for (sign, op) in Self.signs {
      guard let (left, right) = Self.split(text, at: sign) else { continue }
      guard !left.isEmpty, left.allSatisfy(Self.isOfName) else { return nil }
      let number = Self.number(right)
      guard number != nil || Self.isOfConstants(right) else { return nil }
      self.init(text: text, name: left, op: op, right: right, number: number)
      return
    }
    return nil
  }

  private init(text: String, name: String, op: ComparisonOperator, right: String, number: Int128?) {
    self.right = right
    self.text = text
    self.name = name
    self.op = op
    self.number = number
  }

  /// The called function's name, where the condition is on what a call returned.
  public var callee: String? { name.hasSuffix("()") ? String(name.dropLast(2)) : nil }

  /// Two signs before the one that they begin with.
  private static let signs: [(String, ComparisonOperator)] = [
    ("==", .equal), ("!=", .notEqual), ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("<", .less), (">", .greater),
  ]

  private static func isOfName(_ letter: Character) -> Bool {
    letter.isLetter || letter.isNumber || " ._()->[]".contains(letter)
  }

  private static func isOfConstants(_ text: String) -> Bool {
    text.contains(where: \.isLetter)
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_ |&~+-*/()<>".contains($0)) }
  }

  private static func split(_ text: String, at sign: String) -> (String, String)? {
    let letters = Array(text)
    let wanted = Array(sign)
    guard letters.count >= wanted.count,
      let at = (0...(letters.count - wanted.count)).first(where: { Array(letters[$0..<($0 + wanted.count)]) == wanted })
    else { return nil }
    func trimmed(_ part: ArraySlice<Character>) -> String {
      String(String(part).split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
    return (trimmed(letters[..<at]), trimmed(letters[(at + wanted.count)...]))
  }

  private static func number(_ text: String) -> Int128? {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.dropFirst() : text[...]
    let magnitude = digits.lowercased().hasPrefix("0x") ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits)
    guard let magnitude, magnitude >= 0, magnitude <= Int128(UInt64.max) else { return nil }
    return isNegative ? -magnitude : magnitude
  }
}
