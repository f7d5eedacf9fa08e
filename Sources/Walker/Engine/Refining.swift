internal import WalkerFormula
internal import WalkerModel
internal import WalkerProof

/// Simplifies with the prover's help: a condition inside of an expression that the assumptions decide is decided.
struct Refining {
  let prover: Prover
  /// More conditions than any formula that a person would read has.
  private static let limit = 60

  func refine(_ derivation: Derivation) -> Derivation {
    let given = derivation.assuming
    let reached = refine(derivation.reachedWhen, under: given)
    let context = Expression.and(given, reached)
    let form: Derivation.Form =
      switch derivation.form {
      case .stored(let value): .stored(refine(value, under: context))
      case .threshold(let counter, let test): .threshold(counter: counter, test: refine(test, under: context))
      }
    let undefined =
      prover.isSatisfiable(.and(context, derivation.undefinedWhen)) == false
      ? .false : refine(derivation.undefinedWhen, under: context)
    return Derivation(
      form: form, reachedWhen: reached, undefinedWhen: undefined, assuming: relevant(given, form, reached, undefined))
  }

  func refine(_ expression: Expression, under given: Expression) -> Expression {
    guard expression.constantNumber == nil else { return expression }
    var decided: [Expression: Expression] = [:]
    let known = prover.given(given)
    for condition in conditions(of: expression) {
      if known.implies(condition) == true {
        decided[condition] = .true
      } else if known.implies(.not(condition)) == true {
        decided[condition] = .false
      }
    }
    return replace(expression, decided).simplified(assuming: given)
  }

  private func conditions(of expression: Expression) -> [Expression] {
    var found: [Expression] = []
    var seen: Set<Expression> = []
    func visit(_ node: Expression) {
      guard seen.insert(node).inserted, found.count < Self.limit else { return }
      if node.type == .bool, node.constantNumber == nil { found.append(node) }
      node.children.forEach(visit)
    }
    visit(expression)
    return found
  }

  private func replace(_ expression: Expression, _ decided: [Expression: Expression]) -> Expression {
    var done: [ObjectIdentifier: Expression] = [:]
    func replaced(_ node: Expression) -> Expression {
      if let answer = done[ObjectIdentifier(node)] { return answer }
      let answer: Expression
      if node.type == .bool, let constant = decided[node] {
        answer = constant
      } else {
        let operands = node.children
        let own = operands.map(replaced)
        answer = zip(operands, own).allSatisfy { $0 === $1 } ? node : node.rebuilt(with: own)
      }
      done[ObjectIdentifier(node)] = answer
      return answer
    }
    return replaced(expression)
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
