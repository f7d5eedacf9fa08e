internal import ArgumentParser
internal import FoundationEssentials
internal import WalkerModel

/// Not a user's command: `make bench` compares walker with clang on exactly the same text.
struct CompilerArgumentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compiler-arguments",
    abstract: "Write a tree's generated headers to a folder, and print how to parse its files, one argument a line.",
    shouldDisplay: false)

  @OptionGroup var kernel: KernelArguments
  @Option(help: "Where the generated headers go.")
  var folder: String
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places)
    let request = EngineRequest(
      operation: .environment(
        folder: folder.hasPrefix("/") ? folder : FileManager.default.currentDirectoryPath + "/" + folder),
      kernel: try await KernelChoice.resolve(kernel.kernel, places), configuration: try kernel.configuration(),
      cache: places.cache)
    let answer = try await Engine(path: places.engine, bounds: places.bounds).ask(request, task: "the arguments")
    guard case .environment(let arguments) = answer.response else { throw unexpectedAnswer() }
    try StandardStreams.write(arguments.map { $0 + "\n" }.joined())
  }
}
