public import WalkerModel

/// C's integer conversions, as the kernel's 64-bit ABI has them.
extension IntegerType {
  /// C's integer promotion: what is narrower than `int` becomes `int`.
  public var promoted: IntegerType { width < 32 ? .s32 : self }

  /// C's usual arithmetic conversions: the type in which `left op right` is computed.
  public static func usual(_ left: IntegerType, _ right: IntegerType) -> IntegerType {
    let (left, right) = (left.promoted, right.promoted)
    if left.width != right.width { return left.width > right.width ? left : right }
    return IntegerType(width: left.width, isSigned: left.isSigned && right.isSigned)
  }

  /// Every number of `other` is one of this type.
  public func holds(_ other: IntegerType) -> Bool {
    minimum <= other.minimum && other.maximum <= maximum
  }

  func holds(_ range: ClosedRange<Int128>) -> Bool {
    minimum <= range.lowerBound && range.upperBound <= maximum
  }

  var range: ClosedRange<Int128> { minimum...maximum }

  public var unsigned: IntegerType { IntegerType(width: width, isSigned: false) }
  public var signed: IntegerType { IntegerType(width: width, isSigned: true) }
}

extension Primitive {
  /// The type that an operand of type `given` is converted to.
  public func operandType(for given: IntegerType) -> IntegerType {
    switch self {
    case .fls, .ffs, .hweight32: .u32
    case .fls64, .ffs64, .hweight64, .roundUpPowerOfTwo, .log2: .u64
    case .byteSwap: given.unsigned
    }
  }

  public func resultType(for operand: IntegerType) -> IntegerType {
    switch self {
    case .fls, .fls64, .ffs, .ffs64, .hweight32, .hweight64, .log2: .s32
    case .byteSwap: operand.unsigned
    case .roundUpPowerOfTwo: .u64
    }
  }
}
