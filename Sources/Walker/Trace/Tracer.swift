internal import WalkerClang
internal import WalkerFormula
public import WalkerKernel
public import WalkerModel

/// What the source gave for one walkthrough, before annotations are bound and claims are proved.
public struct Traced: Sendable {
  public var tracked: Input
  public var frames: [Frame]
  public var sideFrames: [Frame]
  public var reaches: [Reach]
  public var results: [TracedResult]
  public var openEnds: [OpenEnd]
  public var knobs: [Knob]
  public var findings: [Finding]
  /// Where annotations can be bound.
  public var sites: [AnchorSite]
  public var files: [String]
  /// Everything that was parsed, relative to the tree: `files`, and headers that were made for the parse.
  public var opened: [String]
  /// Names that were to be included and were not found.
  public var unfound: [String]
  public var configurationSymbols: [String]
  /// Constants that the walkthrough names, with their values in this kernel.
  public var constants: [NamedConstant] = []
  public var errorNames = ErrorNames()
  public var fingerprints: Fingerprints
}

/// A result's derivation, or why there is none.
public struct TracedResult: Sendable {
  public let specification: ResultSpecification
  public var derivation: Derivation?
  public let subject: String
  public let location: SourceLocation?
  /// A sentence, where there is no derivation.
  public let why: String?
  /// There is none because the kernel has nothing of the kind, and the walkthrough allows for that.
  public var isAbsent = false
  /// What was not followed, and how that was settled.
  public var restsOn: [Obligation] = []
  /// Reads that decide whether a call is reached: of those, what is not a knob goes the way that reaches it.
  var onTheWay = Rests.none
  /// What the derivation rests on, and the prover has to show.
  public var impossible: [Impossible] = []
  /// The threshold's test is whether some call is still reached: conditions on what the walk did not look into go the way
  /// that reaches it.
  public var isByReaching = false
  /// That the call, or the function whose return is asked for, gives no error; nil where that is not asked.
  public var succeedsWhen: Expression?
  /// What the walkthrough takes as given, as far as this kernel has it, in its words.
  public var assumptions: [String] = []

  /// Where `condition` could be true, the result is not derivable, and `otherwise` says why.
  public struct Impossible: Sendable {
    public var condition: Expression
    public let otherwise: String
  }

  /// The same result without its derivation.
  public func notDerivable(_ why: String, at location: SourceLocation?) -> TracedResult {
    TracedResult(specification: specification, derivation: nil, subject: subject, location: location, why: why)
  }
}

/// Follows one walkthrough through one kernel.
public final class Tracer {
  let walkthrough: Walkthrough
  let program: Program
  let machine: Machine
  let implies: Implication
  let finder: ObligationFinder
  let constants: KernelConstants
  /// They are a fifth of a walk's cost, and only a check reads them.
  var makesFingerprints = true
  private(set) lazy var errorNames = KernelConstants.errorNames(program)

  /// Throws `UserError` when libclang can't be started.
  public convenience init(
    tree: any KernelTree, environment: ParseEnvironment, walkthrough: Walkthrough,
    implies: @escaping Implication = { _, _ in false }
  ) throws {
    self.init(program: try Program(tree: tree, environment: environment), walkthrough: walkthrough, implies: implies)
  }

  init(
    program: Program, walkthrough: Walkthrough, summaries: FunctionSummaries? = nil,
    implies: @escaping Implication = { _, _ in false }
  ) {
    self.implies = implies
    self.walkthrough = walkthrough
    self.program = program
    constants = KernelConstants(program: program)
    machine = Machine(program: program, walkthrough: walkthrough)
    let summaries =
      summaries ?? FunctionSummaries(tree: program.tree, environment: program.environment, store: nil)
    let trusted = walkthrough.trust.compactMap { if case .call(let name) = $0.what { name } else { nil } }
    finder = ObligationFinder(
      machine: machine, modSets: ModSets(machine: machine, summaries: summaries, trusted: Set(trusted)),
      trust: walkthrough.trust)
  }

