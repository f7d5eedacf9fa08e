import Testing
import WalkerFormula
import WalkerModel

@Suite struct PrinterTests {
  private let b = Sample.backlog
  private let s = Sample.somaxconn
  private let byte = Sample.input("byte", .u8)
  private let word = Sample.input("word", .u32)

  @Test func castsOnlyWhereTheMeaningNeedsIt() {
    #expect(Expression.binary(.add, .convert(byte, to: .s32), .constant(1, .s32)).text == "byte + 1")
    #expect(Expression.binary(.add, .convert(byte, to: .u64), .constant(1, .u64)).text == "byte + 1ul")
    #expect(Expression.binary(.add, byte, .constant(1, .u8)).text == "(u8) (byte + 1)")
    #expect(Expression.compare(.less, .convert(b, to: .u32), word).text == "(u32) backlog < word")
    #expect(Expression.convert(.convert(b, to: .u16), to: .s32).text == "(u16) backlog")
    #expect(Expression.convert(b, to: .u64).text == "(u64) backlog")
  }

  @Test func parenthesizesAsAnEngineerWould() {
    let quarter = Expression.binary(.shiftRight, b, .constant(2, .s32))
    let test = Expression.compare(.less, .binary(.subtract, b, s), quarter)
    #expect(test.text == "backlog - somaxconn < (backlog >> 2)")
    let masked = Expression.compare(.equal, .binary(.and, b, .constant(7, .s32)), .constant(0, .s32))
    #expect(masked.text == "(backlog & 7) == 0")
    #expect(
      Expression.or(test, .and(masked, .compare(.greater, s, b))).text
        == "backlog - somaxconn < (backlog >> 2) || ((backlog & 7) == 0 && somaxconn > backlog)")
    #expect(Expression.not(Expression.or(Sample.input("p", .bool), Sample.input("q", .bool))).text == "!(p || q)")
    #expect(Expression.binary(.subtract, b, .binary(.subtract, s, b)).text == "backlog - (somaxconn - backlog)")
    #expect(Expression.binary(.subtract, word, .constant(1, .u32)).text == "word - 1")
    #expect(Expression.negate(.negate(b)).text == "backlog")
  }

  @Test func writesConstantsThatKeepTheirType() {
    #expect(Expression.constant(IntegerType.s32.minimum, .s32).text == "-0x7fffffff - 1")
    #expect(Expression.constant(0xffff_ffff, .u32).text == "0xffffffff")
    #expect(Expression.constant(4096, .u64).text == "4096")
    #expect(Expression.binary(.shiftLeft, .constant(1, .u64), b).text == "1ul << backlog")
  }

  @Test func dropsTheOutermostSignForReaders() {
    #expect(Sample.clamped.simplified.displayText == "min((u32) backlog, (u32) somaxconn)")
    #expect(Expression.convert(b, to: .u16).displayText == "(u16) backlog")
  }

  @Test func namesLargePartsThatRepeat() {
    let limit = Expression.minimum(.convert(b, to: .u32), .convert(s, to: .u32))
    let value = Expression.select(
      .compare(.equal, limit, .constant(0, .u32)), .constant(1, .u32),
      .binary(.multiply, limit, .binary(.add, limit, word)))
    let named = Printer().printNamingSharedParts(value)
    #expect(named.oneLine == "A == 0 ? 1 : A * (A + word) where A = min((u32) backlog, (u32) somaxconn)")
    #expect(Printer().printNamingSharedParts(limit).oneLine == "min((u32) backlog, (u32) somaxconn)")
  }
}
