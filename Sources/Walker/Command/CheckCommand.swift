internal import ArgumentParser
internal import Glibc
internal import WalkerModel
internal import WalkerRender

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say which annotations still hold in other kernels, and which do not.",
    discussion: """
      Exit status: 0 all is well, or to be reviewed (not with --strict); 1 something is broken; 2 something could not be \
      checked; 64 the command line is wrong.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, junit, markdown }

  @Argument(help: walkthroughHelp, completion: .walkthroughs)
  var walkthrough: String?
  @Option(
    help: ArgumentHelp(
      "A kernel to check against, as after --kernel; may be given more than once, and hold * and ?.",
      valueName: "kernel"))
  var against: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: "text, json (schema walker.check/1), sarif (2.1.0), junit, or markdown.")
  var format: Format = .text
  @Option(
    help: ArgumentHelp("A file to which the Markdown summary is appended, for a CI job's page.", valueName: "file"))
  var summary: String?
  @Flag(help: "What is to be reviewed is a failure, too.")
  var strict = false
  @Flag(help: "List what else was edited in functions that the walkthrough speaks of, and decides nothing.")
  var context = false
  @Option(help: ArgumentHelp("How many kernels are walked at a time; without it, one a core.", valueName: "number"))
  var jobs: Int?
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard !against.isEmpty else { throw ValidationError("name a kernel with --against") }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs must be 1 to 256") }
  }

  func run() async throws {
    let places = try Places(places)
    let checking = try Checking(
      walkthrough: walkthrough, config: config, showsSource: !text.noSource && format == .text, places)
    let report = try await checking.check(
      against, isStrict: strict, jobs: jobs ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    try StandardStreams.write(rendered(report), format == .text ? Terminal.palette(text.color) : .none)
    if let summary { try append(CheckMarkdown.render(report), to: summary) }
    if report.exitStatus != ExitStatus.ok { throw ExitCode(report.exitStatus) }
  }

  private func rendered(_ report: CheckReport) -> String {
    switch format {
    case .text: CheckText.render(report, TextOptions(text), showsContext: context)
    case .json: CheckJSON.render(report).indented
    case .sarif: CheckSARIF.render(report).indented
    case .junit: CheckJUnit.render(report)
    case .markdown: CheckMarkdown.render(report)
    }
  }

  private func append(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, writeAll(VisibleText.of(text), to: descriptor) else {
      throw UserError(
        "the summary cannot be written to \(path) (\(String(cString: strerror(errno)))): check --summary",
        exitStatus: ExitStatus.unchecked)
    }
  }
}
