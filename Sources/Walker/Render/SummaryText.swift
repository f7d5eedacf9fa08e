internal import WalkerModel

/// What follows the chain: results, where the value ends up, knobs, open ends, findings and the coverage.
struct SummaryText {
  let walk: Walk
  let options: TextOptions
  let expressions: ExpressionText

  func lines() -> [StyledLine] {
    [StyledLine(String(repeating: "═", count: options.width), .rule)]
      + section("Results", walk.results.flatMap(result))
      + section("Where the value ends up", walk.reaches.flatMap(reach))
      + section("Knobs", walk.knobs.flatMap(knob))
      + section("Open ends", openEnds())
      + section("Findings", walk.findings.flatMap(finding))
      + [StyledLine(String(repeating: "─", count: options.width), .rule)]
      + coverage().wrapped(to: options.width)
  }

  private func section(_ title: String, _ lines: [StyledLine]) -> [StyledLine] {
    guard !lines.isEmpty else { return [] }
    return [StyledLine(title, .heading)] + lines + [.empty]
  }

  private func wrapped(_ line: StyledLine, indent: Int, hanging: Int = 2) -> [StyledLine] {
    line.wrapped(
      to: options.textWidth, first: StyledLine(String(repeating: " ", count: indent)),
      rest: StyledLine(String(repeating: " ", count: indent + hanging)))
  }

  private func result(_ result: WalkResult) -> [StyledLine] {
    let (sign, style, verdict) = verdict(of: result)
    var title = StyledLine(sign + " ", style).appending(result.id, .strong)
    title.append("  \(result.subject)", .dim)
    if let location = result.location { title.append("  \(location)", .dim) }
    var lines = wrapped(title, indent: 2)
    if result.derivation != nil || ![.notDerivable, .absent].contains(result.proof) {
      lines += wrapped(StyledLine("= ", .dim).appending(expressions.line(result.formula)), indent: 4)
    }
    lines += wrapped(StyledLine(verdict), indent: 4)
    if let example = result.counterexample { lines += wrapped(counterexample(example), indent: 4) }
    if let undefined = result.undefinedWhen {
      lines += wrapped(StyledLine("C gives no value when ", .dim).appending(undefined), indent: 4)
    }
    if let relapse = result.relapse { lines += wrapped(self.relapse(relapse), indent: 4) }
    for assumption in result.assumptions {
      lines += wrapped(StyledLine("given ", .dim).appending(expressions.line(assumption)), indent: 4)
    }
    return lines
  }

  private func verdict(of result: WalkResult) -> (sign: String, style: Style, text: String) {
    let era = result.era.map { "era \($0)" } ?? "no era"
    return switch result.proof {
    case .proved: ("✓", .good, "\(era), proved equal to its claim for every input")
    case .conditional: ("?", .warning, "conditional: " + ResultWords.condition(result))
    case .refuted: ("✗", .bad, "a new behaviour: no era's claim is right")
    case .notDerivable: ("?", .warning, result.formula)
    case .absent: ("–", .dim, result.formula)
    case .unproved: ("?", .warning, "not proved: nothing is claimed, or the prover did not decide it in time")
    }
  }

  private func relapse(_ relapse: Relapse) -> StyledLine {
    let inputs = relapse.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    let place = inputs.isEmpty ? "" : " (for \(inputs))"
    return StyledLine(
      "not monotone: full at \(relapse.full) and not at \(relapse.notFull)\(place); the first full length is given",
      .warning)
  }

  private func counterexample(_ example: Counterexample) -> StyledLine {
    let inputs = example.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    let derived = example.derived.map { "\($0)" } ?? "never"
    let claimed = example.claimed.map { "\($0)" } ?? "never"
    return StyledLine("for \(inputs): ").appending(derived, .strong)
      .appending(", era \(example.era) says ", .dim).appending(claimed, .strong)
  }

  private func reach(_ reach: Reach) -> [StyledLine] {
    var line = StyledLine(reach.field, .strong).appending(" = ", .dim).appending(expressions.line(reach.formula))
    line.append("  \(reach.function)(), \(reach.location)", .dim)
    if !reach.onPath { line.append(", beside the path", .dim) }
    return wrapped(line, indent: 2, hanging: 4)
  }

  private func knob(_ knob: Knob) -> [StyledLine] {
    var line = StyledLine(knob.name, .strong)
    if !knob.name.hasSuffix("." + knob.variable) { line.append(" (\(knob.variable) in formulas)", .dim) }
    switch (knob.defaultValue, knob.defaultFormula) {
    case (let value?, _): line = line.appending("  default ", .dim).appending("\(value)")
    case (nil, let formula?): line = line.appending("  default at boot ", .dim).appending(formula)
    case (nil, nil): line.append("  default not known", .dim)
    }
    let minimum = knob.minimum.map { "\($0)" } ?? "\(knob.type.minimum)"
    let maximum = knob.maximum.map { "\($0)" } ?? "\(knob.type.maximum)"
    line.append("  range \(minimum) to \(maximum)")
    if knob.minimum == nil, knob.maximum == nil { line.append(", all of \(knob.type.name)", .dim) }
    line.append("  \(knob.location)", .dim)
    return wrapped(line, indent: 2, hanging: 4)
  }

  private func openEnds() -> [StyledLine] {
    guard !walk.openEnds.isEmpty else { return [] }
    let meaning = StyledLine("calls that receive the value and were not entered; nothing is claimed past them", .dim)
    return wrapped(meaning, indent: 2, hanging: 0) + walk.openEnds.flatMap(openEnd)
  }

  private func openEnd(_ end: OpenEnd) -> [StyledLine] {
    let line = StyledLine(end.call + "()", .function).appending("  \(end.location)", .dim)
    return wrapped(end.why.isEmpty ? line : line.appending("  \(end.why)"), indent: 2, hanging: 4)
  }

  private func finding(_ finding: Finding) -> [StyledLine] {
    let style: Style =
      switch finding.severity {
      case .error: .bad
      case .warning: .warning
      case .note: .strong
      }
    var line = StyledLine(finding.severity.rawValue + ": ", style).appending(finding.summary)
    if let location = finding.location { line.append("  \(location)", .dim) }
    return wrapped(line, indent: 2) + finding.notes.flatMap { wrapped(StyledLine($0), indent: 6) }
      + wrapped(StyledLine("[\(finding.id)]", .dim), indent: 6)
  }

  private func coverage() -> StyledLine {
    let coverage = walk.coverage
    let concerned = coverage.annotations - coverage.otherEra
    let isWhole = coverage.unbound == 0 && coverage.bound > 0
    var line = StyledLine("annotations ", .dim)
    line.append("\(coverage.bound) of \(concerned) bound", isWhole ? .good : .bad)
    if coverage.otherEra > 0 { line.append(", \(coverage.otherEra) for other kernels", .dim) }
    let proved = walk.results.count { $0.proof == .proved }
    line.append(" · results ", .dim)
    let absent = walk.results.count { $0.proof == .absent }
    let present = walk.results.count - absent
    line.append("\(proved) of \(present) proved", proved == present ? .good : .warning)
    if absent > 0 { line.append(", \(absent) for other kernels", .dim) }
    return line.appending(" · \(walk.files.count) files read", .dim)
  }
}
