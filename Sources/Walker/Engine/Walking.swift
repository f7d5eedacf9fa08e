internal import FoundationEssentials
internal import Glibc
internal import WalkerAnnotation
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel
internal import WalkerProof
internal import WalkerTrace

/// Makes a walk: traced, its claims proved, its annotations bound.
struct Walking {
  let request: EngineRequest
  let tree: any KernelTree

  /// The walk, and what it rests on; nil when that may have changed meanwhile.
  func restingWalk(_ walkthrough: Walkthrough) throws -> (Walk, WalkBasis?) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let (environment, looked) = try ParseEnvironment.makeNoting(for: tree, configurationFile: configurationFile())
    let recorder = BasisRecorder(tree)
    let traced = try Tracer.trace(
      tree: recorder, planning: tree, environment: environment, walkthrough: walkthrough,
      fingerprints: request.isCompared, summaries: summaries(), implies: try implication(),
      isOutOfMemory: Worker.isAlmostOutOfMemory)
    let walk = try walk(walkthrough, traced, environment)
    let basis = try recorder.basis(
      opened: traced.opened, unfound: traced.unfound, first: walk.functionFiles, environment: environment,
      environmentReads: looked, start: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
    return (walk, basis)
  }

  private func summaries() -> SummaryStore {
    SummaryStore(cache: request.cache, engine: "/proc/self/exe")
  }

  private func implication() throws -> Implication {
    let prover = try Prover()
    return { prover.implies($0, $1) ?? false }
  }

  func walk(_ walkthrough: Walkthrough) throws -> Walk {
    let environment = try environment()
    let traced = try Tracer.trace(
      tree: tree, environment: environment, walkthrough: walkthrough, summaries: summaries(),
      implies: try implication(), isOutOfMemory: Worker.isAlmostOutOfMemory)
    return try walk(walkthrough, traced, environment)
  }

  private func walk(_ walkthrough: Walkthrough, _ traced: Traced, _ environment: ParseEnvironment) throws -> Walk {
    var traced = traced
    // libclang drops what it can't type: nothing is derived from a function with an error in it.
    let broken = traced.findings.first { $0.id == "walker.parse.error" }
    if let broken {
      for position in traced.results.indices {
        traced.results[position] = traced.results[position].notDerivable(
          "not derivable: \(broken.summary)", at: broken.location)
      }
    }
    // A prover is one task's; the results' proofs have nothing to do with each other.
    let judged = try Parallel.map(traced.results.count) { [traced] index in
      try Judging(walkthrough: walkthrough, traced: traced).judge(traced.results[index])
    }
    let results = judged.map(\.0)
    var eras: [String: String] = [:]
    for result in results { if let era = result.era { eras[result.id] = era } }
    let binding = Binder.bind(walkthrough, to: traced.sites, eras: eras)
    let values = ProseValues(tracked: traced.tracked, knobs: traced.knobs, results: results)
    let filled = binding.bound.map { bound in
      values.filled(bound, at: walkthrough.annotations.first { $0.id == bound.id }?.location)
    }
    let notDerived = results.filter { $0.proof == .notDerivable }.map { result in
      Finding(
        id: "walker.result.not-derivable", severity: .warning, summary: "\(result.id): \(result.formula)",
        location: result.location)
    }
    var walk = Walk(
      walkthrough: walkthrough.name, title: walkthrough.title, kernel: try identity(environment, traced),
      tracked: traced.tracked,
      frames: traced.frames.map { explained($0, binding.bound) },
      sideFrames: traced.sideFrames.map { explained($0, binding.bound) },
      reaches: traced.reaches, results: results, openEnds: traced.openEnds, knobs: traced.knobs,
      annotations: filled.map(\.0),
      introduction: walkthrough.introduction,
      findings: traced.findings + judged.flatMap(\.1) + notDerived + binding.findings
        + filled.flatMap(\.1), coverage: binding.coverage,
      files: traced.files, fingerprints: traced.fingerprints)
    walk.constants = traced.constants
    walk.errorNames = traced.errorNames
    return walk
  }

  func anchors(_ function: String, _ walkthrough: Walkthrough?) throws -> [AnchorSite] {
    let asked = Annotation(
      id: "asked", title: "",
      anchor: Anchor(function: [function], role: .entry, of: [], mentions: [], eras: [], results: [], isOptional: true),
      prose: "", location: SourceLocation(file: "", line: 0))
    guard let base = walkthrough else {
      throw UserError(
        "anchors needs a walkthrough whose kernel files are known: name one.", exitStatus: ExitStatus.usage)
    }
    let widened = Walkthrough(
      name: base.name, title: base.title, entry: base.entry, track: base.track, waypoints: base.waypoints,
      conditions: base.conditions, assumptions: base.assumptions, results: base.results, introduction: "",
      annotations: base.annotations + [asked])
    let sites = try Tracer.trace(
      tree: tree, environment: try environment(), walkthrough: widened,
      isOutOfMemory: Worker.isAlmostOutOfMemory
    ).sites
    let found = sites.filter { $0.function == function }
    guard !found.isEmpty else {
      // A system call's function has another name than the call.
      let close = Set(sites.compactMap(\.function).filter { $0.hasSuffix("_" + function) }).sorted()
      let hint = close.isEmpty ? "check its name." : "did you mean \(close.joined(separator: " or "))?"
      throw UserError("\(tree.source) defines no function \(function) that walker finds: \(hint)")
    }
    return found
  }

  func find(_ lost: [LostFunction], known: Set<String>) throws -> [String: String] {
    try FunctionSearch(tree: tree, environment: try environment()).successors(of: lost, known: known)
  }

  private func configurationFile() throws -> (name: String, bytes: [UInt8])? {
    guard let path = request.configuration else { return nil }
    // Whatever is wrong with it, the path is what a person can look at.
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw UserError("The configuration \(path) can't be read: check the path after --config.")
    }
    return (URL(filePath: path).lastPathComponent, [UInt8](data))
  }

  func environment() throws -> ParseEnvironment {
    try ParseEnvironment.make(for: tree, configurationFile: try configurationFile())
  }

  private func identity(_ environment: ParseEnvironment, _ traced: Traced) throws -> KernelIdentity {
    KernelIdentity(
      name: request.kernel.name, version: try tree.version(), source: tree.source,
      configuration: KernelIdentity.Configuration(
        source: environment.configurationSource, sha256: environment.configurationSHA256,
        depends: traced.configurationSymbols))
  }

  private func explained(_ frame: Frame, _ bound: [BoundAnnotation]) -> Frame {
    Frame(
      role: frame.role, function: frame.function, spelling: frame.spelling, location: frame.location,
      endLine: frame.endLine,
      parameter: frame.parameter, leftBehind: frame.leftBehind, reachedBy: frame.reachedBy,
      // Beside the path a value that fills a page tells nobody anything.
      steps: frame.steps.filter { frame.role == .path || $0.text.utf8.count <= 600 }.map { step in
        ValueStep(
          kind: step.kind, range: step.range, value: step.value, text: step.text, target: step.target,
          inputs: step.inputs, why: step.why,
          annotations: Binder.annotations(explaining: step, in: frame.function, among: bound))
      },
      pathCondition: frame.pathCondition, exits: frame.exits, excerpt: frame.excerpt)
  }
}

extension Walk {
  /// The files of the functions walked, in the walk's order: what kernels differ in if the walk differs.
  fileprivate var functionFiles: [String] {
    var seen: Set<String> = []
    return (frames + sideFrames).map(\.location.file).filter { seen.insert($0).inserted }
  }
}
