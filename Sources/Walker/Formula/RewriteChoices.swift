internal import WalkerModel

extension Rewrite {
  /// `!(a && b)` as `!a || !b`, where both negations cost nothing.
  @Sendable static func negationInwards(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard node.type == .bool, case .unary(.complement, let inner) = node.kind,
      case .binary(let op, let a, let b) = inner.kind, op == .and || op == .or
    else { return nil }
    func isFree(_ condition: Expression) -> Bool {
      switch condition.kind {
      case .compare, .unary: true
      case .binary(let op, let a, let b): (op == .and || op == .or) && isFree(a) && isFree(b)
      default: false
      }
    }
    guard isFree(a), isFree(b) else { return nil }
    return op == .and ? .or(.not(a), .not(b)) : .and(.not(a), .not(b))
  }

  /// `(a && b) || (a && c)` as `a && (b || c)`, and the same with the operators exchanged.
  @Sendable static func commonCondition(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard node.type == .bool, case .binary(let outer, let left, let right) = node.kind, outer == .and || outer == .or
    else { return nil }
    let inner: BinaryOperator = outer == .and ? .or : .and
    guard case .binary(let leftOperator, let a, let b) = left.kind, leftOperator == inner,
      case .binary(let rightOperator, let c, let d) = right.kind, rightOperator == inner
    else { return nil }
    for (common, rest) in [(a, b), (b, a)] {
      for (other, otherRest) in [(c, d), (d, c)] where Expression.same(common, other) {
        return .binary(inner, common, .binary(outer, rest, otherRest))
      }
    }
    return nil
  }

  /// `x == k ? k : x` as `x`.
  @Sendable static func choiceBetweenEquals(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .select(let condition, let then, let otherwise) = node.kind,
      case .compare(let op, let left, let right) = condition.kind, op == .equal || op == .notEqual
    else { return nil }
    let (whenEqual, whenNot) = op == .equal ? (then, otherwise) : (otherwise, then)
    for (a, b) in [(left, right), (right, left)] {
      if Expression.same(.convert(a, to: node.type), whenEqual), Expression.same(.convert(b, to: node.type), whenNot) {
        return whenNot
      }
    }
    return nil
  }

  /// `p < q ? (T) p : (T) q` as `(T) min(p, q)`, in the type and order of the comparison.
  @Sendable static func choiceAsMinimum(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .select(let condition, let then, let otherwise) = node.kind,
      case .compare(let given, let p, let boundary) = condition.kind
    else { return nil }
    for (op, q) in strictAndNot(given, boundary) {
      let takesLess: Bool
      switch op {
      case .less, .lessOrEqual: takesLess = true
      case .greater, .greaterOrEqual: takesLess = false
      default: continue
      }
      let (first, second) = (Expression.convert(p, to: node.type), Expression.convert(q, to: node.type))
      if Expression.same(first, then), Expression.same(second, otherwise) {
        return .convert(.binary(takesLess ? .minimum : .maximum, p, q), to: node.type)
      }
      if Expression.same(second, then), Expression.same(first, otherwise) {
        return .convert(.binary(takesLess ? .maximum : .minimum, p, q), to: node.type)
      }
    }
    return nil
  }

  /// `x < 9` is `x <= 8`: a comparison with a constant in both of its forms.
  private static func strictAndNot(
    _ op: ComparisonOperator, _ boundary: Expression
  ) -> [(ComparisonOperator, Expression)] {
    guard let number = boundary.constantNumber else { return [(op, boundary)] }
    let other: (ComparisonOperator, Int128)? =
      switch op {
      case .less: (.lessOrEqual, number - 1)
      case .lessOrEqual: (.less, number + 1)
      case .greater: (.greaterOrEqual, number + 1)
      case .greaterOrEqual: (.greater, number - 1)
      case .equal where number == boundary.type.minimum: (.lessOrEqual, number)
      case .notEqual where number == boundary.type.minimum: (.greaterOrEqual, number + 1)
      default: nil
      }
    guard let (second, moved) = other, boundary.type.range.contains(moved) else { return [(op, boundary)] }
    return [(op, boundary), (second, .constant(moved, boundary.type))]
  }

  /// `p < q ? q : min(p, r)` as `max(min(p, r), q)`, where r is never below q; and the mirror image.
  @Sendable static func clamp(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .select(let condition, let then, let otherwise) = node.kind,
      case .compare(let given, let p, let boundary) = condition.kind
    else { return nil }
    for (op, q) in strictAndNot(given, boundary) {
      let limit = Expression.convert(q, to: node.type)
      let (inner, isBelow): (Expression, Bool)
      switch op {
      case .less, .lessOrEqual:
        (inner, isBelow) = Expression.same(then, limit) ? (otherwise, true) : (then, false)
        guard Expression.same(then, limit) || Expression.same(otherwise, limit) else { continue }
      case .greater, .greaterOrEqual:
        (inner, isBelow) = Expression.same(then, limit) ? (otherwise, false) : (then, true)
        guard Expression.same(then, limit) || Expression.same(otherwise, limit) else { continue }
      default: continue
      }
      // What is left is `isBelow ? (p at most q: q) : (p at least q: q)`, with `inner` on the other side.
      guard let core = unconverted(inner, from: p.type), case .binary(let clampOperator, let a, let b) = core.kind,
        Expression.same(a, p) || Expression.same(b, p)
      else { continue }
      let r = Expression.same(a, p) ? b : a
      let (ranges, limits) = (context.range(r), context.range(q))
      if isBelow, clampOperator == .minimum, ranges.lowerBound >= limits.upperBound {
        return .convert(.maximum(core, q), to: node.type)
      }
      if !isBelow, clampOperator == .maximum, ranges.upperBound <= limits.lowerBound {
        return .convert(.minimum(core, q), to: node.type)
      }
    }
    return nil
  }

