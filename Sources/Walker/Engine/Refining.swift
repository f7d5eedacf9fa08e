internal import WalkerFormula
internal import WalkerModel
internal import WalkerProof

/// Simplifies with the prover's help: a condition inside of an expression that the assumptions decide is decided.
struct Refining {
  let prover: Prover
  /// More conditions than any formula that a person would read has.
  private static let limit = 60
  private static let readable = 24

  func refine(_ derivation: Derivation) -> Derivation {
    let given = derivation.assuming
    let reached = refine(derivation.reachedWhen, under: given)
    let context = Expression.and(given, reached)
    let form: Derivation.Form =
      switch derivation.form {
      case .stored(let value): .stored(refine(value, under: context))
      case .threshold(let counter, let test): .threshold(counter: counter, test: refine(test, under: context))
      }
    // Whether the result is reached is itself said of the number that C does not give.
    let undefined =
      prover.isSatisfiable(.and(given, derivation.undefinedWhen)) == false
      ? .false : refine(derivation.undefinedWhen, under: given)
    return Derivation(
      form: form, reachedWhen: reached, undefinedWhen: undefined, assuming: relevant(given, form, reached, undefined))
  }

  func refine(_ expression: Expression, under given: Expression) -> Expression {
    guard expression.constantNumber == nil else { return expression }
    let run = Run(known: prover.given(given), minds: isReadable(expression), limit: Self.limit)
    return run.refined(expression, []).simplified(assuming: given)
  }

  /// Few enough conditions to ask about each of them again in every place where it stands.
  private func isReadable(_ expression: Expression) -> Bool {
    var conditions = 0
    var seen: Set<Expression> = []
    func visit(_ node: Expression) {
      guard seen.insert(node).inserted else { return }
      if node.type == .bool { conditions += 1 }
      node.children.forEach(visit)
    }
    visit(expression)
    return conditions <= Self.readable
  }

  /// One expression's walk.
  private final class Run {
    /// A node where certain conditions hold besides what is given.
    private struct Place: Hashable {
      let node: Expression
      let context: [Expression]
    }

    private let known: Prover.Given
    /// What holds where a node stands is minded: the condition of an arm, the operands beside it.
    private let minds: Bool
    private var questions: Int
    private var done: [Place: Expression] = [:]

    init(known: Prover.Given, minds: Bool, limit: Int) {
      self.known = known
      self.minds = minds
      questions = limit
    }

    func refined(_ node: Expression, _ context: [Expression]) -> Expression {
      let place = Place(node: node, context: context)
      if let answer = done[place] { return answer }
      let answer = decided(node, context) ?? rebuilt(node, context)
      done[place] = answer
      return answer
    }

    private func decided(_ node: Expression, _ context: [Expression]) -> Expression? {
      guard node.type == .bool, node.constantNumber == nil, questions > 0 else { return nil }
      questions -= 1
      if known.implies(node, when: context) == true { return .true }
      if known.implies(.not(node), when: context) == true { return .false }
      return nil
    }

    private func rebuilt(_ node: Expression, _ context: [Expression]) -> Expression {
      if minds {
        switch node.kind {
        case .select(let condition, let then, let otherwise):
          let test = refined(condition, context)
          if let number = test.constantNumber { return refined(number != 0 ? then : otherwise, context) }
          return node.rebuilt(with: [
            test, refined(then, context + [condition]), refined(otherwise, context + [.not(condition)]),
          ])
        case .binary(.and, _, _) where node.type == .bool:
          return .and(operands(node.conjuncts, context) { $0 })
        case .binary(.or, _, _) where node.type == .bool:
          return .or(operands(node.disjuncts, context) { .not($0) })
        default: break
        }
      }
      let operands = node.children
      let own = operands.map { refined($0, context) }
      return zip(operands, own).allSatisfy { $0 === $1 } ? node : node.rebuilt(with: own)
    }

    /// Each operand where the others, as they are by then, leave it to this one.
    private func operands(
      _ operands: [Expression], _ context: [Expression], _ open: (Expression) -> Expression
    ) -> [Expression] {
      var operands = operands
      for index in operands.indices {
        var others = operands
        let own = others.remove(at: index)
        operands[index] = refined(own, context + others.filter { $0.constantNumber == nil }.map(open))
      }
      return operands
    }
  }

  /// The assumptions that share an input with what is left of the formula; the others can't change it.
  ///
  /// They can all hold together: else the path would not exist.
  private func relevant(_ given: Expression, _ form: Derivation.Form, _ reached: Expression, _ undefined: Expression)
    -> Expression
  {
    guard prover.isSatisfiable(given) == true else { return given }
    var inputs = Set(reached.inputs).union(undefined.inputs)
    switch form {
    case .stored(let value): inputs.formUnion(value.inputs)
    case .threshold(_, let test): inputs.formUnion(test.inputs)
    }
    return .and(given.conjuncts.filter { !inputs.isDisjoint(with: $0.inputs) })
  }
}
