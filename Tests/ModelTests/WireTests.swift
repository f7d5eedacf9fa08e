import Foundation
import Testing
import WalkerModel

private let backlog = Expression.input(Input(id: "b", name: "backlog", role: .tracked, type: .s32))

@Test func expressionsKeepTheirStructureOnTheWire() throws {
  let half = Expression(.binary(.divide, Expression(.convert(backlog), .u32), .constant(2, .u32)), .u32)
  let whole = Expression(.select(Expression(.compare(.less, half, half), .bool), half, .constant(-1, .u32)), .u32)
  let back = try JSONDecoder().decode(Expression.self, from: JSONEncoder().encode(whole))
  #expect(back == whole)
  #expect(back.hashValue == whole.hashValue)
}

@Test(arguments: ["[]", #"[{"op":"convert","type":{"width":8,"isSigned":false},"of":[0]}]"#])
func refusesWhatIsNoExpression(_ json: String) throws {
  #expect(throws: DecodingError.self) { try JSONDecoder().decode(Expression.self, from: Data(json.utf8)) }
}

@Test func wideNumbersSurviveTheWire() throws {
  let number = Counterexample.NamedNumber(name: "x", number: Int128(UInt64.max) * -3)
  let back = try JSONDecoder().decode(Counterexample.NamedNumber.self, from: JSONEncoder().encode(number))
  #expect(back == number)
}

@Test(arguments: [(IntegerType.u8, Int128(-1), UInt64(255)), (.s16, -1, 0xffff), (.s64, -1, .max), (.bool, 1, 1)])
func numbersAndBitsAgree(_ type: IntegerType, _ number: Int128, _ bits: UInt64) {
  #expect(type.bits(of: number) == bits)
  #expect(type.number(fromBits: bits) == (type.isSigned ? number : Int128(bits)))
}

@Test func findingsOrderBySeverity() {
  #expect(Finding.Severity.note < .warning && Finding.Severity.warning < .error)
}
