public import WalkerModel

/// One kernel's walk against the accepted ones.
public struct Comparison {
  let walkthrough: Walkthrough
  let walk: Walk
  /// The accepted kernels, the most alike first.
  let baselines: [Baseline]
  let renames: [String: String]
  let current: Baseline

  /// - Parameter renames: new names of functions that were found by their text outside of the walk, by the old ones.
  public init(_ walk: Walk, _ walkthrough: Walkthrough, against lock: Lock, renames: [String: String] = [:]) {
    self.walk = walk
    self.walkthrough = walkthrough
    self.renames = renames
    let current = Baseline(walk, walkthrough)
    self.current = current
    let ranked = lock.baselines.map { ($0, Self.likeness($0, current)) }
    baselines = ranked.sorted { ($0.1, $0.0.kernel.name) > ($1.1, $1.0.kernel.name) }.map(\.0)
  }

  private static func likeness(_ old: Baseline, _ new: Baseline) -> Int {
    let texts = Set(new.annotations.map { "\($0.id) \($0.text)" } + new.functions.map { "\($0.name) \($0.text)" })
    let eras = Set(new.results.map { "\($0.id) \($0.era ?? "")" })
    return old.annotations.count { texts.contains("\($0.id) \($0.text)") }
      + old.functions.count { texts.contains("\($0.name) \($0.text)") }
      + old.results.count { eras.contains("\($0.id) \($0.era ?? "")") }
  }

  public func report() -> KernelReport {
    let results = walk.results.map(result)
    let meanings = Dictionary(results.map { ($0.id, $0) }) { first, _ in first }
    let annotations = walkthrough.annotations.compactMap { annotation($0, meanings) }
    let otherEra = walkthrough.annotations.count - annotations.count
    return KernelReport(
      name: walk.kernel.name, version: walk.kernel.version, baseline: baselines.first?.kernel.name,
      annotations: annotations, results: results, path: path(covered: covered(meanings)),
      coverage: KernelReport.Coverage(
        annotations: walkthrough.annotations.count,
        annotationsChecked: annotations.count { $0.verdict != .unchecked },
        annotationsFound: annotations.count { $0.to != nil }, otherEra: otherEra, results: results.count,
        resultsChecked: results.count { $0.verdict != .unchecked }),
      problem: nil,
      valuePath: walk.frames.flatMap { frame in
        [KernelReport.Step(location: frame.location, text: "\(frame.function)()")]
          + frame.steps.map {
            KernelReport.Step(location: $0.location, text: "\($0.kind.rawValue) \($0.target ?? ""): \($0.text)")
          }
      })
  }

  /// Functions that the walkthrough names, that the accepted kernel has, and that this one does not have by that name.
  public var lost: [LostFunction] {
    guard let nearest = baselines.first else { return [] }
    let here = Set(walk.fingerprints.functions.map(\.name))
    let named = walkthrough.functionNames
    let files = Set(nearest.functions.map(\.location.file)).sorted()
    return nearest.functions.filter { named.contains($0.name) && !here.contains($0.name) }.map {
      LostFunction(name: $0.name, file: $0.location.file, text: $0.text, sketch: $0.sketch, near: files)
    }
  }

  /// The functions that the accepted kernel has.
  public var knownFunctions: [String] { baselines.first?.functions.map(\.name) ?? [] }

  // MARK: - Results

  private func result(_ result: WalkResult) -> ResultReport {
    let found = baselines.lazy.compactMap { baseline in
      baseline.results.first { $0.id == result.id }.map { (baseline.kernel.name, $0) }
    }.first
    let old = found?.1
    var reasons: [String] = []
    var (meaning, verdict): (MeaningDrift, CheckVerdict)
    switch result.proof {
    case .proved where old == nil:
      (meaning, verdict) = (.same, .review)
      reasons.append("no accepted kernel has this result yet")
    case .proved where old?.era == result.era:
      (meaning, verdict) = (.same, .ok)
    case .proved:
      (meaning, verdict) = (.otherEra, .review)
      let before = old?.era.map { "era \($0)" } ?? "no known era"
      reasons.append("the kernel belongs to the known era \(result.era ?? ""), the accepted one to \(before)")
    case .refuted:
      (meaning, verdict) = (.new, .broken)
      reasons.append("no era's claim is right for this kernel: it behaves in a new way")
    case .conditional:
      (meaning, verdict) = (.notDerivable, .unchecked)
      let open = result.openObligations.first.map { "\($0.subject) \($0.why), \($0.location)" } ?? "an open obligation"
      reasons.append("its proof waits for something that was not followed: \(open)")
    case .notDerivable:
      (meaning, verdict) = (.notDerivable, .unchecked)
      reasons.append(result.formula)
    case .absent where old?.era == nil:
      (meaning, verdict) = (.same, .ok)
    case .absent:
      (meaning, verdict) = (.notDerivable, .unchecked)
      reasons.append("\(result.formula), which the accepted kernel had: it is gone, or has another name")
    case .unproved:
      (meaning, verdict) = (.notDerivable, .unchecked)
      reasons.append("nothing proves or refutes a claim for this kernel")
    }
    if let old, result.proof == .proved {
      for (worst, why) in Self.retyped(from: old.inputs, to: ResultFacts.inputs(of: result)) {
        verdict = max(verdict, worst)
        reasons.append(why)
      }
    }
    return ResultReport(
      id: result.id, meaning: meaning, verdict: verdict, era: result.era, formula: result.formula, baseline: found?.0,
      oldEra: old?.era, oldFormula: old?.formula, counterexample: result.counterexample, location: result.location,
      reasons: reasons)
  }

