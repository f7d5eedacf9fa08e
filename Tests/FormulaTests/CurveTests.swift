import Testing
import WalkerFormula
import WalkerModel

@Suite struct CurveTests {
  private let backlog = Input(id: "backlog", name: "backlog", role: .tracked, type: .s32)
  private let somaxconn = Input(id: "somaxconn", name: "somaxconn", role: .knob, type: .s32)

  private func stored(_ value: Expression, reachedWhen: Expression = .true) -> Derivation {
    Derivation(form: .stored(value), reachedWhen: reachedWhen, undefinedWhen: .false, assuming: .true)
  }

  private var rounded: Expression {
    .convert(Expression(.primitive(.roundUpPowerOfTwo, .convert(Sample.backlog, to: .u64)), .u64), to: .u32)
  }

  @Test func holdsEveryNumberOfEveryColumn() throws {
    let derivation = stored(Sample.clamped)
    let curve = try Curve(derivation, over: backlog, in: -3...996, columns: 10, others: [somaxconn: 250])
    #expect(curve.columns.count == 10 && !curve.hasGaps)
    // The first column has -3, which counts as a huge unsigned number, and 0.
    #expect(curve.columns[0] == Curve.Column(first: 250, last: 96, low: 0, high: 250))
    #expect(curve.columns[1] == Curve.Column(first: 97, last: 196, low: 97, high: 196))
    #expect(curve.columns[9] == Curve.Column(first: 250, last: 250, low: 250, high: 250))
  }

  /// A range that is too long to compute every input of: the one input at which the number is another is found.
  @Test(arguments: [1 << 25, (1 << 25) + 1, 77_777_777] as [Int128])
  func losesNoStep(_ place: Int128) throws {
    let spike = Expression.select(
      .compare(.equal, Sample.backlog, .constant(place, .s32)), .constant(9, .s32), .constant(1, .s32))
    let curve = try Curve(stored(spike), over: backlog, in: 0...2_000_000_000, columns: 100, others: [:])
    #expect(curve.columns.compactMap(\.self).map(\.high).max() == 9)
    let steps = try Curve(stored(rounded), over: backlog, in: 1...2_000_000_000, columns: 7, others: [:])
    #expect(steps.columns[0]?.low == 1)
    #expect(steps.columns[1]?.last == 1 << 30)
  }

  @Test func leavesGapsWhereThereIsNoNumber() throws {
    let derivation = stored(
      Sample.backlog, reachedWhen: .compare(.greaterOrEqual, Sample.backlog, .constant(50, .s32)))
    let curve = try Curve(derivation, over: backlog, in: 0...99, columns: 2, others: [:])
    #expect(curve.hasGaps)
    #expect(curve.columns == [nil, Curve.Column(first: 50, last: 99, low: 50, high: 99)])
    #expect(throws: DerivationError.expression(.missing(somaxconn))) {
      try Curve(stored(Sample.clamped), over: backlog, in: 0...99, columns: 2, others: [:])
    }
  }

  /// A threshold without a closed form is searched for.
  @Test func drawsThresholdsThatAreSearchedFor() throws {
    let counter = Input(id: "qlen", name: "qlen", role: .counter, type: .u32)
    let test = Expression.compare(.greater, .input(counter), .convert(Sample.clamped, to: .u32))
    let derivation = Derivation(
      form: .threshold(counter: counter, test: test), reachedWhen: .true, undefinedWhen: .false, assuming: .true)
    let curve = try Curve(derivation, over: backlog, in: 0...99, columns: 4, others: [somaxconn: 60])
    #expect(curve.columns.last == Curve.Column(first: 61, last: 61, low: 61, high: 61))
  }
}

@Suite struct DecidingTests {
  private let room = Input(id: "room", name: "room", role: .tracked, type: .s32)
  private let cap = Input(id: "knob:widget.cap", name: "cap", role: .knob, type: .s32)
  private let other = Input(id: "knob:widget.other", name: "other", role: .knob, type: .s32)

