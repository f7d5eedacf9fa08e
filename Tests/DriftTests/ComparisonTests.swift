import Testing
import WalkerDrift
import WalkerModel

private let unmatched = Finding(
  id: "walker.anchor.unmatched", severity: .error, summary: "", location: MiniDrift.heading)
private let ambiguous = Finding(
  id: "walker.anchor.ambiguous", severity: .error, summary: "", location: MiniDrift.heading, notes: ["one", "two", "x"])

/// What is expected of the one annotation.
struct Expected: Sendable {
  let name: String
  let text: TextDrift
  let verdict: CheckVerdict
  let change: @Sendable (inout MiniDrift) -> Void
}

private let verdicts: [Expected] = [
  Expected(name: "nothing", text: .same, verdict: .ok) { $0.kernel = "1.1" },
  Expected(name: "other lines", text: .same, verdict: .ok) { $0.line = 90 },
  Expected(name: "another file", text: .moved, verdict: .ok) { $0.file = "drivers/widget/new.c" },
  Expected(name: "edited, same meaning", text: .edited, verdict: .review) { ($0.text, $0.functionText) = ("x", "y") },
  Expected(name: "another value", text: .edited, verdict: .broken) {
    ($0.text, $0.value) = ("x", "(max {argument1 u32} {cap u32})")
  },
  Expected(name: "another value of something else", text: .edited, verdict: .unchecked) {
    ($0.text, $0.value) = ("x", "{room() u32}")
  },
  Expected(name: "not followed any more", text: .edited, verdict: .unchecked) {
    ($0.text, $0.shape, $0.value) = ("x", "y", nil)
  },
  Expected(name: "a condition more", text: .same, verdict: .broken) { $0.given.append("(== {flags int} 0:int)") },
  Expected(name: "a condition less", text: .same, verdict: .broken) { $0.given = [] },
  Expected(name: "a condition that asks another thing", text: .same, verdict: .unchecked) {
    $0.given = ["(!= {take_slot() u64} 0:u64)"]
  },
  Expected(name: "a call that now comes first", text: .same, verdict: .broken) {
    ($0.earlier, $0.later) = (["prepare()"], ["state"])
  },
  Expected(name: "what it asks answers otherwise", text: .same, verdict: .broken) {
    $0.answer = "(== {mode int} 0:int)"
  },
  Expected(name: "a new behaviour", text: .same, verdict: .broken) { ($0.era, $0.proof) = (nil, .refuted) },
  Expected(name: "another era", text: .same, verdict: .ok) { $0.era = "narrow" },
  Expected(name: "a result that is not derivable", text: .same, verdict: .ok) {
    ($0.era, $0.proof) = (nil, .notDerivable)
  },
  Expected(name: "a statement that is false", text: .same, verdict: .broken) { $0.facts = [.isTrue, .isFalse] },
  Expected(name: "a statement that is not decided", text: .same, verdict: .unchecked) { $0.facts = [.unknown] },
  Expected(name: "gone", text: .gone, verdict: .broken) {
    ($0.isBound, $0.copies, $0.findings) = (false, -1, [unmatched])
  },
  Expected(name: "two equally good places", text: .ambiguous, verdict: .unchecked) {
    ($0.isBound, $0.copies, $0.findings) = (false, 2, [unmatched])
  },
  Expected(name: "an anchor that fits twice", text: .ambiguous, verdict: .unchecked) {
    ($0.isBound, $0.findings) = (false, [ambiguous])
  },
  Expected(name: "found again in a function with another name", text: .renamed, verdict: .review) {
    ($0.isBound, $0.function, $0.findings) = (false, "gadget_open", [unmatched])
  },
]

@Test(arguments: verdicts.indices)
func everyVerdictHasItsReason(_ position: Int) throws {
  let expected = verdicts[position]
  var other = MiniDrift()
  (other.earlier, other.later, other.asks) = (["state"], ["prepare()"], ["mode_of"])
  (other.returns, other.leaves) = (["-22:int", "0:int"], true)
  let accepted = other
  expected.change(&other)
  let report = other.report(against: accepted)
  let annotation = try #require(report.annotations.first, "\(expected.name)")
  #expect(annotation.text == expected.text, "\(expected.name)")
  #expect(annotation.verdict == expected.verdict, "\(expected.name): \(annotation.reasons)")
  #expect(report.verdict >= expected.verdict, "\(expected.name)")
  #expect(annotation.verdict == .ok || !annotation.reasons.isEmpty, "\(expected.name)")
  #expect(report.verdict == .ok || !report.causes.isEmpty, "\(expected.name)")
}

@Test func whatIsProvedTheSameIsToBeReviewedAtMost() throws {
  var other = MiniDrift()
  (other.text, other.value, other.given) = ("x", "(min {cap u32} {argument1 u32})", ["(!= 0:u64 {find_slot() u64})"])
  let report = other.report { _ in .same }
  #expect(report.annotations.map(\.verdict) == [.review])
  #expect(report.verdict == .review)
}

@Test(
  arguments: [
    (["-22:int", "0:int"], true, CheckVerdict.ok), (["-16:int", "0:int"], true, .broken),
    (["0:int", "0:int"], nil, .broken), (["-22:int", "{room() int}"], nil, .ok),
  ] as [([String], Bool?, CheckVerdict)])
func aBranchIsAlsoWhatItReturns(_ returns: [String], _ leaves: Bool?, _ verdict: CheckVerdict) {
  var other = MiniDrift()
  (other.value, other.returns, other.leaves) = ("{full() bool}", ["-22:int", "0:int"], true)
  let accepted = other
  (other.returns, other.leaves) = (returns, leaves)
  #expect(other.report(against: accepted).annotations.map(\.verdict) == [verdict])
}

