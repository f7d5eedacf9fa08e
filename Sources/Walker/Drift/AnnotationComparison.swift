internal import WalkerModel

/// One annotation on both axes.
struct AnnotationComparison {
  let annotation: Annotation
  /// Those that the prose speaks about.
  let results: [ResultReport]
  /// The accepted kernel, and what was accepted there.
  let baseline: String?
  let old: AnnotationFacts?
  let walk: Walk
  let functions: FunctionMap
  /// What the results quantify over, where all of them are proved the same.
  let covered: Set<String>

  func compare(with new: AnnotationFacts, how: String? = nil) -> AnnotationReport {
    guard let old else { return unseen(new) }
    var reasons: [String] = []
    let text = textDrift(old, new, &reasons)
    if let how { reasons.insert("its anchor fits nothing here; found again \(how)", at: 0) }
    let conditions = conditionDrift(old, new)
    reasons += conditions.reasons.map(Self.sentence)
    var meaning = resultMeaning(&reasons)
    if conditions.verdict == .broken { meaning = .new }
    let isKept = text == .same || text == .moved
    var verdict: CheckVerdict
    switch meaning {
    case .new: verdict = .broken
    case .notDerivable: verdict = .unchecked
    case .same, .otherEra:
      if isKept {
        verdict = max(how == nil ? .ok : .review, flowVerdict(old, new, &reasons))
      } else if text == .renamed {
        verdict = .review
      } else {
        verdict = editVerdict(old, new, &reasons)
      }
    }
    verdict = max(verdict, conditions.verdict)
    return report(text, meaning, verdict, new.place, reasons)
  }

  // MARK: - Text

  private func textDrift(_ old: AnnotationFacts, _ new: AnnotationFacts, _ reasons: inout [String]) -> TextDrift {
    if old.text != new.text {
      reasons.append("the text was edited")
      return .edited
    }
    let (before, now) = (old.uses.filter(counts), new.uses.filter(counts))
    if Set(before) != Set(now) {
      reasons.append("the text is the same, but what it depends on changed: \(Self.changes(before, now))")
      return .edited
    }
    if old.expansion != new.expansion || old.expansion == nil && old.shape != new.shape {
      reasons.append("the text is the same, but a macro or a type in it has changed")
      return .edited
    }
    if old.function == new.function { return old.file == new.file ? .same : .moved }
    if let from = old.function, let to = new.function, functions.isRename(from, to: to) {
      reasons.append("the function \(from)() is now called \(to)()")
      return .renamed
    }
    return .moved
  }

  /// A function that the walk entered is compared in its own right.
  private func counts(_ use: String) -> Bool {
    let words = use.split(separator: " ")
    guard words.first == "inline", words.count > 1 else { return true }
    return !functions.isWalked(String(words[1]))
  }

  /// `field struct widget.room u32 became field struct widget.room u16`.
  private static func changes(_ old: [String], _ new: [String]) -> String {
    var gone = Set(old).subtracting(new).sorted()
    var parts: [String] = []
    for added in Set(new).subtracting(old).sorted() {
      let key = added.split(separator: " ").dropLast()
      if let twin = gone.firstIndex(where: { $0.split(separator: " ").dropLast().elementsEqual(key) }) {
        parts.append("\(gone.remove(at: twin)) became \(added.split(separator: " ").last ?? "")")
      } else {
        parts.append("now \(added)")
      }
    }
    return (parts + gone.map { "no longer \($0)" }).joined(separator: "; ")
  }

  // MARK: - Meaning

  private func resultMeaning(_ reasons: inout [String]) -> MeaningDrift {
    if let new = results.first(where: { $0.meaning == .new }) {
      reasons.append("it speaks about \(new.id), which behaves in a new way")
      return .new
    }
    if let open = results.first(where: { $0.meaning == .notDerivable }) {
      reasons.append("it speaks about \(open.id), which could not be derived or proved")
      return .notDerivable
    }
    return results.contains { $0.meaning == .otherEra } ? .otherEra : .same
  }

  /// The conditions of the place's own function count; those above it are the path's. One that moved up or down the chain
  /// is still there.
  private func conditionDrift(_ old: AnnotationFacts, _ new: AnnotationFacts) -> ConditionDrift {
    let (before, now) = (Set(old.given.map(\.text)), Set(new.given.map(\.text)))
    let (home, place) = (functions.old(old.function), functions.new(new.function))
    let isWalked = !(old.given + new.given).contains(where: \.isStructural)
    return ConditionDrift(
      gone: old.given.filter { !now.contains($0.text) && $0.stands(in: home) },
      added: new.given.filter { !before.contains($0.text) && $0.stands(in: place) },
      worst: isWalked ? .broken : .unchecked, functions: functions, covered: covered)
  }

  /// Same text, and the walk computes something else there, or variables get their values in another way.
  private func flowVerdict(_ old: AnnotationFacts, _ new: AnnotationFacts, _ reasons: inout [String]) -> CheckVerdict {
    guard annotation.anchor.role != .entry, annotation.anchor.role != .table else { return .ok }
    if let before = old.value, let now = new.value {
      if before == now || isCovered(new) { return .ok }
      reasons.append("the text is the same, but the walk computes something else there: \(before) became \(now)")
      return .unchecked
    }
    if old.value == nil, new.value == nil, old.shape == new.shape { return .ok }
    if old.value != nil || new.value != nil, isCovered(new) { return .ok }
    reasons.append("the text is the same, but variables in it get their values in another way")
    return .unchecked
  }

