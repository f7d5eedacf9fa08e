internal import WalkerModel

extension Rewrite {
  /// A condition that the facts decide.
  @Sendable static func knownCondition(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard node.type == .bool, !context.facts.isEmpty else { return nil }
    return context.facts.decide(node).map { $0 ? .true : .false }
  }

  /// A node whose range is one number is that number.
  @Sendable static func onlyOneNumber(_ node: Expression, _ context: Simplifier) -> Expression? {
    let range = context.range(node)
    return range.lowerBound == range.upperBound ? .constant(range.lowerBound, node.type) : nil
  }

  /// `(T) (U) x` as `(T) x`, where every number that x can have is one of U.
  @Sendable static func conversionByRange(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .convert(let middle) = node.kind, case .convert(let inner) = middle.kind,
      middle.type.holds(context.range(inner))
    else { return nil }
    return .convert(inner, to: node.type)
  }

  /// `x & 0xff`, where x is at most 0xff.
  @Sendable static func idleMask(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(.and, let left, let right) = node.kind, let mask = right.constantNumber,
      mask > 0, mask & (mask + 1) == 0
    else { return nil }
    let range = context.range(left)
    return range.lowerBound >= 0 && range.upperBound <= mask ? left : nil
  }

  /// `x & 0xffff` as `(u16) x`.
  @Sendable static func maskAsConversion(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(.and, let left, let right) = node.kind, case .constant(let mask) = right.kind
    else { return nil }
    for narrow in [IntegerType.u8, .u16, .u32] where mask == narrow.mask && node.type.width > narrow.width {
      return .convert(.convert(left, to: narrow), to: node.type)
    }
    return nil
  }

  /// `(T) (c ? a : b)` as `c ? (T) a : (T) b`, where both arms get smaller by it.
  @Sendable static func conversionOfChoice(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .convert(let inner) = node.kind, case .select(let condition, let a, let b) = inner.kind
    else { return nil }
    func shrinks(_ arm: Expression) -> Bool {
      if arm.constantNumber != nil { return true }
      if case .convert(let operand) = arm.kind {
        if case .convert(let direct) = Expression.convert(arm, to: node.type).kind { return direct === operand }
        return true
      }
      return false
    }
    guard shrinks(a), shrinks(b) else { return nil }
    return .select(condition, .convert(a, to: node.type), .convert(b, to: node.type))
  }

  /// `(u32) ((u64) a + (u64) b)` as `(u32) a + (u32) b`: the low bits of a sum need only the low bits of its operands.
  @Sendable static func narrowedArithmetic(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .convert(let inner) = node.kind, node.type.width >= 32, node.type.width < inner.type.width,
      case .binary(let op, let left, let right) = inner.kind,
      [.add, .subtract, .multiply, .and, .or, .xor].contains(op)
    else { return nil }
    func isNarrow(_ operand: Expression) -> Bool {
      if case .convert(let source) = operand.kind { return source.type.width <= node.type.width }
      return operand.constantNumber != nil
    }
    guard isNarrow(left), isNarrow(right) else { return nil }
    return .binary(op, .convert(left, to: node.type), .convert(right, to: node.type))
  }

  /// `x << (u8) k` as `x << k`, where the conversion keeps k's number.
  @Sendable static func shiftAmount(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(let op, let left, let amount) = node.kind, op.isShift,
      case .convert(let inner) = amount.kind, amount.type.holds(context.range(inner))
    else { return nil }
    return .binary(op, left, inner)
  }

  /// `(T) a < (T) b` as `a < b`, where the conversions keep the numbers.
  @Sendable static func comparisonWithoutConversion(
    _ node: Expression, _ context: Simplifier
  ) -> Expression? {
    guard case .compare(let op, let left, let right) = node.kind, case .convert(let a) = left.kind,
      left.type.holds(context.range(a))
    else { return nil }
    if let number = right.constantNumber, a.type.range.contains(number) {
      return .compare(op, a, .constant(number, a.type))
    }
    if case .convert(let b) = right.kind, right.type.holds(context.range(b)) {
      if a.type == b.type { return .compare(op, a, b) }
      if a.type.holds(context.range(b)) { return .compare(op, a, .convert(b, to: a.type)) }
      if b.type.holds(context.range(a)) { return .compare(op, .convert(a, to: b.type), b) }
    }
    return nil
  }

  /// `x + 1 == 5` as `x == 4`; an order only where the sum does not wrap.
  @Sendable static func comparisonOfSum(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .compare(let op, let left, let right) = node.kind, let number = right.constantNumber,
      case .binary(.add, let x, let added) = left.kind, let given = added.constantNumber
    else { return nil }
    let type = left.type
    if op == .equal || op == .notEqual { return .compare(op, x, .constant(number - given, type)) }
    let offset = !type.isSigned && given > type.maximum / 2 ? given - type.maximum - 1 : given
    let range = context.range(x)
    guard type.range.contains(range.lowerBound + offset), type.range.contains(range.upperBound + offset),
      type.range.contains(number - offset)
    else { return nil }
    return .compare(op, x, .constant(number - offset, type))
  }
}
