import WalkerDrift
import WalkerModel

/// A walk of an invented kernel with one annotation and one result, and what may differ in another kernel.
struct MiniDrift {
  var kernel = "1.0"
  var function = "widget_open"
  var file = "drivers/widget/core.c"
  var line = 48
  var text = "aaaaaaaaaaaaaaaa"
  var shape = "bbbbbbbbbbbbbbbb"
  /// What the place means, in the notation of expressions; nil where the walk did not come by.
  var value: String? = "(min {argument1 u32} {cap u32})"
  var returns: [String] = []
  var leaves: Bool?
  var earlier: [String] = []
  var later: [String] = []
  var asks: [String] = []
  var answer = "(!= {mode int} 0:int)"
  var given = ["(!= {find_slot() u64} 0:u64)"]
  var facts: [FactPrint.State] = []
  var counted = ["store (+ {widget.taken u32} 1:u32)"]
  var counters = ["widget_take"]
  var callers = ["widget_open"]
  var standard: Int128 = 64
  var maximum: Int128?
  var reads = ["widget_space"]
  var tables = "round_ops"
  var chain: [String] = []
  var functionText = "cccccccccccccccc"
  /// The hashes of its pieces, one a line.
  var pieces: [UInt32] = Array(1...60)
  var calls = ["find_slot", "round_open"]
  var open: [String] = []
  var era: String? = "wide"
  var proof = WalkResult.Proof.proved
  var isBound = true
  var copies = 0
  /// Of the knob.
  var cap = IntegerType.s32
  var role = Anchor.Role.guardBranch
  var isOptional = false
  var anchorEras: [String] = []
  var findings: [Finding] = []
  /// The entry's parameter, by which the number comes in.
  var carrier = "size"

  static let heading = SourceLocation(file: "Annotations/widget/walkthrough.md", line: 20)

  var place: SourceLocation { SourceLocation(file: file, line: line) }
  private var range: SourceRange { SourceRange(start: place, endLine: line + 1, endColumn: 9) }

  var walkthrough: Walkthrough {
    Walkthrough(
      name: "widget", title: "Widget", entry: .function(["widget_open"]), track: "size", waypoints: [], conditions: [],
      assumptions: [],
      results: [
        ResultSpecification(
          id: "room", title: nil, subject: .storedIn(["struct widget.room"]),
          eras: ["wide", "narrow"].map { ResultSpecification.Era(id: $0, claim: "size", location: Self.heading) },
          location: Self.heading)
      ], introduction: "",
      annotations: [
        Annotation(
          id: "cap", title: "The cap",
          anchor: Anchor(
            function: ["widget_open"], role: role, of: [], mentions: [], eras: anchorEras, results: ["room"],
            isOptional: isOptional), prose: "Capped.", location: Self.heading)
      ])
  }

  private func condition(_ text: String) -> ConditionPrint {
    ConditionPrint(text: text, subjects: [], location: SourceLocation(file: file, line: 40), source: "")
  }

  private func site(_ line: Int) -> AnchorSite {
    AnchorSite(
      role: role, function: function, names: ["size"], mentions: [],
      range: SourceRange(start: SourceLocation(file: file, line: line), endLine: line + 1, endColumn: 9),
      isTracked: true)
  }

  private var derivation: Derivation {
    Derivation(
      form: .stored(.input(Input(id: "cap", name: "cap", role: .knob, type: cap))), reachedWhen: .true,
      undefinedWhen: .false, assuming: .true)
  }

