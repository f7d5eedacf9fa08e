internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Expressions in names that do not depend on how the author called local variables, on which side of a comparison an
/// operand stands, or on where in a file or a struct something lies: `find_slot()->widget.room`, in the notation of
/// `Expression.notation`.
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
  private var canonicals: [ObjectIdentifier: (Expression, Expression)] = [:]
  private var shorts: [ObjectIdentifier: (Expression, String)] = [:]
  private var digests: [ObjectIdentifier: (Expression, String)] = [:]
  private var failure: (any Error)?
  /// Nodes. A greater expression is replaced by its hash: it is compared, not read.
  private static let limit = 160

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
        for prefix in ["p:", "t:"] { arguments[prefix + argument.spelling] = "argument\(position + 1)" }
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
    let canonical = self.canonical(expression)
    let text: String
    if canonical.printedSize(upTo: Self.limit) < Self.limit {
      text = canonical.notation
    } else {
      text = "formula " + digest(canonical)
    }
    texts[ObjectIdentifier(expression)] = (expression, text)
    return text
  }

  /// The same expression over the names of the walk, operands that may be swapped in one order.
  private func canonical(_ expression: Expression) -> Expression {
    if let (_, known) = canonicals[ObjectIdentifier(expression)] { return known }
    let made: Expression
    if let name = known[expression] {
      made = .input(Input(id: name, name: name, role: .opaque, type: expression.type))
    } else {
      made = rebuilt(expression)
    }
    canonicals[ObjectIdentifier(expression)] = (expression, made)
    return made
  }

  private func rebuilt(_ expression: Expression) -> Expression {
    let operands = expression.children.map(canonical)
    func inOrder(_ left: Expression, _ right: Expression) -> (Expression, Expression) {
      (rank(left), short(left)) <= (rank(right), short(right)) ? (left, right) : (right, left)
    }
    switch expression.kind {
    case .constant: return expression
    case .input(let input):
      let name = name(input)
      return .input(Input(id: name, name: name, role: .opaque, type: input.type))
    case .compare(let op, _, _):
      let (left, right) = (operands[0], operands[1])
      switch op {
      case .equal, .notEqual:
        let sorted = inOrder(left, right)
        return Expression(.compare(op, sorted.0, sorted.1), .bool)
      case .greater: return Expression(.compare(.less, right, left), .bool)
      case .greaterOrEqual: return Expression(.compare(.lessOrEqual, right, left), .bool)
      default: return Expression(.compare(op, left, right), .bool)
      }
    case .binary(let op, _, _) where [.add, .multiply, .and, .or, .xor, .minimum, .maximum].contains(op):
      let sorted = inOrder(operands[0], operands[1])
      return Expression(.binary(op, sorted.0, sorted.1), expression.type)
    default: return Expression(expression.kind.with(operands), expression.type)
    }
  }

  private func rank(_ expression: Expression) -> Int { expression.constantNumber == nil ? 0 : 1 }

  /// By which operands are ordered.
  private func short(_ expression: Expression) -> String {
    if let (_, known) = shorts[ObjectIdentifier(expression)] { return known }
    let text = expression.printedSize(upTo: 40) < 40 ? expression.notation : digest(expression)
    shorts[ObjectIdentifier(expression)] = (expression, text)
    return text
  }

  /// A hash that does not write shared parts again and again.
  private func digest(_ expression: Expression) -> String {
    if let (_, known) = digests[ObjectIdentifier(expression)] { return known }
    let operands = expression.children.map(digest).joined(separator: " ")
    var head = "\(expression.kind.sign) \(expression.type.name)"
    if case .constant(let bits) = expression.kind { head += " \(bits)" }
    if case .input(let input) = expression.kind { head += " \(input.name)" }
    var text = ""
    do { text = try Digest.of("\(head)(\(operands))") } catch { failure = error }
    digests[ObjectIdentifier(expression)] = (expression, text)
    return text
  }

  func name(_ input: Input) -> String {
    switch input.role {
    case .tracked: "value"
    case .knob, .state, .counter: input.name
    case .opaque: name(ofID: input.id)
    }
  }

  /// Also over which fields something was read.
  func name(ofID id: String) -> String {
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

  /// `l118:temporary`: a variable or a temporary by the number of its activation, which says nothing of another kernel.
  private static func isOfActivation(_ object: String) -> Bool {
    let rest = object.dropFirst().drop { $0.isNumber }
    return rest.first == ":" && rest.count < object.count - 1
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
    if object.hasPrefix(Machine.ownPrefix) { return object.split(separator: "/").last.map(String.init) ?? object }
    if object.hasPrefix("l"), object.contains("@") || Self.isOfActivation(object) { return "local" }
    if object.hasPrefix("g") { return String(object.dropFirst().split(separator: ":").last ?? "") }
    let bare = object.split(separator: "#").first.map(String.init) ?? object
    guard bare.hasPrefix("call:") else { return bare }
    // Over a pointer it is called as the author wrote it: the field is what counts.
    return (bare.dropFirst(5).replacing("->", with: ".").split(separator: ".").last ?? "") + "()"
  }
}

extension Expression.Kind {
  /// The same operation on other operands of the same types.
  fileprivate func with(_ operands: [Expression]) -> Expression.Kind {
    switch self {
    case .constant, .input: self
    case .convert: .convert(operands[0])
    case .unary(let op, _): .unary(op, operands[0])
    case .binary(let op, _, _): .binary(op, operands[0], operands[1])
    case .compare(let op, _, _): .compare(op, operands[0], operands[1])
    case .select: .select(operands[0], operands[1], operands[2])
    case .primitive(let primitive, _): .primitive(primitive, operands[0])
    }
  }

  fileprivate var sign: String {
    switch self {
    case .constant: "constant"
    case .input: "input"
    case .convert: "convert"
    case .unary(let op, _): op.rawValue
    case .binary(let op, _, _): op.rawValue
    case .compare(let op, _, _): op.rawValue
    case .select: "select"
    case .primitive(let primitive, _): primitive.rawValue
    }
  }
}
