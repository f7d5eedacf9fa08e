import WalkerModel

/// The same expressions in every run, built node by node without any folding.
struct RandomExpressions {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  mutating func number(below limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }

  mutating func pick<T>(_ choices: [T]) -> T { choices[number(below: choices.count)] }

  static let types: [IntegerType] = [.bool, .u8, .s8, .u16, .s16, .u32, .s32, .u64, .s64]
  static let numbers: [Int128] = [
    0, 1, -1, 2, 3, 7, 8, 16, 31, 32, 63, 127, 128, 255, 256, 4096, 65535, 65536, 1 << 31,
  ]

  mutating func expression(_ type: IntegerType, depth: Int) -> Expression {
    if depth == 0 || number(below: 8) == 0 { return leaf(type) }
    switch number(below: 12) {
    case 0, 1:
      let other = pick(Self.types)
      if other == type { return expression(type, depth: depth - 1) }
      return Expression(.convert(expression(other, depth: depth - 1)), type)
    case 2, 3, 4:
      return Expression(
        .select(
          expression(.bool, depth: depth - 1), expression(type, depth: depth - 1), expression(type, depth: depth - 1)),
        type)
    case 5:
      return Expression(.unary(pick([.negate, .complement]), expression(type, depth: depth - 1)), type)
    case 6 where type == .s32:
      let primitive = pick([Primitive.fls, .fls64, .ffs, .log2])
      let operand = primitive == .fls || primitive == .ffs ? IntegerType.u32 : .u64
      return Expression(.primitive(primitive, expression(operand, depth: depth - 1)), .s32)
    case 6 where type == .u64:
      return Expression(.primitive(.roundUpPowerOfTwo, expression(.u64, depth: depth - 1)), .u64)
    default: return type == .bool ? condition(depth: depth) : binary(type, depth: depth)
    }
  }

  private mutating func condition(depth: Int) -> Expression {
    if number(below: 3) == 0 {
      let op = pick([BinaryOperator.and, .or, .xor])
      return Expression(
        .binary(op, expression(.bool, depth: depth - 1), expression(.bool, depth: depth - 1)), .bool)
    }
    let op = pick([ComparisonOperator.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
    let type = pick(Self.types)
    return Expression(
      .compare(op, expression(type, depth: depth - 1), expression(type, depth: depth - 1)), .bool)
  }

  private mutating func binary(_ type: IntegerType, depth: Int) -> Expression {
    var operators: [BinaryOperator] = [.add, .subtract, .and, .or, .xor, .minimum, .maximum, .minimum, .maximum]
    // The prover is slow at wide products, which no rewrite looks into.
    if type.width <= 8 { operators += [.multiply, .divide, .remainder] }
    if number(below: 4) == 0 {
      let amount = pick([IntegerType.u8, .s32, .u64])
      let right =
        number(below: 2) == 0
        ? Expression.constant(Int128(number(below: type.width)), amount) : expression(amount, depth: depth - 1)
      return Expression(
        .binary(pick([.shiftLeft, .shiftRight]), expression(type, depth: depth - 1), right), type)
    }
    return Expression(
      .binary(pick(operators), expression(type, depth: depth - 1), expression(type, depth: depth - 1)), type)
  }

  private mutating func leaf(_ type: IntegerType) -> Expression {
    if number(below: 3) == 0 { return .constant(pick(Self.numbers), type) }
    let name = "\(pick(["x", "y"]))_\(type.name)"
    return .input(
      Input(id: name, name: name, role: name.hasPrefix("x") ? .tracked : .opaque, type: type))
  }
}
