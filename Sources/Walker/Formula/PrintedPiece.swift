internal import WalkerModel

/// How strongly the outermost operator of a printed text binds, from C's table.
enum Precedence: Int, Comparable {
  case conditional, logicalOr, logicalAnd, bitOr, bitXor, bitAnd, equality, relational, shift, additive,
    multiplicative, unary, primary

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

/// C text for a node, together with the type that C gives the text.
///
/// The number that the text has is always the node's number; the type of the text may be another one that holds it
/// (a `u16` prints as text of type `int` after promotion). Because a C conversion depends on nothing but the number, a
/// cast is needed only where an operation has to be done in a certain type.
struct Piece {
  var text: String
  var precedence: Precedence
  var type: IntegerType
  /// For a literal, whose type a suffix can choose.
  var literal: Int128?

  /// The text as an operand of an operator that binds with `outer`.
  func inside(_ outer: Precedence, orEqual: Bool = true) -> String {
    (orEqual ? precedence >= outer : precedence > outer) ? text : "(\(text))"
  }

  func cast(to type: IntegerType) -> Piece {
    if let literal, let retyped = Piece(literal: literal, exactly: type) { return retyped }
    return Piece(text: "(\(type.name)) \(inside(.unary))", precedence: .unary, type: type)
  }

  /// The shortest literal with this number, whatever its type.
  init(literal number: Int128) {
    let magnitude = number < 0 ? -number : number
    if number < 0 {
      let type: IntegerType = number < IntegerType.s32.minimum + 1 ? .s64 : .s32
      if number == IntegerType.s64.minimum {
        self.init(text: "-0x7fffffffffffffff - 1", precedence: .additive, type: .s64)
      } else if number == IntegerType.s32.minimum {
        self.init(text: "-0x7fffffff - 1", precedence: .additive, type: .s32)
      } else {
        // Decimal, because a large hexadecimal literal has no sign to negate.
        self.init(text: "-\(magnitude)", precedence: .unary, type: type, literal: number)
      }
      return
    }
    let type: IntegerType =
      if number <= IntegerType.s32.maximum {
        .s32
      } else if number <= IntegerType.u32.maximum,
        Self.isHexadecimal(number)
      { .u32 } else if number <= IntegerType.s64.maximum { .s64 } else { .u64 }
    self.init(
      text: Self.digits(number) + (type == .u64 && !Self.isHexadecimal(number) ? "ul" : ""), precedence: .primary,
      type: type, literal: number)
  }

  /// A literal of just this type; nil where C has no suffix for that.
  init?(literal number: Int128, exactly type: IntegerType) {
    guard number >= 0, type.maximum >= number else { return nil }
    let suffix: String
    switch type {
    case .s32: suffix = ""
    case .u32: suffix = "u"
    case .s64: suffix = "l"
    case .u64: suffix = "ul"
    default: return nil
    }
    self.init(text: Self.digits(number) + suffix, precedence: .primary, type: type, literal: number)
  }

  init(text: String, precedence: Precedence, type: IntegerType, literal: Int128? = nil) {
    self.text = text
    self.precedence = precedence
    self.type = type
    self.literal = literal
  }

  /// Masks read better in hexadecimal, and so does what no longer fits an `int`, which then is `unsigned` as it should be.
  private static func isHexadecimal(_ number: Int128) -> Bool {
    number > IntegerType.s32.maximum || number > 0xffff && number & 0xfff == 0xfff
  }

  private static func digits(_ number: Int128) -> String {
    isHexadecimal(number) ? "0x" + String(number, radix: 16) : String(number)
  }
}
