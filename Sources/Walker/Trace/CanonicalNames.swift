internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Expressions as text that does not depend on how the author called local variables, on which side of a comparison an
/// operand stands, or on where in a file or a struct something lies: `find_slot() != 0`,
/// `find_slot()->struct widget.room <= value`.
final class CanonicalNames {
  private let machine: Machine
  private let renaming: [String: Expression]
  /// What is taken for granted.
  private let assuming: Expression
  private let implies: Implication
  /// What stands for a value that is compared in its own right.
  private let known: [Expression: String]
  private var stands = [Stand()]
  private var turns: [Turn: Int] = [:]
  private var arguments: [String: String] = [:]
  private var texts: [ObjectIdentifier: (Expression, String)] = [:]
  /// The parts of a condition, which stands in the path of every event behind it.
  private var parts: [ObjectIdentifier: (Expression, [Expression])] = [:]
  private var failure: (any Error)?
  /// A longer text is replaced by its hash: it is compared, not read.
  private static let limit = 300

  /// - Parameters:
  ///   - assuming: what need not be said; with the names of the renaming.
  ///   - known: names for values, which must be simplified under that.
  init(
    machine: Machine, renaming: [String: Expression], assuming: Expression = .true, known: [Expression: String] = [:],
    implies: @escaping Implication
  ) {
    self.known = known
    self.implies = implies
    self.machine = machine
    self.renaming = renaming
    self.assuming = assuming
    for node in machine.nodes where node.parent == nil {
      for (position, argument) in node.definition.arguments.enumerated() {
        for prefix in ["p:", "t:"] { arguments[prefix + argument.spelling] = "argument \(position + 1)" }
      }
    }
  }

  /// Throws `UserError` when libcrypto can't hash.
  func text(_ expression: Expression) throws -> String {
    let text = written(simplified(expression))
    if let failure { throw failure }
    return text
  }

  private func print(_ part: Expression, at location: SourceLocation, source: String) throws -> ConditionPrint {
    let text = written(part)
    if let failure { throw failure }
    return ConditionPrint(
      text: text, subjects: Set(part.inputs.map(name)).sorted(), location: location, source: source)
  }

  private func parts(of condition: Expression) -> [Expression] {
    if let (_, known) = parts[ObjectIdentifier(condition)] { return known }
    let found = simplified(condition).conjuncts.filter { $0.constantNumber == nil }
    parts[ObjectIdentifier(condition)] = (condition, found)
    return found
  }

  private func simplified(_ expression: Expression) -> Expression {
    let renamed = expression.substituting(renaming).simplified
    return assuming.isConstantTrue ? renamed : renamed.simplified(under: assuming)
  }

  /// The conditions in force beyond the first `count` guards, without those that the earlier ones imply; nil where the
  /// guards contradict each other. Throws `UserError` when libcrypto can't hash.
  func conditions(_ guards: [Guard], after count: Int = 0) throws -> [ConditionPrint]? {
    var seen: Set<String> = []
    var found: [ConditionPrint] = []
    var stand = 0
    for (position, next) in guards.enumerated() {
      stand = try entering(next, from: stand)
      if stands[stand].isImpossible { return nil }
      if position >= count { found += stands[stand].prints.filter { seen.insert($0.text).inserted } }
    }
    return found
  }

  /// Where a path of guards leads; paths that begin alike are looked at once.
  private struct Stand {
    var held: [Expression] = []
    var inputs: Set<Input> = []
    /// Of the last guard.
    var prints: [ConditionPrint] = []
    var isImpossible = false
  }

  private struct Turn: Hashable {
    let from: Int
    let condition: ObjectIdentifier
  }

  private func entering(_ next: Guard, from: Int) throws -> Int {
    let turn = Turn(from: from, condition: ObjectIdentifier(next.expression))
    if let known = turns[turn] { return known }
    var stand = stands[from]
    stand.prints = []
    for part in parts(of: next.expression) {
      let print = try print(part, at: next.location, source: next.source)
      // Only what is asked about already can be decided.
      if !print.text.hasPrefix("formula "), !part.inputs.isEmpty, stand.inputs.isSuperset(of: part.inputs) {
        let held = Expression.and(stand.held)
        if implies(held, part) { continue }
        if implies(held, .not(part)) { stand.isImpossible = true }
      }
      stand.held.append(part)
      stand.inputs.formUnion(part.inputs)
      stand.prints.append(print)
    }
    stands.append(stand)
    turns[turn] = stands.count - 1
    return stands.count - 1
  }