  private func place(_ line: Int) -> SourceRange {
    SourceRange(start: SourceLocation(file: "widget/core.c", line: line), endLine: line, endColumn: 9)
  }

  private func step(_ kind: ValueStep.Kind, _ line: Int, _ value: Expression, from input: Expression) -> ValueStep {
    ValueStep(kind: kind, range: place(line), value: value, text: "", target: nil, inputs: [input], why: "")
  }

  /// `min(room, cap)` at line 10, `min(…, other)` at 20, `max(…, 8)` at 30, to 16 bits at 40.
  private func decide(_ room: Int128, cap: Int128, other: Int128) -> [Decision] {
    let tracked = Expression.convert(.input(self.room), to: .u32)
    let first = Expression.binary(.minimum, tracked, .convert(.input(self.cap), to: .u32))
    let second = Expression.binary(.minimum, first, .convert(.input(self.other), to: .u32))
    let third = Expression.binary(.maximum, second, .constant(8, .u32))
    let narrow = Expression.convert(third, to: .u16)
    let steps = [
      step(.clamp, 10, first, from: tracked), step(.clamp, 20, second, from: first),
      step(.clamp, 30, third, from: second), step(.narrow, 40, narrow, from: third),
    ]
    let location = place(1).start
    let frame = Frame(
      role: .path, function: "widget_open", spelling: "widget_open", location: location, endLine: 50, parameter: "room",
      leftBehind: nil, reachedBy: ReachedBy(kind: .entry, location: location), steps: steps, pathCondition: [],
      exits: [], excerpt: SourceExcerpt(file: "widget/core.c", firstLine: 1, lines: [], tokens: []))
    let walk = Walk(
      walkthrough: "widget", title: "",
      kernel: KernelIdentity(
        name: "mini", version: "1", source: "", configuration: .init(source: "", sha256: "", depends: [])),
      tracked: self.room, frames: [frame], sideFrames: [], reaches: [], results: [], openEnds: [], knobs: [],
      annotations: [], introduction: "", findings: [],
      coverage: .init(annotations: 0, bound: 0, otherEra: 0, unbound: 0), files: [])
    let result = WalkResult(
      id: "room", kind: .stored,
      derivation: Derivation(form: .stored(narrow), reachedWhen: .true, undefinedWhen: .false, assuming: .true),
      formula: "", subject: "", location: nil, era: nil, proof: .unproved, counterexample: nil, undefinedWhen: nil,
      assumptions: [])
    return Deciding(walk: walk, inputs: [self.room: room, self.cap: cap, self.other: other]).decisions(result)
  }

  @Test func namesTheLimitThatDecided() throws {
    #expect(decide(511, cap: 4096, other: 4096).isEmpty)
    let capped = decide(511, cap: 128, other: 4096)
    #expect(capped.map(\.effect) == [.capped(by: .convert(.input(cap), to: .u32))])
    #expect(capped.first?.location?.line == 10)
    let byOther = decide(511, cap: 128, other: 100)
    #expect(byOther.map(\.effect) == [.capped(by: .convert(.input(other), to: .u32))])
    #expect(byOther.first?.location?.line == 20)
    let raised = decide(511, cap: 128, other: 3)
    #expect(raised.map(\.effect) == [.raised(to: .constant(8, .u32))])
    #expect(raised.first?.location?.line == 30)
    #expect(decide(2, cap: 128, other: 100).map(\.effect) == [.raised(to: .constant(8, .u32))])
  }

  @Test func namesWhatWasCutOff() throws {
    let decisions = decide(70_000, cap: 68_000, other: 1_000_000)
    #expect(
      decisions.map(\.effect) == [
        .capped(by: .convert(.input(cap), to: .u32)), .converted(from: 68_000, to: 2464, .u16),
      ])
    #expect(decisions.map(\.location?.line) == [10, 40])
  }
}
