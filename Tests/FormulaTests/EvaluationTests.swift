import Testing
import WalkerFormula
import WalkerModel

@Suite struct EvaluationTests {
  private let backlog = Input(id: "backlog", name: "backlog", role: .tracked, type: .s32)
  private let somaxconn = Input(id: "somaxconn", name: "somaxconn", role: .knob, type: .s32)
  private let counter = Input(id: "qlen", name: "qlen", role: .counter, type: .u16)

  @Test func evaluatesTheClamp() throws {
    for (number, expected) in [(-1, 4096), (0, 0), (511, 511), (65536, 4096)] as [(Int128, Int128)] {
      #expect(try Sample.clamped.evaluate([backlog: number, somaxconn: 4096]) == expected)
    }
    #expect(try Sample.clamped.evaluate([backlog: 1 << 32, somaxconn: 4096]) == 0)
  }

  @Test func reportsWhatHasNoValue() throws {
    let (b, s) = (Sample.backlog, Sample.somaxconn)
    let quotient = Expression.binary(.divide, b, s)
    #expect(throws: EvaluationError.divisionByZero) { try quotient.evaluate([backlog: 1, somaxconn: 0]) }
    #expect(throws: EvaluationError.divisionOverflow) {
      try quotient.evaluate([backlog: IntegerType.s32.minimum, somaxconn: -1])
    }
    #expect(throws: EvaluationError.shift(amount: -1, width: 32)) {
      try Expression.binary(.shiftLeft, b, s).evaluate([backlog: 1, somaxconn: -1])
    }
    #expect(throws: EvaluationError.missing(somaxconn)) { try quotient.evaluate([backlog: 1]) }
    let guarded = Expression.select(.compare(.equal, s, .constant(0, .s32)), b, quotient)
    #expect(try guarded.evaluate([backlog: 7, somaxconn: 0]) == 7)
    #expect(try guarded.noValueWhen.evaluate([backlog: 7, somaxconn: 0]) == 0)
    #expect(try quotient.noValueWhen.evaluate([backlog: 7, somaxconn: 0]) == 1)
    let both = Expression.and(.compare(.notEqual, s, .constant(0, .s32)), .compare(.greater, quotient, b))
    #expect(try both.evaluate([backlog: 7, somaxconn: 0]) == 0)
  }

  @Test func evaluatesManyRows() throws {
    let derivation = Derivation(
      form: .stored(.convert(Sample.clamped, to: .u16)),
      reachedWhen: .compare(.notEqual, Sample.backlog, .constant(3, .s32)),
      undefinedWhen: .compare(.equal, Sample.backlog, .constant(7, .s32)), assuming: .true)
    let compiled = try #require(CompiledDerivation(derivation))
    let rows = compiled.run(count: 3000) {
      $0 == backlog ? .range(first: -5, step: 1) : .fixed(1000)
    }
    #expect(rows.count == 3000)
    for (row, outcome) in rows.enumerated() {
      let number = Int128(row - 5)
      let expected: CompiledDerivation.Outcome
      do throws(DerivationError) {
        let value = try derivation.evaluate([backlog: number, somaxconn: 1000])
        expected = value.map { .number($0) } ?? .never
      } catch .notReached {
        expected = .notReached
      } catch {
        expected = .undefined
      }
      #expect(outcome == expected, "backlog = \(number)")
    }
    #expect(compiled.run(count: 0) { _ in .fixed(0) } == [])
  }

  @Test func findsTheFirstFullLength() throws {
    func first(_ test: Expression, _ inputs: [Input: Int128] = [:]) throws -> Int128? {
      try ThresholdSearch(counter: counter, test: test).first(inputs)
    }
    let q = Expression.input(counter)
    let limit = Expression.convert(Sample.backlog, to: .u16)
    for number in [0, 1, 5, 511, 65534] as [Int128] {
      #expect(try first(.compare(.greater, q, limit), [backlog: number]) == number + 1)
      #expect(try first(.compare(.greaterOrEqual, q, limit), [backlog: number]) == number)
      #expect(try first(.compare(.equal, q, limit), [backlog: number]) == number)
    }
    #expect(try first(.compare(.greater, q, limit), [backlog: 65535]) == nil)
    let odd = Expression.compare(.equal, .binary(.and, q, .constant(0x18, .u16)), .constant(0x18, .u16))
    #expect(try first(odd) == 24)
    #expect(throws: DerivationError.expression(.missing(backlog))) { try first(.compare(.greater, q, limit)) }
  }
}
