import Testing
import WalkerFormula
import WalkerModel

private func input(_ name: String, _ type: IntegerType) -> Expression {
  .input(Input(id: name, name: name, role: .opaque, type: type))
}

private let room = input("widget->struct widget.room", .u32)

@Test(arguments: [
  Expression.compare(.lessOrEqual, room, .constant(7, .u32)), .minimum(room, input("cap", .u32)),
  .select(.compare(.equal, room, input("cap", .u32)), .constant(-22, .s32), input("f()", .s32)),
  .not(input("full()", .bool)), .convert(room, to: .s64), .primitive(.fls, room), .negate(input("n", .s32)),
  .binary(.shiftLeft, room, input("n", .s32)),
])
func whatIsWrittenIsReadBack(_ expression: Expression) throws {
  let read = try #require(Expression(notation: expression.notation), "\(expression.notation)")
  #expect(read.notation == expression.notation)
  #expect(read.type == expression.type)
}

@Test func theNotationNamesTypesWhereTheyAreNotClear() {
  #expect(
    Expression.compare(.less, room, .constant(7, .u32)).notation == "(< {widget->struct widget.room u32} 7:u32)")
}

@Test(arguments: [
  "", "(", "()", "(+ 1:u32)", "(+ 1:u32 2:u64)", "{x}", "{x u99}", "7", "7:u2", "(? 1:u32 1:u32 2:u32)",
  "(fls {x u64})",
  "1:u32 1:u32", "(+ 1:u32 2:u32", String(repeating: "(~ ", count: 5000) + "1:u32",
])
func whatIsNoNotationIsNoExpression(_ text: String) {
  #expect(Expression(notation: text) == nil)
}