  /// Throws `UserError` when the tree has no such entry, or its text can't be read.
  public func run() throws -> Traced {
    let entry = try findEntry()
    let start = try TrackedStart(walkthrough, in: entry, program.file(of: entry.unit))
    let tracked = start.input
    try constants.look(up: walkthrough.constantNames, in: program.location(entry).file)
    reportUnknownConstants()
    machine.state = State()
    machine.assumed = assumptions(walkthrough.assumptions)
    let returned = machine.enter(
      entry, nil, arguments(of: entry, start),
      reachedBy: ReachedBy(kind: .entry, location: program.location(entry)))
    let chain = findChain()
    let end = Ending(machine: machine, chain: chain, returned: returned)
    var results = walkthrough.results.map { derive($0, end) }
    let knobs = try KnobFinder(program: program).find(formulas(results), origins: machine.origins)
    knobs.findings.forEach(machine.note)
    let renaming = knobs.renaming.merging(
      DeclaredInputs(declared: walkthrough.inputs, machine: machine).renaming(usedInputs(results))
    ) { $1 }
    for position in results.indices {
      if let derivation = results[position].derivation {
        results[position] = assume(results[position], renamed(derivation, renaming), knobs.knobs)
        let onTheWay = finder.obligations(results[position].onTheWay) { input in
          renaming[input] != nil || machine.origins[input]?.isGlobal == true
        }
        results[position].restsOn += onTheWay.filter { !results[position].restsOn.contains($0) }
        for other in results[position].impossible.indices {
          results[position].impossible[other].condition =
            results[position].impossible[other].condition.substituting(renaming).simplified
        }
        results[position].succeedsWhen = results[position].succeedsWhen?.substituting(renaming).simplified
      }
    }
    let maker = FrameMaker(machine: machine, renaming: renaming)
    let side = machine.nodes.filter { node in
      !chain.contains { $0 === node } && (node.isTest || machine.stores.contains { $0.node === node && $0.isTracked })
    }
    let frames = chain.map { maker.frame($0, role: .path) }
    let sideFrames = side.map { maker.frame($0, role: $0.isTest ? .test : .side) }
    let sites = try Sites(program: program, machine: machine).collect(walkthrough, frames + sideFrames)
    // A hook's own subsystem (a security module) has no part in the value; the path's, and the headers', have.
    func top(_ node: CallNode) -> Substring? { program.location(node.definition).file.split(separator: "/").first }
    let tops = Set((chain + side).map(top) + ["include"])
    reportParseErrors(machine.nodes.filter { tops.contains(top($0)) })
    let fingerprints =
      try !makesFingerprints
      ? Fingerprints.none
      : Fingerprinting(
        machine: machine, walkthrough: walkthrough, renaming: renaming, assuming: .and(end.assuming, end.succeeds),
        chain: chain, side: side, stored: storedValues(results), implies: implies
      ).make(
        sites,
        knobs: renaming.compactMapValues { $0.inputs.first { $0.role == .knob }.map { String($0.id.dropFirst(5)) } },
        knobs.knobs,
        tracked: TrackedPosition(position: start.position, count: entry.arguments.count))
    // A question that could not be answered, anywhere on the way: nothing may rest on what was made of the gap.
    if let failure = program.failure { throw failure }
    var traced = Traced(
      tracked: tracked, frames: frames, sideFrames: sideFrames, reaches: maker.reaches(chain), results: results,
      openEnds: machine.openEnds, knobs: knobs.knobs, findings: machine.findings, sites: sites, files: readFiles(),
      opened: openedFiles(),
      unfound: Set(program.parsedFiles.flatMap(\.unit.unfoundHeaders)).union(program.unfoundApart).sorted(),
      configurationSymbols: maker.configurationSymbols(chain + side), fingerprints: fingerprints)
    traced.constants = constants.all
    traced.errorNames = ErrorNames(names: results.contains { $0.succeedsWhen != nil } ? errorNames : [:])
    return traced
  }

  /// The function that the entry names, with the tracked parameter.
  private func findEntry() throws -> Cursor {
    let names =
      switch walkthrough.entry {
      case .syscall(let name): ["__do_sys_\(name)", "SYSC_\(name)", "sys_\(name)"]
      case .function(let names): names
      }
    var seen: Set<String> = []
    var broken: String?
    var closest: Cursor?
    for query in walkthrough.entryQueries {
      for hit in try program.tree.answer(query) where hit.file.hasSuffix(".c") && seen.insert(hit.file).inserted {
        let parsed = try program.unit(hit.file)
        let functions = parsed.functions
        broken = broken ?? firstError(of: parsed)
        for name in names {
          if let found = functions[name], TrackedStart.source(walkthrough, in: found) != nil { return found }
          closest = closest ?? functions[name]
        }
      }
    }
    if let closest {
      let known = closest.arguments.map(\.spelling)
      let wanted = walkthrough.sources.map(\.parameter)
      let near = wanted.lazy.compactMap { Suggestion.nearest(to: $0, among: known) }.first
      let hint =
        near.map { "did you mean \($0)?" } ?? "it has \(known.isEmpty ? "none" : known.joined(separator: ", "))."
      throw UserError(
        "\(closest.spelling) (\(program.location(closest))) has no parameter \(wanted.joined(separator: " or ")); \(hint)",
        exitStatus: ExitStatus.unchecked)
    }
    let missing =
      "\(program.tree.source) defines no \(names.joined(separator: " or ")) with a parameter `\(walkthrough.track)`"
    if let broken {
      throw UserError(
        "\(missing) that can be read: \(broken); mend the tree, or give its own configuration with --config.",
        exitStatus: ExitStatus.unchecked)
    }
    throw UserError(
      "\(missing): check `entry` and `track` of \(walkthrough.name), or the tree.", exitStatus: ExitStatus.unchecked)
  }

  private func firstError(of file: ParsedFile) -> String? {
    let errors = file.unit.errors
    guard let first = errors.first else { return nil }
    let place = "\(program.relative(first.path) ?? first.path):\(first.line)"
    return "\(file.path) has \(errors.count) errors, the first in \(place): \(first.message)"
  }

