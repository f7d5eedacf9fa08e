internal import WalkerModel

/// The sentences of a verification, the same for text and Markdown.
extension Verification {
  var heading: String {
    let how = means == .boot ? "booted" : "running here"
    return "Linux \(version), \(how)\(observed.map { ": \($0)" } ?? "")"
  }
}

extension Verification.ResultSummary {
  var tried: Int { agreed + differed + unobserved }

  /// `✓ 128`, `✗ 3 of 128`, `?`.
  var cell: String {
    switch verdict {
    case .verified: "✓ \(agreed)"
    case .refuted: "✗ \(differed) of \(agreed + differed)"
    case .unchecked: "?"
    }
  }

  var sentence: String {
    var parts: [String] = []
    if agreed > 0 { parts.append("\(agreed) of \(tried) answers agree") }
    if differed > 0 { parts.append("\(differed) differ") }
    if agreed + differed == 0 { parts.append("not checked") }
    return parts.joined(separator: ", ")
  }

  /// Why some were not observed, the most frequent first; the rest is counted.
  var reasonSentences: [String] {
    let shown = reasons.prefix(4).map { "\($0.count) not observed: \($0.why)" }
    let rest = reasons.dropFirst(4).reduce(0) { $0 + $1.count }
    return rest > 0 ? shown + ["\(rest) more not observed, for other reasons"] : shown
  }
}

extension Verification.ResultSummary.Difference {
  var sentence: String {
    let inputs = inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    return "with \(inputs) the kernel has \(observed), derived was \(derived)"
  }
}

extension Verification.Verdict {
  var sign: String {
    switch self {
    case .verified: "✓"
    case .refuted: "✗"
    case .unchecked: "?"
    }
  }

  var style: Style {
    switch self {
    case .verified: .good
    case .refuted: .bad
    case .unchecked: .warning
    }
  }
}

extension ChainVerification {
  /// `✓ 6 of 7`: so many functions of the path were seen called.
  var cell: String {
    let seen = links.filter { if case .called = $0.state { true } else { false } }.count
    return links.isEmpty ? "?" : "\(verdict.sign) \(seen) of \(links.count)"
  }

  var sentence: String {
    if let failure { return "not recorded: \(failure)" }
    let seen = links.compactMap { link in if case .called = link.state { link.function } else { nil } }
    return "recorded below \(root ?? "the entry"); the derived path is seen as \(seen.joined(separator: " → "))"
  }

  /// The functions of the path that were not seen, by why.
  var remarks: [String] {
    func named(_ state: Link.State, _ words: String) -> [String] {
      let names = links.filter { $0.state == state }.map(\.function)
      return names.isEmpty ? [] : ["\(names.joined(separator: ", ")): \(words)"]
    }
    return named(.inlined, "no symbol, the compiler made it a part of its caller")
      + named(
        .copied,
        "it has a symbol and was not called: its caller stands in the same file, where the compiler may copy it in")
      + named(.untraceable, "the tracer can't see calls of it")
  }
}

extension ChainVerification.Link.State {
  var name: String {
    switch self {
    case .called: "called"
    case .inlined: "inlined"
    case .copied: "copied"
    case .untraceable: "untraceable"
    case .missing: "missing"
    }
  }
}
