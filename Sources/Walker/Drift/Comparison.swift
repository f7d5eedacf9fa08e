public import WalkerModel

/// One kernel's walk against the accepted ones.
public struct Comparison: Sendable {
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

  /// The report as far as the answers go, and what the prover has to be asked for the rest.
  ///
  /// - Parameter arguments: `--kernel K` and what else `walker accept` needs to be told, as the user said it.
  public func report(
    knowing answers: [MeaningQuestion: MeaningAnswer] = [:], arguments: String? = nil
  ) -> (report: KernelReport, questions: [MeaningQuestion]) {
    let oracle = MeaningOracle(answers)
    let nearest = baselines.first
    let functions = FunctionMap(nearest?.functions ?? [], walk, renames: renames)
    let results = walk.results.map { ResultComparison(baselines: baselines).report($0) }
    let meanings = Dictionary(results.map { ($0.id, $0) }) { first, _ in first }
    let annotations = walkthrough.annotations.compactMap { annotation($0, meanings, oracle) }
    let way = WayComparison(
      walk: walk, parameters: walkthrough.sources.map(\.parameter), current: current, baselines: baselines,
      functions: functions, oracle: oracle
    ).report()
    let found = CauseFinder(
      walkthrough: walkthrough, walk: walk, functions: functions, baseline: nearest?.kernel.name,
      arguments: arguments ?? "--kernel \(walk.kernel.name)"
    ).causes(results: results, way: way, annotations: annotations)
    let report = KernelReport(
      name: walk.kernel.name, version: walk.kernel.version, baseline: nearest?.kernel.name,
      annotations: annotations, results: results, path: way,
      coverage: KernelReport.Coverage(
        annotations: walkthrough.annotations.count,
        annotationsChecked: annotations.count { $0.verdict != .unchecked },
        annotationsFound: annotations.count { $0.to != nil },
        otherEra: walkthrough.annotations.count - annotations.count, results: results.count,
        resultsChecked: results.count { $0.verdict != .unchecked }),
      problem: nil, valuePath: valuePath, causes: found.causes, context: found.context)
    return (report, oracle.asked)
  }

  private var valuePath: [KernelReport.Step] {
    walk.frames.flatMap { frame in
      [KernelReport.Step(location: frame.location, text: "\(frame.function)()")]
        + frame.steps.map {
          KernelReport.Step(location: $0.location, text: "\($0.kind.rawValue) \($0.target ?? ""): \($0.text)")
        }
    }
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

  // MARK: - Annotations

  /// Nil where the annotation is for other kernels, now and when it was accepted.
  private func annotation(
    _ annotation: Annotation, _ results: [String: ResultReport], _ oracle: MeaningOracle
  ) -> AnnotationReport? {
    let bound = current.annotations.first { $0.id == annotation.id }
    let all = accepted(annotation.id, like: bound)
    // The prose was agreed to in each of them: what it says is known if it is as in one.
    var best: AnnotationReport?
    for known in all {
      guard let report = self.annotation(annotation, bound, known, results, oracle) else { return nil }
      if best == nil || report.verdict < (best?.verdict ?? .broken) { best = report }
      if best?.verdict == .ok { break }
    }
    if all.isEmpty { return self.annotation(annotation, bound, nil, results, oracle) }
    return best
  }

  private func annotation(
    _ annotation: Annotation, _ bound: AnnotationFacts?, _ known: Baseline?, _ results: [String: ResultReport],
    _ oracle: MeaningOracle
  ) -> AnnotationReport? {
    let subject = AnnotationComparison(
      annotation: annotation, results: annotation.anchor.results.compactMap { results[$0] }, baseline: known,
      old: known?.annotations.first { $0.id == annotation.id }, walk: walk,
      functions: FunctionMap(known?.functions ?? [], walk, renames: renames), oracle: oracle)
    if let bound { return subject.compare(with: bound) }
    let binding = walk.findings.filter { $0.location == annotation.location && $0.id.hasPrefix("walker.anchor.") }
    if let ambiguous = binding.first(where: { $0.id == "walker.anchor.ambiguous" }) {
      return subject.ambiguous(ambiguous)
    }
    if binding.contains(where: { $0.id == "walker.anchor.era-unknown" }) { return subject.eraUnknown() }
    let isNearest = known?.kernel.name == baselines.first?.kernel.name
    if binding.contains(where: { $0.id == "walker.anchor.unmatched" }) || annotation.anchor.isOptional {
      if known == nil, annotation.anchor.isOptional { return nil }
      if annotation.anchor.eras.isEmpty || isOfItsEra(annotation) {
        // Accepted in a kernel that is less like this one than the nearest, which does not have the place either.
        if annotation.anchor.isOptional, !isNearest { return nil }
        return subject.refound()
      }
    }
    return known != nil && isNearest ? subject.otherEra() : nil
  }

  private func isOfItsEra(_ annotation: Annotation) -> Bool {
    walk.results.contains { $0.era.map(annotation.anchor.eras.contains) ?? false }
  }

  /// The accepted kernels that have the annotation: first those with the same text, then those that are most alike.
  private func accepted(_ id: String, like bound: AnnotationFacts?) -> [Baseline] {
    let all = baselines.filter { $0.annotations.contains { $0.id == id } }
    guard let bound else { return Array(all.prefix(1)) }
    let twins = all.filter { $0.annotations.contains { $0.id == id && $0.text == bound.text } }
    return twins + all.filter { other in !twins.contains { $0.kernel.name == other.kernel.name } }
  }
}
