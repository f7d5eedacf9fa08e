import Testing
import WalkerFormula
import WalkerModel

@Suite struct SimplifierTests {
  private let m = Sample.knob

  @Test func printsTheClampAsAMinimum() {
    let result = Sample.clamped.simplified
    #expect(result.type == .s32)
    #expect(result.displayText == "min((u32) backlog, (u32) somaxconn)")
    #expect(result.text == "(int) min((u32) backlog, (u32) somaxconn)")
    #expect(
      Expression.convert(Sample.clamped, to: .u16).simplified.displayText
        == "(u16) min((u32) backlog, (u32) somaxconn)")
    #expect(
      Expression.convert(Sample.clamped, to: .u32).simplified.text == "min((u32) backlog, (u32) somaxconn)")
  }

  @Test func printsARoundedTableSize() {
    let first = Expression.minimum(.convert(Sample.clamped, to: .u32), .convert(m, to: .u32))
    let n = Expression.binary(.add, .maximum(first, .constant(8, .u32)), .constant(1, .u32))
    let shift = Expression.primitive(
      .fls64, .binary(.subtract, .convert(n, to: .u64), .constant(1, .u64)))
    let size = Expression.convert(.binary(.shiftLeft, .constant(1, .u64), shift), to: .u32)
    let inRange = Expression.compare(
      .lessOrEqual, n, .constant(Int128(1) << 31, .u32))
    let nonZero = Expression.compare(.notEqual, n, .constant(0, .u32))
    let text = "roundup_pow_of_two(max(min(min((u32) backlog, (u32) somaxconn), (u32) max_syn_backlog), 8) + 1)"
    #expect(size.simplified(assuming: .and(inRange, nonZero)).displayText == "(u32) " + text)
    let k = Sample.ladder(size, from: 3, to: 31, type: .u8)
    let limit = Expression.binary(.shiftLeft, .constant(1, .u64), k)
    #expect(k.simplified.displayText == "fls(max((u32) \(text), 8) - 1)")
    #expect(limit.simplified(assuming: .and(inRange, nonZero)).displayText == text)
  }

  @Test func printsARoundedSizeWithItsLimits() {
    let size = Expression.convert(Sample.input("arg", .u64, .tracked), to: .u32)
    let pages = Expression.primitive(.fls64, .binary(.subtract, .convert(size, to: .u64), .constant(1, .u64)))
    let rounded = Expression.convert(.binary(.shiftLeft, .constant(1, .u64), pages), to: .u32)
    let isSmall = Expression.compare(.less, .convert(size, to: .u64), .constant(4096, .u64))
    let result = Expression.select(
      .compare(.greater, size, .constant(1 << 31, .u32)), .constant(0, .u32),
      .select(isSmall, .constant(4096, .u32), rounded))
    #expect(
      result.simplified.text == "(u32) arg > 0x80000000 ? 0 : (u32) roundup_pow_of_two(max((u32) arg, 4096))")
    let slots = Expression.binary(.shiftRight, result, .constant(12, .s32))
    let reached = Expression.compare(.notEqual, slots, .constant(0, .u32))
    #expect(reached.simplified.text == "(u32) arg <= 0x80000000")
    let stored = Expression.binary(.multiply, .convert(slots, to: .u64), .constant(4096, .u64))
    #expect(stored.simplified(assuming: reached).text == "roundup_pow_of_two(max((u32) arg, 4096))")
  }
}