  /// An assumption over a name that this kernel has no constant for says nothing, which must not pass unseen.
  private func reportUnknownConstants() {
    let texts = walkthrough.assumptions + walkthrough.results.flatMap { $0.subject.threshold?.assumptions ?? [] }
    for text in texts {
      guard let condition = AssumedCondition(text), condition.number == nil, constants.number(condition.right) == nil
      else { continue }
      machine.note(
        Finding(
          id: "walker.assume.unknown-constant", severity: .error,
          summary:
            "The assumption \"\(text)\" is not used: \(condition.right) is no constant that \(program.tree.source) has where the entry stands.",
          location: nil, notes: ["Write the constant's name as the kernel does, or its number."]))
    }
  }

  /// What a walkthrough takes as given, with the kernel's constants.
  func assumptions(_ texts: [String]) -> Assumptions {
    Assumptions(texts) { constants.number($0) }
  }

  /// From the entry to the last waypoint; without waypoints to where the first result is stored.
  private func findChain() -> [CallNode] {
    var end: CallNode?
    for name in walkthrough.waypoints {
      if let found = machine.nodes.first(where: { $0.name == name && !$0.isTest }) {
        if end == nil || found.path.contains(where: { $0 === end }) { end = found }
      } else {
        machine.note(
          Finding(
            id: "walker.call-path.missing-waypoint", severity: .error,
            summary:
              "The chain does not come by \(name)(): it is not called on the path, was renamed, or its definition is missing.",
            location: nil, notes: ["The chain shown ends before it and is not complete."]))
      }
    }
    let stored = machine.stores.first { $0.isTracked && machine.isWatched($0.place) }
    let seen = machine.sightings.first { $0.value.map(machine.isTracked) ?? false }
    let last = end ?? stored?.node ?? seen?.node ?? machine.nodes.last { $0.parameter != nil } ?? machine.nodes.first
    return last?.path ?? []
  }

  private func storedValues(_ results: [TracedResult]) -> [(Expression, field: String)] {
    results.compactMap { result in
      guard case .stored(let value)? = result.derivation?.form else { return nil }
      return (value, result.subject)
    }
  }

  private func usedInputs(_ results: [TracedResult]) -> Set<Input> {
    formulas(results).reduce(into: []) { $0.formUnion($1) }
  }

  /// The inputs of each result, and of each step.
  private func formulas(_ results: [TracedResult]) -> [Set<Input>] {
    results.compactMap { result in
      result.derivation.map { $0.expressions.reduce(into: Set<Input>()) { $0.formUnion($1.inputs) } }
    } + machine.nodes.flatMap { node in node.steps.map { Set($0.value.inputs) } }
  }

  private func renamed(_ derivation: Derivation, _ known: [String: Expression]) -> Derivation {
    func rename(_ expression: Expression) -> Expression { expression.substituting(known).simplified }
    let form: Derivation.Form =
      switch derivation.form {
      case .stored(let value): .stored(rename(value))
      case .threshold(let counter, let test): .threshold(counter: counter, test: rename(test))
      }
    return Derivation(
      form: form, reachedWhen: rename(derivation.reachedWhen), undefinedWhen: rename(derivation.undefinedWhen),
      assuming: rename(derivation.assuming))
  }

  /// What the walkthrough takes as given of knobs, whose names are known by now.
  private func assume(_ result: TracedResult, _ derivation: Derivation, _ knobs: [Knob]) -> TracedResult {
    var texts = walkthrough.assumptions
    texts += result.specification.subject.threshold?.assumptions ?? []
    let inputs = derivation.expressions.reduce(into: Set<Input>()) { $0.formUnion($1.inputs) }
    let given = assumptions(texts).conditions(on: knobs, among: inputs)
    var result = result
    result.assumptions += given.map(\.text)
    result.derivation = Derivation(
      form: derivation.form, reachedWhen: derivation.reachedWhen, undefinedWhen: derivation.undefinedWhen,
      assuming: .and([derivation.assuming] + given.map(\.holds)))
    return result
  }

  /// An error inside of a walked function makes what was derived there worthless: libclang drops what it can't type.
  private func reportParseErrors(_ walked: [CallNode]) {
    for node in walked {
      guard let start = node.definition.start, let end = node.definition.end else { continue }
      for error in node.definition.unit.errors
      where error.path == start.path && (start.line...max(start.line, end.line)).contains(error.line) {
        machine.note(
          Finding(
            id: "walker.parse.error", severity: .error, summary: "\(node.name)() does not compile: \(error.message).",
            location: SourceLocation(file: program.relative(error.path) ?? error.path, line: error.line),
            notes: ["Nothing is derived from a function that libclang could not type."]))
      }
    }
  }

  private func readFiles() -> [String] {
    openedFiles().filter { !$0.hasPrefix(ParseEnvironment.generatedFolder + "/") && program.tree.contains($0) }
  }

  private func openedFiles() -> [String] {
    Set(program.parsedFiles.flatMap { $0.unit.includedFiles.compactMap(program.relative) })
      .union(program.openedApart).sorted()
  }
}
