internal import WalkerModel

extension Rewrite {
  /// What an unrolled `for (k = 3; (1 << k) < n; k++)` leaves, `n > 8 ? (n > 16 ? (… ) : 4) : 3`, as
  /// `fls(max(n, 8) - 1)`; a last step s limits n to `1 << s`.
  @Sendable static func ladder(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard let bottom = rung(node) else { return nil }
    // Bottom-up, the upper part of a long ladder is a position already: one more rung below it.
    if bottom.value == Int128(bottom.exponent), let lowered = lowered(bottom.above, bottom) {
      return .convert(lowered, to: node.type)
    }
    var (current, exponent, count) = (bottom.above, bottom.exponent, 1)
    let offset = bottom.value - Int128(bottom.exponent)
    while let next = rung(current), Expression.same(next.number, bottom.number), next.exponent == exponent + 1,
      next.value == Int128(next.exponent) + offset
    {
      (current, exponent, count) = (next.above, next.exponent, count + 1)
    }
    guard count >= 3, let last = current.constantNumber, last == Int128(exponent) + 1 + offset else { return nil }
    let n = bottom.number
    let least = Expression.constant(Int128(1) << Int128(bottom.exponent), n.type)
    var clamped = Expression.maximum(n, least)
    let most = Int128(1) << Int128(exponent + 1)
    if n.type.maximum > most { clamped = .minimum(clamped, .constant(most, n.type)) }
    let operand = Expression.binary(.add, clamped, .constant(-1, n.type))
    let position = Expression.primitive(n.type.width <= 32 ? .fls : .fls64, operand)
    return .convert(.binary(.add, position, .constant(offset, position.type)), to: node.type)
  }

  /// `fls(max(n, 16) - 1)` as `fls(max(n, 8) - 1)`, when the rung is the one for 8.
  private static func lowered(_ node: Expression, _ rung: Rung) -> Expression? {
    let n = rung.number
    switch node.kind {
    case .convert(let inner), .primitive(_, let inner):
      if case .primitive(let primitive, _) = node.kind, primitive != .fls, primitive != .fls64 { return nil }
      return lowered(inner, rung).map { node.rebuilt(with: [$0]) }
    case .binary(.add, let left, let right) where right.constantBits == node.type.bits(of: -1):
      return lowered(left, rung).map { .binary(.add, $0, right) }
    case .binary(.minimum, let left, let right) where node.type == n.type && right.constantNumber != nil:
      return lowered(left, rung).map { .binary(.minimum, $0, right) }
    case .binary(.maximum, let left, let right)
    where right.constantNumber == Int128(1) << Int128(rung.exponent + 1) && Expression.same(left, n):
      return .maximum(n, .constant(Int128(1) << Int128(rung.exponent), n.type))
    default: return nil
    }
  }

  private struct Rung {
    let number: Expression
    let exponent: Int
    let value: Int128
    let above: Expression
  }

  /// `number > 1 << exponent ? above : value`.
  private static func rung(_ node: Expression) -> Rung? {
    guard case .select(let condition, let then, let otherwise) = node.kind,
      case .compare(let op, let number, let boundary) = condition.kind, let limit = boundary.constantNumber
    else { return nil }
    let (threshold, above, value): (Int128, Expression, Expression)
    switch op {
    case .greater: (threshold, above, value) = (limit, then, otherwise)
    case .greaterOrEqual: (threshold, above, value) = (limit - 1, then, otherwise)
    case .lessOrEqual: (threshold, above, value) = (limit, otherwise, then)
    case .less: (threshold, above, value) = (limit - 1, otherwise, then)
    default: return nil
    }
    guard threshold > 0, threshold.nonzeroBitCount == 1, let constant = value.constantNumber else { return nil }
    return Rung(number: number, exponent: threshold.trailingZeroBitCount, value: constant, above: above)
  }