  var walk: Walk {
    let bound = BoundAnnotation(
      id: "cap", title: "The cap", prose: "", function: function, range: range, results: ["room"])
    let lines = isBound || copies <= 0 ? [line] : (0..<copies).map { line + $0 * 10 }
    let functions = chain.isEmpty ? [function] : chain
    let frames = functions.map { name in
      Frame(
        role: .path, function: name, spelling: name, location: SourceLocation(file: file, line: 30), endLine: 99,
        parameter: carrier, leftBehind: nil,
        reachedBy: name == function
          ? ReachedBy(kind: .indirect, location: place, through: "struct widget_ops.open", table: tables)
          : ReachedBy(kind: .direct, location: place),
        steps: [], pathCondition: [], exits: [],
        excerpt: SourceExcerpt(file: file, firstLine: 1, lines: [], tokens: []))
    }
    return Walk(
      walkthrough: "widget", title: "Widget",
      kernel: KernelIdentity(
        name: kernel, version: kernel, source: "folder:mini",
        configuration: KernelIdentity.Configuration(source: "default", sha256: "00", depends: [])),
      tracked: Input(id: "tracked", name: "size", role: .tracked, type: .s32), frames: frames, sideFrames: [],
      reaches: [],
      results: [
        WalkResult(
          id: "room", kind: .stored, derivation: derivation, formula: "min((u32) size, cap)",
          subject: "struct widget.room", location: place, era: era, proof: proof, counterexample: nil,
          undefinedWhen: nil, assumptions: [],
          restsOn: open.map { Obligation(kind: .call, subject: $0, location: place, why: "may write it") })
      ], openEnds: [],
      knobs: [
        Knob(
          name: "widget.cap", variable: "cap", storage: "cap", type: cap, defaultValue: standard, defaultFormula: nil,
          defaultLocation: SourceLocation(file: file, line: 5), minimum: nil, maximum: maximum,
          location: SourceLocation(file: file, line: 7))
      ],
      annotations: isBound ? [bound] : [], introduction: "", findings: findings,
      coverage: Walk.Coverage(annotations: 1, bound: isBound ? 1 : 0, otherEra: 0, unbound: isBound ? 0 : 1), files: [],
      fingerprints: prints(lines))
  }

  private func prints(_ lines: [Int]) -> Fingerprints {
    let meaning = value.map { value in
      var meaning = SitePrint.Meaning(
        values: [value], given: given.map(condition), returns: returns, earlier: earlier, later: later, asks: asks)
      meaning.leaves = leaves
      return meaning
    }
    return Fingerprints(
      functions: [
        FunctionPrint(
          name: function, location: SourceLocation(file: file, line: 30), endLine: 99, text: functionText,
          sketch: [1, 2, 3],
          pieces: pieces.enumerated().map { TextPiece(hash: $1, line: $0, endLine: $0) }, calls: calls, role: .path,
          caller: nil)
      ],
      sites: copies < 0
        ? []
        : lines.map {
          SitePrint(site: site($0), text: text, shape: shape, meaning: meaning, before: nil, after: nil)
        }, given: given.map(condition),
      answers: asks.map {
        AnswerPrint(name: $0, location: SourceLocation(file: file, line: 10), value: answer, text: answer, asks: [])
      }, knobReads: ["widget.cap": reads],
      counters: counters.map {
        CounterPrint(
          counter: "taken", function: $0, location: SourceLocation(file: file, line: 12), acts: counted,
          callers: callers)
      },
      facts: facts.map {
        FactPrint(
          annotation: "cap", text: "calls find_slot", statedAt: Self.heading, state: $0, why: "it does not",
          location: place)
      })
  }

  /// This kernel against an accepted one, and what a prover would say of each question.
  func report(
    against accepted: MiniDrift = MiniDrift(), renames: [String: String] = [:],
    proving: (MeaningQuestion) -> MeaningAnswer = { _ in .differs }
  ) -> KernelReport {
    let lock = Lock(baselines: [Baseline(accepted.walk, accepted.walkthrough)])
    let comparison = Comparison(walk, walkthrough, against: lock, renames: renames)
    var known: [MeaningQuestion: MeaningAnswer] = [:]
    while true {
      let (report, questions) = comparison.report(knowing: known)
      if questions.isEmpty { return report }
      for question in questions { known[question] = proving(question) }
    }
  }
}
