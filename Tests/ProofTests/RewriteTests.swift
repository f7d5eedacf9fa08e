import Testing
@testable import WalkerFormula
import WalkerModel
import WalkerProof

/// Every rewrite on an expression that it fits, its result compared by the prover, for all inputs.
@Suite struct RewriteTests {
  private struct Example {
    let rewrite: String
    let expression: Expression
    var assuming = Expression.true
    var result: String
  }

  @Test func keepsTheMeaningWithEveryRewrite() throws {
    let prover = try Prover()
    for example in Self.examples {
      let rule = try #require(Rewrite.all.first { $0.name == example.rewrite }, "\(example.rewrite)")
      var facts = Facts()
      facts.assume(example.assuming)
      let simplifier = Simplifier(facts: facts)
      let node = simplifier.intern(example.expression)
      let result = try #require(rule.apply(node, simplifier), "\(example.rewrite) does not fit \(node.text)")
      #expect(result.type == node.type, "\(example.rewrite)")
      #expect(result.text == example.result, "\(example.rewrite)")
      #expect(
        prover.equivalent(node, result, assuming: example.assuming) == .proved,
        "\(example.rewrite): \(node.text) became \(result.text)")
      let loses = Expression.and([example.assuming, .not(node.noValueWhen), result.noValueWhen])
      #expect(prover.isSatisfiable(loses) == false, "\(example.rewrite)")
    }
  }

  @Test func hasAnExampleForEveryRewrite() {
    #expect(Rewrite.all.map(\.name).filter { name in !Self.examples.contains { $0.rewrite == name } } == [])
    #expect(Set(Rewrite.all.map(\.name)).count == Rewrite.all.count)
  }

  @Test func doesNotSplitALadderThatMissesARung() throws {
    let broken = ladder(x, [(8, 3), (16, 4), (64, 5)], last: 6)
    let result = broken.simplified
    #expect(try Prover().equivalent(broken, result) == .proved)
    #expect(!result.text.contains("fls"))
  }

  @Test func leavesRoundedClampsAloneThatDiffer() throws {
    // 12 is no power of two: rounding the limit up would change it.
    let choice = Expression.select(
      .compare(.less, x, number(12)), .constant(12, .u64), .primitive(.roundUpPowerOfTwo, x))
    #expect(choice.simplified == choice)
  }
}

private func input(_ name: String, _ type: IntegerType, _ role: Input.Role = .opaque) -> Expression {
  .input(Input(id: name, name: name, role: role, type: type))
}

private func number(_ value: Int128, _ type: IntegerType = .u32) -> Expression { .constant(value, type) }

private let x = input("x", .u32)
private let y = input("y", .u32, .tracked)
private let small = input("small", .u8)
private let i = input("i", .s32)
private let n = input("n", .u64)
private let p = input("p", .bool)
private let q = input("q", .bool)
private let rounded = Expression.primitive(.roundUpPowerOfTwo, n)

/// Nodes as a walk makes them, before anything is folded.
private func raw(_ kind: Expression.Kind, _ type: IntegerType) -> Expression { Expression(kind, type) }

private func ladder(_ n: Expression, _ rungs: [(Int128, Int128)], last: Int128) -> Expression {
  rungs.reversed().reduce(.constant(last, .s32)) { above, rung in
    .select(.compare(.greater, n, .constant(rung.0, n.type)), above, .constant(rung.1, .s32))
  }
}

extension RewriteTests {
  private static let between = Expression.and(
    .compare(.greaterOrEqual, n, number(4096, .u64)), .compare(.lessOrEqual, n, number(1 << 31, .u64)))

