public import WalkerModel

/// What the operations compute on bits; the builders, the evaluator and the compiled form agree because they ask here.
enum Arithmetic {
  static func convert(_ bits: UInt64, from: IntegerType, to: IntegerType) -> UInt64 {
    if to == .bool { return bits & from.mask == 0 ? 0 : 1 }
    return to.bits(of: from.number(fromBits: bits))
  }

  static func unary(_ op: UnaryOperator, _ bits: UInt64, _ type: IntegerType) -> UInt64 {
    switch op {
    case .negate: (0 &- bits) & type.mask
    case .complement: ~bits & type.mask
    }
  }

  /// nil: no value.
  static func binary(
    _ op: BinaryOperator, _ left: UInt64, _ right: UInt64, _ type: IntegerType,
    rightType: IntegerType
  ) -> UInt64? {
    switch op {
    case .add: return (left &+ right) & type.mask
    case .subtract: return (left &- right) & type.mask
    case .multiply: return (left &* right) & type.mask
    case .divide, .remainder:
      let (dividend, divisor) = (type.number(fromBits: left), type.number(fromBits: right))
      guard divisor != 0 else { return nil }
      if type.isSigned, divisor == -1, dividend == type.minimum { return nil }
      return type.bits(of: op == .divide ? dividend / divisor : dividend % divisor)
    case .shiftLeft, .shiftRight:
      let amount = rightType.number(fromBits: right)
      guard amount >= 0, amount < Int128(type.width) else { return nil }
      if op == .shiftLeft { return (left << UInt64(amount)) & type.mask }
      return type.bits(of: type.number(fromBits: left) >> amount)
    case .and: return left & right
    case .or: return left | right
    case .xor: return left ^ right
    case .minimum, .maximum:
      let leftIsLess = type.number(fromBits: left) < type.number(fromBits: right)
      return leftIsLess == (op == .minimum) ? left : right
    }
  }

  static func compare(
    _ op: ComparisonOperator, _ left: UInt64, _ right: UInt64, _ type: IntegerType
  ) -> Bool {
    op.holds(type.number(fromBits: left), type.number(fromBits: right))
  }

  static func primitive(
    _ primitive: Primitive, _ bits: UInt64, operandWidth: Int
  ) -> UInt64 {
    func highest(_ value: UInt64) -> Int { 64 - value.leadingZeroBitCount }
    func lowest(_ value: UInt64) -> Int { value == 0 ? 0 : value.trailingZeroBitCount + 1 }
    switch primitive {
    case .fls, .fls64: return UInt64(highest(bits))
    case .ffs, .ffs64: return UInt64(lowest(bits))
    case .hweight32, .hweight64: return UInt64(bits.nonzeroBitCount)
    case .byteSwap: return operandWidth >= 8 ? bits.byteSwapped >> UInt64(64 - operandWidth) : bits
    case .roundUpPowerOfTwo:
      let shift = highest(bits &- 1)
      return shift >= 64 ? 0 : 1 << UInt64(shift)
    case .log2: return UInt64(bitPattern: Int64(highest(bits) - 1)) & 0xffff_ffff
    }
  }
}

extension ComparisonOperator {
  func holds(_ left: Int128, _ right: Int128) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }

  /// `!(a op b)` as one comparison.
  public var inverse: ComparisonOperator {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }

  /// `a op b` written `b op' a`.
  public var swapped: ComparisonOperator {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension BinaryOperator {
  var isCommutative: Bool {
    switch self {
    case .add, .multiply, .and, .or, .xor, .minimum, .maximum: true
    default: false
    }
  }

  var isShift: Bool { self == .shiftLeft || self == .shiftRight }
}