@Test func oneEditIsOneCauseWithAllThatFollows() throws {
  var other = MiniDrift()
  (other.text, other.value, other.functionText) = ("x", "(max {argument1 u32} {cap u32})", "y")
  (other.era, other.proof) = (nil, .refuted)
  other.pieces[18] = 999
  let report = other.report()
  let cause = try #require(report.causes.first)
  #expect(report.causes.count == 1)
  #expect(cause.to?.line == 48 && cause.to?.function == "widget_open")
  #expect(cause.consequences.map(\.subject) == [.result, .annotation])
  #expect(cause.remedy?.contains("walker accept widget --kernel 1.0 room cap --prose-still-true") == true)
}

@Test func anEditWithoutConsequencesIsContext() {
  var other = MiniDrift()
  (other.functionText, other.pieces[40]) = ("y", 999)
  let report = other.report()
  #expect(report.verdict == .ok && report.causes.isEmpty)
  #expect(report.context.map(\.location.line) == [70])
}

@Test func twoEquallyGoodPlacesAreBothListed() throws {
  var other = MiniDrift()
  (other.isBound, other.copies, other.findings) = (false, 2, [unmatched])
  let annotation = try #require(other.report().annotations.first)
  #expect(annotation.candidates.map(\.line) == [48, 58])
  #expect(annotation.to == nil)
}

private let wayChanges: [(change: @Sendable (inout MiniDrift) -> Void, verdict: CheckVerdict)] = [
  ({ $0.tables = "flat_ops" }, .broken), ({ $0.reads = ["init_space"] }, .broken), ({ $0.standard = 128 }, .broken),
  ({ $0.maximum = 65535 }, .broken), ({ $0.counted = ["store (+ {widget.taken u32} 2:u32)"] }, .broken),
  ({ $0.chain = ["widget_open", "widget_open_at"] }, .review), ({ $0.functionText = "x" }, .ok),
  ({ $0.line = 50 }, .ok),
  // The caller counts itself now, or a helper of the one that did.
  ({ $0.counters = ["widget_open"] }, .review),
  ({ ($0.counters, $0.callers) = (["__widget_take"], ["widget_take"]) }, .review),
  // A stranger counts, or nobody.
  ({ ($0.counters, $0.callers) = (["gadget_take"], ["gadget_open"]) }, .unchecked), ({ $0.counters = [] }, .unchecked),
  ({ $0.counters = ["widget_take", "widget_open"] }, .unchecked),
]

@Test(arguments: wayChanges.indices)
func theWayHasAVerdictOfItsOwn(_ position: Int) {
  var other = MiniDrift()
  wayChanges[position].change(&other)
  let report = other.report()
  #expect(report.path.verdict == wayChanges[position].verdict, "\(position): \(report.path.reasons)")
}

@Test(arguments: [(["fput"], CheckVerdict.ok), (["fput", "hook"], .unchecked)])
func onlyWhatIsNewlyOpenIsUnchecked(_ open: [String], _ verdict: CheckVerdict) {
  var accepted = MiniDrift()
  (accepted.proof, accepted.open) = (.conditional, ["fput"])
  var other = accepted
  other.open = open
  let report = other.report(against: accepted)
  #expect(report.results.map(\.verdict) == [verdict])
  #expect(verdict == .ok || report.results[0].reasons[0].contains("hook"))
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
  let report = Comparison(MiniDrift().walk, MiniDrift().walkthrough, against: lock).report().report
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

/// A flag that became an u8, or an u8 that became an int: for the numbers that both hold it is the same.
@Test func aTypeThatHoldsMoreIsComparedForWhatBothHold() throws {
  var (old, new) = (MiniDrift(), MiniDrift())
  (old.value, new.value) = ("(== {widget.mode int} 2:int)", "(== (int {widget.mode u8}) 2:int)")
  (new.text, new.functionText) = ("x", "y")
  let report = new.report(against: old) { $0.left == $0.right ? .same : .differs }
  #expect(report.annotations.first?.verdict == .review)
}

/// The same condition lost, told by the way and by an annotation, is one change, at the edit before the place.
@Test func whatIsLostBeforeAPlaceIsOneCauseWhereItWas() throws {
  var other = MiniDrift()
  (other.given, other.functionText) = ([], "y")
  other.pieces[8] = 999
  let report = other.report()
  let cause = try #require(report.causes.first)
  #expect(report.causes.count == 1 && cause.to?.line == 38)
  #expect(cause.consequences.map(\.subject) == [.way, .annotation])
}

@Test func aParameterThatTheWalkthroughNamesIsNoNewName() {
  var other = MiniDrift()
  other.carrier = "request"
  #expect(other.report().path.verdict == .review)
  var walkthrough = other.walkthrough
  walkthrough.sources.append(TrackedSource(kind: .pointer, parameter: "request", field: "size"))
  let lock = Lock(baselines: [Baseline(MiniDrift().walk, MiniDrift().walkthrough)])
  #expect(Comparison(other.walk, walkthrough, against: lock).report().report.path.verdict == .ok)
}

/// The place is as it was, and what the annotation explains is not: it is told with the result, where the edit is.
@Test func whatOnlyItsResultMakesFalseFollowsFromThatResult() throws {
  var other = MiniDrift()
  (other.era, other.proof, other.functionText) = (nil, .refuted, "y")
  other.pieces[50] = 999
  let report = other.report()
  #expect(report.annotations.first?.verdict == .broken && report.annotations.first?.follows == "room")
  let cause = try #require(report.causes.first)
  #expect(report.causes.count == 1)
  #expect(cause.consequences.map(\.subject) == [.result, .annotation])
}
