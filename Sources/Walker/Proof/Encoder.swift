internal import CZ3
internal import WalkerFormula
internal import WalkerModel

/// Expressions as Z3 terms: `bool` as a truth value, every other type as a bit-vector of its width.
///
/// Z3's operations are total; where an expression has no value the term has some value, and the question that is asked
/// has to exclude those inputs.
final class Encoder {
  let context: Z3_context
  private var terms: [ObjectIdentifier: (Expression, Z3_ast?)] = [:]
  private let interner = SharedNodes()

  init(context: Z3_context) {
    self.context = context
  }

  /// A truth value; an expression of another type counts as true when it is not 0.
  func condition(_ expression: Expression) -> Z3_ast? { term(expression.isTrue) }

  func term(_ expression: Expression) -> Z3_ast? {
    let root = interner.unique(expression)
    for node in root.nodesInOrder where terms[ObjectIdentifier(node)] == nil {
      terms[ObjectIdentifier(node)] = (node, encode(node))
    }
    return terms[ObjectIdentifier(root)]?.1
  }

  private func operand(_ node: Expression) -> Z3_ast? { terms[ObjectIdentifier(node)]?.1 }

  private func encode(_ node: Expression) -> Z3_ast? {
    let isBool = node.type == .bool
    switch node.kind {
    case .constant(let bits):
      return isBool ? truth(bits != 0) : numeral(bits, node.type.width)
    case .input(let input): return symbol(input)
    case .convert(let inner): return convert(operand(inner), inner.type, node.type)
    case .unary(let op, let inner):
      let inner = operand(inner)
      if isBool { return op == .negate ? inner : Z3_mk_not(context, inner) }
      return op == .negate ? Z3_mk_bvneg(context, inner) : Z3_mk_bvnot(context, inner)
    case .compare(let op, let left, let right):
      let (a, b) = (vector(left), vector(right))
      return compare(op, a, b, isSigned: left.type.isSigned)
    case .select(let condition, let then, let otherwise):
      return Z3_mk_ite(context, operand(condition), operand(then), operand(otherwise))
    case .primitive(let primitive, let inner):
      return self.primitive(primitive, vector(inner), width: inner.type.width)
    case .binary(let op, let left, let right):
      if isBool { return logical(op, operand(left), operand(right)) }
      if op.isShift { return shift(op, operand(left), left.type, vector(right), right.type) }
      return arithmetic(op, operand(left), operand(right), node.type)
    }
  }

  /// The node's term as a bit-vector, also for a `bool`.
  private func vector(_ node: Expression) -> Z3_ast? {
    node.type == .bool ? bit(operand(node), width: 1) : operand(node)
  }

  private func bit(_ truth: Z3_ast?, width: Int) -> Z3_ast? {
    Z3_mk_ite(context, truth, numeral(1, width), numeral(0, width))
  }

  func truth(_ value: Bool) -> Z3_ast? { value ? Z3_mk_true(context) : Z3_mk_false(context) }

  func numeral(_ bits: UInt64, _ width: Int) -> Z3_ast? {
    Z3_mk_unsigned_int64(context, bits, Z3_mk_bv_sort(context, UInt32(width)))
  }

  private func symbol(_ input: Input) -> Z3_ast? {
    let name = Z3_mk_string_symbol(context, "\(input.id) \(input.type.name)")
    let sort =
      input.type == .bool
      ? Z3_mk_bool_sort(context) : Z3_mk_bv_sort(context, UInt32(input.type.width))
    return Z3_mk_const(context, name, sort)
  }

  func equality(_ input: Input, _ number: Int128) -> Z3_ast? {
    let bits = input.type.bits(of: number)
    let value = input.type == .bool ? truth(bits != 0) : numeral(bits, input.type.width)
    return Z3_mk_eq(context, symbol(input), value)
  }

  /// The number that a model gives an input; one that the model leaves open is 0.
  func number(of input: Input, in model: Z3_model) -> Int128 {
    var value: Z3_ast?
    guard Z3_model_eval(context, model, symbol(input), true, &value), let value else { return 0 }
    if input.type == .bool { return Z3_get_bool_value(context, value) == Z3_L_TRUE ? 1 : 0 }
    var bits: UInt64 = 0
    guard Z3_get_numeral_uint64(context, value, &bits) else { return 0 }
    return input.type.number(fromBits: bits)
  }

