public import WalkerModel

/// Smart constructors: they convert operands to the types that a node asks for, and fold what is certain. They are
/// total: what has no value (a shift past the width, a division by zero) stays as it stands.
extension Expression {
  /// C's conversion to `type`. A conversion to `bool` becomes `!= 0`.
  public static func convert(_ operand: Expression, to type: IntegerType) -> Expression {
    if operand.type == type { return operand }
    if case .constant(let bits) = operand.kind {
      return Expression(
        .constant(Arithmetic.convert(bits, from: operand.type, to: type)), type)
    }
    if type == .bool { return compare(.notEqual, operand, constant(0, operand.type)) }
    if case .convert(let inner) = operand.kind, collapses(inner.type, operand.type, type) {
      return convert(inner, to: type)
    }
    return Expression(.convert(operand), type)
  }

  /// Converting over `middle` gives what converting at once gives.
  private static func collapses(
    _ inner: IntegerType, _ middle: IntegerType, _ outer: IntegerType
  ) -> Bool {
    guard middle != .bool else { return false }
    return outer.width <= middle.width || middle.holds(inner)
  }

  /// The operand's low bits, as a store to a bit-field of `type` keeps them; unlike `convert`, also for one bit.
  public static func truncate(_ operand: Expression, to type: IntegerType) -> Expression {
    guard type == .bool, operand.type != .bool else { return convert(operand, to: type) }
    return compare(
      .notEqual, binary(.and, operand, constant(1, operand.type)), constant(0, operand.type))
  }

  public static func unary(_ op: UnaryOperator, _ operand: Expression) -> Expression {
    if op == .complement, operand.type == .bool { return not(operand) }
    if case .constant(let bits) = operand.kind {
      return Expression(.constant(Arithmetic.unary(op, bits, operand.type)), operand.type)
    }
    if case .unary(op, let inner) = operand.kind { return inner }
    if op == .negate {
      if operand.type == .bool { return operand }
      if case .binary(.subtract, let left, let right) = operand.kind {
        return binary(.subtract, right, left)
      }
    }
    return Expression(.unary(op, operand), operand.type)
  }

  public static func negate(_ operand: Expression) -> Expression { unary(.negate, operand) }
  public static func complement(_ operand: Expression) -> Expression { unary(.complement, operand) }

  /// `!operand`, of type `bool`; an operand of another type is compared with 0.
  public static func not(_ operand: Expression) -> Expression {
    guard operand.type == .bool else {
      return compare(.equal, operand, constant(0, operand.type))
    }
    switch operand.kind {
    case .constant(let bits): return bits == 0 ? .true : .false
    case .unary(.complement, let inner): return inner
    case .compare(let op, let left, let right):
      return Expression(.compare(op.inverse, left, right), .bool)
    default: return Expression(.unary(.complement, operand), .bool)
    }
  }

  /// `bool`: this number is not 0.
  public var isTrue: Expression { Expression.convert(self, to: .bool) }
  public var isConstantTrue: Bool { type == .bool && constantNumber == 1 }
  public var isConstantFalse: Bool { type == .bool && constantNumber == 0 }

  public static func and(_ left: Expression, _ right: Expression) -> Expression {
    let (left, right) = (left.isTrue, right.isTrue)
    if left.isConstantTrue || right.isConstantFalse { return right }
    if right.isConstantTrue || left.isConstantFalse { return left }
    if same(left, right) { return left }
    if contradict(left, right) { return .false }
    if case .binary(.and, let a, let b) = right.kind, same(a, left) || same(b, left) { return right }
    if case .binary(.and, let a, let b) = left.kind, same(a, right) || same(b, right) { return left }
    return Expression(.binary(.and, left, right), .bool)
  }

  public static func or(_ left: Expression, _ right: Expression) -> Expression {
    let (left, right) = (left.isTrue, right.isTrue)
    if left.isConstantFalse || right.isConstantTrue { return right }
    if right.isConstantFalse || left.isConstantTrue { return left }
    if same(left, right) { return left }
    if contradict(left, right) { return .true }
    if case .binary(.or, let a, let b) = right.kind, same(a, left) || same(b, left) { return right }
    if case .binary(.or, let a, let b) = left.kind, same(a, right) || same(b, right) { return left }
    return Expression(.binary(.or, left, right), .bool)
  }

  public static func and(_ all: [Expression]) -> Expression { all.reduce(.true) { and($0, $1) } }
  public static func or(_ all: [Expression]) -> Expression { all.reduce(.false) { or($0, $1) } }

  public static func minimum(_ left: Expression, _ right: Expression) -> Expression {
    binary(.minimum, left, right)
  }

  public static func maximum(_ left: Expression, _ right: Expression) -> Expression {
    binary(.maximum, left, right)
  }

  public static func primitive(_ primitive: Primitive, _ operand: Expression) -> Expression {
    let type = primitive.operandType(for: operand.type)
    let operand = convert(operand, to: type)
    let result = primitive.resultType(for: type)
    if case .constant(let bits) = operand.kind {
      return Expression(
        .constant(Arithmetic.primitive(primitive, bits, operandWidth: type.width) & result.mask),
        result)
    }
    return Expression(.primitive(primitive, operand), result)
  }

  /// This node's operation over other operands, built anew.
  public func rebuilt(with operands: [Expression]) -> Expression {
    switch (kind, operands.count) {
    case (.convert, 1): .convert(operands[0], to: type)
    case (.unary(let op, _), 1): .unary(op, operands[0])
    case (.primitive(let primitive, _), 1): .primitive(primitive, operands[0])
    case (.binary(let op, _, _), 2): .binary(op, operands[0], operands[1])
    case (.compare(let op, _, _), 2): .compare(op, operands[0], operands[1])
    case (.select, 3): .select(operands[0], operands[1], operands[2])
    default: self
    }
  }
}

extension Expression {
  /// Equal, found out at a cost that does not grow with the graph: `false` also means "too large to tell".
  static func same(_ left: Expression, _ right: Expression) -> Bool {
    var budget = 64
    func equal(_ left: Expression, _ right: Expression) -> Bool {
      if left === right { return true }
      budget -= 1
      guard budget > 0, left.hashValue == right.hashValue, left.type == right.type else { return false }
      switch (left.kind, right.kind) {
      case (.constant(let a), .constant(let b)): return a == b
      case (.input(let a), .input(let b)): return a == b
      case (.convert(let a), .convert(let b)): return equal(a, b)
      case (.unary(let op, let a), .unary(let other, let b)): return op == other && equal(a, b)
      case (.primitive(let op, let a), .primitive(let other, let b)): return op == other && equal(a, b)
      case (.binary(let op, let a, let b), .binary(let other, let c, let d)):
        return op == other && equal(a, c) && equal(b, d)
      case (.compare(let op, let a, let b), .compare(let other, let c, let d)):
        return op == other && equal(a, c) && equal(b, d)
      case (.select(let a, let b, let c), .select(let d, let e, let f)):
        return equal(a, d) && equal(b, e) && equal(c, f)
      default: return false
      }
    }
    return equal(left, right)
  }

  /// `right` is `!left`.
  static func contradict(_ left: Expression, _ right: Expression) -> Bool {
    switch (left.kind, right.kind) {
    case (.unary(.complement, let inner), _) where inner.type == .bool && same(inner, right): true
    case (_, .unary(.complement, let inner)) where inner.type == .bool && same(inner, left): true
    case (.compare(let op, let a, let b), .compare(let other, let c, let d)):
      other == op.inverse && same(a, c) && same(b, d)
    default: false
    }
  }
}
