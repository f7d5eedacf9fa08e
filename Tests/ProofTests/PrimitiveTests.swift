import Testing
import WalkerFormula
import WalkerModel
import WalkerProof

/// The primitives as the prover, the evaluator and portable C have them.
@Suite struct PrimitiveTests {
  private static let edges: [UInt64] = [
    0, 1, 2, 3, 7, 8, 0x8000_0000, 0xffff_ffff, 1 << 32, 1 << 63, (1 << 63) + 1, .max, 0x0123_4567_89ab_cdef,
  ]

  @Test(arguments: Primitive.allCases)
  func computesWhatTheProverComputes(primitive: Primitive) throws {
    let prover = try Prover()
    for type in primitive == .byteSwap ? [IntegerType.u16, .u32, .u64] : [primitive.operandType(for: .u64)] {
      let input = Input(id: "x", name: "x", role: .tracked, type: type)
      let expression = Expression.primitive(primitive, .input(input))
      for edge in Self.edges {
        let number = try expression.evaluate([input: Int128(edge)])
        let isEdge = Expression.compare(.equal, .input(input), .constant(Int128(edge), type))
        #expect(prover.implies(isEdge, .compare(.equal, expression, .constant(number, expression.type))) == true)
        let compiled = CompiledExpression([expression]).run(count: 1) { _ in .fixed(Int128(edge)) }
        #expect(expression.type.number(fromLane: compiled[0][0]) == number)
      }
    }
  }

  /// `fls` by halving, as portable C writes it.
  @Test func countsTheHighestBitAsPortableC() throws {
    var x = Expression.input(Input(id: "x", name: "x", role: .tracked, type: .u32))
    let given = x
    let zero = Expression.constant(0, .u32)
    var r = Expression.constant(32, .s32)
    for (mask, step) in [(0xffff_0000, 16), (0xff00_0000, 8), (0xf000_0000, 4), (0xc000_0000, 2), (0x8000_0000, 1)]
      as [(Int128, Int128)]
    {
      let isLow = Expression.compare(.equal, .binary(.and, x, .constant(mask, .u32)), zero)
      x = .select(isLow, .binary(.shiftLeft, x, .constant(step, .s32)), x)
      r = .select(isLow, .binary(.subtract, r, .constant(step, .s32)), r)
    }
    let portable = Expression.select(.compare(.equal, given, zero), .constant(0, .s32), r)
    #expect(try Prover().equivalent(portable, .primitive(.fls, given)) == .proved)
    #expect(try Prover().equivalent(r, .primitive(.fls, given)) != .proved)
  }
}
