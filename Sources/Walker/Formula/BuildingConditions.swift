public import WalkerModel

extension Expression {
  /// `left op right`, of type `bool`; `right` is converted to `left`'s type.
  ///
  /// Constants come out on the right; conversions that keep every number are looked through; a comparison of a choice
  /// between constants becomes a condition.
  public static func compare(
    _ op: ComparisonOperator, _ left: Expression, _ right: Expression
  ) -> Expression {
    let right = convert(right, to: left.type)
    if case .constant(let a) = left.kind, case .constant(let b) = right.kind {
      return Arithmetic.compare(op, a, b, left.type) ? .true : .false
    }
    if left.constantNumber != nil { return compare(op.swapped, right, left) }
    if let number = right.constantNumber { return compare(op, left, number, right) }
    if same(left, right) { return op.holds(0, 0) ? .true : .false }
    if case .convert(let a) = left.kind, case .convert(let b) = right.kind, a.type == b.type,
      left.type.holds(a.type)
    {
      return compare(op, a, b)
    }
    if left.type == .bool {
      switch op {
      case .equal: return not(binary(.xor, left, right))
      case .notEqual: return binary(.xor, left, right)
      case .less: return and(not(left), right)
      case .greater: return and(left, not(right))
      case .lessOrEqual: return or(not(left), right)
      case .greaterOrEqual: return or(left, not(right))
      }
    }
    return Expression(.compare(op, left, right), .bool)
  }

  private static func compare(
    _ op: ComparisonOperator, _ left: Expression, _ number: Int128, _ right: Expression
  ) -> Expression {
    if let decided = op.decided(left.type.range, number...number) { return decided ? .true : .false }
    if left.type == .bool {
      // What is left are the two that ask for one of the values.
      return op.holds(1, number) ? left : not(left)
    }
    switch left.kind {
    case .convert(let inner) where left.type.holds(inner.type):
      if inner.type.range.contains(number) { return compare(op, inner, constant(number, inner.type)) }
      return op.decided(inner.type.range, number...number) == true ? .true : .false
    case .select(let condition, let then, let otherwise)
    where then.constantNumber != nil || otherwise.constantNumber != nil:
      return select(condition, compare(op, then, right), compare(op, otherwise, right))
    default: break
    }
    // Next to an end of the type's range an order is an equality.
    let (low, high) = (left.type.minimum, left.type.maximum)
    switch op {
    case .less where number == low + 1: return compare(.equal, left, constant(low, left.type))
    case .greaterOrEqual where number == low + 1: return compare(.notEqual, left, constant(low, left.type))
    case .lessOrEqual where number == low: return compare(.equal, left, right)
    case .greater where number == low: return compare(.notEqual, left, right)
    case .greater where number == high - 1: return compare(.equal, left, constant(high, left.type))
    case .lessOrEqual where number == high - 1: return compare(.notEqual, left, constant(high, left.type))
    case .greaterOrEqual where number == high: return compare(.equal, left, right)
    case .less where number == high: return compare(.notEqual, left, right)
    default: return Expression(.compare(op, left, right), .bool)
    }
  }

  /// `condition ? then : otherwise` of `then`'s type, to which `otherwise` is converted.
  public static func select(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression
  ) -> Expression {
    let condition = condition.isTrue
    let otherwise = convert(otherwise, to: then.type)
    if condition.isConstantTrue { return then }
    if condition.isConstantFalse { return otherwise }
    if same(then, otherwise) { return then }
    if case .unary(.complement, let inner) = condition.kind { return select(inner, otherwise, then) }
    if then.type == .bool {
      if then.isConstantTrue { return or(condition, otherwise) }
      if then.isConstantFalse { return and(not(condition), otherwise) }
      if otherwise.isConstantTrue { return or(not(condition), then) }
      if otherwise.isConstantFalse { return and(condition, then) }
    }
    if case .select(let inner, let a, _) = then.kind, same(inner, condition) {
      return select(condition, a, otherwise)
    }
    if case .select(let inner, _, let b) = otherwise.kind, same(inner, condition) {
      return select(condition, then, b)
    }
    return Expression(.select(condition, then, otherwise), then.type)
  }
}

extension ComparisonOperator {
  /// What the comparison is for all numbers of two ranges; nil: it depends.
  func decided(_ left: ClosedRange<Int128>, _ right: ClosedRange<Int128>) -> Bool? {
    switch self {
    case .less:
      if left.upperBound < right.lowerBound { return true }
      return left.lowerBound >= right.upperBound ? false : nil
    case .lessOrEqual:
      if left.upperBound <= right.lowerBound { return true }
      return left.lowerBound > right.upperBound ? false : nil
    case .greater, .greaterOrEqual: return swapped.decided(right, left)
    case .equal:
      if !left.overlaps(right) { return false }
      return left.lowerBound == left.upperBound && left == right ? true : nil
    case .notEqual: return ComparisonOperator.equal.decided(left, right).map { !$0 }
    }
  }
}
