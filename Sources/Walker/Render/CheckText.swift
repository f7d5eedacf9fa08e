public import WalkerModel

/// A check for people: the first line of a kernel decides; then each cause with what follows from it, its diff, and the
/// command that settles it.
///
///     7.2: ok, 26 of 26 annotations, 5 of 5 results
public enum CheckText {
  /// - Parameter showsContext: what else was edited, too.
  public static func render(_ report: CheckReport, _ options: TextOptions, showsContext: Bool = false) -> String {
    var output = ""
    for kernel in report.kernels {
      for line in KernelCheckText(kernel: kernel, options: options, showsContext: showsContext).lines() {
        line.write(to: &output, palette: options.palette)
      }
    }
    return output
  }
}

private struct KernelCheckText {
  let kernel: KernelReport
  let options: TextOptions
  let showsContext: Bool

  init(kernel: KernelReport, options: TextOptions, showsContext: Bool) {
    self.kernel = kernel
    self.options = options
    self.showsContext = showsContext
  }

  func lines() -> [StyledLine] {
    var lines = wrapped(head(), indent: 0)
    if let problem = kernel.problem { lines += wrapped(StyledLine(problem), indent: 2) }
    let isFolded = { (cause: Cause) in !showsContext && CheckWords.isKeeping(cause) }
    lines += kernel.causes.filter { !isFolded($0) }.flatMap(cause)
    lines += folded(kernel.causes.filter(isFolded))
    if showsContext {
      lines += kernel.context.flatMap { step in
        wrapped(
          StyledLine("  context  ", .dim).appending("\(step.location)  \(step.text)", .dim), indent: 0, hanging: 11)
      }
    }
    return lines
  }

  private func head() -> StyledLine {
    let style: Style =
      switch kernel.verdict {
      case .ok: .good
      case .review, .unchecked: .warning
      case .broken: .bad
      }
    return StyledLine("\(kernel.name): ", .title).appending(kernel.verdict.rawValue, style).appending(
      ", \(CheckWords.summary(kernel))")
  }

  private func wrapped(_ line: StyledLine, indent: Int, hanging: Int = 2) -> [StyledLine] {
    line.wrapped(
      to: options.textWidth, first: StyledLine(String(repeating: " ", count: indent)),
      rest: StyledLine(String(repeating: " ", count: indent + hanging)))
  }

  private func cause(_ cause: Cause) -> [StyledLine] {
    var head = Self.mark(cause.verdict)
    if let place = CheckWords.place(cause) { head = head.appending(place, .strong).appending("  ") }
    head.append(CheckWords.capped(cause.what, 300))
    var lines = wrapped(head, indent: 2)
    if let others = CheckWords.others(cause) { lines += wrapped(StyledLine(others, .dim), indent: 4) }
    if let commit = cause.commit { lines += wrapped(StyledLine("commit \(commit)", .dim), indent: 4) }
    if options.showsSource, let code = cause.code { lines += source(code) }
    if let remedy = cause.remedy { lines += wrapped(StyledLine("→ ", .marker).appending(remedy), indent: 4) }
    return lines
  }

  /// Edits that keep their meaning, in one paragraph.
  private func folded(_ causes: [Cause]) -> [StyledLine] {
    guard causes.count > 1 else { return causes.flatMap(cause) }
    let places = causes.map { cause in
      let ids = cause.consequences.map { $0.subject == .annotation ? $0.id : $0.words }
      return ids.joined(separator: ", ") + (CheckWords.place(cause).map { " (\($0))" } ?? "")
    }
    let head = Self.mark(.review).appending("edited, with the same meaning: \(places.joined(separator: "; "))")
    return wrapped(head, indent: 2)
      + wrapped(StyledLine("--context shows each with its edit and the command that settles it", .dim), indent: 4)
  }

  private static func mark(_ verdict: CheckVerdict) -> StyledLine {
    switch verdict {
    case .ok: StyledLine("✓ ", .good)
    case .review: StyledLine("~ ", .warning)
    case .unchecked: StyledLine("? ", .warning)
    case .broken: StyledLine("✗ ", .bad)
    }
  }

  /// The edited lines then and now.
  private func source(_ code: CodePair) -> [StyledLine] {
    let hint = code.hint.map { wrapped(StyledLine($0, .dim), indent: 4) } ?? []
    guard let new = code.new else { return hint }
    guard let old = code.old else { return new.map { sourceLine("  ", $0, .plain) } + hint }
    var (gone, added): (Set<Int>, Set<Int>) = ([], [])
    for step in new.difference(from: old) {
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
    var line = StyledLine("    " + mark, style)
    for character in text.replacing("\t", with: String(repeating: " ", count: options.tabWidth)) {
      guard line.width + DisplayWidth.of(character) < options.width else { break }
      line.append(String(character.isNewline || character.isASCII && character < " " ? " " : character), style)
    }
    return line
  }
}
