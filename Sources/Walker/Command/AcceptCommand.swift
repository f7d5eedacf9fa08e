internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerDrift
internal import WalkerModel
internal import WalkerRender

struct AcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Agree that the prose is true of a kernel, and write that down in the lock.",
    discussion: """
      Prints prose and code side by side, and writes nothing without --prose-still-true: whoever accepts must have looked.
      """)

  @Argument(
    help:
      "The walkthrough's name (it may be left out when there is one only), then ids of annotations and results; `path` for the path's conditions."
  )
  var names: [String] = []
  @OptionGroup var kernel: KernelArguments
  @Flag(help: "Everything in the walkthrough.")
  var all = false
  @Flag(help: "You have read prose and code, and the prose is true.")
  var proseStillTrue = false
  @Option(help: ArgumentHelp("An accepted kernel whose facts are dropped.", valueName: "kernel"))
  var insteadOf: [String] = []
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places)
    let folder = try places.annotations()
    let (name, ids) = try chosen(folder)
    let walkthrough = try folder.walkthrough(name)
    try check(ids, walkthrough)
    guard all || !ids.isEmpty else {
      throw UserError(
        "accept what? name annotations or results of \(name), or say --all", exitStatus: ExitStatus.usage)
    }
    let walk = try await WalkSource(walkthrough: name, kernel: kernel.kernel, config: kernel.config, places).walk()
    let fresh = Baseline(walk, walkthrough)
    let accepted = all ? nil : Set(ids)
    try refuse(accepted, walk, fresh)
    try StandardStreams.write(AcceptText.render(walk, accepted, TextOptions(text)), Terminal.palette(text.color))
    guard proseStillTrue else {
      throw UserError(
        "nothing was written: when the prose is true of what stands beside it, say so with --prose-still-true",
        exitStatus: ExitStatus.unchecked)
    }
    let file = LockFile(walkthrough: folder.file(of: name))
    try file.update { lock in
      insteadOf.forEach { lock.drop($0) }
      lock.accept(accepted, from: fresh)
    }
    try StandardStreams.write(
      "\(file.path): \(all ? "everything" : ids.joined(separator: ", ")) accepted for \(walk.kernel.name)\n")
  }

  private func chosen(_ folder: AnnotationsFolder) throws -> (String, [String]) {
    let known = try folder.names()
    if let first = names.first, known.contains(first) { return (first, Array(names.dropFirst())) }
    if known.count == 1 { return (known[0], names) }
    throw UserError(
      "name the walkthrough first: \(known.joined(separator: ", "))", exitStatus: ExitStatus.usage)
  }

  private func check(_ ids: [String], _ walkthrough: Walkthrough) throws {
    let known = Set(walkthrough.annotations.map(\.id) + walkthrough.results.map(\.id) + ["path"])
    if let wrong = ids.first(where: { !known.contains($0) }) {
      throw UserError(
        "\(walkthrough.name) has no annotation or result \"\(wrong)\": see `walker print \(walkthrough.name)`",
        exitStatus: ExitStatus.usage)
    }
  }

  /// What has no place, or is refuted, can't be agreed to.
  private func refuse(_ accepted: Set<String>?, _ walk: Walk, _ fresh: Baseline) throws {
    let wrong = walk.results.first { $0.proof == .refuted && accepted?.contains($0.id) != false }
    if let wrong {
      throw UserError(
        "\(wrong.id) behaves like no era of the walkthrough in \(walk.kernel.name): add the era first")
    }
    let bound = Set(fresh.annotations.map(\.id) + fresh.results.map(\.id) + ["path"])
    if let missing = accepted?.sorted().first(where: { !bound.contains($0) }) {
      throw UserError("\(missing) has no place in \(walk.kernel.name): correct its anchor first")
    }
    if accepted == nil, let finding = walk.findings.first(where: { $0.severity == .error }) {
      throw UserError("\(walk.kernel.name) can't be accepted as a whole: \(finding.summary)")
    }
  }
}