  /// `n < 4096 ? 4096 : roundup_pow_of_two(n)` as `roundup_pow_of_two(max(n, 4096))`.
  @Sendable static func roundedClamp(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .select(let condition, let then, let otherwise) = node.kind,
      case .compare(let op, let n, let boundary) = condition.kind, let limit = boundary.constantNumber
    else { return nil }
    let (threshold, floor, rounded): (Int128, Expression, Expression)
    switch op {
    case .less: (threshold, floor, rounded) = (limit, then, otherwise)
    case .lessOrEqual: (threshold, floor, rounded) = (limit + 1, then, otherwise)
    case .greaterOrEqual: (threshold, floor, rounded) = (limit, otherwise, then)
    case .greater: (threshold, floor, rounded) = (limit + 1, otherwise, then)
    default: return nil
    }
    // `n <= 4096 ? 4096 : …` says the same as `<`.
    guard let number = floor.constantNumber, number > 0, number.nonzeroBitCount == 1,
      threshold == number || threshold == number + 1, n.type.range.contains(number)
    else { return nil }
    var core = rounded
    if case .convert(let inner) = core.kind { core = inner }
    guard case .primitive(.roundUpPowerOfTwo, let operand) = core.kind,
      Expression.same(operand, .convert(n, to: .u64))
    else { return nil }
    let clamped = Expression.maximum(n, .constant(number, n.type))
    return .convert(.primitive(.roundUpPowerOfTwo, clamped), to: node.type)
  }

  /// `fls(x) - 1` as `ilog2(x)`.
  @Sendable static func positionAsLogarithm(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(.add, let left, let right) = node.kind, right.constantNumber == -1,
      let operand = positionOperand(left)
    else { return nil }
    return .primitive(.log2, operand)
  }

  /// `fls64((u64) x)` of a `u32` x as `fls(x)`.
  @Sendable static func narrowPosition(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .primitive(.fls64, let operand) = node.kind, case .convert(let inner) = operand.kind,
      inner.type == .u32
    else { return nil }
    return .primitive(.fls, inner)
  }

  /// `fls(roundup_pow_of_two(m) - 1)` as `fls(m - 1)`, `ilog2(roundup_pow_of_two(m))` likewise.
  @Sendable static func positionInRounded(_ node: Expression, _ context: Simplifier) -> Expression? {
    if case .primitive(.log2, let rounded) = node.kind,
      case .primitive(.roundUpPowerOfTwo, let m) = rounded.kind
    {
      // 0 rounds up to 0 here, and has no logarithm.
      let range = context.range(m)
      guard range.lowerBound >= 1, range.upperBound <= Int128(1) << 63 else { return nil }
      return .primitive(.fls64, .binary(.add, m, .constant(-1, .u64)))
    }
    guard case .primitive(let primitive, let operand) = node.kind, primitive == .fls || primitive == .fls64,
      case .binary(.add, let rounded, let one) = operand.kind, one.type.bits(of: -1) == one.constantBits
    else { return nil }
    var core = rounded
    if case .convert(let inner) = rounded.kind { core = inner }
    guard case .primitive(.roundUpPowerOfTwo, let m) = core.kind else { return nil }
    let range = context.range(m)
    // Cut to 32 bits, 1 << 32 becomes 0, and 0 - 1 has its highest bit where m - 1 has it.
    guard
      core === rounded
        || rounded.type.width == operand.type.width && range.lowerBound >= 1
          && range.upperBound <= Int128(1) << Int128(rounded.type.width)
    else { return nil }
    return .primitive(.fls64, .binary(.add, m, .constant(-1, .u64)))
  }

  /// `1 << fls(n - 1)` as `roundup_pow_of_two(n)`.
  @Sendable static func powerOfPosition(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(.shiftLeft, let one, let amount) = node.kind, one.constantNumber == 1,
      let operand = positionOperand(amount)
    else { return nil }
    return .convert(.primitive(.roundUpPowerOfTwo, successor(operand, context)), to: node.type)
  }

