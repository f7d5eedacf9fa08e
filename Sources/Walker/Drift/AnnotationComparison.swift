internal import WalkerModel

/// One annotation: what stands at its anchor, what it states, whoever proved what of the results.
struct AnnotationComparison {
  let annotation: Annotation
  /// Those that the annotation names as its own.
  let results: [ResultReport]
  /// The accepted kernel, and what was accepted there.
  let baseline: Baseline?
  let old: AnnotationFacts?
  let walk: Walk
  let functions: FunctionMap
  let oracle: MeaningOracle

  func compare(with new: AnnotationFacts, how: String? = nil) -> AnnotationReport {
    guard let old else { return unseen(new) }
    var reasons: [String] = []
    if let how { reasons.append("its anchor fits nothing here; found again \(how)") }
    let text = textDrift(old, new)
    var (verdict, changed) = meaning(old, new, &reasons)
    if verdict == .ok, how != nil || ![.same, .moved].contains(text) {
      verdict = .review
      reasons.append(editReason(text, old, new))
    }
    let statements = statements(&verdict, &reasons)
    changed += statements.compactMap(\.location)
    let isItsOwn = verdict > .review
    let meaning = resultMeaning(&verdict, &reasons)
    var report = report(text, meaning, verdict, new.place, reasons, changedAt: changed, statements: statements)
    if !isItsOwn, verdict > .review { report.follows = unsettled }
    return report
  }

  private func editReason(_ text: TextDrift, _ old: AnnotationFacts, _ new: AnnotationFacts) -> String {
    switch text {
    case .renamed: "\(old.function ?? "")() is now called \(new.function ?? "")()"
    case .edited: "it was edited, and is proved to mean the same"
    default: "it stands elsewhere, and means the same"
    }
  }

  private func textDrift(_ old: AnnotationFacts, _ new: AnnotationFacts) -> TextDrift {
    if old.text != new.text { return .edited }
    if old.function == new.function { return old.file == new.file ? .same : .moved }
    if let from = old.function, let to = new.function, functions.isRename(from, to: to) { return .renamed }
    return .moved
  }

  // MARK: - Meaning

  private func meaning(
    _ old: AnnotationFacts, _ new: AnnotationFacts, _ reasons: inout [String]
  ) -> (CheckVerdict, [SourceLocation]) {
    if annotation.anchor.role == .entry { return wholeFunction(old, new, &reasons) }
    guard let before = old.meaning, let now = new.meaning else {
      // Neither walk came by: the tree of the statement is all there is.
      let isSame = old.meaning == nil && new.meaning == nil
      if isSame, old.text == new.text && old.shape == new.shape || old.shape != nil && old.shape == new.shape {
        return (.ok, [])
      }
      reasons.append("what it does could not be followed, and its text is another one")
      return (.unchecked, [new.location])
    }
    let isElsewhere = old.function != new.function && !functions.isSuccessor(new.function, of: old.function)
    let comparison = PlaceComparison(role: annotation.anchor.role, oracle: oracle, isElsewhere: isElsewhere)
    var differences = comparison.differences(before, now)
    if [.clamp, .assign].contains(annotation.anchor.role), old.text == new.text, old.shape == new.shape {
      // What comes in is compared where it comes from.
      differences = []
    }
    differences += answers(before, now)
    guard !differences.isEmpty else { return (.ok, []) }
    reasons += differences.map(\.words)
    let verdict: CheckVerdict = differences.contains(where: \.isShown) ? .broken : .unchecked
    return (verdict, differences.map { $0.location ?? ($0.isLoss ? lossBefore(new) : nil) ?? new.location })
  }

  /// What is gone stood before the place: the last edit there.
  private func lossBefore(_ new: AnnotationFacts) -> SourceLocation? {
    functions.edits(of: new.function).last { $0.to.line <= new.line && !$0.contains(new.location) }?.location
  }

