internal import ArgumentParser
internal import WalkerModel
internal import WalkerRender

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Ask a real kernel, and compare its answers with what was derived.",
    discussion: """
      The kernel that runs here is asked over loopback; knobs are changed only in a namespace of its own. A booted one \
      runs in an emulated machine (QEMU) without disk or network; there the calls are recorded and compared, too.

      Exit status: 0 every answer agrees; 1 one differs; 2 something could not be checked.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

  @Argument(help: walkthroughHelp, completion: .walkthroughs)
  var walkthrough: String?
  @OptionGroup var asked: AskedKernels
  @OptionGroup var guest: GuestArguments
  @Option(help: "text, json (schema walker.verify/1), or markdown.")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let report = try await VerifyRun(
      walkthrough: walkthrough, asked: asked, guest: guest, places: Places(places)
    ).report()
    switch format {
    case .text: try StandardStreams.write(report.text(TextOptions(text)), Terminal.palette(text.color))
    case .json: try StandardStreams.write(report.json.indented)
    case .markdown: try StandardStreams.write(report.markdown)
    }
    if report.exitStatus != ExitStatus.ok { throw ExitCode(report.exitStatus) }
  }
}

/// Which kernels are asked.
struct AskedKernels: ParsableArguments {
  @Flag(help: "Ask the kernel that runs here.")
  var live = false
  @Option(help: ArgumentHelp("Boot this kernel and ask it; may be given more than once.", valueName: "kernel"))
  var boot: [String] = []
  @Option(
    help: ArgumentHelp("Boot this image instead of the distribution's own of the same version.", valueName: "vmlinuz"))
  var image: String?
  @Flag(help: "Compare even where the kernel that answers is of another version than the source.")
  var anyVersion = false
  @Option(
    help: ArgumentHelp(
      "The source to compare the running kernel with; without it, its own or the nearest.", valueName: "kernel"))
  var kernel: String?
  @Option(
    help: ArgumentHelp("A kernel .config to use instead of the image's own, or of the default.", valueName: "file"))
  var config: String?

  func validate() throws {
    guard live || !boot.isEmpty else { throw ValidationError("say which kernel to ask: --live, or --boot KERNEL") }
    guard image == nil || boot.count == 1 else { throw ValidationError("--image goes with one --boot KERNEL") }
    guard kernel == nil || live else { throw ValidationError("--kernel goes with --live; --boot names its kernel") }
  }
}

struct GuestArguments: ParsableArguments {
  @Option(help: ArgumentHelp("How many combinations of inputs.", valueName: "number"))
  var cases = 128
  @Option(help: ArgumentHelp("Another number draws other combinations.", valueName: "number"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("The emulator.", valueName: "program"))
  var qemu = "qemu-system-x86_64"
  @Option(help: ArgumentHelp("The emulated machine's memory, in MB.", valueName: "megabytes"))
  var guestMemory = 512
  @Option(help: ArgumentHelp("How long one kernel may take to answer.", valueName: "seconds"))
  var guestTime = 180

  func validate() throws {
    guard (1...10_000).contains(cases) else { throw ValidationError("--cases must be 1 to 10000") }
    guard (1...1 << 20).contains(guestMemory) else { throw ValidationError("--guest-memory must be 1 to 1048576 MB") }
    guard (1...86_400).contains(guestTime) else { throw ValidationError("--guest-time must be 1 to 86400 seconds") }
  }
}
