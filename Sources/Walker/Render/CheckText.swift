public import WalkerModel

/// A check for people: what holds in one line, and for each thing that does not, where it was, where it is, why, and what
/// to do.
public enum CheckText {
  public static func render(_ report: CheckReport, _ options: TextOptions) -> String {
    var output = ""
    for kernel in report.kernels {
      for line in KernelCheckText(kernel: kernel, options: options).lines() {
        line.write(to: &output, palette: options.palette)
      }
    }
    return output
  }
}

private struct KernelCheckText {
  let kernel: KernelReport
  let options: TextOptions

  init(kernel: KernelReport, options: TextOptions) {
    self.kernel = kernel
    self.options = options
  }

  func lines() -> [StyledLine] {
    var head = Self.mark(kernel.verdict).appending(kernel.name, .title)
    if let version = kernel.version, version != kernel.name { head.append("  Linux \(version)", .dim) }
    if let baseline = kernel.baseline { head.append("  compared with \(baseline)", .dim) }
    var lines = wrapped(head, indent: 0)
    if let problem = kernel.problem { lines += wrapped(StyledLine(problem), indent: 2) }
    lines += kernel.results.flatMap(result)
    lines += kernel.path.reasons.flatMap(path)
    lines += kernel.annotations.filter { $0.verdict != .ok }.flatMap(annotation)
    return lines + coverage() + [.empty]
  }

  private static func mark(_ verdict: CheckVerdict) -> StyledLine {
    switch verdict {
    case .ok: StyledLine("✓ ok         ", .good)
    case .review: StyledLine("~ review     ", .warning)
    case .unchecked: StyledLine("? unchecked  ", .warning)
    case .broken: StyledLine("✗ broken     ", .bad)
    }
  }

  private func wrapped(_ line: StyledLine, indent: Int, hanging: Int = 2) -> [StyledLine] {
    line.wrapped(
      to: options.textWidth, first: StyledLine(String(repeating: " ", count: indent)),
      rest: StyledLine(String(repeating: " ", count: indent + hanging)))
  }

  private func result(_ result: ResultReport) -> [StyledLine] {
    guard result.verdict != .ok else { return [] }
    var head = Self.mark(result.verdict).appending(result.id, .strong)
    head.append("  \(result.meaning.rawValue)", .dim)
    if let location = result.location { head.append("  \(location)", .dim) }
    var lines = wrapped(head, indent: 2)
    if let old = result.oldFormula, old != result.formula {
      lines += wrapped(StyledLine("was  ", .dim).appending(old), indent: 6, hanging: 5)
    }
    lines += wrapped(StyledLine("is   ", .dim).appending(result.formula), indent: 6, hanging: 5)
    if let example = result.counterexample {
      let inputs = example.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
      let (derived, claimed) = (example.derived.map { "\($0)" } ?? "never", example.claimed.map { "\($0)" } ?? "never")
      lines += wrapped(
        StyledLine("for \(inputs): ", .dim).appending(derived, .strong).appending(", era \(example.era) says ", .dim)
          .appending(claimed, .strong), indent: 6)
    }
    return lines + result.reasons.flatMap { wrapped(StyledLine($0), indent: 6) }
  }

  private func path(_ reason: PathReport.Reason) -> [StyledLine] {
    var line = Self.mark(reason.verdict).appending("the path: ", .strong).appending(reason.text)
    if let location = reason.location { line.append("  \(location)", .dim) }
    return wrapped(line, indent: 2, hanging: 4)
  }

  private func annotation(_ annotation: AnnotationReport) -> [StyledLine] {
    var head = Self.mark(annotation.verdict).appending(annotation.id, .strong).appending("  \(annotation.title)")
    head.append("  \(annotation.text.rawValue), \(annotation.meaning.rawValue)", .dim)
    var lines = wrapped(head, indent: 2)
    if let from = annotation.from {
      lines += wrapped(
        StyledLine("was  ", .dim).appending(Self.text(from)).appending("  in \(annotation.baseline ?? "")", .dim),
        indent: 6)
    }
    if let to = annotation.to { lines += wrapped(StyledLine("is   ", .dim).appending(Self.text(to)), indent: 6) }
    for place in annotation.candidates {
      lines += wrapped(StyledLine("or   ", .dim).appending(Self.text(place)), indent: 6)
    }
    lines += annotation.reasons.flatMap { wrapped(StyledLine($0), indent: 6) }
    if options.showsSource, annotation.text != .same, let code = annotation.code { lines += source(code) }
    if let advice = annotation.advice { lines += wrapped(StyledLine("→ ", .marker).appending(advice), indent: 6) }
    return lines
  }

  private static func text(_ place: CodePlace) -> String {
    (place.function.map { "\($0)  " } ?? "") + "\(place.location)"
  }

  /// The place's lines then and now, as a diff; only the new ones where the old ones are not at hand.
  private func source(_ code: CodePair) -> [StyledLine] {
    let hint = code.hint.map { wrapped(StyledLine($0, .dim), indent: 6) } ?? []
    guard let new = code.new else { return hint }
    guard let old = code.old else { return new.map { sourceLine("  ", $0, .plain) } + hint }
    let change = new.difference(from: old)
    var gone: Set<Int> = []
    var added: Set<Int> = []
    for step in change {
      switch step {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [StyledLine] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, gone.contains(left) {
        lines.append(sourceLine("- ", old[left], .bad))
        left += 1
      } else if right < new.count, added.contains(right) {
        lines.append(sourceLine("+ ", new[right], .good))
        right += 1
      } else {
        if right < new.count { lines.append(sourceLine("  ", new[right], .dim)) }
        (left, right) = (left + 1, right + 1)
      }
    }
    return lines
  }

  /// One line of source, cut where the terminal ends.
  private func sourceLine(_ mark: String, _ text: String, _ style: Style) -> StyledLine {
    var line = StyledLine("      " + mark, style)
    for character in text.replacing("\t", with: String(repeating: " ", count: options.tabWidth)) {
      guard line.width + DisplayWidth.of(character) < options.width else { break }
      line.append(String(character.isNewline || character.isASCII && character < " " ? " " : character), style)
    }
    return line
  }

  private func coverage() -> [StyledLine] {
    let coverage = kernel.coverage
    let concerned = coverage.annotations - coverage.otherEra
    var line = StyledLine("\(coverage.annotationsChecked) of \(concerned) annotations, ")
    line.append("\(coverage.resultsChecked) of \(coverage.results) results")
    if coverage.otherEra > 0 { line.append(", \(coverage.otherEra) annotations for other kernels", .dim) }
    return wrapped(line, indent: 2)
  }
}
