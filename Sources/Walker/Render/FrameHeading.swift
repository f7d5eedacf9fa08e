internal import WalkerModel

/// What stands above a frame's lines: its name and place, how it was reached, and what had to be true.
///
///     ──────────────────────────────────────────────────────────
///      2  gadget_open  drivers/widget/gadget.c:71
///         reached   through struct widget_ops.open at drivers/widget/core.c:48
///         table     gadget_ops, drivers/widget/gadget.c:120
///         because   gadget_class registers it for AF_GADGET
///         rejected  2 others, by family (--rejected lists them)
struct FrameHeading {
  let walk: Walk
  let frame: Frame
  /// Of a frame on the chain, from 1.
  let number: Int?
  let options: TextOptions
  let expressions: ExpressionText
  let parts: WalkTextParts
  let steps: StepWords

  private var words: ConditionWords { ConditionWords(walk: walk, showsSource: options.showsSource) }

  func lines() -> [StyledLine] {
    var lines = [StyledLine(String(repeating: "─", count: options.width), .rule)]
    var title = StyledLine(number.map { $0 < 10 ? " \($0)  " : "\($0)  " } ?? " ·  ", .heading)
    title.append(frame.spelling, .heading)
    title.append("  \(frame.location)", .dim)
    lines += title.wrapped(to: options.width, rest: StyledLine("    "))
    for (label, text) in facts() {
      let first = StyledLine("    " + label, .dim)
      var padded = first
      padded.pad(to: 14)
      let rest = StyledLine(String(repeating: " ", count: 14))
      lines += text.wrapped(to: options.textWidth, first: padded, rest: rest)
    }
    return lines
  }

  private func facts() -> [(label: String, text: StyledLine)] {
    let reached = frame.reachedBy
    var facts: [(String, StyledLine)] = []
    switch reached.kind {
    case .entry: facts.append(("reached", StyledLine("as the walk's entry")))
    case .direct: facts.append(("reached", StyledLine("by a call at \(reached.location)")))
    case .indirect:
      let through = reached.through.map { "through \($0)" } ?? "through a pointer"
      facts.append(("reached", StyledLine("\(through) at \(reached.location)")))
    case .test: facts.append(("reached", StyledLine("as a test that a result rests on")))
    }
    if let table = reached.table {
      let place = reached.tableLocation.map { "  \($0)" } ?? ""
      facts.append(("table", StyledLine(table, .strong).appending(place, .dim)))
    }
    if !parts.isBrief {
      for (position, evidence) in reached.evidence.enumerated() {
        facts.append((position == 0 ? "because" : "", StyledLine(evidence)))
      }
    }
    if parts.listsRejected {
      facts += rejected(reached.rejected).enumerated().map { ($0.offset == 0 ? "rejected" : "", $0.element) }
    } else if !reached.rejected.isEmpty, !parts.isBrief {
      let counts = RejectedWords.counts(reached.rejected)
      facts.append(("rejected", StyledLine(counts).appending(" (--rejected lists them)", .dim)))
    }
    if let parameter = steps.parameter { facts.append(("with", expressions.line(parameter))) }
    if let left = frame.leftBehind { facts.append(("no value", StyledLine(left, .emphasis))) }
    guard !parts.isBrief else { return facts }
    facts += conditions().enumerated().map { ($0.offset == 0 ? "given" : "", $0.element) }
    facts += exits().enumerated().map { ($0.offset == 0 ? "fails" : "", $0.element) }
    return facts
  }

  /// Candidates that were rejected for one reason stand together.
  private func rejected(_ candidates: [RejectedCandidate]) -> [StyledLine] {
    RejectedWords.byReason(candidates).map { reason in
      StyledLine(reason.tables.joined(separator: ", ")).appending(" (\(reason.why))", .dim)
    }
  }

  private func conditions() -> [StyledLine] {
    words.given(frame).map { given in
      let line = given.isSource ? StyledLine(given.text, .code) : expressions.line(given.text)
      return given.location.map { line.appending("  \($0)", .dim) } ?? line
    }
  }

  private func exits() -> [StyledLine] {
    words.fails(frame).map { fail in
      let line = StyledLine(fail.text, fail.isSource ? .code : .plain)
      return fail.location.map { line.appending("  \($0)", .dim) } ?? line
    }
  }
}
