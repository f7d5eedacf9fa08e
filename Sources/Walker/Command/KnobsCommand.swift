internal import ArgumentParser
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

struct KnobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knobs", abstract: "A sysctl's default, range, type and place, in one or many kernels.",
    discussion: """
      Any sysctl that a kernel's source has, not only those on a walkthrough's way. A kernel that was added holds what the \
      walkthroughs ask alone: then the package that it was made from is read, where it is still in the cache.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv, markdown }

  @Argument(help: "Names: net.core.somaxconn, or the last part alone.")
  var names: [String]
  @Option(help: ArgumentHelp("A kernel; may be given more than once.", valueName: "kernel"))
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: "text, json (schema walker.knobs/1), csv, or markdown.")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places)
    let configuration = try KernelArguments.configuration(config)
    let kernels = try await KernelChoice.resolve(all: kernel, places)
    let search = SysctlQuestion(names: names, configuration: configuration, places: places)
    let answers = await WalkSource.each(of: kernels) { try await search.ask($0) }
    var (rows, gaps): ([SysctlTable.Row], [SysctlTable.Gap]) = ([], [])
    var isComplete = true
    for (kernel, answer) in zip(kernels, answers) {
      do {
        let (found, missing) = try answer.get()
        rows += found.map { SysctlTable.Row(kernel: kernel.name, sysctl: $0) }
        gaps += missing.map { SysctlTable.Gap(kernel: kernel.name, missing: $0) }
      } catch let error as UserError {
        StandardStreams.complain("\(kernel.name): \(error.message)")
        isComplete = false
      }
    }
    let table = SysctlTable(rows: rows, gaps: gaps)
    switch format {
    case .text: try StandardStreams.write(table.text(TextOptions(text)), Terminal.palette(text.color))
    case .json: try StandardStreams.write(table.json.indented)
    case .csv: try StandardStreams.write(table.csv)
    case .markdown: try StandardStreams.write(table.markdown)
    }
    if format == .csv || format == .markdown {
      for gap in gaps { StandardStreams.complain("\(gap.missing.name) in \(gap.kernel): \(gap.missing.why)") }
    }
    if !isComplete || !gaps.isEmpty { throw ExitCode(ExitStatus.unchecked) }
  }
}

/// Asks the engine for sysctls by name.
struct SysctlQuestion: Sendable {
  let names: [String]
  let configuration: String?
  let places: Places

  /// Throws `UserError` when the kernel's text is not at hand as a whole.
  func ask(_ kernel: KernelReference) async throws -> ([SysctlReport], [MissingSysctl]) {
    do {
      return try await question(kernel)
    } catch let error as UserError where SetTree.isComplaint(error.message) {
      let command = "walker knobs \(names.joined(separator: " "))"
      return try await question(try KernelChoice.whole(kernel, places, command: command))
    }
  }

  private func question(_ kernel: KernelReference) async throws -> ([SysctlReport], [MissingSysctl]) {
    let request = EngineRequest(
      operation: .sysctls(names), kernel: kernel, configuration: configuration, cache: places.cache)
    let answer = try await Engine(path: places.engine, bounds: places.bounds)
      .ask(request, task: "the sysctls of \(kernel.name)")
    guard case .sysctls(let found, let missing) = answer.response else { throw unexpectedAnswer() }
    return (found, missing)
  }
}
