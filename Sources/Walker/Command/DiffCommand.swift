internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerModel
internal import WalkerRender

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Two kernels side by side: what means something else first, then the source.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, html }

  @Argument(
    help: "The walkthrough's name (it may be left out when it is the one that is shown first), then two kernels.")
  var names: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: "text, markdown, or html.")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard (2...3).contains(names.count) else {
      throw ValidationError("name two kernels, with the walkthrough before them: walker diff NAME 6.1 6.12")
    }
  }

  func run() async throws {
    let places = try Places(places)
    let walks = try await WalkSource.walks(
      walkthrough: names.count == 3 ? names[0] : nil, kernels: Array(names.suffix(2)), config: config, places)
    guard walks.count == 2 else {
      throw UserError(
        "\(names.suffix(2).joined(separator: " and ")) are one kernel: name two", exitStatus: ExitStatus.usage)
    }
    let output =
      switch format {
      case .text: KernelDiff.render(walks[0], walks[1], TextOptions(text))
      case .markdown: KernelDiff.markdown(walks[0], walks[1], showsSource: !text.noSource)
      case .html: try DiffPage.render(walks[0], walks[1], showsSource: !text.noSource)
      }
    try StandardStreams.write(output, format == .text ? Terminal.palette(text.color) : .none)
  }
}
