public import WalkerModel

/// Why an expression has no number for certain inputs.
public enum EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  case divisionByZero
  /// The smallest number divided by -1.
  case divisionOverflow
  /// By an amount that is negative or not below the width of what is shifted.
  case shift(amount: Int128, width: Int)
  case missing(Input)

  public var description: String {
    switch self {
    case .divisionByZero: "C gives no value: division by zero"
    case .divisionOverflow: "C gives no value: the smallest number divided by -1"
    case .shift(let amount, let width): "C gives no value: a \(width)-bit number shifted by \(amount)"
    case .missing(let input): "no value is given for `\(input.name)`"
    }
  }
}

extension Expression {
  /// The number for the given inputs, each first converted to its input's type as C does. Shared nodes are computed once.
  public func evaluate(_ inputs: [Input: Int128]) throws(EvaluationError) -> Int128 {
    let run = EvaluationRun(inputs)
    return type.number(fromBits: try run.bits(of: self).get())
  }
}

private final class EvaluationRun {
  typealias Outcome = Result<UInt64, EvaluationError>

  private let inputs: [Input: Int128]
  private var memo: [ObjectIdentifier: Outcome] = [:]

  init(_ inputs: [Input: Int128]) { self.inputs = inputs }

  func bits(of node: Expression) -> Outcome {
    if let known = memo[ObjectIdentifier(node)] { return known }
    let outcome = computed(node)
    memo[ObjectIdentifier(node)] = outcome
    return outcome
  }

  private func computed(_ node: Expression) -> Outcome {
    switch node.kind {
    case .constant(let bits): return .success(bits)
    case .input(let input):
      guard let number = inputs[input] else { return .failure(.missing(input)) }
      return .success(input.type.bits(of: number))
    case .convert(let inner):
      return bits(of: inner).map { Arithmetic.convert($0, from: inner.type, to: node.type) }
    case .unary(let op, let inner):
      return bits(of: inner).map { Arithmetic.unary(op, $0, node.type) }
    case .primitive(let primitive, let operand):
      return bits(of: operand).map {
        Arithmetic.primitive(primitive, $0, operandWidth: operand.type.width) & node.type.mask
      }
    case .compare(let op, let left, let right):
      return bits(of: left).flatMap { a in
        bits(of: right).map { Arithmetic.compare(op, a, $0, left.type) ? 1 : 0 }
      }
    case .select(let condition, let then, let otherwise):
      return bits(of: condition).flatMap { bits(of: $0 != 0 ? then : otherwise) }
    case .binary(let op, let left, let right):
      if node.type == .bool, op == .and || op == .or { return logical(op, bits(of: left), bits(of: right)) }
      return bits(of: left).flatMap { a in bits(of: right).flatMap { binary(op, a, $0, left.type, right.type) } }
    }
  }

  private func logical(_ op: BinaryOperator, _ left: Outcome, _ right: Outcome) -> Outcome {
    let deciding: UInt64 = op == .and ? 0 : 1
    for case .success(deciding) in [left, right] { return .success(deciding) }
    if case .failure = left { return left }
    return right
  }

  private func binary(
    _ op: BinaryOperator, _ left: UInt64, _ right: UInt64, _ type: IntegerType, _ rightType: IntegerType
  ) -> Outcome {
    if let bits = Arithmetic.binary(op, left, right, type, rightType: rightType) { return .success(bits) }
    if op.isShift { return .failure(.shift(amount: rightType.number(fromBits: right), width: type.width)) }
    return .failure(right & type.mask == 0 ? .divisionByZero : .divisionOverflow)
  }
}

extension Expression {
  /// `bool`: the inputs for which this expression has no value, as an expression that always has one.
  public var noValueWhen: Expression {
    var memo: [ObjectIdentifier: Expression] = [:]
    func condition(_ node: Expression) -> Expression {
      if let known = memo[ObjectIdentifier(node)] { return known }
      let result = own(node)
      memo[ObjectIdentifier(node)] = result
      return result
    }
    func own(_ node: Expression) -> Expression {
      switch node.kind {
      case .constant, .input: return .false
      case .convert(let inner), .unary(_, let inner), .primitive(_, let inner): return condition(inner)
      case .compare(_, let left, let right): return .or(condition(left), condition(right))
      case .select(let test, let then, let otherwise):
        return .or(condition(test), .select(test, condition(then), condition(otherwise)))
      case .binary(let op, let left, let right):
        let (a, b) = (condition(left), condition(right))
        if node.type == .bool, op == .and || op == .or {
          // One operand without a value does no harm where the other decides.
          let (leftIsOpen, rightIsOpen) = op == .and ? (left, right) : (Expression.not(left), .not(right))
          return .or(.and(a, .or(b, rightIsOpen)), .and(b, .or(a, leftIsOpen)))
        }
        return .or(.or(a, b), Expression.outOfRange(op, left, right))
      }
    }
    return condition(self)
  }

  /// The operation itself has no value for its operands' numbers.
  private static func outOfRange(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) -> Expression {
    switch op {
    case .shiftLeft, .shiftRight:
      guard right.type.unsigned.maximum >= Int128(left.type.width) else { return .false }
      let amount = convert(right, to: right.type.unsigned)
      return compare(.greaterOrEqual, amount, constant(Int128(left.type.width), amount.type))
    case .divide, .remainder:
      let zero = compare(.equal, right, constant(0, right.type))
      guard left.type.isSigned else { return zero }
      let overflow = and(
        compare(.equal, left, constant(left.type.minimum, left.type)),
        compare(.equal, right, constant(-1, right.type)))
      return or(zero, overflow)
    default: return .false
    }
  }
}
