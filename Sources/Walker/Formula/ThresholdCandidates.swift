public import WalkerModel

/// A closed form that a threshold may have; whether it has it is the prover's to say.
public struct ThresholdCandidate: Sendable, Hashable {
  /// The smallest counter for which the test is true.
  public let value: Expression
  /// `bool`: where the test is true for no counter.
  public let neverWhen: Expression

  public init(value: Expression, neverWhen: Expression) {
    self.value = value
    self.neverWhen = neverWhen
  }
}

extension ThresholdSearch {
  /// The closed form that the shape of the test suggests; nil: no known shape.
  ///
  /// | test over q | smallest q | never |
  /// |---|---|---|
  /// | `q > a` | a + 1 | a at the top |
  /// | `q >= a` | a | |
  /// | `q >> k` | `1 << k` | |
  /// | `m - q < r` | m - r + 1 | |
  /// | `s && t` | the larger | either never |
  /// | `s \|\| t` | the smaller | both never |
  public var candidate: ThresholdCandidate? {
    let simplified = test.simplified
    guard let found = candidate(simplified) else { return nil }
    return ThresholdCandidate(
      value: found.value.simplified(assuming: .not(found.neverWhen)), neverWhen: found.neverWhen.simplified)
  }

  private func isFree(_ node: Expression) -> Bool { !node.inputs.contains(counter) }

  private func candidate(_ test: Expression) -> ThresholdCandidate? {
    if isFree(test) {
      return ThresholdCandidate(value: .constant(0, counter.type.unsigned), neverWhen: .not(test))
    }
    switch test.kind {
    case .input: return ThresholdCandidate(value: .constant(1, counter.type.unsigned), neverWhen: .false)
    case .unary(.complement, let inner): return negated(inner)
    case .binary(.and, let left, let right): return joined(.and, left, right)
    case .binary(.or, let left, let right): return joined(.or, left, right)
    case .select(let condition, let then, let otherwise):
      guard isFree(condition), let a = candidate(then), let b = candidate(otherwise) else { return nil }
      let type = IntegerType.usual(a.value.type, b.value.type)
      return ThresholdCandidate(
        value: .select(condition, .convert(a.value, to: type), .convert(b.value, to: type)),
        neverWhen: .select(condition, a.neverWhen, b.neverWhen))
    case .compare(let op, let left, let right):
      if isFree(right) { return compared(op, left, right) }
      return isFree(left) ? compared(op.swapped, right, left) : nil
    default: return nil
    }
  }

  private func negated(_ inner: Expression) -> ThresholdCandidate? {
    guard case .binary(let op, let a, let b) = inner.kind else { return nil }
    switch op {
    case .and: return candidate(.or(.not(a), .not(b)))
    case .or: return candidate(.and(.not(a), .not(b)))
    default: return nil
    }
  }

  private func joined(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) -> ThresholdCandidate? {
    for (condition, rest) in [(left, right), (right, left)] where isFree(condition) {
      guard let inner = candidate(rest) else { return nil }
      if op == .and {
        return ThresholdCandidate(value: inner.value, neverWhen: .or(.not(condition), inner.neverWhen))
      }
      return ThresholdCandidate(
        value: .select(condition, .constant(0, inner.value.type), inner.value),
        neverWhen: .and(.not(condition), inner.neverWhen))
    }
    guard let a = candidate(left), let b = candidate(right) else { return nil }
    let type = IntegerType.usual(a.value.type, b.value.type)
    let (first, second) = (Expression.convert(a.value, to: type), Expression.convert(b.value, to: type))
    if op == .and {
      return ThresholdCandidate(value: .maximum(first, second), neverWhen: .or(a.neverWhen, b.neverWhen))
    }
    return ThresholdCandidate(
      value: .select(a.neverWhen, second, .select(b.neverWhen, first, .minimum(first, second))),
      neverWhen: .and(a.neverWhen, b.neverWhen))
  }

