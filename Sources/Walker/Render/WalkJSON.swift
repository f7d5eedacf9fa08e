public import WalkerModel

/// A walk as `walker.walk/1`, the contract with other programs. Members may be added; those here keep name and meaning.
///
///     {"schema": "walker.walk/1", "walkthrough": "widget-room", "kernel": {"name": "1.0", …}, "frames": […], …}
public enum WalkJSON {
  /// Several walks of one walkthrough, as `walker.walks/1`.
  public static func render(_ walks: [Walk], showsSource: Bool = true) -> JSONText {
    .members([
      "schema": .text("walker.walks/1"), "walks": .list(walks.map { render($0, showsSource: showsSource) }),
    ])
  }

  /// - Parameter showsSource: false leaves the conditions out that are quoted from the source.
  public static func render(_ walk: Walk, showsSource: Bool = true) -> JSONText {
    let twins = Twins(showsSource: showsSource)
    return .members([
      "schema": .text("walker.walk/1"),
      "walkthrough": .text(walk.walkthrough),
      "title": .text(walk.title),
      "kernel": twins.kernel(walk.kernel),
      "tracked": .members(["name": .text(walk.tracked.name), "type": .text(walk.tracked.type.name)]),
      "frames": .list(walk.frames.map(twins.frame)),
      "sideFrames": .list(walk.sideFrames.map(twins.frame)),
      "reaches": .list(walk.reaches.map(twins.reach)),
      "results": .list(walk.results.map(twins.result)),
      "openEnds": .list(
        walk.openEnds.map {
          .members([
            "call": .text($0.call), "file": .text($0.location.file), "line": .number($0.location.line),
            "why": .text($0.why),
          ])
        }),
      "knobs": .list(walk.knobs.map(twins.knob)),
      "annotations": .list(
        walk.annotations.map {
          .members([
            "id": .text($0.id), "title": .text($0.title), "function": .orNull($0.function),
            "file": .text($0.range.start.file), "line": .number($0.range.start.line),
            "endLine": .number($0.range.endLine), "results": .texts($0.results), "prose": .text($0.prose),
          ])
        }),
      "findings": .list(walk.findings.map(twins.finding)),
      "coverage": .members([
        "annotations": .number(walk.coverage.annotations), "bound": .number(walk.coverage.bound),
        "otherEra": .number(walk.coverage.otherEra), "unbound": .number(walk.coverage.unbound),
      ]),
      "files": .texts(walk.files),
    ])
  }
}

private struct Twins {
  let showsSource: Bool

  func kernel(_ kernel: KernelIdentity) -> JSONText {
    .members([
      "name": .text(kernel.name), "version": .text(kernel.version), "source": .text(kernel.source),
      "config": .members([
        "source": .text(kernel.configuration.source), "sha256": .text(kernel.configuration.sha256),
        "depends": .texts(kernel.configuration.depends),
      ]),
    ])
  }

  func frame(_ frame: Frame) -> JSONText {
    .members([
      "function": .text(frame.function), "spelling": .text(frame.spelling), "role": .text(frame.role.rawValue),
      "file": .text(frame.location.file), "line": .number(frame.location.line), "endLine": .number(frame.endLine),
      "parameter": .orNull(frame.parameter), "leftBehind": frame.leftBehind.map(JSONText.text),
      "reachedBy": reachedBy(frame.reachedBy),
      "steps": .list(frame.steps.map(step)),
      "pathCondition": .list(
        frame.pathCondition.map {
          .members([
            "file": .text($0.location.file), "line": .number($0.location.line),
            "source": showsSource ? .text($0.source) : nil, "value": .text($0.text),
            "dependsOnTracked": .flag($0.dependsOnTracked),
          ])
        }),
      "exits": .list(
        frame.exits.map {
          .members([
            "file": .text($0.location.file), "line": .number($0.location.line),
            "source": showsSource ? .text($0.source) : nil, "returns": .orNull($0.returns),
          ])
        }),
    ])
  }

