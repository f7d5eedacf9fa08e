internal import WalkerModel

/// What stands above a frame's lines: its name and place, how it was reached, and what had to be true.
///
///     ──────────────────────────────────────────────────────────
///      2  gadget_open  drivers/widget/gadget.c:71
///         reached   through struct widget_ops.open at drivers/widget/core.c:48
///         table     gadget_ops, drivers/widget/gadget.c:120
///         because   gadget_class registers it for AF_GADGET
///         rejected  2 others: gizmo_ops (family is AF_GIZMO), …
struct FrameHeading {
  let frame: Frame
  /// Of a frame on the chain, from 1.
  let number: Int?
  let options: TextOptions
  let expressions: ExpressionText

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
    for (position, evidence) in reached.evidence.enumerated() {
      facts.append((position == 0 ? "because" : "", StyledLine(evidence)))
    }
    if !reached.rejected.isEmpty { facts.append(("rejected", rejected(reached.rejected))) }
    if let left = frame.leftBehind { facts.append(("no value", StyledLine(left, .emphasis))) }
    facts += conditions().enumerated().map { ($0.offset == 0 ? "given" : "", $0.element) }
    facts += exits().enumerated().map { ($0.offset == 0 ? "fails" : "", $0.element) }
    return facts
  }

  /// Candidates that were rejected for one reason stand together.
  private func rejected(_ candidates: [RejectedCandidate]) -> StyledLine {
    var reasons: [(why: String, tables: [String])] = []
    for candidate in candidates {
      if let known = reasons.firstIndex(where: { $0.why == candidate.why }) {
        reasons[known].tables.append(candidate.table)
      } else {
        reasons.append((candidate.why, [candidate.table]))
      }
    }
    let others = candidates.count == 1 ? "1 other: " : "\(candidates.count) others: "
    var line = StyledLine(others)
    for (position, reason) in reasons.enumerated() {
      if position > 0 { line.append("; ") }
      line.append(reason.tables.joined(separator: ", "))
      line.append(" (\(reason.why))", .dim)
    }
    return line
  }

  private func conditions() -> [StyledLine] {
    frame.pathCondition.map { condition in
      expressions.line(condition.text).appending("  \(condition.location)", .dim)
    }
  }

  private func exits() -> [StyledLine] {
    frame.exits.map { exit in
      let code = exit.returns.map { "with \($0)" } ?? "early"
      let line = StyledLine(code)
      guard options.showsSource, !exit.source.isEmpty else { return line.appending("  \(exit.location)", .dim) }
      return line.appending(" when ", .dim).appending(exit.source, .code).appending("  \(exit.location)", .dim)
    }
  }
}
