internal import WalkerFormula
internal import WalkerModel

/// A kernel's expressions as one list of nodes, operands first, for the page's arithmetic.
struct PageProgram {
  /// Of the input with each number: which one it is.
  private(set) var inputs: [Input] = []
  private var nodes: [JSONText] = []
  private var numbers: [ObjectIdentifier: Int] = [:]
  private let shared = SharedNodes()

  var json: JSONText { .list(nodes) }

  /// The number of an expression's node.
  mutating func add(_ expression: Expression) -> Int {
    let root = shared.unique(expression)
    for node in root.nodesInOrder where numbers[ObjectIdentifier(node)] == nil {
      numbers[ObjectIdentifier(node)] = nodes.count
      nodes.append(encoded(node))
    }
    return numbers[ObjectIdentifier(root)] ?? 0
  }

  /// The number of an input in the program.
  mutating func number(of input: Input) -> Int {
    if let known = inputs.firstIndex(of: input) { return known }
    inputs.append(input)
    return inputs.count - 1
  }

  private mutating func encoded(_ node: Expression) -> JSONText {
    let name: String
    var operands = node.children.map { JSONText.number(numbers[ObjectIdentifier($0)] ?? 0) }
    switch node.kind {
    case .constant:
      name = "constant"
      operands = [.text("\(node.constantNumber ?? 0)")]
    case .input(let input):
      name = "input"
      operands = [.number(number(of: input))]
    case .convert: name = "convert"
    case .unary(let op, _): name = op.rawValue
    case .binary(let op, _, _): name = op.rawValue
    case .compare(let op, _, _): name = op.rawValue
    case .select: name = "select"
    case .primitive(let primitive, _): name = primitive.rawValue
    }
    return .list([.text(name), .number(node.type.width), .flag(node.type.isSigned)] + operands)
  }
}

extension PageProgram {
  /// A result as the page computes it, in the order of `Derivation.evaluate`; -1 for what is never asked.
  mutating func result(_ result: WalkResult, of walk: Walk) -> JSONText {
    guard let derivation = result.derivation else {
      return .members(["formula": .text(result.formula)])
    }
    let counter = derivation.counter
    func condition(_ expression: Expression, unless constant: Expression) -> Int {
      let speaksOfCounter = counter.map(expression.inputs.contains) ?? false
      return expression == constant || speaksOfCounter ? -1 : add(expression)
    }
    let undefined = condition(derivation.undefinedWhen, unless: .false)
    let reached = condition(derivation.reachedWhen, unless: .true)
    var never = -1
    var members: [(String, JSONText)] = []
    let value: Int
    let form: String
    switch derivation.form {
    case .stored(let stored):
      (value, form) = (add(stored), "value")
    case .threshold(let counter, let test):
      if let closedForm = derivation.closedForm, let neverWhen = derivation.neverWhen {
        (value, form) = (add(closedForm), "value")
        never = condition(neverWhen, unless: .false)
      } else {
        (value, form) = (add(derivation.wholeTest ?? test), "search")
        members.append(
          (
            "counter",
            .members(["input": .number(number(of: counter)), "width": .number(counter.type.width)])
          ))
      }
    }
    return .object(
      ([
        ("form", .text(form)), ("value", .number(value)), ("undefined", .number(undefined)),
        ("reached", .number(reached)), ("never", .number(never)), ("formula", .text(walk.formulaText(of: result))),
        ("era", .orNull(result.era)), ("absence", .text(result.kind.absence)),
        ("names", .object(names(result, walk))),
      ] + members).map { JSONText.Member(name: $0, value: $1) })
  }
  /// What the page says for some numbers.
  private func names(_ result: WalkResult, _ walk: Walk) -> [JSONText.Member] {
    if case .isError = result.kind.measure {
      return [Int128(0), 1].map { .init(name: "\($0)", value: .text(walk.text($0, of: result))) }
    }
    return walk.errorWords(of: result).map { .init(name: "\($0.number)", value: .text($0.name)) }
  }
}
