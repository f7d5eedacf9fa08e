internal import ArgumentParser
internal import FoundationEssentials
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "When and by what the results changed, over many kernels.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: walkthroughHelp, completion: .walkthroughs)
  var walkthrough: String?
  @Option(
    help: ArgumentHelp("A kernel, or a pattern of folders or names; may be given more than once.", valueName: "kernel"))
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A local git clone of a kernel.", valueName: "path"))
  var git: String?
  @Option(help: ArgumentHelp("The clone's tags; may be given more than once.", valueName: "pattern"))
  var tags: [String] = []
  @Flag(help: "Name the tags between which something changed, and do not look for the commit.")
  var noCommits = false
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: "text, or json (schema walker.history/1).")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard (git == nil) != kernel.isEmpty else {
      throw ValidationError("name kernels with --kernel, or a clone with --git")
    }
    guard git != nil || tags.isEmpty else { throw ValidationError("--tags are those of a clone: name it with --git") }
  }

  func run() async throws {
    let walks = Walks(
      walkthrough: walkthrough, configuration: try KernelArguments.configuration(config), places: try Places(places))
    let history: History
    if let git {
      let clone = try GitHistory(
        repository: git.hasPrefix("/") ? git : FileManager.default.currentDirectoryPath + "/" + git)
      history = try await Chronicle(walks).history(of: clone, tags: tags.isEmpty ? ["v*"] : tags, commits: !noCommits)
    } else {
      history = try await Chronicle(walks).history(of: KernelChoice.resolve(all: kernel, walks.places))
    }
    switch format {
    case .text: try StandardStreams.write(HistoryText.render(history, TextOptions(text)), Terminal.palette(text.color))
    case .json: try StandardStreams.write(history.json.indented)
    }
    // A kernel that was not walked may be the one that changed something.
    guard history.unwalked.isEmpty, history.lines.contains(where: { $0.ranges.contains(where: \.isKnown) }) else {
      throw ExitCode(ExitStatus.unchecked)
    }
  }
}
