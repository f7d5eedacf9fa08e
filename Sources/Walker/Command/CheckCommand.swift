internal import ArgumentParser
internal import WalkerModel
internal import WalkerRender

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say which annotations still hold in other kernels, and which do not.",
    discussion: """
      Exit status: 0 all is well, or to be reviewed (not with --strict); 1 something is broken; 2 something could not be \
      checked; 64 the command line is wrong.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The walkthrough's name; without it, the first one by name.")
  var walkthrough: String?
  @Option(
    help: ArgumentHelp(
      "A kernel to check against, as after --kernel; may be given more than once, and hold * and ?.",
      valueName: "kernel"))
  var against: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: "text, or json (schema walker.check/1).")
  var format: Format = .text
  @Flag(help: "What is to be reviewed is a failure, too.")
  var strict = false
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard !against.isEmpty else { throw ValidationError("name a kernel with --against") }
  }

  func run() async throws {
    let places = try Places(places)
    let checking = try Checking(walkthrough: walkthrough, config: config, places)
    let report = try await checking.check(against, isStrict: strict)
    switch format {
    case .text: try StandardStreams.write(CheckText.render(report, TextOptions(text)))
    case .json: try StandardStreams.write(CheckJSON.render(report).indented)
    }
    if report.exitStatus != ExitStatus.ok { throw ExitCode(report.exitStatus) }
  }
}
