internal import ArgumentParser

/// Of an argument that names a walkthrough.
let walkthroughHelp: ArgumentHelp =
  "The walkthrough's name; without it, the one that the file Annotations/first names, else the first by name."

/// Which walkthrough, in which kernel: as typed.
struct WalkArguments: ParsableArguments {
  @Argument(help: walkthroughHelp, completion: .walkthroughs)
  var walkthrough: String?

  @OptionGroup var kernel: KernelArguments
}

struct KernelArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kernel: a name that `walker kernels list` shows, a folder, an archive, or git:PATH@REVISION.",
      discussion: "Without it, the project's first one (.walker.yml), else the newest kernel that was added.",
      valueName: "kernel"), completion: .kernels)
  var kernel: String?

  @Option(
    help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"),
    completion: .file())
  var config: String?
}

/// Where things are, and how long one may wait.
struct PlaceArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The folder with the walkthroughs.", valueName: "folder"), completion: .directory)
  var annotations: String?

  @Option(
    help: ArgumentHelp("The folder with the kernels that were added.", valueName: "folder"), completion: .directory)
  var snippets: String?

  @Option(help: ArgumentHelp("The folder for what can be made again.", valueName: "folder"), completion: .directory)
  var cache: String?

  @Flag(help: "Derive the walk anew, and do not keep it.")
  var noCache = false

  @Option(
    help: ArgumentHelp(
      "How many seconds the command may take (of serve, watch and mcp: each walk); without it, each walk may take \(Bounds.usualSeconds).",
      valueName: "seconds"))
  var timeout: Int?

  @Option(help: ArgumentHelp("How much memory a walk may take.", valueName: "megabytes"))
  var memory: Int = Bounds.usualMemory

  func validate() throws {
    if let timeout, !(1...86_400).contains(timeout) {
      throw ValidationError("--timeout must be 1 to 86400 seconds")
    }
    guard (64...1_048_576).contains(memory) else { throw ValidationError("--memory must be 64 to 1048576 megabytes") }
  }
}

struct TextArguments: ParsableArguments {
  @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always, or never.")
  var color: ColorChoice = .auto

  @Option(help: ArgumentHelp("The width of text, instead of the terminal's.", valueName: "columns"))
  var width: Int?

  @Flag(help: "Leave every line of kernel source out.")
  var noSource = false

  @Flag(help: "Do not show long text with the pager (WALKER_PAGER, else PAGER, else less) on a terminal.")
  var noPager = false

  func validate() throws {
    if let width, !Terminal.widths.contains(width) { throw ValidationError("--width must be 40 to 1000 columns") }
  }
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }
