import Testing
import WalkerModel

@testable import WalkerFormula
@testable import WalkerRender

private func answer(_ sentence: String?, results: [WalkResult] = MiniKernel.results, number: Int128? = nil)
  -> AnswerSentence
{
  var walk = MiniKernel.walk(results: results)
  walk.answer = sentence.map { Answer(sentence: $0, example: [Probes.Setting(name: "room", number: 500)]) }
  return AnswerSentence(ResultNumbers(walk, number: number))
}

private func result(
  _ value: Expression, proof: WalkResult.Proof = .proved, assumptions: [String] = [], reachedWhen: Expression = .true
) -> WalkResult {
  WalkResult(
    id: "room-limit", kind: .stored,
    derivation: Derivation(form: .stored(value), reachedWhen: reachedWhen, undefinedWhen: .false, assuming: .true),
    formula: value.text, subject: "struct widget.room", location: nil, era: "wide", proof: proof, counterexample: nil,
    undefinedWhen: nil, assumptions: assumptions)
}

@Test func saysTheNumberOfTheExample() {
  let said = answer(
    "open({{room}}) on {{kernel}}: {{room-limit}} of {{widget.max}}", results: [result(MiniKernel.capped)])
  #expect(said.text == "open(500) on mini: 500 of 4096" && said.isProved)
  let other = answer("{{ room-limit }}", results: [result(MiniKernel.capped)], number: -1)
  #expect(other.text == "4096")
}

@Test func makesASentenceWhereNoneIsWritten() {
  #expect(answer(nil, results: [result(MiniKernel.capped)]).text == "room = 100 on Linux 1.0.3: room-limit 100")
}

@Test func saysWhatAnAnswerRestsOn() {
  let slow = result(MiniKernel.capped, assumptions: ["widget_max == 64", "flags == 0"])
  #expect(answer("{{room-limit}}", results: [slow]).text == "500 (while widget_max = 64; it is 4096)")
  let kept = result(MiniKernel.capped, assumptions: ["widget_max <= 4096"])
  #expect(answer("{{room-limit}}", results: [kept]).text == "500")
  let refuted = answer("{{room-limit}}", results: [result(MiniKernel.capped, proof: .refuted)])
  #expect(refuted.text == "500 (room-limit is refuted)" && !refuted.isProved)
}

@Test func doesNotGuessWhatTheKernelComputesAtBoot() {
  let wait = Expression.input(Input(id: "w", name: "widget_wait", role: .knob, type: .s32))
  let open = answer("{{room-limit}}", results: [result(.minimum(wait, .constant(7, .s32)))])
  #expect(open.text == "min(widget_wait, 7) (widget.wait is computed at boot: max(128, buckets / 128))")
  let never = answer("{{room-limit}}", results: [result(MiniKernel.capped, reachedWhen: .false)])
  #expect(never.text == "not stored")
  let lost = answer("{{room-limit}} {{no.such}}", results: [MiniKernel.results[2]])
  #expect(!lost.isProved && lost.text.contains("mini has no number for no.such"))
}

@Test func namesWhatAFormulaRepeats() {
  let words = FormulaWords("min((u32) size, (u32) cap) + 1, never when min((u32) size, (u32) cap) == 0xffffffff")
  #expect(words.formula == "A + 1")
  #expect(words.definitions == ["A = min((u32) size, (u32) cap)"])
  #expect(words.edge == "never when A == 0xffffffff")
  #expect(FormulaWords("min(a, b)") == FormulaWords("min(a, b)") && FormulaWords("min(a, b)").definitions.isEmpty)
  // The name is not taken.
  #expect(
    FormulaWords("A + roundup_pow_of_two(size) * roundup_pow_of_two(size)").definitions == [
      "B = roundup_pow_of_two(size)"
    ])
}
