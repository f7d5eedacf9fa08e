internal import WalkerModel

/// The words that all forms of a check have in common.
enum CheckWords {
  /// `26 of 26 annotations, 5 of 5 results`, or how many causes there are and the first of them.
  static func summary(_ kernel: KernelReport) -> String {
    let coverage = kernel.coverage
    let concerned = coverage.annotations - coverage.otherEra
    let counts =
      "\(coverage.annotationsChecked) of \(concerned) annotations, \(coverage.resultsChecked) of \(coverage.results) results"
    guard kernel.verdict != .ok, !kernel.causes.isEmpty else { return counts }
    let causes = kernel.causes.filter { !isKeeping($0) }
    guard let first = causes.first else {
      let number =
        kernel.causes.count == 1 ? "1 edit keeps its meaning" : "\(kernel.causes.count) edits keep their meaning"
      return "\(number) (\(counts))"
    }
    let number = causes.count == 1 ? "1 change" : "\(causes.count) changes"
    return "\(number): \(capped(first.what, 160)) (\(counts))"
  }

  /// An edit at which everything that is compared is proved the same, or stated and true: it wants no more than a look.
  static func isKeeping(_ cause: Cause) -> Bool {
    cause.verdict == .review
      && cause.consequences.allSatisfy { [.annotation, .way, .counter].contains($0.subject) }
  }

  /// `net/widget.c:48 widget_open()`
  static func place(_ cause: Cause) -> String? {
    if let to = cause.to { return "\(to.file):\(to.line)" + (to.function.map { " \($0)()" } ?? "") }
    return cause.from.map { "\($0.file):\($0.line) of \(cause.baseline ?? "the accepted kernel")" }
  }

  /// What follows besides the headline.
  static func others(_ cause: Cause) -> String? {
    let rest = cause.consequences.dropFirst()
    guard !rest.isEmpty else { return nil }
    let words = rest.map { consequence in
      let head = consequence.subject == .annotation || consequence.subject == .statement ? "annotation " : ""
      let name = [.knob, .counter, .way].contains(consequence.subject) ? "" : "\(head)\(consequence.id): "
      return "\(name)\(consequence.words)"
    }
    return "and so: " + capped(words.joined(separator: "; "), 400)
  }

  /// At most so many characters, cut between words.
  static func capped(_ text: String, _ limit: Int) -> String {
    guard text.count > limit else { return text }
    let cut = text.prefix(limit)
    return String(cut[..<(cut.lastIndex(of: " ") ?? cut.endIndex)]) + " …"
  }
}
