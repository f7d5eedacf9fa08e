public import WalkerModel

/// A check as `walker.check/1`, the contract with other programs. Members may be added; those here keep name and meaning.
///
///     {"schema": "walker.check/1", "walkthrough": "widget-room", "kernels": [{"name": "1.1", "verdict": "ok", …}], "exit": 0}
public enum CheckJSON {
  public static func render(_ report: CheckReport) -> JSONText {
    .members([
      "schema": .text("walker.check/1"),
      "walkthrough": .text(report.walkthrough),
      "title": .text(report.title),
      "strict": .flag(report.isStrict),
      "kernels": .list(report.kernels.map(kernel)),
      "exit": .number(Int(report.exitStatus)),
    ])
  }

  private static func kernel(_ kernel: KernelReport) -> JSONText {
    .members([
      "name": .text(kernel.name), "version": .orNull(kernel.version), "verdict": .text(kernel.verdict.rawValue),
      "baseline": .orNull(kernel.baseline), "problem": .orNull(kernel.problem),
      "annotations": .list(kernel.annotations.map(annotation)),
      "results": .list(kernel.results.map(result)),
      "path": .members([
        "verdict": .text(kernel.path.verdict.rawValue),
        "reasons": .list(
          kernel.path.reasons.map {
            .members([
              "verdict": .text($0.verdict.rawValue), "text": .text($0.text), "file": .orNull($0.location?.file),
              "line": $0.location.map { .number($0.line) } ?? .null,
            ])
          }),
      ]),
      "causes": .list(kernel.causes.map(cause)),
      "context": .list(
        kernel.context.map {
          .members(["text": .text($0.text), "file": .text($0.location.file), "line": .number($0.location.line)])
        }),
      "coverage": coverage(kernel.coverage),
    ])
  }

  private static func cause(_ cause: Cause) -> JSONText {
    func ids(_ subjects: [Cause.Consequence.Subject]) -> JSONText {
      .texts(cause.consequences.filter { subjects.contains($0.subject) }.map(\.id))
    }
    return .members([
      "verdict": .text(cause.verdict.rawValue), "file": .orNull((cause.to ?? cause.from)?.file),
      "line": (cause.to ?? cause.from).map { .number($0.line) } ?? .null,
      "function": .orNull((cause.to ?? cause.from)?.function), "from": cause.from.map(place) ?? .null,
      "to": cause.to.map(place) ?? .null, "baseline": .orNull(cause.baseline), "what": .text(cause.what),
      "annotations": ids([.annotation, .statement]), "results": ids([.result]),
      "consequences": .list(
        cause.consequences.map {
          .members([
            "subject": .text($0.subject.rawValue), "id": .text($0.id), "verdict": .text($0.verdict.rawValue),
            "words": .text($0.words), "file": .orNull($0.location?.file),
            "line": $0.location.map { .number($0.line) } ?? .null,
          ])
        }), "commit": .orNull(cause.commit), "remedy": .orNull(cause.remedy),
    ])
  }

  private static func coverage(_ coverage: KernelReport.Coverage) -> JSONText {
    .members([
      "annotations": .number(coverage.annotations), "annotationsChecked": .number(coverage.annotationsChecked),
      "annotationsFound": .number(coverage.annotationsFound), "otherEra": .number(coverage.otherEra),
      "results": .number(coverage.results), "resultsChecked": .number(coverage.resultsChecked),
    ])
  }

  private static func annotation(_ annotation: AnnotationReport) -> JSONText {
    .members([
      "id": .text(annotation.id), "title": .text(annotation.title), "text": .text(annotation.text.rawValue),
      "meaning": .text(annotation.meaning.rawValue), "verdict": .text(annotation.verdict.rawValue),
      "baseline": .orNull(annotation.baseline), "from": annotation.from.map(place) ?? .null,
      "to": annotation.to.map(place) ?? .null, "candidates": .list(annotation.candidates.map(place)),
      "reasons": .texts(annotation.reasons), "advice": .orNull(annotation.advice),
    ])
  }

  private static func result(_ result: ResultReport) -> JSONText {
    .members([
      "id": .text(result.id), "meaning": .text(result.meaning.rawValue), "verdict": .text(result.verdict.rawValue),
      "era": .orNull(result.era), "formula": .text(result.formula),
      "counterexample": result.counterexample.map(counterexample) ?? .null, "baseline": .orNull(result.baseline),
      "oldEra": .orNull(result.oldEra), "oldFormula": .orNull(result.oldFormula),
      "file": .orNull(result.location?.file), "line": result.location.map { .number($0.line) } ?? .null,
      "reasons": .texts(result.reasons),
    ])
  }

  private static func counterexample(_ example: Counterexample) -> JSONText {
    .members([
      "era": .text(example.era),
      "inputs": .object(example.inputs.map { .init(name: $0.name, value: .number($0.number)) }),
      "derived": example.derived.map(JSONText.number) ?? .null,
      "claimed": example.claimed.map(JSONText.number) ?? .null,
    ])
  }

  private static func place(_ place: CodePlace) -> JSONText {
    .members([
      "function": .orNull(place.function), "file": .text(place.file), "line": .number(place.line),
      "endLine": .number(place.endLine),
    ])
  }
}