  private static let examples: [Example] = [
    Example(
      rewrite: "known condition", expression: .compare(.lessOrEqual, x, y), assuming: .compare(.less, x, y), result: "1"
    ),
    Example(
      rewrite: "only one number possible", expression: .binary(.and, .convert(small, to: .u32), number(256)),
      assuming: .compare(.equal, small, number(0, .u8)), result: "0"),
    Example(
      rewrite: "conversion that keeps every number", expression: .convert(.convert(x, to: .u16), to: .u64),
      assuming: .compare(.less, x, number(100)), result: "x"),
    Example(
      rewrite: "mask that keeps every bit", expression: .binary(.and, .convert(small, to: .u32), number(0xfff)),
      result: "small"),
    Example(rewrite: "mask as a conversion", expression: .binary(.and, x, number(0xffff)), result: "(u16) x"),
    Example(
      rewrite: "conversion of a choice between constants",
      expression: raw(.convert(.select(p, number(3), number(70000))), .u16), result: "p ? 3 : 4464"),
    Example(
      rewrite: "narrowed arithmetic",
      expression: .convert(.binary(.add, .convert(x, to: .u64), .convert(y, to: .u64)), to: .u32), result: "x + y"),
    Example(
      rewrite: "shift's amount without conversion",
      expression: .binary(.shiftLeft, x, .convert(.primitive(.fls, y), to: .u8)), result: "x << fls(y)"),
    Example(
      rewrite: "comparison without conversion", expression: .compare(.less, .convert(i, to: .u32), number(9)),
      assuming: .compare(.greaterOrEqual, i, number(0, .s32)), result: "i < 9"),
    Example(
      rewrite: "comparison of a sum", expression: .compare(.less, .binary(.add, x, number(5)), number(9)),
      assuming: .compare(.less, x, number(100)), result: "x < 4"),
    Example(
      rewrite: "negation inwards",
      expression: .not(.and(.compare(.less, x, y), .compare(.equal, x, number(0)))), result: "x >= y || x != 0"),
    Example(
      rewrite: "common condition",
      expression: .or(.and(p, .compare(.less, x, y)), .and(p, q)), result: "p && (x < y || q)"),
    Example(
      rewrite: "choice between equals", expression: .select(.compare(.equal, x, y), x, y), result: "y"),
    Example(
      rewrite: "choice of a minimum or maximum",
      expression: .select(
        .compare(.greater, .convert(i, to: .u32), x), .convert(x, to: .s32), i), result: "(int) min((u32) i, x)"),
    Example(
      rewrite: "choice of a minimum or maximum",
      expression: .select(.compare(.less, i, number(9, .s32)), number(8, .s32), i),
      result: "max(i, 8)"),
    Example(
      rewrite: "clamp",
      expression: .select(.compare(.less, x, number(8)), number(8), .minimum(x, number(100))),
      result: "max(min(x, 100), 8)"),
    Example(
      rewrite: "clamp",
      expression: .select(.compare(.lessOrEqual, i, number(64, .s32)), .maximum(i, number(8, .s32)), number(64, .s32)),
      result: "min(max(i, 8), 64)"),
    Example(
      rewrite: "ladder of powers of two", expression: ladder(x, [(8, 3), (16, 4), (32, 5), (64, 6)], last: 7),
      result: "fls(min(max(x, 8), 128) - 1)"),
    Example(
      rewrite: "ladder of powers of two", expression: ladder(i, [(64, 6), (128, 7), (256, 8)], last: 9),
      result: "fls(min(max(i, 64), 512) - 1)"),
    Example(
      rewrite: "ladder of powers of two",
      expression: .select(
        .compare(.greater, x, number(8)),
        .primitive(.fls, .binary(.add, .maximum(x, number(16)), number(-1))), .constant(3, .s32)),
      result: "fls(max(x, 8) - 1)"),
    Example(
      rewrite: "rounded clamp",
      expression: .select(.compare(.less, x, number(4096)), number(4096, .u64), .primitive(.roundUpPowerOfTwo, x)),
      result: "roundup_pow_of_two(max(x, 4096))"),
    Example(
      rewrite: "nested choice with a common arm", expression: raw(.select(p, .select(q, x, y), y), .u32),
      result: "p && q ? x : y"),
    Example(
      rewrite: "nested choice with a common arm", expression: raw(.select(p, x, .select(q, y, x)), .u32),
      result: "p || !q ? x : y"),
    Example(
      rewrite: "choice between conversions",
      expression: raw(.select(p, .convert(x, to: .u64), .convert(y, to: .u64)), .u64), result: "p ? x : y"),
    Example(
      rewrite: "operation on a choice with a constant",
      expression: .binary(.shiftRight, .select(p, number(0), x), number(12, .s32)), result: "p ? 0 : x >> 12"),
    Example(
      rewrite: "minimum by range", expression: raw(.binary(.minimum, .convert(small, to: .u32), number(300)), .u32),
      result: "small"),
    Example(rewrite: "minimum of a minimum", expression: .minimum(x, .maximum(x, y)), result: "x"),
    Example(
      rewrite: "conversion out of a minimum",
      expression: .minimum(.convert(x, to: .u64), .convert(y, to: .u64)), result: "min(x, y)"),
    Example(rewrite: "minimum with the tracked value first", expression: .minimum(x, y), result: "min(y, x)"),
    Example(
      rewrite: "position as a logarithm", expression: .binary(.add, .primitive(.fls, x), number(-1, .s32)),
      result: "ilog2(x)"),
    Example(
      rewrite: "narrow position", expression: .primitive(.fls64, .convert(x, to: .u64)), result: "fls(x)"),
    Example(
      rewrite: "position in a rounded number",
      expression: .primitive(.fls64, .binary(.add, rounded, number(-1, .u64))), result: "fls64(n - 1)"),
    Example(
      rewrite: "position in a rounded number",
      expression: .primitive(.fls, .binary(.add, .convert(rounded, to: .u32), number(-1))),
      assuming: .and(.compare(.greater, n, number(0, .u64)), .compare(.lessOrEqual, n, number(1 << 32, .u64))),
      result: "fls64(n - 1)"),
    Example(
      rewrite: "position in a rounded number", expression: .primitive(.log2, rounded), assuming: between,
      result: "fls64(n - 1)"),
    Example(
      rewrite: "power of a position",
      expression: .binary(.shiftLeft, number(1, .u64), .primitive(.fls64, .binary(.add, n, number(-1, .u64)))),
      result: "roundup_pow_of_two(n)"),
    Example(
      rewrite: "power of a position",
      expression: .binary(.shiftLeft, number(1, .s32), .primitive(.fls, .binary(.add, x, number(-1)))),
      assuming: .compare(.greater, x, number(0)), result: "(int) roundup_pow_of_two(x)"),
    Example(
      rewrite: "power of a maximum",
      expression: .binary(.shiftLeft, number(1), .maximum(.primitive(.fls, x), number(3, .s32))),
      result: "max(1u << fls(x), 8)"),
    Example(
      rewrite: "rounding twice", expression: .primitive(.roundUpPowerOfTwo, rounded), result: "roundup_pow_of_two(n)"),
    Example(
      rewrite: "maximum of a rounded number",
      expression: .maximum(rounded, number(8, .u64)), assuming: between, result: "roundup_pow_of_two(max(n, 8))"),
    Example(
      rewrite: "shift back and forth",
      expression: .binary(.multiply, .binary(.shiftRight, rounded, number(12, .s32)), number(4096, .u64)),
      assuming: between, result: "roundup_pow_of_two(n)"),
  ]
}