  /// The place is a part of what was derived and proved.
  private func isCovered(_ new: AnnotationFacts) -> Bool {
    let site = walk.fingerprints.sites.first {
      $0.site.range.start.file == new.file && $0.site.range.start.line == new.line && $0.site.role.rawValue == new.role
        && $0.site.function == new.function
    }
    return (site?.site.isTracked ?? false) && new.value != nil && !results.isEmpty
  }

  /// Edited text: is it shown that it says the same?
  private func editVerdict(_ old: AnnotationFacts, _ new: AnnotationFacts, _ reasons: inout [String]) -> CheckVerdict {
    if let value = old.value, value == new.value {
      reasons.append("what the walk computes there is the same")
      return .review
    }
    if let shape = old.shape, shape == new.shape, old.uses == new.uses {
      reasons.append("macros expanded and local names aside, it is the same code")
      return .review
    }
    let decides: [Anchor.Role] = [.clamp, .assign, .store, .returned]
    if decides.contains(annotation.anchor.role) && isCovered(new)
      || annotation.anchor.role == .declaration && !annotation.anchor.results.isEmpty
    {
      reasons.append("it is part of what was proved of \(results.map(\.id).joined(separator: ", "))")
      return .review
    }
    reasons.append("no proved result covers it")
    return .unchecked
  }

  // MARK: - Places that are not there

  /// The anchor fits, and nobody has agreed to it yet.
  private func unseen(_ new: AnnotationFacts) -> AnnotationReport {
    var reasons = ["no accepted kernel has this annotation yet"]
    let meaning = resultMeaning(&reasons)
    let isProved = !annotation.anchor.eras.isEmpty && (meaning == .same || meaning == .otherEra)
    if isProved { reasons.append("the era that it is limited to is proved") }
    let verdict: CheckVerdict = meaning == .new ? .broken : isProved ? .review : .unchecked
    return report(.edited, meaning, verdict, new.place, reasons)
  }

  func ambiguous(_ finding: Finding) -> AnnotationReport {
    var reasons = ["its anchor fits more than one place, and none is chosen"] + finding.notes.dropLast()
    let meaning = resultMeaning(&reasons)
    return report(.ambiguous, meaning, meaning == .new ? .broken : .unchecked, nil, reasons)
  }

  func eraUnknown() -> AnnotationReport {
    var reasons = ["it is limited to an era, and which era this kernel belongs to is not proved"]
    let meaning = resultMeaning(&reasons)
    return report(.same, meaning == .new ? .new : .notDerivable, meaning == .new ? .broken : .unchecked, nil, reasons)
  }

  func otherEra() -> AnnotationReport {
    report(
      .gone, .otherEra, .review, nil,
      [
        "it is limited to \(annotation.anchor.eras.joined(separator: ", ")), and this kernel belongs to another known era"
      ])
  }

  func refound() -> AnnotationReport {
    var reasons: [String] = []
    guard let old else {
      let meaning = resultMeaning(&reasons)
      return report(
        .gone, meaning, .broken, nil, ["its anchor fits nothing here, and no accepted kernel has it"] + reasons)
    }
    switch Refinding(walk: walk, functions: functions).find(old) {
    case .found(let print, let how):
      return compare(with: AnnotationFacts(id: annotation.id, print), how: how)
    case .ambiguous(let prints):
      let meaning = resultMeaning(&reasons)
      let places = prints.map { CodePlace($0.site) }
      return report(
        .ambiguous, meaning, meaning == .new ? .broken : .unchecked, nil,
        ["its anchor fits nothing here, and \(places.count) places are as good as each other"] + reasons,
        candidates: places)
    case .gone:
      let meaning = resultMeaning(&reasons)
      if isPartOfProof(old), meaning == .same || meaning == .otherEra {
        return report(
          .gone, meaning, .review, nil,
          ["the place that it explains is gone, but what becomes of the value is proved the same"])
      }
      let verdict: CheckVerdict =
        annotation.anchor.isOptional && (meaning == .same || meaning == .otherEra) ? .review : .broken
      return report(.gone, meaning, verdict, nil, ["the place that it explains is gone"] + reasons)
    }
  }

  /// A step of the followed value between its sources and its results; the results say what came of it.
  private func isPartOfProof(_ old: AnnotationFacts) -> Bool {
    let isStep: Bool = [.guardBranch, .clamp, .assign].contains(annotation.anchor.role)
    return isStep && !results.isEmpty && (old.value ?? "").split { !$0.isLetter }.contains("value")
  }

  private func report(
    _ text: TextDrift, _ meaning: MeaningDrift, _ verdict: CheckVerdict, _ to: CodePlace?, _ reasons: [String],
    candidates: [CodePlace] = []
  ) -> AnnotationReport {
    AnnotationReport(
      id: annotation.id, title: annotation.title, location: annotation.location, text: text, meaning: meaning,
      verdict: verdict, baseline: baseline, from: old?.place, to: to, candidates: candidates, reasons: reasons,
      advice: advice(text, meaning, verdict))
  }

  private func advice(_ text: TextDrift, _ meaning: MeaningDrift, _ verdict: CheckVerdict) -> String? {
    if verdict == .ok { return nil }
    switch (text, meaning) {
    case (.ambiguous, _): return "narrow its anchor with `of` or `mentions`"
    case (.gone, .otherEra): return "nothing, if the annotations of the other era say what is true here"
    case (.gone, _): return "give the anchor its new place, limit it to the eras that have it, or remove it"
    case (_, .new): return "correct the prose, or add the new behaviour as an era"
    default: return "read prose and code side by side: walker accept --kernel K \(annotation.id)"
    }
  }

  private static func sentence(_ reason: PathReport.Reason) -> String {
    reason.text + (reason.location.map { ", \($0)" } ?? "")
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