  /// A function as a whole: the same text, or the same acts, or all that the prose rests on.
  private func wholeFunction(
    _ old: AnnotationFacts, _ new: AnnotationFacts, _ reasons: inout [String]
  ) -> (CheckVerdict, [SourceLocation]) {
    if old.text == new.text { return (.ok, []) }
    if let before = old.meaning, before.values == new.meaning?.values { return (.ok, []) }
    let facts = walk.fingerprints.facts.filter { $0.annotation == annotation.id }
    if !facts.isEmpty, facts.allSatisfy({ $0.state == .isTrue }) {
      reasons.append("the function was edited; all that the annotation states of it is true")
      return (.review, [])
    }
    if facts.contains(where: { $0.state == .isFalse }) { return (.review, []) }
    reasons.append(
      facts.isEmpty
        ? "the function was edited, and the annotation states nothing that could be decided: say in `holds:` what it rests on"
        : "the function was edited, and what the annotation states of it could not be decided")
    return (.unchecked, functions.edits(of: new.function).map(\.location))
  }

  /// Functions that are not looked into at the place, and whose answer decides it.
  private func answers(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    var seen: Set<String> = []
    // What a result's test answers is proved, or told of the result.
    let tests = Set(walk.results.map(\.subject))
    var next = old.asks.filter { new.asks.contains($0) && !tests.contains($0) }
    var found: [MeaningDifference] = []
    while let name = next.popLast() {
      guard seen.insert(name).inserted, let before = baseline?.answers.first(where: { $0.name == name }),
        let now = walk.fingerprints.answers.first(where: { $0.name == name })
      else { continue }
      next += before.asks.filter(now.asks.contains)
      if before.value != nil, before.value == now.value || before.text == now.text { continue }
      if before.text == now.text { continue }
      if let was = before.value, let isNow = now.value {
        let (left, right) = (MeaningOracle.expression(was), MeaningOracle.expression(isNow))
        switch oracle.compare(left, right) {
        case .same: continue
        case .differs where left.atoms.isSubset(of: right.atoms) || right.atoms.isSubset(of: left.atoms):
          found.append(
            MeaningDifference(
              kind: .answer, isShown: true, words: "\(name)(), which it asks, answers otherwise", location: now.location
            ))
          continue
        default: break
        }
      }
      found.append(
        MeaningDifference(
          kind: .answer, isShown: false,
          words: "\(name)(), which it asks, was edited, and nothing proves its answer the same",
          location: now.location))
    }
    return found
  }

  /// What the annotation states and is not true here.
  private func statements(_ verdict: inout CheckVerdict, _ reasons: inout [String]) -> [FactPrint] {
    let gone = annotation.names.filter { name in
      old?.known.contains(name.text) == true && !walk.fingerprints.knownNames.contains(name.text)
    }.map { name in
      FactPrint(
        annotation: annotation.id, text: name.text, statedAt: name.location, state: .isFalse,
        why: "the kernel has no such name any more", location: nil)
    }
    let facts =
      walk.fingerprints.facts.filter { $0.annotation == annotation.id && $0.state != .isTrue } + gone
    for fact in facts {
      verdict = max(verdict, fact.state == .isFalse ? .broken : .unchecked)
      reasons.append("it states \"\(fact.text)\": \(fact.why)")
    }
    return facts
  }

  /// What it explains is said to be otherwise by a counterexample.
  private func resultMeaning(_ verdict: inout CheckVerdict, _ reasons: inout [String]) -> MeaningDrift {
    if let new = results.first(where: { $0.meaning == .new }) {
      reasons.append("\(new.id), which it explains, behaves in a new way")
      verdict = .broken
      return .new
    }
    switch verdict {
    case .broken: return .new
    case .unchecked: return .notDerivable
    case .ok, .review: return results.contains { $0.meaning == .otherEra } ? .otherEra : .same
    }
  }

  // MARK: - Places that are not there