  private func written(_ expression: Expression) -> String {
    if let (_, known) = texts[ObjectIdentifier(expression)] { return known }
    var text = known[expression] ?? spelled(expression)
    if text.utf8.count > Self.limit {
      do { text = "formula " + (try Digest.of(text)) } catch { failure = error }
    }
    texts[ObjectIdentifier(expression)] = (expression, text)
    return text
  }

  private func spelled(_ expression: Expression) -> String {
    let operands = expression.children.map(written)
    switch expression.kind {
    case .constant: return expression.constantNumber.map(String.init) ?? ""
    case .input(let input): return name(input)
    case .convert(let inner):
      // A number that stays what it is, in a wider type.
      let isSame = expression.type.minimum <= inner.type.minimum && inner.type.maximum <= expression.type.maximum
      return isSame ? operands[0] : "(\(expression.type.name)) \(operands[0])"
    case .unary(.complement, let inner) where inner.type == .bool: return "!(\(operands[0]))"
    case .unary(let op, _): return "\(op.rawValue)[\(expression.type.name)](\(operands[0]))"
    case .primitive(let primitive, let inner): return "\(primitive.rawValue)[\(inner.type.name)](\(operands[0]))"
    case .select: return "(\(operands[0]) ? \(operands[1]) : \(operands[2]))"
    case .compare(let op, let left, _):
      let sign = left.type.isSigned ? "s" : "u"
      switch op {
      case .equal, .notEqual:
        let sorted = operands.sorted {
          ($0.first?.isNumber == true ? 1 : 0, $0) < ($1.first?.isNumber == true ? 1 : 0, $1)
        }
        return "\(sorted[0]) \(op == .equal ? "==" : "!=") \(sorted[1])"
      case .less: return "(\(operands[0]) <\(sign) \(operands[1]))"
      case .greater: return "(\(operands[1]) <\(sign) \(operands[0]))"
      case .lessOrEqual: return "(\(operands[0]) <=\(sign) \(operands[1]))"
      case .greaterOrEqual: return "(\(operands[1]) <=\(sign) \(operands[0]))"
      }
    case .binary(let op, _, _):
      let isCommutative: Bool = [.add, .multiply, .and, .or, .xor, .minimum, .maximum].contains(op)
      let sorted = isCommutative ? operands.sorted() : operands
      return "\(op.rawValue)[\(expression.type.name)](\(sorted[0]), \(sorted[1]))"
    }
  }

  private func name(_ input: Input) -> String {
    switch input.role {
    case .tracked: "value"
    case .knob, .state, .counter: input.name
    case .opaque: name(ofID: input.id)
    }
  }

  private func name(ofID id: String) -> String {
    if let argument = arguments[id] { return argument }
    if id.hasPrefix("&") {
      let rest = id.dropFirst()
      guard let plus = rest.lastIndex(of: "+") else { return String(rest) }
      let offset = rest[rest.index(after: plus)...]
      let object = name(ofObject: String(rest[..<plus]))
      return offset == "0" ? object : "\(object)+\(machine.cellFields[id].map(Self.short) ?? String(offset))"
    }
    if let at = id.lastIndex(of: "@"), id[at...].contains(":") {
      let known = machine.origins[id]?.storage ?? machine.cellFields[id]
      let field = known.map(Self.short) ?? String(id[id.index(after: at)...])
      return "\(name(ofObject: String(id[..<at])))->\(field)"
    }
    return name(ofObject: id)
  }

  /// Without `struct`, and without the place by which clang calls a record that has no tag.
  static func short(_ field: String) -> String {
    let words = field.replacing("struct ", with: "")
    guard let open = words.firstIndex(of: "("), let close = words.lastIndex(of: ")"), open < close else { return words }
    return String(words[..<open] + words[words.index(after: close)...])
  }

  private func name(ofObject object: String) -> String {
    if let argument = arguments[object] { return argument }
    if object.hasPrefix("*("), object.hasSuffix(")"), let plus = object.lastIndex(of: "+") {
      let inner = object[object.index(object.startIndex, offsetBy: 2)..<plus]
      let field =
        machine.pointerFields[object].map(Self.short) ?? String(object[object.index(after: plus)...].dropLast())
      return "\(name(ofObject: String(inner)))->\(field)"
    }
    if object.hasPrefix("int:") { return name(ofID: String(object.dropFirst(4))) }
    if object.hasPrefix("l"), object.contains("@") { return "local" }
    if object.hasPrefix("g") { return String(object.dropFirst().split(separator: ":").last ?? "") }
    let bare = object.split(separator: "#").first.map(String.init) ?? object
    guard bare.hasPrefix("call:") else { return bare }
    // Over a pointer it is called as the author wrote it: the field is what counts.
    return (bare.dropFirst(5).replacing("->", with: ".").split(separator: ".").last ?? "") + "()"
  }
}
