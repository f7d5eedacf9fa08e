public import WalkerKernel
public import WalkerModel

/// Whether the second condition is true wherever the first is; false where that is not known.
public typealias Implication = (Expression, Expression) -> Bool

extension Tracer {
  /// Follows the walkthrough through the kernel, with the files that it will need parsed together as far as that changes
  /// nothing: what a walk finds in them is held against what each file would see alone, and where that may differ, or
  /// anything is wrong, the file is parsed alone and the walk made again.
  ///
  /// - Parameters:
  ///   - planning: where the files to parse together are looked for; what is asked there has no part in the walk.
  ///   - fingerprints: whether the walk will be compared with others.
  ///   - summaries: what is known of functions already, and where what is found out is kept.
  ///   - implies: what a check compares is freed of conditions that earlier ones decide.
  ///   - isOutOfMemory: asked from time to time; where it says so, the walk ends in order.
  /// - Throws: as `init` and `run` do.
  public static func trace(
    tree: any KernelTree, planning: (any KernelTree)? = nil, environment: ParseEnvironment, walkthrough: Walkthrough,
    fingerprints: Bool = true, summaries: SummaryStore? = nil, implies: @escaping Implication = { _, _ in false },
    isOutOfMemory: @escaping () -> Bool = { false }
  ) throws -> Traced {
    let files = Prediction(walkthrough: walkthrough, tree: planning ?? tree).files()
    let constants = files.first.flatMap { ConstantLines(walkthrough.constantNames, in: $0) }
    let kept = KeptParses(tree: planning ?? tree, environment: environment, store: summaries)
    let (known, facts) = (FunctionSummaries(tree: kept.tree, kept: kept), KeptFacts(kept: kept))
    defer {
      known.keep()
      facts.keep()
      kept.tidy()
    }
    func alone() throws -> Traced {
      let program = try Program(tree: tree, environment: environment, constants: constants)
      program.facts = facts
      let tracer = Tracer(program: program, walkthrough: walkthrough, summaries: known, implies: implies)
      tracer.machine.isOutOfMemory = isOutOfMemory
      tracer.makesFingerprints = fingerprints
      return try tracer.run()
    }
    guard
      let joint = try JointParse.make(
        of: files, tree: planning ?? tree, environment: environment, constants: constants)
    else { return try alone() }
    // Each turn takes at least one file out of the joint parse.
    while true {
      let program = try Program(tree: tree, environment: environment, joint: joint, constants: constants)
      program.facts = facts
      let tracer = Tracer(program: program, walkthrough: walkthrough, summaries: known, implies: implies)
      tracer.machine.isOutOfMemory = isOutOfMemory
      tracer.makesFingerprints = fingerprints
      // What fails in the joint parse fails alone, too, and is told then; or it was the joint parse's fault, and is no error.
      guard let traced = try? tracer.run() else { return try alone() }
      if tracer.machine.isSpent { return traced }
      let unsound = joint.unsound(tracer.machine.nodes, program)
      if unsound.isEmpty { return traced }
      unsound.forEach(joint.separate)
    }
  }
}
