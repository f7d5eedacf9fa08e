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
  var uses = ["field struct widget.room u32"]
  var value: String? = "minimum[u32](cap, value)"
  var given = ["find_slot() != 0"]
  var exits: [String] = []
  var reaches = ["struct widget.room"]
  var openEnds: [String] = []
  var tables = "round_ops"
  var functionText = "cccccccccccccccc"
  var behaviour = "dddddddddddddddd"
  var calls = ["find_slot", "round_open"]
  var era: String? = "wide"
  var proof = WalkResult.Proof.proved
  var isBound = true
  var copies = 0
  /// Of the knob.
  var cap = IntegerType.s32
  var role = Anchor.Role.clamp
  var isOptional = false
  var anchorEras: [String] = []
  var findings: [Finding] = []

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
    ConditionPrint(
      text: text, subjects: [String(text.firstMatch(of: /[a-z_]+\(\)/)?.output ?? text.prefix { $0 != " " })],
      location: SourceLocation(file: file, line: 40), source: "")
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
    let frame = Frame(
      role: .path, function: function, spelling: function, location: SourceLocation(file: file, line: 30), endLine: 99,
      parameter: "size", leftBehind: nil,
      reachedBy: ReachedBy(kind: .indirect, location: place, through: "struct widget_ops.open", table: tables),
      steps: [],
      pathCondition: [], exits: [], excerpt: SourceExcerpt(file: file, firstLine: 1, lines: [], tokens: []))
    return Walk(
      walkthrough: "widget", title: "Widget",
      kernel: KernelIdentity(
        name: kernel, version: kernel, source: "folder:mini",
        configuration: KernelIdentity.Configuration(source: "default", sha256: "00", depends: [])),
      tracked: Input(id: "tracked", name: "size", role: .tracked, type: .s32), frames: [frame], sideFrames: [],
      reaches: reaches.map {
        Reach(field: $0, function: function, location: place, value: .constant(0, .u32), formula: "", onPath: true)
      },
      results: [
        WalkResult(
          id: "room", kind: .stored, derivation: derivation, formula: "min((u32) size, cap)",
          subject: "struct widget.room",
          location: place, era: era, proof: proof, counterexample: nil, undefinedWhen: nil, assumptions: [])
      ], openEnds: openEnds.map { OpenEnd(call: $0, location: place, why: "") }, knobs: [],
      annotations: isBound ? [bound] : [], introduction: "", findings: findings,
      coverage: Walk.Coverage(annotations: 1, bound: isBound ? 1 : 0, otherEra: 0, unbound: isBound ? 0 : 1), files: [],
      fingerprints: Fingerprints(
        functions: [
          FunctionPrint(
            name: function, location: SourceLocation(file: file, line: 30), endLine: 99, text: functionText,
            sketch: [1, 2, 3], behaviour: behaviour, calls: calls, role: .path, caller: nil)
        ],
        sites: copies < 0
          ? []
          : lines.map {
            SitePrint(
              site: site($0), text: text, shape: shape, expansion: shape, uses: uses, value: value,
              given: given.map(condition), before: nil, after: nil)
          }, given: given.map(condition), exits: exits.map(condition)))
  }

  /// This kernel against an accepted one.
  func report(against accepted: MiniDrift = MiniDrift(), renames: [String: String] = [:]) -> KernelReport {
    let lock = Lock(baselines: [Baseline(accepted.walk, accepted.walkthrough)])
    return Comparison(walk, walkthrough, against: lock, renames: renames).report()
  }
}
