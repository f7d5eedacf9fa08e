internal import CZ3
internal import WalkerFormula
internal import WalkerModel

/// Expressions as Z3 terms over whole numbers, in which a sum is a sum: what C does where it leaves its type is a multiple
/// of two to the type's width, an unknown of its own. Sums and comparisons that cost the bit-vectors seconds cost this
/// milliseconds.
///
/// What it has no term for (bits, products of two unknowns) is a number that is only known to fit its type. So what is
/// impossible is impossible, while a model says nothing.
final class IntegerEncoder {
  /// A node's number, and bounds of it that need no proof.
  private struct Number {
    let term: Z3_ast?
    let range: ClosedRange<Int128>
  }

  private enum Term {
    case truth(Z3_ast?)
    case number(Number)
  }

  private let context: Z3_context
  private var terms: [ObjectIdentifier: Term] = [:]
  /// The nodes whose identities are keys.
  private var kept: [Expression] = []
  private let interner = SharedNodes()
  private var unknowns = 0
  /// What holds of the unknowns: each is determined, or left open on purpose.
  private(set) var definitions: [Z3_ast?] = []
  /// How many nodes have no term of their own.
  private(set) var gaps = 0

  init(context: Z3_context) { self.context = context }

  /// A truth value; an expression of another type counts as true when it is not 0.
  func condition(_ expression: Expression) -> Z3_ast? {
    let root = interner.unique(expression.isTrue)
    kept.append(root)
    for node in root.nodesInOrder where terms[ObjectIdentifier(node)] == nil {
      terms[ObjectIdentifier(node)] = encode(node)
    }
    return truth(root)
  }

  private func encode(_ node: Expression) -> Term {
    if node.type == .bool { return .truth(encodeTruth(node)) }
    return .number(encodeNumber(node) ?? open(node.type))
  }

  private func encodeTruth(_ node: Expression) -> Z3_ast? {
    switch node.kind {
    case .constant(let bits): return bits != 0 ? Z3_mk_true(context) : Z3_mk_false(context)
    case .input(let input): return symbol(input, Z3_mk_bool_sort(context))
    case .convert(let inner):
      return inner.type == .bool ? truth(inner) : Z3_mk_not(context, Z3_mk_eq(context, number(inner).term, numeral(0)))
    case .unary(let op, let inner): return op == .negate ? truth(inner) : Z3_mk_not(context, truth(inner))
    case .compare(let op, let left, let right): return compare(op, number(left).term, number(right).term)
    case .select(let test, let then, let otherwise):
      return Z3_mk_ite(context, truth(test), truth(then), truth(otherwise))
    case .binary(let op, let left, let right):
      var both = [truth(left), truth(right)]
      switch op {
      case .and: return Z3_mk_and(context, 2, &both)
      case .or: return Z3_mk_or(context, 2, &both)
      case .xor: return Z3_mk_xor(context, both[0], both[1])
      default: break
      }
    case .primitive: break
    }
    gaps += 1
    return unknown(Z3_mk_bool_sort(context))
  }

  private func encodeNumber(_ node: Expression) -> Number? {
    let type = node.type
    switch node.kind {
    case .constant(let bits):
      let number = type.number(fromBits: bits)
      return Number(term: numeral(number), range: number...number)
    case .input(let input):
      let found = Number(
        term: symbol(input, Z3_mk_int_sort(context)), range: type.minimum...type.maximum)
      bound(found)
      return found
    case .convert(let inner):
      if inner.type == .bool {
        return Number(term: Z3_mk_ite(context, truth(inner), numeral(1), numeral(0)), range: 0...1)
      }
      return wrapped(number(inner), type)
    case .unary(.negate, let inner):
      let inner = number(inner)
      return wrapped(
        Number(term: difference(numeral(0), inner.term), range: -inner.range.upperBound...(-inner.range.lowerBound)),
        type)
    case .unary(.complement, let inner):
      // All bits set, without those that are.
      let (inner, ones) = (number(inner), type.isSigned ? Int128(-1) : type.maximum)
      return Number(
        term: difference(numeral(ones), inner.term),
        range: ones - inner.range.upperBound...(ones - inner.range.lowerBound))
    case .select(let test, let then, let otherwise):
      let (first, second) = (number(then), number(otherwise))
      return Number(
        term: Z3_mk_ite(context, truth(test), first.term, second.term), range: first.range.joined(second.range))
    case .binary(let op, let left, let right): return binary(op, number(left), number(right), type)
    case .primitive, .compare: return nil
    }
  }

