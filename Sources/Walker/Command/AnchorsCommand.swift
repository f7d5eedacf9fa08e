internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerModel
internal import WalkerRender

struct AnchorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchors", abstract: "List what an author can anchor to in a function, ready to paste.")

  @Argument(help: "The function's name.")
  var function: String
  @Option(help: ArgumentHelp("The walkthrough for which the value is followed.", valueName: "walkthrough"))
  var walkthrough: String?
  @OptionGroup var kernel: KernelArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places)
    let reference = try await KernelChoice.resolve(kernel.kernel, places)
    let followed = try walkthrough.map { try places.annotations().walkthrough($0) }
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
}
