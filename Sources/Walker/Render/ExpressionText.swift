internal import WalkerModel

/// Expressions and steps as walker words them, with the followed value standing out.
struct ExpressionText {
  /// The names under which the followed value goes.
  let tracked: Set<String>

  func line(_ expression: String) -> StyledLine {
    var line = StyledLine()
    var rest = expression[...]
    while let first = rest.first {
      let isName = first.isLetter || first == "_"
      let piece = rest.prefix { ($0.isLetter || $0 == "_" || (isName && $0.isNumber)) == isName }
      line.append(String(piece), isName && tracked.contains(String(piece)) ? .tracked : .value)
      rest = rest[piece.endIndex...]
    }
    return line
  }

  /// `⇒ size = min((u32) size, (u32) cap)`
  func step(_ step: ValueStep, _ words: StepWords) -> StyledLine {
    let arrow = StyledLine("⇒ ", .value)
    let value = line(words.text(step))
    switch step.kind {
    case .clamp, .assign, .narrow, .store:
      guard let target = step.target else { return arrow.appending(value) }
      let name = StyledLine(target, tracked.contains(target) ? .tracked : .plain)
      return arrow.appending(name).appending(" = ", .dim).appending(value)
    case .guardBranch: return arrow.appending("decides on ", .dim).appending(value)
    case .returned: return arrow.appending("returns ", .dim).appending(value)
    case .call:
      return arrow.appending("hands ", .dim).appending(value).appending(" to ", .dim)
        .appending((step.target ?? "a function") + "()", .function)
    }
  }
}
