import Testing
import WalkerFormula
import WalkerModel

@testable import WalkerRender

private let file = MiniFile(
  "drivers/widget/round.c", firstLine: 10,
  """
  static long widget_round(struct widget *w, unsigned int ask)
  {
  \tunsigned int bytes, slots, twice;

  \tbytes = widget_bytes(ask);
  \tslots = bytes >> 12;
  \ttwice = slots;
  \ttwice += slots;
  \tif (slots > w->most)
  \t\treturn -EINVAL;
  \treturn slots;
  }
  """)

private let ask = Expression.input(Input(id: "size", name: "size", role: .tracked, type: .u32))
private let bytes = Expression(
  .select(
    Expression(.compare(.greater, ask, .constant(0x8000_0000, .u32)), .bool), .constant(0, .u32),
    Expression(.binary(.maximum, ask, .constant(1048576, .u32)), .u32)), .u32)
private let slots = Expression(.binary(.shiftRight, bytes, .constant(12, .u32)), .u32)
private let most = Expression.input(Input(id: "most", name: "w->most", role: .opaque, type: .u32))

private func step(
  _ kind: ValueStep.Kind, _ line: Int, _ text: String, _ value: Expression, _ target: String? = nil
) -> ValueStep {
  ValueStep(
    kind: kind, range: file.place(line, text), value: value, text: value.displayText, target: target, inputs: [],
    why: "")
}

private func frame(_ steps: [ValueStep], parameter: String = "ask") -> Frame {
  Frame(
    role: .path, function: "widget_round", spelling: "widget_round", location: file.location(10), endLine: 21,
    parameter: parameter, leftBehind: nil,
    reachedBy: ReachedBy(kind: .direct, location: SourceLocation(file: "drivers/widget/core.c", line: 51)),
    steps: steps,
    pathCondition: [], exits: [], excerpt: file.excerpt)
}

private func texts(_ steps: [ValueStep]) -> [String] {
  let frame = frame(steps)
  let words = StepWords(walk: MiniKernel.walk(frames: [frame], sideFrames: []), frame: frame)
  return steps.map(words.text)
}

@Test func namesWhatAnEarlierStepNamed() {
  let decides = Expression(.compare(.greater, slots, most), .bool)
  #expect(
    texts([
      step(.assign, 14, "bytes = widget_bytes(ask)", bytes, "bytes"),
      step(.assign, 15, "slots = bytes >> 12", slots, "slots"),
      step(.guardBranch, 18, "slots > w->most", decides),
      step(.returned, 20, "return slots", slots),
    ])
      == [
        "size > 0x80000000 ? 0 : max(size, 1048576)", "bytes >> 12", "slots > w->most", "slots",
      ].enumerated().map { index, text in index == 0 ? bytes.displayText : text })
}

@Test func namesNothingThatIsWrittenTwice() {
  let words = texts([
    step(.assign, 16, "twice = slots", slots, "twice"), step(.returned, 20, "return slots", slots),
  ])
  #expect(words == [slots.displayText, slots.displayText])
}

@Test func namesAParameterByWhatTheCallerHandsOver() {
  let call = SourceLocation(file: "drivers/widget/core.c", line: 51)
  let handing = ValueStep(
    kind: .call, range: SourceRange(start: call, endLine: 51, endColumn: 9), value: slots, text: slots.displayText,
    target: "widget_round", inputs: [], why: "")
  let caller = Frame(
    role: .path, function: "widget_open", spelling: "widget_open", location: MiniKernel.core.location(39), endLine: 56,
    parameter: "size", leftBehind: nil, reachedBy: ReachedBy(kind: .entry, location: call), steps: [handing],
    pathCondition: [], exits: [], excerpt: MiniKernel.core.excerpt)
  let own = step(.returned, 20, "return slots", slots)
  let callee = frame([own])
  let words = StepWords(walk: MiniKernel.walk(frames: [caller, callee], sideFrames: []), frame: callee)
  #expect(words.parameter == "ask = \(slots.displayText)")
  #expect(words.text(own) == "ask")
}

@Test func tellsALongChoiceByWhatItCanBe() {
  var value = Expression.constant(-22, .s64)
  for number in 0..<30 {
    let condition = Expression(.compare(.equal, ask, .constant(Int128(1000 + number), .u32)), .bool)
    value = Expression(.select(condition, .constant(number.isMultiple(of: 2) ? -1 : 0, .s64), value), .s64)
  }
  #expect(texts([step(.returned, 20, "return slots", value)]) == ["one of 0, -1 or -22"])
  let conditions = (0..<40).map { Expression(.compare(.notEqual, ask, .constant(Int128(7 * $0), .u32)), .bool) }
  let all = conditions.dropFirst().reduce(conditions[0]) { Expression(.binary(.and, $0, $1), .bool) }
  let words = texts([step(.guardBranch, 18, "slots > w->most", all)])
  #expect(words.allSatisfy { $0.count <= StepWords.longest && $0.hasPrefix("a condition of ") })
}

@Test func saysWhatAResultRestsOn() {
  let results = MiniKernel.results
  let words = RestsWords(result: results[0])
  #expect(words.title == "This proof rests on")
  #expect(words.counts == "1 effect that analysis settled, 1 that is taken on trust")
  #expect(words.twin(in: results) == nil)
  #expect(RestsWords(result: results[2]).counts == nil)
  let twin = WalkResult(
    id: "other", kind: .stored, derivation: nil, formula: "0", subject: "f", location: nil, era: nil, proof: .proved,
    counterexample: nil, undefinedWhen: nil, assumptions: [], restsOn: MiniKernel.effects)
  #expect(RestsWords(result: twin).twin(in: [results[0], twin])?.id == "room-limit")
  #expect(
    RestsWords.how(MiniKernel.effects[1])
      == "gadget_prepare() writes none of struct widget.net, struct widget.ops and 2 more")
  #expect(RestsWords.how(MiniKernel.effects[0]) == "trusted: who watches is told, and changes nothing")
}