  /// The x of `fls(x)`, as `u64`.
  private static func positionOperand(_ node: Expression) -> Expression? {
    guard case .primitive(let primitive, let operand) = node.kind, primitive == .fls || primitive == .fls64
    else { return nil }
    return .convert(operand, to: .u64)
  }

  /// `x + 1` of a `u64` x; where x is a widened `m - 1` that did not wrap, that is m.
  private static func successor(_ x: Expression, _ context: Simplifier) -> Expression {
    if case .convert(let inner) = x.kind, case .binary(.add, let m, let one) = inner.kind,
      one.constantBits == inner.type.bits(of: -1), context.range(m).lowerBound >= 1
    {
      return .convert(m, to: .u64)
    }
    return .binary(.add, x, .constant(1, .u64))
  }

  /// `1 << max(a, b)` as `max(1 << a, 1 << b)`, without a sign.
  @Sendable static func powerOfMaximum(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(.shiftLeft, let one, let amount) = node.kind, one.constantNumber == 1, !node.type.isSigned,
      case .binary(let op, let a, let b) = amount.kind, op == .minimum || op == .maximum,
      context.range(a).lowerBound >= 0, context.range(b).lowerBound >= 0,
      op == .maximum
        || context.range(a).upperBound < Int128(node.type.width)
          && context.range(b).upperBound < Int128(node.type.width)
    else { return nil }
    return .binary(op, .binary(.shiftLeft, one, a), .binary(.shiftLeft, one, b))
  }

  @Sendable static func roundingTwice(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .primitive(.roundUpPowerOfTwo, let operand) = node.kind,
      case .primitive(.roundUpPowerOfTwo, _) = operand.kind
    else { return nil }
    return operand
  }

  /// `max(roundup_pow_of_two(n), 8)` as `roundup_pow_of_two(max(n, 8))`.
  @Sendable static func maximumOfRounded(_ node: Expression, _ context: Simplifier) -> Expression? {
    guard case .binary(.maximum, let left, let right) = node.kind, let limit = right.constantNumber,
      limit > 0, limit.nonzeroBitCount == 1
    else { return nil }
    var core = left
    if case .convert(let inner) = left.kind { core = inner }
    guard case .primitive(.roundUpPowerOfTwo, let n) = core.kind,
      context.range(n).upperBound <= Int128(1) << 63, node.type.holds(context.range(core)) || core === left
    else { return nil }
    return .convert(.primitive(.roundUpPowerOfTwo, .maximum(n, .constant(limit, .u64))), to: node.type)
  }

  /// `(x >> 12) << 12`, or `* 4096`, as `x`, where x is a power of two that is at least `1 << 12`, or 0.
  @Sendable static func shiftBackAndForth(_ node: Expression, _ context: Simplifier) -> Expression? {
    let (shifted, count): (Expression, Int128)
    switch node.kind {
    case .binary(.shiftLeft, let left, let right):
      guard let number = right.constantNumber, number >= 0, number < Int128(node.type.width) else { return nil }
      (shifted, count) = (left, number)
    case .binary(.multiply, let left, let right):
      guard let number = right.constantNumber, number > 0, number.nonzeroBitCount == 1 else { return nil }
      (shifted, count) = (left, Int128(number.trailingZeroBitCount))
    default: return nil
    }
    var inner = shifted
    if case .convert(let operand) = inner.kind, inner.type.holds(context.range(operand)) { inner = operand }
    guard case .binary(.shiftRight, let x, let amount) = inner.kind, amount.constantNumber == count else { return nil }
    var core = x
    if case .convert(let operand) = core.kind { core = operand }
    guard case .primitive(.roundUpPowerOfTwo, let n) = core.kind, context.range(n).lowerBound >= Int128(1) << count,
      context.range(x).lowerBound >= 0
    else { return nil }
    return .convert(x, to: node.type)
  }
}

extension Expression {
  /// The bits, when this is a constant.
  var constantBits: UInt64? {
    if case .constant(let bits) = kind { bits } else { nil }
  }
}
