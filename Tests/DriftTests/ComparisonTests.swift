import Testing
import WalkerDrift
import WalkerModel

private let unmatched = Finding(
  id: "walker.anchor.unmatched", severity: .error, summary: "", location: MiniDrift.heading)
private let ambiguous = Finding(
  id: "walker.anchor.ambiguous", severity: .error, summary: "", location: MiniDrift.heading, notes: ["one", "two", "x"])

/// What is expected of the one annotation, and of the kernel.
struct Expected: Sendable {
  let name: String
  let change: @Sendable (inout MiniDrift) -> Void
  let text: TextDrift
  let meaning: MeaningDrift
  let verdict: CheckVerdict
}

private let verdicts: [Expected] = [
  Expected(name: "nothing", change: { $0.kernel = "1.1" }, text: .same, meaning: .same, verdict: .ok),
  Expected(name: "other lines", change: { $0.line = 90 }, text: .same, meaning: .same, verdict: .ok),
  Expected(
    name: "another file", change: { $0.file = "drivers/widget/new.c" }, text: .moved, meaning: .same, verdict: .ok),
  Expected(name: "edited, same value", change: { $0.text = "x" }, text: .edited, meaning: .same, verdict: .review),
  Expected(
    name: "edited, same code", change: { ($0.text, $0.value) = ("x", nil) }, text: .edited, meaning: .same,
    verdict: .review),
  Expected(
    name: "edited, proved by its result", change: { ($0.text, $0.shape, $0.value) = ("x", "y", "z") }, text: .edited,
    meaning: .same, verdict: .review),
  Expected(
    name: "edited, and nothing proves it", change: { ($0.text, $0.shape, $0.value) = ("x", "y", nil) }, text: .edited,
    meaning: .same, verdict: .unchecked),
  Expected(
    name: "a field's type", change: { ($0.uses, $0.value) = (["field struct widget.room u16"], nil) }, text: .edited,
    meaning: .same, verdict: .unchecked),
  Expected(
    name: "a new behaviour", change: { ($0.era, $0.proof) = (nil, .refuted) }, text: .same, meaning: .new,
    verdict: .broken),
  Expected(
    name: "another era", change: { $0.era = "narrow" }, text: .same, meaning: .otherEra, verdict: .ok),
  Expected(
    name: "not derivable", change: { ($0.era, $0.proof) = (nil, .notDerivable) }, text: .same, meaning: .notDerivable,
    verdict: .unchecked),
  Expected(
    name: "unproved", change: { ($0.era, $0.proof) = (nil, .unproved) }, text: .same, meaning: .notDerivable,
    verdict: .unchecked),
  Expected(
    name: "a condition more", change: { $0.given.append("flags == 0") }, text: .same, meaning: .new, verdict: .broken),
  Expected(name: "a condition less", change: { $0.given = [] }, text: .same, meaning: .new, verdict: .broken),
  Expected(
    name: "a condition that asks something else", change: { $0.given = ["find_slot() == 0"] }, text: .same,
    meaning: .new,
    verdict: .broken),
  Expected(
    name: "a condition in other types", change: { $0.given = ["(u32) find_slot() != 0"] }, text: .same, meaning: .same,
    verdict: .unchecked),
  Expected(
    name: "a condition that asks something else, in other types",
    change: { $0.given = ["(and[s32](((int) find_slot()), 2) <u 3)"] }, text: .same, meaning: .new, verdict: .broken),
  Expected(
    name: "a condition more in rewritten code",
    change: {
      $0.given.append("flags == 0")
      $0.calls = ["find_slot"]
    }, text: .same, meaning: .same, verdict: .unchecked),
  Expected(
    name: "gone", change: { ($0.isBound, $0.copies, $0.findings) = (false, -1, [unmatched]) }, text: .gone,
    meaning: .same,
    verdict: .broken),
  Expected(
    name: "two equally good places", change: { ($0.isBound, $0.copies, $0.findings) = (false, 2, [unmatched]) },
    text: .ambiguous, meaning: .same, verdict: .unchecked),
  Expected(
    name: "an anchor that fits twice", change: { ($0.isBound, $0.findings) = (false, [ambiguous]) }, text: .ambiguous,
    meaning: .same, verdict: .unchecked),
  Expected(
    name: "found again in a function with another name",
    change: { ($0.isBound, $0.function, $0.findings) = (false, "gadget_open", [unmatched]) }, text: .renamed,
    meaning: .same, verdict: .review),
]

@Test(arguments: verdicts.indices)
func everyVerdictHasItsReason(_ position: Int) throws {
  let expected = verdicts[position]
  var other = MiniDrift()
  // A value of its own, so that the proof of the result alone does not make a place that is gone harmless.
  if expected.text == .gone { other.value = "min(cap)" }
  let accepted = other
  expected.change(&other)
  let report = other.report(against: accepted)
  let annotation = try #require(report.annotations.first, "\(expected.name)")
  #expect(annotation.text == expected.text, "\(expected.name)")
  #expect(annotation.meaning == expected.meaning, "\(expected.name)")
  #expect(annotation.verdict == expected.verdict, "\(expected.name): \(annotation.reasons)")
  #expect(report.verdict >= expected.verdict, "\(expected.name)")
  #expect(annotation.verdict == .ok || !annotation.reasons.isEmpty, "\(expected.name)")
}