  private func reachedBy(_ reached: ReachedBy) -> JSONText {
    .members([
      "kind": .text(reached.kind.rawValue), "file": .text(reached.location.file),
      "line": .number(reached.location.line), "through": reached.through.map(JSONText.text),
      "table": reached.table.map(JSONText.text), "tableFile": reached.tableLocation.map { .text($0.file) },
      "tableLine": reached.tableLocation.map { .number($0.line) },
      "evidence": reached.kind == .indirect ? .texts(reached.evidence) : nil,
      "rejected": reached.kind == .indirect
        ? .list(
          reached.rejected.map {
            .members([
              "function": .text($0.function), "table": .text($0.table), "file": .text($0.location.file),
              "line": .number($0.location.line), "why": .text($0.why),
            ])
          }) : nil,
    ])
  }

  private func step(_ step: ValueStep) -> JSONText {
    .members([
      "kind": .text(step.kind.rawValue), "file": .text(step.location.file), "line": .number(step.location.line),
      "column": .number(step.location.column), "endLine": .number(step.range.endLine),
      "endColumn": .number(step.range.endColumn), "value": .text(step.text), "type": .text(step.value.type.name),
      "target": step.target.map(JSONText.text), "why": .text(step.why), "annotations": .texts(step.annotations),
    ])
  }

  func reach(_ reach: Reach) -> JSONText {
    .members([
      "field": .text(reach.field), "function": .text(reach.function), "file": .text(reach.location.file),
      "line": .number(reach.location.line), "formula": .text(reach.formula), "type": .text(reach.value.type.name),
      "onPath": .flag(reach.onPath),
    ])
  }

  func result(_ result: WalkResult) -> JSONText {
    .members([
      "id": .text(result.id), "title": result.title.map(JSONText.text), "kind": .text(result.kind.word),
      "formula": .text(result.formula),
      "era": .orNull(result.era), "proof": .text(result.proof.rawValue),
      "counterexample": result.counterexample.map(counterexample) ?? .null,
      "undefinedWhen": .orNull(result.undefinedWhen), "subject": .text(result.subject),
      "file": .orNull(result.location?.file), "line": result.location.map { .number($0.line) } ?? .null,
      "assumptions": .texts(result.assumptions), "monotone": result.isMonotone.map(JSONText.flag) ?? .null,
      "relapse": result.relapse.map(relapse), "restsOn": .list(result.restsOn.map(obligation)),
    ])
  }

  private func obligation(_ obligation: Obligation) -> JSONText {
    .members([
      "kind": .text(obligation.kind.rawValue), "subject": .text(obligation.subject),
      "file": .text(obligation.location.file), "line": .number(obligation.location.line),
      "why": .text(obligation.why), "state": .text(obligation.state.rawValue), "how": .text(obligation.how),
    ])
  }

  private func relapse(_ relapse: Relapse) -> JSONText {
    .members([
      "inputs": .object(relapse.inputs.map { .init(name: $0.name, value: .number($0.number)) }),
      "full": .number(relapse.full), "notFull": .number(relapse.notFull),
    ])
  }

  private func counterexample(_ example: Counterexample) -> JSONText {
    .members([
      "era": .text(example.era),
      "inputs": .object(example.inputs.map { .init(name: $0.name, value: .number($0.number)) }),
      "derived": example.derived.map(JSONText.number) ?? .null,
      "claimed": example.claimed.map(JSONText.number) ?? .null,
    ])
  }

  func knob(_ knob: Knob) -> JSONText {
    .members([
      "name": .text(knob.name), "variable": .text(knob.variable),
      "default": knob.defaultValue.map(JSONText.number) ?? .null,
      "defaultFormula": knob.defaultFormula.map(JSONText.text), "file": .text(knob.location.file),
      "line": .number(knob.location.line), "storage": .text(knob.storage), "type": .text(knob.type.name),
      "minimum": knob.minimum.map(JSONText.number) ?? .null, "maximum": knob.maximum.map(JSONText.number) ?? .null,
      "defaultFile": knob.defaultLocation.map { .text($0.file) },
      "defaultLine": knob.defaultLocation.map { .number($0.line) },
      "defaultNote": knob.defaultNote.map(JSONText.text), "perNamespace": knob.namespace.map(JSONText.text),
    ])
  }

  func finding(_ finding: Finding) -> JSONText {
    .members([
      "id": .text(finding.id), "severity": .text(finding.severity.rawValue), "summary": .text(finding.summary),
      "file": .orNull(finding.location?.file), "line": finding.location.map { .number($0.line) } ?? .null,
      "notes": .texts(finding.notes),
    ])
  }
}