  /// The anchor fits, and nobody has agreed to it yet.
  private func unseen(_ new: AnnotationFacts) -> AnnotationReport {
    let isProved = !annotation.anchor.eras.isEmpty && results.allSatisfy { $0.verdict <= .review }
    var verdict: CheckVerdict = isProved ? .review : .unchecked
    var reasons = [
      isProved
        ? "no accepted kernel has this annotation yet; the era that it is limited to is proved"
        : "no accepted kernel has this annotation yet"
    ]
    let statements = statements(&verdict, &reasons)
    let meaning = resultMeaning(&verdict, &reasons)
    var report = report(
      .edited, meaning, verdict, new.place, reasons, changedAt: [new.location], statements: statements)
    if !annotation.anchor.eras.isEmpty, statements.isEmpty { report.follows = unsettled }
    return report
  }

  func ambiguous(_ finding: Finding) -> AnnotationReport {
    report(
      .ambiguous, .notDerivable, .unchecked, nil,
      ["its anchor fits more than one place, and none is chosen"] + finding.notes.dropLast())
  }

  func eraUnknown() -> AnnotationReport {
    var verdict = CheckVerdict.unchecked
    var reasons = ["it is limited to an era, and which era this kernel belongs to is not proved"]
    let meaning = resultMeaning(&verdict, &reasons)
    var report = report(.same, meaning, verdict, nil, reasons)
    report.follows = unsettled ?? ""
    return report
  }

  /// The result of those that it explains which is worst off.
  private var unsettled: String? {
    results.filter { $0.verdict > .review }.max { $0.verdict < $1.verdict }?.id
  }

  func otherEra() -> AnnotationReport {
    report(
      .gone, .otherEra, .review, nil,
      [
        "it is limited to \(annotation.anchor.eras.joined(separator: ", ")), and this kernel belongs to another known era"
      ])
  }

  func refound() -> AnnotationReport {
    guard let old else {
      return report(.gone, .new, .broken, nil, ["its anchor fits nothing here, and no accepted kernel has it"])
    }
    switch Refinding(walk: walk, functions: functions).find(old) {
    case .found(let print, let how):
      return compare(with: AnnotationFacts(id: annotation.id, print), how: how)
    case .ambiguous(let prints):
      let places = prints.map { CodePlace($0.site) }
      return report(
        .ambiguous, .notDerivable, .unchecked, nil,
        ["its anchor fits nothing here, and \(places.count) places are as good as each other"], candidates: places)
    case .gone:
      let isOptional = annotation.anchor.isOptional
      return report(
        .gone, isOptional ? .otherEra : .new, isOptional ? .review : .broken, nil,
        ["the place that it explains is gone"])
    }
  }

  private func report(
    _ text: TextDrift, _ meaning: MeaningDrift, _ verdict: CheckVerdict, _ to: CodePlace?, _ reasons: [String],
    candidates: [CodePlace] = [], changedAt: [SourceLocation] = [], statements: [FactPrint] = []
  ) -> AnnotationReport {
    AnnotationReport(
      id: annotation.id, title: annotation.title, location: annotation.location, text: text, meaning: meaning,
      verdict: verdict, baseline: baseline?.kernel.name, from: old?.place, to: to, candidates: candidates,
      reasons: reasons, advice: advice(text, verdict), changedAt: changedAt, statements: statements)
  }

  private func advice(_ text: TextDrift, _ verdict: CheckVerdict) -> String? {
    switch (text, verdict) {
    case (_, .ok): nil
    case (.ambiguous, _): "narrow the anchor of \(annotation.id) with `of` or `mentions`"
    case (.gone, .broken):
      "give the anchor of \(annotation.id) its new place, limit it to the eras that have it, or remove it"
    default: nil
    }
  }
}

extension AnnotationFacts {
  var place: CodePlace { CodePlace(function: function, file: file, line: line, endLine: endLine) }
}

extension CodePlace {
  init(_ site: AnchorSite) {
    self.init(
      function: site.function, file: site.range.start.file, line: site.range.start.line, endLine: site.range.endLine)
  }
}
