internal import WalkerModel

/// What stands around the chain: the answer and the results before it; where the value ends up, knobs, open ends,
/// findings and the coverage after it.
struct SummaryText {
  let walk: Walk
  let options: TextOptions
  let expressions: ExpressionText
  private let numbers: ResultNumbers

  init(walk: Walk, options: TextOptions, expressions: ExpressionText) {
    self.walk = walk
    self.options = options
    self.expressions = expressions
    numbers = ResultNumbers(walk)
  }

  func answer() -> [StyledLine] {
    let answer = AnswerSentence(numbers)
    let line = StyledLine(answer.isProved ? "✓ " : "? ", answer.isProved ? .good : .warning)
    return line.appending(answer.text, .strong).wrapped(to: options.textWidth, rest: StyledLine("  "))
  }

  func results() -> [StyledLine] {
    let inputs = numbers.shownInputs.map { "\($0.name) = \($0.number)" }
    let boot = walk.resultInputs.filter { $0.role == .knob && numbers.known[$0] == nil }.map {
      "\(walk.fullName(of: $0)) as computed at boot"
    }
    let lead = wrapped(StyledLine("for \((inputs + boot).joined(separator: ", "))", .dim), indent: 2)
    return section("Results", walk.results.isEmpty ? [] : lead + walk.results.flatMap(result))
  }

  func evidence() -> [StyledLine] {
    [StyledLine(String(repeating: "═", count: options.width), .rule)]
      + section("Where the value ends up", reaches())
      + section("Knobs", walk.knobs.flatMap(knob))
      + section("Open ends", openEnds())
      + section("Findings", walk.findings.flatMap(finding))
  }

  func end() -> [StyledLine] {
    [StyledLine(String(repeating: "─", count: options.width), .rule)] + coverage().wrapped(to: options.width)
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
    switch numbers.outcome(of: result) {
    case .number(let number):
      let isError = if case .isError = result.kind.measure { true } else { false }
      title = title.appending(isError ? ": " : " = ", .dim).appending(walk.text(number, of: result), .strong)
    case .open(let formula, _): title = title.appending(" = ", .dim).appending(formula, .strong)
    case .never where result.proof != .absent: title.append("  never, with these numbers")
    case .never, .none: break
    }
    var lines = wrapped(title, indent: 2)
    if let words = result.title { lines += wrapped(InlineMarkdown(tracked: []).line(words), indent: 4) }
    if result.hasFormula {
      let words = FormulaWords(walk.formulaText(of: result))
      lines += wrapped(StyledLine("= ", .dim).appending(expressions.line(words.formula)), indent: 4)
      for (position, definition) in words.definitions.enumerated() {
        let label = StyledLine(position == 0 ? "where " : "and ", .dim)
        lines += wrapped(label.appending(expressions.line(definition)), indent: 6)
      }
      if let edge = words.edge { lines += wrapped(StyledLine(edge, .dim), indent: 6) }
    }
    for reservation in numbers.reservations(of: result) {
      lines += wrapped(StyledLine(reservation, .warning), indent: 4)
    }
    lines += wrapped(
      StyledLine(verdict).appending(" · \(result.subject)", .dim).appending(place(result), .dim), indent: 4)
    if let agreement = ResultWords.agreement(of: result, in: walk) {
      lines += wrapped(StyledLine(agreement, .dim), indent: 4)
    }
    if let counts = RestsWords(result: result).counts {
      lines += wrapped(StyledLine("rests on \(counts) (--rests-on lists them)", .dim), indent: 4)
    }
    if let example = result.counterexample {
      lines += wrapped(StyledLine("for " + walk.counterexampleText(example, of: result)), indent: 4)
    }
    if let undefined = result.undefinedWhen {
      lines += wrapped(StyledLine("C gives no value when ", .dim).appending(undefined), indent: 4)
    }
    if let relapse = result.relapse { lines += wrapped(self.relapse(relapse), indent: 4) }
    let reserved = Set(numbers.givens(of: result).filter { $0.holds != true }.map(\.assumption))
    let given = ConditionWords.short(result.assumptions.filter { !reserved.contains($0) })
    if !given.isEmpty {
      var line = StyledLine("given ", .dim)
      for (position, assumption) in given.enumerated() {
        if position > 0 { line.append(", ", .dim) }
        line.append(expressions.line(assumption))
      }
      lines += wrapped(line, indent: 4)
    }
    return lines
  }

  private func place(_ result: WalkResult) -> String { result.location.map { "  \($0)" } ?? "" }

  private func verdict(of result: WalkResult) -> (sign: String, style: Style, text: String) {
    let era = result.era.map { " (era \($0))" } ?? ""
    return switch result.proof {
    case .proved: ("✓", .good, "proved equal to its claim for every input\(era)")
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

  /// Places that hold the same stand together.
  private func reaches() -> [StyledLine] {
    ReachWords.grouped(walk.reaches).flatMap { group in
      let formula = wrapped(StyledLine("= ", .dim).appending(expressions.line(group.formula)), indent: 4)
      return group.places.flatMap { place in
        var line = StyledLine(place.field, .strong).appending("  \(place.function)(), \(place.location)", .dim)
        if !place.onPath { line.append(", beside the path", .dim) }
        return wrapped(line, indent: 2, hanging: 4)
      } + formula
    }
  }

  private func knob(_ knob: Knob) -> [StyledLine] {
    var line = StyledLine(knob.name, .strong)
    if !knob.name.hasSuffix("." + knob.variable) { line.append(" (\(knob.variable) in formulas)", .dim) }
    switch (knob.defaultValue, knob.defaultFormula) {
    case (let value?, _): line = line.appending("  default ", .dim).appending("\(value)")
    case (nil, let formula?): line = line.appending("  default at boot ", .dim).appending(formula)
    case (nil, nil): line.append("  default not known\(knob.defaultNote.map { ": " + $0 } ?? "")", .dim)
    }
    let minimum = knob.minimum.map { "\($0)" } ?? "\(knob.type.minimum)"
    let maximum = knob.maximum.map { "\($0)" } ?? "\(knob.type.maximum)"
    line.append("  range \(minimum) to \(maximum)")
    if knob.minimum == nil, knob.maximum == nil { line.append(", all of \(knob.type.name)", .dim) }
    if let namespace = knob.namespace { line.append("  one for each \(namespace) namespace", .dim) }
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
