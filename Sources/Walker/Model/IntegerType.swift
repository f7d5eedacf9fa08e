/// A C integer type as the prover and the evaluator need it: how many bits, and whether the top one is a sign.
///
/// `_Bool` and the result of a comparison are `bool` (one bit, unsigned); a bit-field has its declared width.
public struct IntegerType: Sendable, Hashable, Codable {
  /// 1 to 64.
  public let width: Int
  public let isSigned: Bool

  public init(width: Int, isSigned: Bool) {
    self.width = width
    self.isSigned = isSigned
  }

  public static let bool = IntegerType(width: 1, isSigned: false)
  public static let u8 = IntegerType(width: 8, isSigned: false)
  public static let u16 = IntegerType(width: 16, isSigned: false)
  public static let u32 = IntegerType(width: 32, isSigned: false)
  public static let u64 = IntegerType(width: 64, isSigned: false)
  public static let s8 = IntegerType(width: 8, isSigned: true)
  public static let s16 = IntegerType(width: 16, isSigned: true)
  public static let s32 = IntegerType(width: 32, isSigned: true)
  public static let s64 = IntegerType(width: 64, isSigned: true)

  /// All bits of the type set: `0xffff` for `u16`.
  public var mask: UInt64 { width >= 64 ? .max : (1 << UInt64(width)) - 1 }

  /// The kernel's own short name: `u32`, `s16`, `int` for a signed 32-bit number, `bool`.
  public var name: String {
    switch (width, isSigned) {
    case (1, false): "bool"
    case (32, true): "int"
    default: (isSigned ? "s" : "u") + String(width)
    }
  }

  /// The type of that name; nil for any other text.
  public init?(name: String) {
    switch name {
    case "bool": self = .bool
    case "int": self = .s32
    default:
      guard let sign = name.first, "su".contains(sign), let width = Int(name.dropFirst()), (1...64).contains(width)
      else { return nil }
      self.init(width: width, isSigned: sign == "s")
    }
  }

  /// Whether every number of the other type is one of this.
  public func holds(all other: IntegerType) -> Bool { minimum <= other.minimum && other.maximum <= maximum }

  /// `bits`, read as a number of this type: sign-extended when the type is signed.
  public func number(fromBits bits: UInt64) -> Int128 {
    let low = bits & mask
    guard isSigned, width > 0, low >> UInt64(width - 1) & 1 == 1 else { return Int128(low) }
    return Int128(low) - (Int128(1) << Int128(width))
  }

  /// The bits that C stores when `number` is converted to this type.
  public func bits(of number: Int128) -> UInt64 {
    UInt64(truncatingIfNeeded: number) & mask
  }

  public var minimum: Int128 { isSigned ? -(Int128(1) << Int128(width - 1)) : 0 }
  public var maximum: Int128 {
    (Int128(1) << Int128(isSigned ? width - 1 : width)) - 1
  }
}
