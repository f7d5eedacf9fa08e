/// A constant of the walked kernel under the walk's configuration: `SO_RCVBUF`, `HZ`, `PAGE_SIZE`, `EINVAL`.
public struct NamedConstant: Sendable, Codable, Hashable {
  public let name: String
  public let number: Int128
  public let type: IntegerType

  public init(name: String, number: Int128, type: IntegerType) {
    self.name = name
    self.number = number
    self.type = type
  }
}

/// What a kernel calls the errors that a result can be.
public struct ErrorNames: Sendable, Codable, Hashable {
  /// By their number, which is positive.
  public let names: [Int: String]

  public init(names: [Int: String] = [:]) { self.names = names }

  /// `-EINVAL` for -22, also where the type has no sign; nil for what is no error, or has no name.
  public func text(_ number: Int128, _ type: IntegerType) -> String? {
    let signed = IntegerType(width: type.width, isSigned: true).number(fromBits: type.bits(of: number))
    guard type.width >= 32, (-4095...(-1)).contains(signed), let name = names[Int(-signed)] else { return nil }
    return "-" + name
  }
}
