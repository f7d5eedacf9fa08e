public import WalkerModel

/// What an assistant needs of a walk: a page instead of a book.
public enum WalkSummaryJSON {
  public static func render(_ walk: Walk) -> JSONText {
    .members([
      "walkthrough": .text(walk.walkthrough), "title": .text(walk.title),
      "kernel": .members(["name": .text(walk.kernel.name), "version": .text(walk.kernel.version)]),
      "follows": .text(walk.tracked.name),
      "results": .list(
        walk.results.map {
          .members([
            "id": .text($0.id), "title": $0.title.map(JSONText.text), "formula": .text($0.formula),
            "proof": .text($0.proof.rawValue), "era": .orNull($0.era),
            "at": $0.location.map { .text("\($0)") } ?? .null, "given": .texts($0.assumptions),
          ])
        }),
      "chain": .list(
        walk.frames.map { frame in
          .members([
            "function": .text(frame.function), "at": .text("\(frame.location)"),
            "reachedBy": .text(frame.reachedBy.kind.rawValue), "through": frame.reachedBy.through.map(JSONText.text),
            "table": frame.reachedBy.table.map(JSONText.text), "value": .orNull(frame.parameter),
            "leftBehind": frame.leftBehind.map(JSONText.text),
          ])
        }),
      "knobs": .list(
        walk.knobs.map { knob in
          .members([
            "name": .text(knob.name), "default": knob.defaultValue.map(JSONText.number) ?? .null,
            "defaultFormula": knob.defaultFormula.map(JSONText.text), "at": .text("\(knob.location)"),
          ])
        }),
      "openEnds": .list(
        walk.openEnds.map { .members(["call": .text($0.call), "at": .text("\($0.location)"), "why": .text($0.why)]) }),
      "findings": .list(
        walk.findings.map { .members(["severity": .text($0.severity.rawValue), "summary": .text($0.summary)]) }),
    ])
  }

  /// A function's own lines.
  public static func source(of frame: Frame, in walk: Walk) -> JSONText {
    .members([
      "kernel": .text(walk.kernel.version), "function": .text(frame.function), "file": .text(frame.location.file),
      "firstLine": .number(frame.excerpt.firstLine), "licence": .text("GPL-2.0-only"),
      "lines": .texts(frame.excerpt.lines),
      "steps": .list(
        frame.steps.map {
          .members(["line": .number($0.location.line), "kind": .text($0.kind.rawValue), "value": .text($0.text)])
        }),
    ])
  }
}
