public import WalkerModel

/// What the results of a walk rest on, as text:
///
///     accept-queue-limit  proved
///       ✓ discharged  lock_sock()  net/ipv4/af_inet.c:235
///         lock_sock() writes none of struct socket.ops
///       ! trusted     fput()  net/socket.c:1886
///         the descriptor stays open during the call
public enum RestsOnText {
  public static func render(_ walk: Walk, _ options: TextOptions) -> String {
    var lines: [StyledLine] = []
    for result in walk.results {
      lines.append(StyledLine(result.id, .strong).appending("  \(result.proof.rawValue)", style(result.proof)))
      if result.restsOn.isEmpty { lines += wrapped(StyledLine("nothing that was not followed", .dim), 2, options) }
      for obligation in result.restsOn { lines += self.lines(obligation, options) }
      lines.append(.empty)
    }
    lines.append(StyledLine("Every walk takes for granted", .heading))
    for assumption in Assumption.all {
      lines += wrapped(StyledLine(assumption.id + "  ", .strong).appending(assumption.text), 2, options)
    }
    return options.write(lines)
  }

  private static func lines(_ obligation: Obligation, _ options: TextOptions) -> [StyledLine] {
    let (sign, style): (String, Style) =
      switch obligation.state {
      case .discharged: ("✓ discharged", .good)
      case .trusted: ("! trusted   ", .warning)
      case .open: ("? open      ", .bad)
      }
    var head = StyledLine(sign, style).appending("  \(obligation.subject)", .function)
    if !obligation.location.file.isEmpty { head.append("  \(obligation.location)", .dim) }
    let what = obligation.state == .open ? "\(obligation.why); to settle it: \(obligation.how)" : obligation.how
    return wrapped(head, 2, options) + wrapped(StyledLine(what.isEmpty ? obligation.why : what), 6, options)
  }

  private static func wrapped(_ line: StyledLine, _ indent: Int, _ options: TextOptions) -> [StyledLine] {
    line.wrapped(
      to: options.textWidth, first: StyledLine(String(repeating: " ", count: indent)),
      rest: StyledLine(String(repeating: " ", count: indent + 2)))
  }

  private static func style(_ proof: WalkResult.Proof) -> Style {
    switch proof {
    case .proved: .good
    case .refuted: .bad
    case .absent: .dim
    case .conditional, .notDerivable, .unproved: .warning
    }
  }
}
