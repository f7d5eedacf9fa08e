public import WalkerModel

/// Expressions as text that loses nothing and can be read back: what a lock keeps. Operators stand first, types with
/// constants and inputs, from which all others follow.
///
///     (<= {sock.sk_ack_backlog u32} 7:u32)
extension Expression {
  public var notation: String { NotationWriter().write(self) }

  /// Nil where the text is no notation of an expression.
  public convenience init?(notation: String) {
    var reader = NotationReader(notation)
    guard let read = reader.expression(depth: 0), reader.isAtEnd else { return nil }
    self.init(read.kind, read.type)
  }
}

private let binarySigns: [(BinaryOperator, String)] = [
  (.add, "+"), (.subtract, "-"), (.multiply, "*"), (.divide, "/"), (.remainder, "%"), (.shiftLeft, "<<"),
  (.shiftRight, ">>"), (.and, "&"), (.or, "|"), (.xor, "^"), (.minimum, "min"), (.maximum, "max"),
]

private let comparisonSigns: [(ComparisonOperator, String)] = [
  (.equal, "=="), (.notEqual, "!="), (.less, "<"), (.lessOrEqual, "<="), (.greater, ">"), (.greaterOrEqual, ">="),
]

private final class NotationWriter {
  private var memo: [ObjectIdentifier: String] = [:]

  func write(_ node: Expression) -> String {
    if let known = memo[ObjectIdentifier(node)] { return known }
    let text = spelled(node)
    memo[ObjectIdentifier(node)] = text
    return text
  }

  private func spelled(_ node: Expression) -> String {
    let operands = node.children.map(write).joined(separator: " ")
    switch node.kind {
    case .constant(let bits): return "\(node.type.number(fromBits: bits)):\(node.type.name)"
    case .input(let input): return "{\(input.name) \(input.type.name)}"
    case .convert: return "(\(node.type.name) \(operands))"
    case .unary(.negate, _): return "(neg \(operands))"
    case .unary(.complement, _): return "(~ \(operands))"
    case .binary(let op, _, _): return "(\(binarySigns.first { $0.0 == op }?.1 ?? op.rawValue) \(operands))"
    case .compare(let op, _, _): return "(\(comparisonSigns.first { $0.0 == op }?.1 ?? op.rawValue) \(operands))"
    case .select: return "(? \(operands))"
    case .primitive(let primitive, _): return "(\(primitive.rawValue) \(operands))"
    }
  }
}

private struct NotationReader {
  private let bytes: [UInt8]
  private var position = 0
  private static let depth = 400

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  private mutating func word() -> String {
    skipSpace()
    let start = position
    while position < bytes.count,
      ![UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{")].contains(bytes[position])
    {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func expression(depth: Int) -> Expression? {
    guard depth < Self.depth else { return nil }
    skipSpace()
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"): return input()
    case UInt8(ascii: "("):
      position += 1
      let op = word()
      var operands: [Expression] = []
      while true {
        skipSpace()
        guard position < bytes.count else { return nil }
        if bytes[position] == UInt8(ascii: ")") { break }
        guard operands.count < 3, let next = expression(depth: depth + 1) else { return nil }
        operands.append(next)
      }
      position += 1
      return made(op, operands)
    default: return constant()
    }
  }

  private mutating func input() -> Expression? {
    guard let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let text = String(decoding: bytes[(position + 1)..<close], as: UTF8.self)
    position = close + 1
    guard let space = text.lastIndex(of: " "), let type = IntegerType(name: String(text[text.index(after: space)...]))
    else { return nil }
    let name = String(text[..<space])
    return .input(Input(id: name, name: name, role: .opaque, type: type))
  }

  private mutating func constant() -> Expression? {
    let parts = word().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int128(parts[0]), let type = IntegerType(name: String(parts[1])),
      (type.minimum...type.maximum).contains(number)
    else { return nil }
    return .constant(number, type)
  }

  /// Only what `Expression` allows: operands of one type, conditions that are `bool`.
  private func made(_ op: String, _ operands: [Expression]) -> Expression? {
    switch operands.count {
    case 1:
      let operand = operands[0]
      if let type = IntegerType(name: op) { return Expression(.convert(operand), type) }
      if op == "neg" { return Expression(.unary(.negate, operand), operand.type) }
      if op == "~" { return Expression(.unary(.complement, operand), operand.type) }
      guard let primitive = Primitive(rawValue: op), primitive.operandType(for: operand.type) == operand.type else {
        return nil
      }
      return Expression(.primitive(primitive, operand), primitive.resultType(for: operand.type))
    case 2:
      let (left, right) = (operands[0], operands[1])
      if let found = comparisonSigns.first(where: { $0.1 == op }) {
        return left.type == right.type ? Expression(.compare(found.0, left, right), .bool) : nil
      }
      guard let found = binarySigns.first(where: { $0.1 == op }) else { return nil }
      let isShift = found.0 == .shiftLeft || found.0 == .shiftRight
      return isShift || left.type == right.type ? Expression(.binary(found.0, left, right), left.type) : nil
    case 3:
      guard op == "?", operands[0].type == .bool, operands[1].type == operands[2].type else { return nil }
      return Expression(.select(operands[0], operands[1], operands[2]), operands[1].type)
    default: return nil
    }
  }
}