  /// The x of type `type` with `(T) x` being `node`.
  private static func unconverted(_ node: Expression, from type: IntegerType) -> Expression? {
    if node.type == type { return node }
    if case .convert(let inner) = node.kind, inner.type == type { return inner }
    return nil
  }

  /// `c ? (d ? a : b) : b` as `c && d ? a : b`, and its three mirror images.
  @Sendable static func nestedChoice(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .select(let c, let then, let otherwise) = node.kind else { return nil }
    if case .select(let d, let a, let b) = then.kind {
      if Expression.same(b, otherwise) { return .select(.and(c, d), a, otherwise) }
      if Expression.same(a, otherwise) { return .select(.and(c, .not(d)), b, otherwise) }
    }
    if case .select(let d, let a, let b) = otherwise.kind {
      if Expression.same(a, then) { return .select(.or(c, d), then, b) }
      if Expression.same(b, then) { return .select(.or(c, .not(d)), then, a) }
    }
    return nil
  }

  /// `c ? (T) a : (T) b` as `(T) (c ? a : b)`; a constant arm goes along where it fits.
  @Sendable static func choiceBetweenConversions(
    _ node: Expression, _ context: Simplifier
  ) -> Expression? {
    guard case .select(let condition, let then, let otherwise) = node.kind else { return nil }
    switch (then.kind, otherwise.kind) {
    case (.convert(let a), .convert(let b)) where a.type == b.type && a.type != .bool:
      return .convert(.select(condition, a, b), to: node.type)
    case (.convert(let a), .constant) where node.type.holds(a.type) && a.type != .bool:
      guard let number = otherwise.constantNumber, a.type.range.contains(number) else { return nil }
      return .convert(.select(condition, a, .constant(number, a.type)), to: node.type)
    case (.constant, .convert(let b)) where node.type.holds(b.type) && b.type != .bool:
      guard let number = then.constantNumber, b.type.range.contains(number) else { return nil }
      return .convert(.select(condition, .constant(number, b.type), b), to: node.type)
    default: return nil
    }
  }

  /// `(c ? 0 : x) >> 12` as `c ? 0 : x >> 12`.
  @Sendable static func operationOnChoice(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(let op, let left, let right) = node.kind, op != .minimum, op != .maximum,
      right.constantNumber != nil, case .select(let condition, let then, let otherwise) = left.kind,
      then.constantNumber != nil || otherwise.constantNumber != nil
    else { return nil }
    let (a, b) = (Expression.binary(op, then, right), Expression.binary(op, otherwise, right))
    // A division by zero stays where it is.
    guard
      (then.constantNumber == nil || a.constantNumber != nil)
        && (otherwise.constantNumber == nil || b.constantNumber != nil)
    else { return nil }
    return .select(condition, a, b)
  }

  /// `min(a, b)` as `a`, where a is never above b.
  @Sendable static func minimumByRange(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(let op, let a, let b) = node.kind, op == .minimum || op == .maximum else { return nil }
    let isLess: Bool
    if let known = context.facts.decide(.compare(.lessOrEqual, a, b)) {
      isLess = known
    } else if let known = ComparisonOperator.lessOrEqual.decided(context.range(a), context.range(b)) {
      isLess = known
    } else if ComparisonOperator.greaterOrEqual.decided(context.range(a), context.range(b)) == true {
      isLess = false
    } else {
      return nil
    }
    return isLess == (op == .minimum) ? a : b
  }

  /// `min(a, min(a, b))` as `min(a, b)`.
  @Sendable static func minimumOfMinimum(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(let op, let left, let right) = node.kind, op == .minimum || op == .maximum else { return nil }
    for (outer, nested) in [(left, right), (right, left)] {
      guard case .binary(let inner, let a, let b) = nested.kind, inner == .minimum || inner == .maximum,
        Expression.same(a, outer) || Expression.same(b, outer)
      else { continue }
      return inner == op ? nested : outer
    }
    return nil
  }

  /// `min((T) a, (T) b)` as `(T) min(a, b)`, where the conversions keep every number.
  @Sendable static func conversionOutOfMinimum(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(let op, let left, let right) = node.kind, op == .minimum || op == .maximum,
      case .convert(let a) = left.kind, node.type.holds(a.type), a.type != .bool
    else { return nil }
    if case .convert(let b) = right.kind, b.type == a.type {
      return .convert(.binary(op, a, b), to: node.type)
    }
    if let number = right.constantNumber, a.type.range.contains(number) {
      return .convert(.binary(op, a, .constant(number, a.type)), to: node.type)
    }
    return nil
  }

  /// `min(cap, size)` as `min(size, cap)`.
  @Sendable static func trackedFirst(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(let op, let left, let right) = node.kind, op == .minimum || op == .maximum,
      context.isTracked(right), !context.isTracked(left)
    else { return nil }
    return Expression(.binary(op, right, left), node.type)
  }
}