  /// Inputs that hold other numbers than before: a claim that is proved for all of them says nothing of those that are gone.
  private static func retyped(from old: [String], to new: [String]) -> [(CheckVerdict, String)] {
    func types(_ inputs: [String]) -> [String: String] {
      let pairs = inputs.map { $0.split(separator: " ").map(String.init) }.filter { $0.count == 2 }
      return Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
    }
    let now = types(new)
    return types(old).sorted { $0.key < $1.key }.compactMap { name, before in
      guard let after = now[name], after != before, let wide = IntegerType(name: before),
        let type = IntegerType(name: after)
      else { return nil }
      return type.holds(all: wide)
        ? (.review, "\(name) was \(before) and is \(after): it holds more numbers than before")
        : (.unchecked, "\(name) was \(before) and is \(after): not every number that it held is there any more")
    }
  }

  /// The inputs of the results, as conditions name them, where all results that there are are proved as accepted.
  func covered(_ results: [String: ResultReport]) -> Set<String> {
    let isProved = walk.results.allSatisfy { result in
      (result.proof == .proved || result.proof == .absent) && results[result.id]?.meaning == .same
    }
    guard isProved, walk.results.contains(where: { $0.proof == .proved }) else { return [] }
    return Set(["value"] + walk.knobs.map(\.name))
  }

  // MARK: - Annotations

  /// Nil where the annotation is for other kernels, now and when it was accepted.
  private func annotation(_ annotation: Annotation, _ results: [String: ResultReport]) -> AnnotationReport? {
    let bound = current.annotations.first { $0.id == annotation.id }
    let known = accepted(annotation.id, like: bound)
    let concerned =
      annotation.anchor.results.isEmpty
      ? walkthrough.results.map(\.id) : annotation.anchor.results
    let subject = AnnotationComparison(
      annotation: annotation, results: concerned.compactMap { results[$0] }, baseline: known?.kernel, old: known?.facts,
      walk: walk, functions: FunctionMap(known?.functions ?? [], walk, renames: renames), covered: covered(results))
    if let bound { return subject.compare(with: bound) }
    let binding = walk.findings.filter { $0.location == annotation.location && $0.id.hasPrefix("walker.anchor.") }
    if let ambiguous = binding.first(where: { $0.id == "walker.anchor.ambiguous" }) {
      return subject.ambiguous(ambiguous)
    }
    if binding.contains(where: { $0.id == "walker.anchor.era-unknown" }) { return subject.eraUnknown() }
    if binding.contains(where: { $0.id == "walker.anchor.unmatched" }) || annotation.anchor.isOptional {
      if known == nil, annotation.anchor.isOptional { return nil }
      if annotation.anchor.eras.isEmpty || isOfItsEra(annotation) {
        // Accepted in a kernel that is less like this one than the nearest, which does not have the place either.
        if annotation.anchor.isOptional, known?.kernel != baselines.first?.kernel.name { return nil }
        return subject.refound()
      }
    }
    guard let known, known.kernel == baselines.first?.kernel.name else { return nil }
    return subject.otherEra()
  }

  private func isOfItsEra(_ annotation: Annotation) -> Bool {
    walk.results.contains { $0.era.map(annotation.anchor.eras.contains) ?? false }
  }

  /// The accepted facts to compare with: those with the same text when there are such, else those of the kernel that is
  /// most alike.
  private func accepted(_ id: String, like bound: AnnotationFacts?) -> (
    kernel: String, facts: AnnotationFacts, functions: [FunctionFacts]
  )? {
    let all = baselines.compactMap { baseline in
      baseline.annotations.first { $0.id == id }.map { (baseline.kernel.name, $0, baseline.functions) }
    }
    let twin = all.first {
      bound != nil && $0.1.text == bound?.text && $0.1.uses == bound?.uses && $0.1.shape == bound?.shape
    }
    return twin ?? all.first
  }
}