  private func binary(_ op: BinaryOperator, _ a: Number, _ b: Number, _ type: IntegerType) -> Number? {
    var both = [a.term, b.term]
    let factor = b.range.lowerBound == b.range.upperBound ? b.range.lowerBound : nil
    switch op {
    case .add:
      return wrapped(
        Number(
          term: Z3_mk_add(context, 2, &both),
          range: a.range.lowerBound + b.range.lowerBound...a.range.upperBound + b.range.upperBound), type)
    case .subtract:
      return wrapped(
        Number(
          term: Z3_mk_sub(context, 2, &both),
          range: a.range.lowerBound - b.range.upperBound...a.range.upperBound - b.range.lowerBound), type)
    case .shiftLeft:
      guard let factor, (0..<Int128(min(type.width, 32))).contains(factor) else { return nil }
      return scaled(a, by: Int128(1) << factor, type)
    case .multiply:
      guard let factor, (0...Int128(UInt32.max)).contains(factor) else { return nil }
      return scaled(a, by: factor, type)
    case .shiftRight:
      guard let factor, (0..<Int128(type.width)).contains(factor) else { return nil }
      return quotient(a, Int128(1) << factor)
    case .divide:
      // C rounds towards zero, this down: the same where there is no sign.
      guard let factor, factor > 0, a.range.lowerBound >= 0 else { return nil }
      return quotient(a, factor)
    case .minimum, .maximum:
      let isLess = Z3_mk_le(context, a.term, b.term)
      let term =
        op == .minimum ? Z3_mk_ite(context, isLess, a.term, b.term) : Z3_mk_ite(context, isLess, b.term, a.term)
      return Number(term: term, range: a.range.joined(b.range))
    case .remainder, .and, .or, .xor: return nil
    }
  }

  private func scaled(_ number: Number, by factor: Int128, _ type: IntegerType) -> Number {
    var both = [number.term, numeral(factor)]
    let range = number.range.lowerBound * factor...number.range.upperBound * factor
    return wrapped(Number(term: Z3_mk_mul(context, 2, &both), range: range), type)
  }

  /// Rounded down.
  private func quotient(_ number: Number, _ divisor: Int128) -> Number {
    let result = Number(
      term: unknown(Z3_mk_int_sort(context)),
      range: floor(number.range.lowerBound, divisor)...floor(number.range.upperBound, divisor))
    var both = [result.term, numeral(divisor)]
    let rest = difference(number.term, Z3_mk_mul(context, 2, &both))
    definitions += [Z3_mk_ge(context, rest, numeral(0)), Z3_mk_lt(context, rest, numeral(divisor))]
    bound(result)
    return result
  }

  /// What the type makes of a number: less a multiple of two to its width.
  private func wrapped(_ number: Number, _ type: IntegerType) -> Number {
    if type.minimum <= number.range.lowerBound, number.range.upperBound <= type.maximum { return number }
    let size = Int128(1) << Int128(type.width)
    let turns = Number(
      term: unknown(Z3_mk_int_sort(context)),
      range: floor(
        number.range.lowerBound - type.minimum, size)...floor(
          number.range.upperBound - type.minimum, size))
    bound(turns)
    var both = [turns.term, numeral(size)]
    let result = Number(
      term: difference(number.term, Z3_mk_mul(context, 2, &both)), range: type.minimum...type.maximum)
    bound(result)
    return result
  }

  private func floor(_ number: Int128, _ divisor: Int128) -> Int128 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
  }

  private func compare(_ op: ComparisonOperator, _ a: Z3_ast?, _ b: Z3_ast?) -> Z3_ast? {
    switch op {
    case .equal: Z3_mk_eq(context, a, b)
    case .notEqual: Z3_mk_not(context, Z3_mk_eq(context, a, b))
    case .less: Z3_mk_lt(context, a, b)
    case .lessOrEqual: Z3_mk_le(context, a, b)
    case .greater: Z3_mk_gt(context, a, b)
    case .greaterOrEqual: Z3_mk_ge(context, a, b)
    }
  }

  private func difference(_ a: Z3_ast?, _ b: Z3_ast?) -> Z3_ast? {
    var both = [a, b]
    return Z3_mk_sub(context, 2, &both)
  }

  private func open(_ type: IntegerType) -> Number {
    gaps += 1
    let number = Number(term: unknown(Z3_mk_int_sort(context)), range: type.minimum...type.maximum)
    bound(number)
    return number
  }

  private func bound(_ number: Number) {
    definitions += [
      Z3_mk_ge(context, number.term, numeral(number.range.lowerBound)),
      Z3_mk_le(context, number.term, numeral(number.range.upperBound)),
    ]
  }

  private func number(_ node: Expression) -> Number {
    switch terms[ObjectIdentifier(node)] {
    case .number(let number): number
    case .truth(let truth):
      Number(term: Z3_mk_ite(context, truth, numeral(1), numeral(0)), range: 0...1)
    case nil: open(node.type)
    }
  }

  private func truth(_ node: Expression) -> Z3_ast? {
    if case .truth(let truth) = terms[ObjectIdentifier(node)] { return truth }
    return Z3_mk_not(context, Z3_mk_eq(context, number(node).term, numeral(0)))
  }

  private func numeral(_ number: Int128) -> Z3_ast? {
    Z3_mk_numeral(context, String(number), Z3_mk_int_sort(context))
  }

  private func unknown(_ sort: Z3_sort?) -> Z3_ast? {
    unknowns += 1
    return Z3_mk_const(context, Z3_mk_string_symbol(context, "unknown \(unknowns)"), sort)
  }

  private func symbol(_ input: Input, _ sort: Z3_sort?) -> Z3_ast? {
    Z3_mk_const(context, Z3_mk_string_symbol(context, "number \(input.id) \(input.type.name)"), sort)
  }
}

extension ClosedRange<Int128> {
  fileprivate func joined(_ other: ClosedRange<Int128>) -> ClosedRange<Int128> {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
