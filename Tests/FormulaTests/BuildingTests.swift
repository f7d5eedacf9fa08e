import Testing
import WalkerFormula
import WalkerModel

@Suite struct BuildingTests {
  private let b = Sample.backlog
  private let s = Sample.somaxconn

  @Test func foldsConstants() {
    #expect(Expression.binary(.add, .constant(250, .u8), .constant(10, .u8)).constantNumber == 4)
    #expect(Expression.convert(.constant(-1, .s32), to: .u64).constantNumber == IntegerType.u64.maximum)
    #expect(Expression.compare(.less, .constant(-1, .s32), .constant(0, .s32)).isConstantTrue)
    #expect(Expression.primitive(.fls, .constant(0x100, .s32)).constantNumber == 9)
    #expect(Expression.primitive(.roundUpPowerOfTwo, .constant(0, .u64)).constantNumber == 0)
  }

  @Test func leavesWhatHasNoValue() {
    let zero = Expression.constant(0, .s32)
    #expect(Expression.binary(.divide, b, zero).children == [b, zero])
    let shift = Expression.binary(.shiftLeft, .constant(1, .s32), .constant(40, .s32))
    #expect(shift.constantNumber == nil)
    #expect(shift.noValueWhen.isConstantTrue)
  }

  @Test func collapsesConversions() {
    let byte = Sample.input("byte", .u8)
    #expect(Expression.convert(.convert(b, to: .u32), to: .s32) == b)
    #expect(Expression.convert(.convert(byte, to: .s32), to: .u64) == .convert(byte, to: .u64))
    let narrow = Expression.convert(.convert(b, to: .u16), to: .s32)
    #expect(narrow.children == [.convert(b, to: .u16)])
    #expect(Expression.convert(b, to: .bool) == .compare(.notEqual, b, .constant(0, .s32)))
    #expect(Expression.truncate(.constant(2, .u32), to: .bool).isConstantFalse)
    #expect(Expression.convert(.constant(2, .u32), to: .bool).isConstantTrue)
  }

  @Test func recognizesTheSuccessPath() {
    let failed = Sample.input("failed", .bool)
    let result = Expression.select(failed, .constant(-22, .s32), b)
    let success = Expression.compare(.equal, result, .constant(0, .s32))
    #expect(success == .and(.not(failed), .compare(.equal, b, .constant(0, .s32))))
    #expect(success.text == "!failed && backlog == 0")
  }

  @Test func turnsChoicesOfTruthIntoConditions() {
    let c = Expression.compare(.less, b, s)
    #expect(Expression.select(c, .true, .false) == c)
    #expect(Expression.select(c, .false, .true) == .not(c))
    #expect(Expression.select(c, b, b) == b)
    #expect(Expression.select(.not(c), b, s) == .select(.not(c), b, s))
  }

  @Test func keepsDeepSharedGraphsCheap() {
    // Sixty doublings: a walk over the tree instead of the graph would take 2^60 steps.
    var node = b
    for step in 0..<60 {
      let isLess = Expression.compare(.less, node, .constant(Int128(step) * 1000 + 7, .s32))
      node = .select(isLess, .binary(.add, node, .constant(1, .s32)), .binary(.xor, node, s))
    }
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(node.simplified.type == .s32)
      #expect(!node.noValueWhen.isConstantTrue)
      #expect(node.nodesInOrder.count < 1000)
    }
    #expect(time < .seconds(20))
    #expect(throws: Never.self) {
      try node.evaluate([
        Input(id: "backlog", name: "backlog", role: .tracked, type: .s32): 5,
        Input(id: "somaxconn", name: "somaxconn", role: .knob, type: .s32): 128,
      ])
    }
  }
}