@Test func twoEquallyGoodPlacesAreBothListed() throws {
  var other = MiniDrift()
  (other.isBound, other.copies, other.findings) = (false, 2, [unmatched])
  let annotation = try #require(other.report().annotations.first)
  #expect(annotation.candidates.map(\.line) == [48, 58])
  #expect(annotation.to == nil)
}

private let pathChanges: [(change: @Sendable (inout MiniDrift) -> Void, verdict: CheckVerdict)] = [
  ({ $0.exits = ["flags != 0"] }, .broken), ({ $0.reaches.append("struct gadget.room") }, .broken),
  ({ $0.openEnds = ["hook"] }, .unchecked), ({ $0.tables = "flat_ops" }, .broken),
  ({ ($0.functionText, $0.behaviour) = ("x", "y") }, .unchecked), ({ $0.functionText = "x" }, .review),
  ({ $0.behaviour = "y" }, .unchecked), ({ $0.line = 50 }, .ok),
]

@Test(arguments: pathChanges.indices)
func thePathHasAVerdictOfItsOwn(_ position: Int) {
  var other = MiniDrift()
  pathChanges[position].change(&other)
  let report = other.report()
  #expect(report.path.verdict == pathChanges[position].verdict, "\(position): \(report.path.reasons)")
  #expect(report.verdict == pathChanges[position].verdict)
}

@Test(arguments: [
  (IntegerType.s32, CheckVerdict.ok), (.s64, .review), (.s8, .unchecked), (.u32, .unchecked), (.u64, .unchecked),
])
func aKnobThatHoldsOtherNumbersIsNeverOk(_ type: IntegerType, _ verdict: CheckVerdict) {
  var other = MiniDrift()
  other.cap = type
  let report = other.report()
  #expect(report.results.map(\.verdict) == [verdict], "\(report.results.map(\.reasons))")
  #expect(report.verdict == verdict)
}

@Test func anotherKnownEraIsNeverOkForTheKernel() {
  var other = MiniDrift()
  other.era = "narrow"
  let report = other.report()
  #expect(report.results.map(\.verdict) == [.review])
  #expect(report.verdict == .review)
}

@Test func anAnnotationThatNobodyAcceptedIsUnchecked() throws {
  let lock = Lock(
    baselines: [Baseline(MiniDrift().walk, MiniDrift().walkthrough)].map { baseline in
      var kept = baseline
      kept.annotations = []
      return kept
    })
  let report = Comparison(MiniDrift().walk, MiniDrift().walkthrough, against: lock).report()
  #expect(report.annotations.map(\.verdict) == [.unchecked])
}

@Test func aKernelWhereNothingWasFoundIsUnchecked() {
  var other = MiniDrift()
  (other.isBound, other.isOptional) = (false, true)
  other.copies = -1
  var accepted = MiniDrift()
  accepted.isOptional = true
  let report = other.report(against: accepted)
  #expect(report.coverage.annotationsFound == 0)
  #expect(report.verdict >= .unchecked)
  #expect(CheckReport(walkthrough: "w", title: "", file: "", kernels: [], isStrict: false).exitStatus == 2)
}

@Test(arguments: [(CheckVerdict.ok, 0, 0), (.review, 0, 1), (.unchecked, 2, 2), (.broken, 1, 1)])
func verdictsDecideTheExitStatus(_ verdict: CheckVerdict, _ status: Int32, _ strict: Int32) {
  var other = MiniDrift()
  switch verdict {
  case .ok: break
  case .review: other.text = "x"
  case .unchecked: (other.text, other.shape, other.value) = ("x", "y", nil)
  case .broken: (other.era, other.proof) = (nil, .refuted)
  }
  for (isStrict, expected) in [(false, status), (true, strict)] {
    let report = CheckReport(
      walkthrough: "widget", title: "", file: "", kernels: [other.report()], isStrict: isStrict)
    #expect(report.exitStatus == expected)
  }
}

@Test func aFunctionUnderAnotherNameIsLookedFor() {
  var other = MiniDrift()
  other.function = "gadget_open"
  let lock = Lock(baselines: [Baseline(MiniDrift().walk, MiniDrift().walkthrough)])
  let lost = Comparison(other.walk, other.walkthrough, against: lock).lost
  #expect(lost.map(\.name) == ["widget_open"])
  #expect(Comparison(MiniDrift().walk, other.walkthrough, against: lock).lost.isEmpty)
  let renamed = other.walkthrough.renaming(["widget_open": "gadget_open"])
  #expect(renamed.annotations[0].anchor.function == ["gadget_open"])
  #expect(renamed.entry == .function(["gadget_open"]))
}
