/// An expression on the wire is the list of its nodes, operands first, each naming its operands by index: what is shared
/// in memory stays shared, and a deep graph needs no deep recursion to read.
extension Expression: Codable {
  private struct Node: Codable {
    var op: String
    var type: IntegerType
    var of: [Int]?
    var bits: UInt64?
    var input: Input?
  }

  public func encode(to encoder: any Encoder) throws {
    var nodes: [Node] = []
    var index: [ObjectIdentifier: Int] = [:]
    func add(_ expression: Expression) -> Int {
      if let known = index[ObjectIdentifier(expression)] { return known }
      let operands = expression.children.map(add)
      var node = Node(op: expression.operatorName, type: expression.type)
      if !operands.isEmpty { node.of = operands }
      if case .constant(let bits) = expression.kind { node.bits = bits }
      if case .input(let input) = expression.kind { node.input = input }
      nodes.append(node)
      index[ObjectIdentifier(expression)] = nodes.count - 1
      return nodes.count - 1
    }
    _ = add(self)
    var container = encoder.singleValueContainer()
    try container.encode(nodes)
  }

  public convenience init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let nodes = try container.decode([Node].self)
    func malformed(_ what: String) -> DecodingError {
      .dataCorruptedError(in: container, debugDescription: "not an expression: \(what)")
    }
    var made: [Expression] = []
    for node in nodes {
      let operands = try (node.of ?? []).map { position in
        guard made.indices.contains(position) else { throw malformed("operand \(position)") }
        return made[position]
      }
      guard (1...64).contains(node.type.width) else { throw malformed("width \(node.type.width)") }
      guard let kind = Kind(node.op, operands, bits: node.bits, input: node.input) else {
        throw malformed("node \(node.op) with \(operands.count) operands")
      }
      made.append(Expression(kind, node.type))
    }
    guard let last = made.last else { throw malformed("no nodes") }
    self.init(last.kind, last.type)
  }

  private var operatorName: String {
    switch kind {
    case .constant: "constant"
    case .input: "input"
    case .convert: "convert"
    case .unary(let op, _): op.rawValue
    case .binary(let op, _, _): op.rawValue
    case .compare(let op, _, _): op.rawValue
    case .select: "select"
    case .primitive(let primitive, _): "primitive " + primitive.rawValue
    }
  }
}

extension Expression.Kind {
  fileprivate init?(_ name: String, _ operands: [Expression], bits: UInt64?, input: Input?) {
    switch (name, operands.count) {
    case ("constant", 0):
      guard let bits else { return nil }
      self = .constant(bits)
    case ("input", 0):
      guard let input else { return nil }
      self = .input(input)
    case ("convert", 1): self = .convert(operands[0])
    case ("select", 3): self = .select(operands[0], operands[1], operands[2])
    case (_, 1):
      if let op = UnaryOperator(rawValue: name) {
        self = .unary(op, operands[0])
      } else if name.hasPrefix("primitive "),
        let primitive = Primitive(rawValue: String(name.dropFirst("primitive ".count)))
      {
        self = .primitive(primitive, operands[0])
      } else {
        return nil
      }
    case (_, 2):
      if let op = BinaryOperator(rawValue: name) {
        self = .binary(op, operands[0], operands[1])
      } else if let op = ComparisonOperator(rawValue: name) {
        self = .compare(op, operands[0], operands[1])
      } else {
        return nil
      }
    default: return nil
    }
  }
}
