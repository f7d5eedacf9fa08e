import Foundation
import WalkerModel

@testable import WalkerRender

enum NSNullValue { static var null: NSNull { NSNull() } }

extension PageProgram {
  /// As `JSONSerialization` takes it.
  var plain: Any { (try? JSONSerialization.jsonObject(with: Data(json.compact.utf8))) ?? [] }
}

/// A walk in which every text that comes from annotations and sources tries to run a script.
enum Hostile {
  static let text = "<script>window.hacked = 1</script><img src=x onerror=\"window.hacked = 1\">'\"--></style></script>"
  static let prose =
    "\(text)\n\n[click](javascript:window.hacked=1) ![picture](https://example.org/x.png)\n\n<iframe src=\"https://example.org\"></iframe>\n\n"
    + "<div onclick=\"window.hacked = 1\">\n\n| a |\n|---|\n| \(text) |\n\n```\(text)\n\(text)\n```"

  static var walk: Walk {
    let frame = MiniKernel.frames[0]
    let source = SourceExcerpt(
      file: text, firstLine: 38, lines: frame.excerpt.lines.map { $0 + " /* \(text) */" } + ["</script>\u{0}\u{FFFD}"],
      tokens: frame.excerpt.tokens)
    let place = SourceLocation(file: text, line: 39)
    let evil = Frame(
      role: .path, function: text, spelling: text, location: place, endLine: 58, parameter: "room", leftBehind: text,
      reachedBy: ReachedBy(
        kind: .indirect, location: place, through: text, table: text, tableLocation: place, evidence: [text],
        rejected: [RejectedCandidate(function: text, table: text, location: place, why: text)]),
      steps: [
        ValueStep(
          kind: .clamp, range: SourceRange(start: place, endLine: 40, endColumn: 1), value: MiniKernel.capped,
          text: text,
          target: text, inputs: [], why: text)
      ],
      pathCondition: [
        PathCondition(location: place, source: text, value: MiniKernel.room, text: text, dependsOnTracked: true)
      ],
      exits: [ErrorExit(location: place, source: text, returns: text)], excerpt: source)
    let annotation = BoundAnnotation(
      id: text, title: text, prose: prose, function: text, range: SourceRange(start: place, endLine: 41, endColumn: 1),
      results: [])
    let result = WalkResult(
      id: text, kind: .stored, derivation: nil, formula: text, subject: text, location: place, era: text,
      proof: .refuted,
      counterexample: Counterexample(inputs: [.init(name: text, number: 1)], derived: 1, claimed: nil, era: text),
      undefinedWhen: text, assumptions: [text], title: text)
    return Walk(
      walkthrough: text, title: text,
      kernel: KernelIdentity(
        name: text, version: text, source: text, configuration: .init(source: text, sha256: "", depends: [text])),
      tracked: Input(id: "room", name: text, role: .tracked, type: .s32), frames: [evil], sideFrames: [],
      reaches: [
        Reach(field: text, function: text, location: place, value: MiniKernel.capped, formula: text, onPath: false)
      ], results: [result], openEnds: [OpenEnd(call: text, location: place, why: text)],
      knobs: [
        Knob(
          name: text, variable: "widget_max", storage: text, type: .u32, defaultValue: nil, defaultFormula: text,
          defaultLocation: nil, minimum: nil, maximum: nil, location: place)
      ], annotations: [annotation], introduction: prose,
      findings: [Finding(id: text, severity: .error, summary: text, location: place, notes: [text])],
      coverage: .init(annotations: 1, bound: 1, otherEra: 0, unbound: 0), files: [text])
  }
}