  private func convert(_ term: Z3_ast?, _ from: IntegerType, _ to: IntegerType) -> Z3_ast? {
    if from == .bool { return to == .bool ? term : bit(term, width: to.width) }
    if to == .bool { return Z3_mk_not(context, Z3_mk_eq(context, term, numeral(0, from.width))) }
    return resize(term, from: from.width, to: to.width, isSigned: from.isSigned)
  }

  func resize(_ term: Z3_ast?, from: Int, to: Int, isSigned: Bool) -> Z3_ast? {
    if to < from { return Z3_mk_extract(context, UInt32(to - 1), 0, term) }
    if to == from { return term }
    let more = UInt32(to - from)
    return isSigned ? Z3_mk_sign_ext(context, more, term) : Z3_mk_zero_ext(context, more, term)
  }

  private func compare(
    _ op: ComparisonOperator, _ a: Z3_ast?, _ b: Z3_ast?, isSigned: Bool
  ) -> Z3_ast? {
    switch op {
    case .equal: Z3_mk_eq(context, a, b)
    case .notEqual: Z3_mk_not(context, Z3_mk_eq(context, a, b))
    case .less: isSigned ? Z3_mk_bvslt(context, a, b) : Z3_mk_bvult(context, a, b)
    case .lessOrEqual: isSigned ? Z3_mk_bvsle(context, a, b) : Z3_mk_bvule(context, a, b)
    case .greater: isSigned ? Z3_mk_bvsgt(context, a, b) : Z3_mk_bvugt(context, a, b)
    case .greaterOrEqual: isSigned ? Z3_mk_bvsge(context, a, b) : Z3_mk_bvuge(context, a, b)
    }
  }

  private func logical(_ op: BinaryOperator, _ a: Z3_ast?, _ b: Z3_ast?) -> Z3_ast? {
    var both = [a, b]
    switch op {
    case .or, .maximum: return Z3_mk_or(context, 2, &both)
    case .xor, .add, .subtract: return Z3_mk_xor(context, a, b)
    // Division of one bit and shifts of it have a value only where they keep it.
    case .divide, .shiftLeft, .shiftRight: return a
    case .remainder: return truth(false)
    case .and, .minimum, .multiply: return Z3_mk_and(context, 2, &both)
    }
  }

  private func arithmetic(
    _ op: BinaryOperator, _ a: Z3_ast?, _ b: Z3_ast?, _ type: IntegerType
  ) -> Z3_ast? {
    switch op {
    case .add: Z3_mk_bvadd(context, a, b)
    case .subtract: Z3_mk_bvsub(context, a, b)
    case .multiply: Z3_mk_bvmul(context, a, b)
    case .divide: type.isSigned ? Z3_mk_bvsdiv(context, a, b) : Z3_mk_bvudiv(context, a, b)
    case .remainder: type.isSigned ? Z3_mk_bvsrem(context, a, b) : Z3_mk_bvurem(context, a, b)
    case .and: Z3_mk_bvand(context, a, b)
    case .or: Z3_mk_bvor(context, a, b)
    case .xor: Z3_mk_bvxor(context, a, b)
    case .minimum: Z3_mk_ite(context, compare(.less, a, b, isSigned: type.isSigned), a, b)
    case .maximum: Z3_mk_ite(context, compare(.less, a, b, isSigned: type.isSigned), b, a)
    case .shiftLeft, .shiftRight: a
    }
  }

  /// The amount as wide as what is shifted; one that does not fit is out of range in any width.
  private func shift(
    _ op: BinaryOperator, _ value: Z3_ast?, _ type: IntegerType, _ amount: Z3_ast?, _ amountType: IntegerType
  ) -> Z3_ast? {
    var amount = amount
    if amountType.width > type.width {
      let fits = Z3_mk_bvult(context, amount, numeral(UInt64(type.width), amountType.width))
      let low = resize(amount, from: amountType.width, to: type.width, isSigned: false)
      amount = Z3_mk_ite(context, fits, low, numeral(type.mask, type.width))
    } else {
      amount = resize(amount, from: amountType.width, to: type.width, isSigned: amountType.isSigned)
    }
    if op == .shiftLeft { return Z3_mk_bvshl(context, value, amount) }
    return type.isSigned ? Z3_mk_bvashr(context, value, amount) : Z3_mk_bvlshr(context, value, amount)
  }
}

extension BinaryOperator {
  fileprivate var isShift: Bool { self == .shiftLeft || self == .shiftRight }
}
