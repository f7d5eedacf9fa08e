import Testing
import WalkerFormula
import WalkerModel

@testable import WalkerLive

/// A guest in a few lines: it answers as a kernel would that stores `min((u32) room, widget.max)`.
private struct Pretender {
  var answer: (_ room: UInt64, _ most: UInt64) -> UInt64 = { min($0 & 0xffff_ffff, $1) }
  var leavesOut: (String) -> Bool = { _ in false }

  func answers(_ questions: String) -> [String] {
    ["kernel 1.0.3 test"]
      + questions.split(separator: "\n").map(String.init).filter { !leavesOut($0) }.map { line in
        let words = line.split(separator: " ")
        guard words[1] == "ask" else { return "\(words[0]) value 4096" }
        let most = line.split(separator: "widget.max=").dropFirst().first.flatMap { UInt64($0) } ?? 4096
        return "\(words[0]) value \(answer(UInt64(words[3]) ?? 0, most))"
      }
  }
}

@Suite struct InquiryTests {
  private func inquiry(
    _ result: WalkResult = limit, sweep: [Probes.Axis] = [.init(name: "widget.max", numbers: [0, 7, 128])],
    probe: Probes.ResultProbe = reading(), cases: Int = 100
  ) -> Inquiry {
    Inquiry(
      walk: MiniKernel.walk(results: [result]), probes: Probes(input: .listen, sweep: sweep, results: [probe]),
      entry: .function(["widget_open"]), options: .init(cases: cases, tracesCalls: false))
  }

  private static func reading(
    _ reader: Probes.ReaderKind = .tcpInfoSacked, witness: Probes.ReaderKind? = nil, untouched: Int128? = nil
  ) -> Probes.ResultProbe {
    Probes.ResultProbe(
      result: "room-limit", reader: reader, witness: witness, with: [], unit: 1, untouched: untouched)
  }

  private static let limit = stored(MiniKernel.capped)

  private static func stored(_ value: Expression, reachedWhen: Expression = .true) -> WalkResult {
    WalkResult(
      id: "room-limit", kind: .stored,
      derivation: Derivation(
        form: .stored(value), reachedWhen: reachedWhen, undefinedWhen: .false, assuming: .true),
      formula: value.text, subject: "struct widget.room", location: nil, era: nil, proof: .proved, counterexample: nil,
      undefinedWhen: nil, assumptions: [])
  }

  private func verification(_ inquiry: Inquiry, _ guest: Pretender = Pretender(), failure: String? = nil)
    -> Verification
  {
    inquiry.verification(guest.answers(inquiry.questions), means: .boot, notes: [], failure: failure)
  }

  @Test func agreesWithAKernelThatDoesWhatIsDerived() throws {
    let verification = verification(inquiry())
    #expect(verification.verdict == .verified)
    let result = try #require(verification.results.first)
    #expect(result.agreed == 100 && result.differed == 0 && result.unobserved == 0)
    #expect(verification.rows.contains { $0.inputs.first?.number ?? 0 < 0 })
  }

  @Test func findsTheInputForWhichAKernelDiffers() throws {
    // A comparison with a sign: a negative number is then below every limit.
    let guest = Pretender { room, most in
      let number = Int64(Int32(truncatingIfNeeded: room))
      return number < 0 ? room & 0xffff_ffff : min(room & 0xffff_ffff, most)
    }
    let verification = verification(inquiry(), guest)
    #expect(verification.verdict == .refuted)
    let difference = try #require(verification.results.first?.difference)
    #expect(difference.inputs.first?.name == "room" && (difference.inputs.first?.number ?? 0) < 0)
    #expect(difference.derived != difference.observed)
  }

  @Test func refutesAConstantClaim() throws {
    let verification = verification(inquiry(Self.stored(.constant(5, .u32))))
    #expect(verification.verdict == .refuted)
  }

