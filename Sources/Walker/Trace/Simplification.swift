internal import WalkerFormula
internal import WalkerModel

/// The walk's only door to the simplifier and the printer.
extension Machine {
  func simplify(_ expression: Expression) -> Expression {
    let size = expression.size(upTo: Self.largeExpression)
    // Each part of a condition is looked at under what the others say, which is too much for a large one.
    fuel -= size * size / 32
    return size < Self.largeExpression ? expression.simplified : merging.simplify(expression)
  }
  private static let largeExpression = 300

  func text(_ expression: Expression) -> String { expression.displayText }
}

extension Expression {
  /// The operands of a chain of `&&`.
  var conjuncts: [Expression] {
    if type == .bool, case .binary(.and, let left, let right) = kind { return left.conjuncts + right.conjuncts }
    return [self]
  }

  /// Simplified where `assumption` holds: what it states literally first, then what follows from it.
  func simplified(under assumption: Expression) -> Expression {
    var known: [Expression: Expression] = [:]
    for conjunct in assumption.conjuncts where conjunct.constantNumber == nil {
      known[conjunct] = .true
      known[.not(conjunct)] = .false
    }
    var done: [ObjectIdentifier: Expression] = [:]
    func replace(_ expression: Expression) -> Expression {
      if let answer = done[ObjectIdentifier(expression)] { return answer }
      var answer = expression
      if expression.type == .bool, let constant = known[expression] {
        answer = constant
      } else {
        let operands = expression.children
        let replaced = operands.map(replace)
        if !zip(operands, replaced).allSatisfy({ $0 === $1 }) { answer = expression.rebuilt(with: replaced) }
        if answer.type == .bool, let constant = known[answer] { answer = constant }
      }
      done[ObjectIdentifier(expression)] = answer
      return answer
    }
    return replace(self).simplified(assuming: assumption)
  }

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