  /// `left op limit`, where only `left` has the counter in it.
  private func compared(
    _ op: ComparisonOperator, _ left: Expression, _ limit: Expression
  ) -> ThresholdCandidate? {
    let type = left.type
    if isCounter(left) { return counterCompared(op, type, limit) }
    switch left.kind {
    case .binary(.shiftRight, let shifted, let amount) where isCounter(shifted) && isFree(amount):
      let one: Expression
      switch op {
      case .notEqual where limit.constantNumber == 0, .greater where limit.constantNumber == 0:
        one = .constant(1, type)
      case .greaterOrEqual: one = limit
      case .greater: one = .binary(.add, limit, .constant(1, type))
      default: return nil
      }
      let value = Expression.binary(.shiftLeft, .convert(one, to: .u64), amount)
      let top = Expression.constant(counter.type.unsigned.maximum, .u64)
      return ThresholdCandidate(value: value, neverWhen: .compare(.greater, value, top))
    case .binary(.subtract, let m, let q) where isCounter(q) && isFree(m):
      let difference = Expression.binary(.subtract, m, limit)
      let zero = Expression.constant(0, type)
      switch op {
      case .less:
        return ThresholdCandidate(
          value: .select(.compare(.less, m, limit), zero, .binary(.add, difference, .constant(1, type))),
          neverWhen: .false)
      case .lessOrEqual:
        return ThresholdCandidate(
          value: .select(.compare(.lessOrEqual, m, limit), zero, difference), neverWhen: .false)
      default: return nil
      }
    case .binary(.add, let q, let more) where isCounter(q) && isFree(more):
      let rest = Expression.binary(.subtract, limit, more)
      let zero = Expression.constant(0, type)
      switch op {
      case .greaterOrEqual:
        return ThresholdCandidate(
          value: .select(.compare(.greaterOrEqual, more, limit), zero, rest), neverWhen: .false)
      case .greater:
        return ThresholdCandidate(
          value: .select(.compare(.greater, more, limit), zero, .binary(.add, rest, .constant(1, type))),
          neverWhen: .false)
      default: return nil
      }
    default: return nil
    }
  }

  /// The counter, or a conversion of it.
  private func isCounter(_ node: Expression) -> Bool {
    switch node.kind {
    case .input(let input): input == counter
    case .convert(let inner): isCounter(inner)
    default: false
    }
  }

  private func counterCompared(
    _ op: ComparisonOperator, _ type: IntegerType, _ limit: Expression
  ) -> ThresholdCandidate {
    // With a sign, the counters that count are those up to the largest signed number.
    let top = Expression.constant(min(counter.type.unsigned.maximum, type.maximum), type)
    let (zero, one) = (Expression.constant(0, type), Expression.constant(1, type))
    let beyond = Expression.compare(.greater, limit, top)
    switch op {
    case .greater:
      return ThresholdCandidate(
        value: .select(.compare(.less, limit, zero), zero, .binary(.add, limit, one)),
        neverWhen: .compare(.greaterOrEqual, limit, top))
    case .greaterOrEqual:
      return ThresholdCandidate(value: .maximum(limit, zero), neverWhen: beyond)
    case .equal:
      return ThresholdCandidate(
        value: limit, neverWhen: type.isSigned && !isAllBits(type) ? .or(beyond, .compare(.less, limit, zero)) : beyond)
    case .notEqual:
      return ThresholdCandidate(
        value: .select(.compare(.equal, limit, zero), one, zero), neverWhen: .false)
    case .less:
      return ThresholdCandidate(value: zero, neverWhen: .compare(.lessOrEqual, limit, zero))
    case .lessOrEqual:
      return ThresholdCandidate(value: zero, neverWhen: .compare(.less, limit, zero))
    }
  }

  private func isAllBits(_ type: IntegerType) -> Bool { type.width == counter.type.width }
}