  @Test func takesNoMissingAnswerForAgreement() throws {
    let silent = Pretender(leavesOut: { _ in true })
    let nothing = verification(inquiry(), silent, failure: "the guest ended without an answer")
    #expect(nothing.verdict == .unchecked)
    #expect(nothing.results.first?.unobserved == 100)
    #expect(nothing.results.first?.reasons.first?.why == "the guest ended without an answer")
    let halfway = Pretender(leavesOut: { $0.hasPrefix("a.7") })
    let partly = verification(inquiry(), halfway, failure: "the guest panicked")
    #expect(partly.verdict == .unchecked)
    #expect(partly.results.first?.agreed ?? 0 > 50)
  }

  @Test func comparesTheSecondWitness() {
    let twice = inquiry(probe: Self.reading(witness: .sockDiagWriteQueue))
    #expect(twice.questions.contains("w.0.room-limit ask listen"))
    #expect(verification(twice).verdict == .verified)
    var lines = Pretender().answers(twice.questions)
    lines = lines.map { $0.hasPrefix("w.3.") ? "w.3.room-limit value 99999" : $0 }
    #expect(twice.verification(lines, means: .boot, notes: [], failure: nil).verdict == .refuted)
  }

  @Test func comparesWithWhatIsReadWhenNothingIsStored() throws {
    let never = Self.stored(MiniKernel.capped, reachedWhen: .false)
    let zero = Pretender { _, _ in 0 }
    #expect(verification(inquiry(never, probe: Self.reading(untouched: 0)), zero).verdict == .verified)
    #expect(verification(inquiry(never, probe: Self.reading(untouched: 1)), zero).verdict == .refuted)
    #expect(verification(inquiry(never), zero).verdict == .unchecked)
  }

  @Test func countsNoFurtherThanIsReasonable() throws {
    let counting = inquiry(
      sweep: [.init(name: "widget.max", numbers: [3, 100_000])], probe: Self.reading(.connections))
    #expect(counting.questions.contains("connections:19"))
    #expect(!counting.questions.contains("connections:1000"))
    let reasons = verification(counting).results.first?.reasons.map(\.why)
    #expect(reasons == ["more than 600 connections would be needed"])
  }

  @Test func sweepsEveryDeclaredNumberAndTheSameEachTime() {
    let one = inquiry(cases: 60)
    #expect(one.questions == inquiry(cases: 60).questions)
    #expect(Set(one.cases).count == one.cases.count)
    #expect(Set(one.cases.flatMap(\.knobs).map(\.number)) == [0, 7, 128])
    #expect(one.cases.contains { $0.tracked == -2_147_483_648 })
  }

  @Test func readsOnlyTheKnobsOutsideOfANamespace() {
    let inquiry = Inquiry(
      walk: MiniKernel.walk(results: [Self.limit]),
      probes: Probes(
        input: .listen, sweep: [.init(name: "widget.max", numbers: [1, 2])], results: [Self.reading()]),
      entry: .function(["widget_open"]), options: .init(changesKnobs: false, tracesCalls: false))
    #expect(!inquiry.questions.contains("widget.max="))
    #expect(inquiry.questions.contains("k.widget.max knob widget.max"))
    #expect(verification(inquiry).verdict == .verified)
  }

  // MARK: State that the probe knows

  private static func state(_ name: String) -> Expression {
    .input(Input(id: name, name: name, role: .state, type: .u32))
  }

  private func about(_ result: WalkResult, _ probe: Probes.ResultProbe, _ constants: [NamedConstant] = []) -> Inquiry {
    var walk = MiniKernel.walk(results: [result])
    walk.constants = constants
    return Inquiry(
      walk: walk,
      probes: Probes(
        input: .listen,
        sweep: [
          .init(name: "rlimit:RLIMIT_NICE", numbers: [0, 25]), .init(name: "privileged", numbers: [0, 1]),
          .init(name: "widget.max", numbers: [3, 9]),
        ],
        results: [probe]),
      entry: .function(["widget_open"]), options: .init(cases: 60, changesKnobs: false, tracesCalls: false))
  }

  private func given(_ quantity: Probes.Quantity) -> Probes.ResultProbe {
    Probes.ResultProbe(
      result: "room-limit", reader: .tcpInfoSacked, witness: nil, with: [], unit: 1, untouched: nil,
      given: [.init(name: "slots", quantity: quantity)])
  }

