internal import ArgumentParser
internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerModel

struct KernelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels", abstract: "List, add and remove kernels.",
    subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the kernels that were added.")
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      let places = try Places(places)
      let names = KernelChoice.names(in: places.snippets)
      guard !names.isEmpty else {
        throw UserError(
          "no kernel was added yet: run \"walker kernels add apt:linux-source-6.12\"", exitStatus: ExitStatus.unchecked)
      }
      try StandardStreams.write(names.map { $0 + "\n" }.joined())
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep the files of a kernel that the walkthroughs need.")
    @Argument(help: "The kernel: a folder, an archive, or git:PATH@REVISION.")
    var kernel: String
    @Option(help: "What it is called from then on; without it, the kernel's own name.")
    var name: String?
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      let places = try Places(places)
      let reference = try KernelChoice.resolve(kernel, snippets: places.snippets)
      let name = name ?? reference.name
      let folder = try places.annotations()
      let walkthroughs = try folder.names().map(folder.walkthrough)
      let request = EngineRequest(
        operation: .add(walkthroughs, name: name, folder: places.snippets + "/" + name), kernel: reference,
        configuration: nil, cache: places.cache)
      let answer = try await Engine(path: places.engine, timeout: places.timeout).ask(request, task: "adding \(name)")
      guard case .added(let made, let files) = answer.response else { throw unexpectedAnswer() }
      try StandardStreams.write("\(name): \(files) files in \(made)\n")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a kernel that was added.")
    @Argument(help: "Its name.")
    var name: String
    @OptionGroup var places: PlaceArguments

    func run() async throws {
      let places = try Places(places)
      let names = KernelChoice.names(in: places.snippets)
      guard names.contains(name) else {
        let hint = Spelling.nearest(to: name, among: names).map { "did you mean \($0)?" } ?? "see walker kernels list"
        throw UserError("no kernel \"\(name)\" was added: \(hint)", exitStatus: ExitStatus.unchecked)
      }
      do {
        try FileManager.default.removeItem(atPath: places.snippets + "/" + name)
      } catch {
        throw UserError("\(places.snippets)/\(name) cannot be removed: check its permissions")
      }
    }
  }
}
