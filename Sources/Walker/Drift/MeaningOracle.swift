internal import WalkerFormula
internal import WalkerModel

/// Answers whether two expressions are one: from what the prover said already, else by asking it later.
///
/// A comparison is made twice: what it had to ask is put to the prover in between, all at once.
final class MeaningOracle {
  private let known: [MeaningQuestion: MeaningAnswer]
  private(set) var asked: [MeaningQuestion] = []
  private var seen: Set<MeaningQuestion> = []

  init(_ known: [MeaningQuestion: MeaningAnswer]) { self.known = known }

  func compare(_ left: Expression, _ right: Expression, given: Expression = .true) -> MeaningAnswer {
    if left == right { return .same }
    let names = Self.narrowed([given, left, right])
    func narrowed(_ expression: Expression) -> Expression {
      names.isEmpty ? expression : expression.substituting(names).simplified
    }
    let question = MeaningQuestion(given: narrowed(given), left: narrowed(left), right: narrowed(right))
    if question.left == question.right { return .same }
    if let answer = known[question] { return answer }
    if seen.insert(question).inserted { asked.append(question) }
    return .unknown
  }

  /// What has one name and two types is one thing: it is compared for the numbers that both types hold. That the type is
  /// another one is told of the input.
  private static func narrowed(_ expressions: [Expression]) -> [Input: Expression] {
    var types: [String: Set<IntegerType>] = [:]
    let inputs = Set(expressions.flatMap(\.inputs))
    for input in inputs { types[input.name, default: []].insert(input.type) }
    var names: [Input: Expression] = [:]
    for input in inputs {
      guard let all = types[input.name], all.count > 1,
        let least = all.first(where: { type in
          all.allSatisfy { $0.holds(all: type) }
        }), least != input.type
      else { continue }
      let narrow = Input(id: input.id, name: input.name, role: input.role, type: least)
      names[input] = .convert(.input(narrow), to: input.type)
    }
    return names
  }

  /// Whether `condition` holds wherever `given` does.
  func implies(_ given: Expression, _ condition: Expression) -> Bool {
    compare(condition, .true, given: given) == .same
  }

  /// What a lock keeps as text; a hash of what was too long stands for itself.
  static func expression(_ text: String) -> Expression {
    Expression(notation: text)?.withoutUnnamedWays ?? .input(Input(id: text, name: text, role: .opaque, type: .u64))
  }

  static func condition(_ text: String) -> Expression {
    if let read = Expression(notation: text), read.type == .bool { return read.withoutUnnamedWays }
    return .input(Input(id: text, name: text, role: .opaque, type: .bool))
  }

  static func all(_ conditions: [String]) -> Expression { .and(conditions.map(condition)) }
}

extension Expression {
  var atoms: Set<String> { Set(inputs.map(\.name)) }

  /// The same where what hangs on something without a name of its own (a local variable, a pointer that branches left
  /// different) is called by its last step: another function may lead there by another way.
  var withoutUnnamedWays: Expression {
    renamed { name in
      let root = name.prefix { $0.isLetter }
      let isUnnamed = ["local", "pointer", "phi", "part", "out", "loop", "temporary", "x"].contains(String(root))
      return isUnnamed && name.contains("->") ? name.components(after: "->") : name
    }
  }

  private func renamed(_ name: (String) -> String) -> Expression {
    var names: [Input: Expression] = [:]
    for input in inputs {
      let other = name(input.name)
      if other != input.name {
        names[input] = .input(Input(id: other, name: other, role: input.role, type: input.type))
      }
    }
    return names.isEmpty ? self : substituting(names)
  }

  /// The same over the last steps of the ways to what it reads, which one function may be handed and another looks up:
  /// `sock.sk_state` for `socket->socket.sk->sock.sk_state`.
  var withoutWays: Expression { renamed { $0.components(after: "->") } }
}

extension String {
  /// What stands behind the last `separator`, or all.
  func components(after separator: String) -> String {
    var rest = self[...]
    while let found = rest.firstRange(of: separator) { rest = rest[found.upperBound...] }
    return String(rest)
  }
}
