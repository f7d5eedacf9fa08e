import Testing
import WalkerFormula
import WalkerModel

@testable import WalkerProof

/// What is impossible over whole numbers is impossible in C.
@Suite struct NumberEncodingTests {
  private let solver: Solver
  private let bits: Prover

  init() throws {
    solver = try #require(Solver(limits: ProofLimits()))
    bits = try Prover(limits: ProofLimits(stepsAtOnce: .max))
  }

  @Test(arguments: 0..<4)
  func deniesNothingThatCanBe(part: UInt64) {
    var random = RandomExpressions(seed: 300 + part)
    var denied = 0
    for round in 0..<200 {
      let expression = random.expression(random.pick(RandomExpressions.types), depth: 4)
      let other = random.number(below: 3) == 0 ? random.expression(expression.type, depth: 2) : expression.simplified
      let condition = Expression(
        .compare(random.pick([.notEqual, .less, .greater]), expression, other), .bool)
      guard solver.isImpossibleForNumbers([condition]) else { continue }
      denied += 1
      #expect(bits.isSatisfiable(condition) != true, "part \(part), round \(round): \(condition.text)")
    }
    #expect(denied > 50, "\(denied)")
  }

  @Test func knowsWhatATypeMakesOfASum() {
    for type in [IntegerType.s8, .u8] {
      let (x, y) = (
        Input(id: "x", name: "x", role: .tracked, type: type), Input(id: "y", name: "y", role: .opaque, type: type)
      )
      for (a, b) in [(100, 100), (200, 100), (-128, -1), (127, 1), (0, 255), (-1, -1), (5, 7)] as [(Int128, Int128)] {
        for op in [BinaryOperator.add, .subtract, .minimum, .maximum] {
          let expression = Expression(.binary(op, .input(x), .input(y)), type)
          let fixed = expression.substituting([x: .constant(a, type), y: .constant(b, type)])
          let number = fixed.simplified
          func given(_ input: Input, _ number: Int128) -> Expression {
            .compare(.equal, .input(input), .constant(number, type))
          }
          let isSo = [given(x, a), given(y, b), Expression.compare(.equal, expression, number)]
          let isNot = [given(x, a), given(y, b), Expression.compare(.notEqual, expression, number)]
          #expect(!solver.isImpossibleForNumbers(isSo), "\(a) \(op) \(b) of \(type.name)")
          #expect(solver.isImpossibleForNumbers(isNot), "\(a) \(op) \(b) of \(type.name)")
        }
      }
    }
  }

  @Test func decidesSumsThatBitsTakeLongOver() {
    let total = Input(id: "m", name: "m", role: .knob, type: .s32)
    let count = Input(id: "q", name: "q", role: .counter, type: .s32)
    let (m, q) = (Expression.input(total), Expression.input(count))
    let quarter = Expression(.binary(.shiftRight, m, .constant(2, .s32)), .s32)
    let free = Expression(.binary(.subtract, m, quarter), .s32)
    let isFew = Expression.compare(.less, Expression(.binary(.subtract, m, q), .s32), quarter)
    let isIn = Expression.compare(.lessOrEqual, .convert(q, to: .u32), .convert(free, to: .u32))
    let isPositive = Expression.compare(.greaterOrEqual, m, quarter)
    #expect(solver.isImpossibleForNumbers([isFew, isIn, isPositive]))
    #expect(!solver.isImpossibleForNumbers([isFew, isIn]))
  }
}
