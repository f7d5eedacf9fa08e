internal import WalkerFormula
internal import WalkerModel

/// The walk's only door to the simplifier and the printer.
extension Machine {
  func simplify(_ expression: Expression) -> Expression { expression.simplified }
  func text(_ expression: Expression) -> String { expression.displayText }
}

extension Expression {
  /// Inputs replaced by what `known` gives for their ids.
  func substituting(_ known: [String: Expression]) -> Expression {
    if known.isEmpty { return self }
    var done: [ObjectIdentifier: Expression] = [:]
    func replace(_ expression: Expression) -> Expression {
      if let answer = done[ObjectIdentifier(expression)] { return answer }
      let answer: Expression
      if case .input(let input) = expression.kind {
        answer = known[input.id].map { .convert($0, to: input.type) } ?? expression
      } else {
        let operands = expression.children
        let replaced = operands.map(replace)
        let isSame = zip(operands, replaced).allSatisfy { $0 === $1 }
        answer = isSame ? expression : expression.rebuilt(with: replaced)
      }
      done[ObjectIdentifier(expression)] = answer
      return answer
    }
    return replace(self)
  }

  /// Every input that the expression is computed from.
  var inputs: Set<Input> {
    var found: Set<Input> = []
    var seen: Set<ObjectIdentifier> = []
    func visit(_ expression: Expression) {
      guard seen.insert(ObjectIdentifier(expression)).inserted else { return }
      if case .input(let input) = expression.kind { found.insert(input) }
      expression.children.forEach(visit)
    }
    visit(self)
    return found
  }
}
