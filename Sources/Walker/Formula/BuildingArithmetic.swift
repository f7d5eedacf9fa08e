public import WalkerModel

extension Expression {
  /// `left op right` of `left`'s type; `right` is converted to it, except as a shift's amount.
  ///
  /// Constants come out on the right, and a subtracted constant as an added one.
  public static func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) -> Expression {
    let type = left.type
    let right = op.isShift ? right : convert(right, to: type)
    if type == .bool, let logical = boolean(op, left, right) { return logical }
    if case .constant(let a) = left.kind, case .constant(let b) = right.kind,
      let bits = Arithmetic.binary(op, a, b, type, rightType: right.type)
    {
      return Expression(.constant(bits), type)
    }
    if op.isCommutative, left.constantNumber != nil, right.constantNumber == nil {
      return binary(op, right, left)
    }
    if let number = right.constantNumber, let folded = fold(op, left, number, right) {
      return folded
    }
    if left.constantNumber == 0, [.multiply, .and, .divide, .remainder, .shiftLeft, .shiftRight].contains(op) {
      return left
    }
    if same(left, right), left.type == right.type {
      switch op {
      case .subtract, .xor: return constant(0, type)
      case .and, .or, .minimum, .maximum: return left
      default: break
      }
    }
    return Expression(.binary(op, left, right), type)
  }

  private static func boolean(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) -> Expression? {
    switch op {
    case .and, .minimum, .multiply: and(left, right)
    case .or, .maximum: or(left, right)
    case .xor, .add, .subtract: different(left, right)
    case .divide, .remainder, .shiftLeft, .shiftRight: nil
    }
  }

  private static func different(_ left: Expression, _ right: Expression) -> Expression {
    if left.isConstantFalse { return right }
    if right.isConstantFalse { return left }
    if left.isConstantTrue { return not(right) }
    if right.isConstantTrue { return not(left) }
    if same(left, right) { return .false }
    if contradict(left, right) { return .true }
    return Expression(.binary(.xor, left, right), .bool)
  }

  /// `left op number`, where that is less than an operation, or joins one in `left`.
  private static func fold(
    _ op: BinaryOperator, _ left: Expression, _ number: Int128, _ right: Expression
  ) -> Expression? {
    let type = left.type
    let allBits = type.number(fromBits: type.mask)
    switch op {
    case .add:
      if number == 0 { return left }
      if case .binary(.add, let inner, let other) = left.kind, let earlier = other.constantNumber {
        return binary(.add, inner, constant(earlier + number, type))
      }
    case .subtract: return binary(.add, left, constant(-number, type))
    case .multiply:
      if number == 0 { return right }
      if number == 1 { return left }
    case .divide: if number == 1 { return left }
    case .remainder: if number == 1 { return constant(0, type) }
    case .shiftLeft, .shiftRight: if number == 0 { return left }
    case .and:
      if number == 0 { return right }
      if number == allBits { return left }
    case .or:
      if number == 0 { return left }
      if number == allBits { return right }
    case .xor:
      if number == 0 { return left }
      if number == allBits { return complement(left) }
    case .minimum:
      if number == type.maximum { return left }
      if number == type.minimum { return right }
    case .maximum:
      if number == type.minimum { return left }
      if number == type.maximum { return right }
    }
    return joined(op, left, number, right)
  }

  /// `(x op c1) op c2` as `x op c`.
  private static func joined(
    _ op: BinaryOperator, _ left: Expression, _ number: Int128, _ right: Expression
  ) -> Expression? {
    guard [.and, .or, .xor, .minimum, .maximum, .multiply].contains(op),
      case .binary(op, let inner, let other) = left.kind, other.constantNumber != nil
    else { return nil }
    return binary(op, inner, binary(op, other, right))
  }
}
