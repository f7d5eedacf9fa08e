public import WalkerModel

extension Expression {
  /// The conditions of which this `bool` is the conjunction; none for true.
  public var conjuncts: [Expression] {
    if isConstantTrue { return [] }
    switch kind {
    case .binary(.and, let left, let right) where type == .bool: return left.conjuncts + right.conjuncts
    case .unary(.complement, let inner) where type == .bool:
      if case .binary(.or, let left, let right) = inner.kind {
        return Expression.not(left).conjuncts + Expression.not(right).conjuncts
      }
      return [self]
    default: return [self]
    }
  }

  /// The conditions of which this `bool` is the disjunction; none for false.
  public var disjuncts: [Expression] { Expression.not(self).conjuncts.map { Expression.not($0) } }
}

extension Derivation {
  public var counter: Input? {
    if case .threshold(let counter, _) = form { counter } else { nil }
  }

  /// What is given about the inputs alone: the assumptions, that the value is reached, that the C is defined.
  ///
  /// For a threshold, a condition that speaks of the counter says nothing about the inputs: it is part of `wholeTest`.
  public var given: [Expression] {
    guard let counter else { return conditions }
    return conditions.filter { !$0.inputs.contains(counter) }
  }

  /// The test of a threshold together with what has to hold of the counter; nil for a stored value.
  public var wholeTest: Expression? {
    guard case .threshold(let counter, let test) = form else { return nil }
    return .and(.and(conditions.filter { $0.inputs.contains(counter) }), test)
  }

  private var conditions: [Expression] {
    let value: Expression
    switch form {
    case .stored(let stored): value = stored
    case .threshold(_, let test): value = test
    }
    return assuming.conjuncts + reachedWhen.conjuncts + Expression.not(undefinedWhen).conjuncts
      + Expression.not(value.noValueWhen).conjuncts
  }
}

extension Derivation {
  /// Everything that the result's numbers are computed from.
  public var expressions: [Expression] {
    let own: [Expression] =
      switch form {
      case .stored(let value): [value]
      case .threshold(_, let test): [test]
      }
    return own + [reachedWhen, undefinedWhen] + [closedForm, neverWhen].compactMap(\.self)
  }
}
