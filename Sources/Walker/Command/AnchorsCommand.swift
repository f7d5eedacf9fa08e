internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerModel
internal import WalkerRender

struct AnchorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchors", abstract: "List what an author can anchor to in a function, ready to paste.")

  @Argument(help: "The function's name.")
  var function: String
  @Option(
    help: ArgumentHelp(
      "The walkthrough for which the value is followed; without it, one that speaks of the function, else the first.",
      valueName: "walkthrough"), completion: .walkthroughs)
  var walkthrough: String?
  @OptionGroup var kernel: KernelArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places)
    let reference = try await KernelChoice.resolve(kernel.kernel, places)
    let followed = try followed(places.annotations())
    let request = EngineRequest(
      operation: .anchors(function: function, followed), kernel: reference, configuration: try kernel.configuration(),
      cache: places.cache)
    let answer = try await Engine(path: places.engine, bounds: places.bounds)
      .ask(request, task: "the anchors of \(function) in \(reference.name)")
    guard case .anchors(let sites) = answer.response else { throw unexpectedAnswer() }
    guard !sites.isEmpty else {
      throw UserError(
        "\(reference.name) has nothing to anchor to in \(function): check the name", exitStatus: ExitStatus.unchecked)
    }
    try StandardStreams.write(AnchorText.render(sites))
  }

  /// Throws `UserError` when there is no such walkthrough, or none at all.
  private func followed(_ folder: AnnotationsFolder) throws -> Walkthrough {
    if let walkthrough { return try folder.walkthrough(walkthrough) }
    let first = try WalkSource.firstName(in: folder)
    let speaking = try folder.walkthroughs().first { walkthrough in
      let entries = if case .function(let names) = walkthrough.entry { names } else { [String]() }
      return (entries + walkthrough.waypoints + walkthrough.annotations.flatMap(\.anchor.function)).contains(function)
    }
    return try speaking ?? folder.walkthrough(first)
  }
}