  @Test func tellsTheGuestWhatIsSoOfTheCallerAndKnowsItItself() {
    let inquiry = about(Self.stored(Self.state("slots")), given(.name("rlimit:RLIMIT_NICE")))
    #expect(inquiry.questions.contains(" privileged=0 rlimit:13=25\n"))
    #expect(!inquiry.questions.contains("widget.max="))
    let answers = inquiry.questions.split(separator: "\n").map { line in
      let id = line.split(separator: " ")[0]
      return id.hasPrefix("a.") ? "\(id) value \(line.contains("rlimit:13=25") ? 25 : 0)" : "\(id) value 4096"
    }
    let verification = inquiry.verification(answers, means: .boot, notes: [], failure: nil)
    #expect(verification.verdict == .verified)
    #expect(verification.rows.contains { $0.inputs.contains { $0.name == "rlimit:RLIMIT_NICE" && $0.number == 25 } })
  }

  @Test func takesNoLackOfMemoryForAnAnswer() {
    let returned = Probes.ResultProbe(
      result: "room-limit", reader: Probes.ReaderKind(rawValue: "return") ?? .tcpInfoSacked, witness: nil, with: [],
      unit: 1, untouched: nil)
    let exhausted = about(Self.stored(.constant(8, .u32)), returned)
    let answers = exhausted.questions.split(separator: "\n").map { "\($0.split(separator: " ")[0]) value -12" }
    #expect(exhausted.verification(answers, means: .boot, notes: [], failure: nil).verdict == .unchecked)
    let others = answers.map { $0.replacing("-12", with: "-13") }
    #expect(exhausted.verification(others, means: .boot, notes: [], failure: nil).verdict == .refuted)
  }

  @Test func takesAConstantOfTheKernelForTheStateAndForAFactor() {
    let hertz = NamedConstant(name: "HZ", number: 250, type: .s32)
    let constant = about(Self.stored(Self.state("slots")), given(.name("HZ")), [hertz])
    #expect(verification(constant, Pretender { _, _ in 250 }).verdict == .verified)
    let unknown = verification(about(Self.stored(Self.state("slots")), given(.name("HZ"))))
    #expect(unknown.verdict == .unchecked)
    #expect(unknown.results.first?.reasons.first?.why.contains("what slots is given as is neither swept") == true)
    let ticks = Probes.ResultProbe(
      result: "room-limit", reader: .tcpInfoSacked, witness: nil, with: [], unit: 1, untouched: nil, times: .name("HZ"))
    let twoSeconds = about(Self.stored(.constant(500, .u32)), ticks, [hertz])
    #expect(verification(twoSeconds, Pretender { _, _ in 2 }).verdict == .verified)
    #expect(verification(twoSeconds, Pretender { _, _ in 3 }).verdict == .refuted)
    #expect(verification(about(Self.stored(.constant(500, .u32)), ticks)).verdict == .unchecked)
  }

  /// As a walk is when it is kept without its fingerprints, and read again.
  @Test func aCopyOfAWalkKnowsItsConstantsAndErrors() {
    var walk = MiniKernel.walk(results: [Self.limit])
    walk.constants = [NamedConstant(name: "HZ", number: 250, type: .s32)]
    walk.errorNames = ErrorNames(names: [22: "EINVAL"])
    let copy = walk.with(fingerprints: Fingerprints.none)
    #expect(copy.constants == walk.constants && copy.errorNames == walk.errorNames)
  }

  @Test(arguments: [
    ("caller:privileged", "the process that asks can't be made so: privileged"),
    ("handing", "the call refuses the number before it gets there"),
  ])
  func takesNoStepThatFailedForAnAnswer(_ step: String, _ why: String) {
    let inquiry = inquiry()
    let answers = inquiry.questions.split(separator: "\n").map { "\($0.split(separator: " ")[0]) failed \(step) 1" }
    let verification = inquiry.verification(answers, means: .boot, notes: [], failure: nil)
    #expect(verification.verdict == .unchecked)
    #expect(verification.results.first?.reasons.first?.why.hasPrefix(why) == true)
  }
}
