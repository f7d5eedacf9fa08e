internal import ArgumentParser
internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Begin a walkthrough from what a walk finds.")

  @Argument(help: "The walkthrough's name, that of its folder.")
  var name: String
  @Option(help: ArgumentHelp("The system call, without prefix: fcntl.", valueName: "name"))
  var syscall: String?
  @Option(help: ArgumentHelp("The function to begin at, instead of a system call.", valueName: "name"))
  var function: String?
  @Option(
    help: ArgumentHelp(
      "The parameter whose value is followed, or, as a walkthrough has it, what it points to: \"{user: optval, as: int}\".",
      valueName: "parameter"))
  var track: String
  @Option(
    help: ArgumentHelp(
      "What the walk takes as given: \"optname == SO_RCVBUF\"; may be given more than once.", valueName: "condition"))
  var assume: [String] = []
  @OptionGroup var kernel: KernelArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard (syscall == nil) != (function == nil) else {
      throw ValidationError("name one of --syscall and --function")
    }
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    guard isName, !name.isEmpty else {
      throw ValidationError("\"\(name)\" cannot name a walkthrough: use letters, digits, \"-\" and \"_\" only")
    }
  }

  func run() async throws {
    let places = try Places(places)
    let file = AnnotationsFolder.file(of: name, in: places.walkthroughs.home)
    guard !FileManager.default.fileExists(atPath: file) else {
      throw UserError("\(file) is there already: choose another name, or remove it first")
    }
    let entry: Walkthrough.Entry = syscall.map { .syscall($0) } ?? .function([function ?? ""])
    for text in assume where AssumedCondition(text) == nil {
      throw UserError(
        "--assume \(text) is no assumption: write NAME OP NUMBER, such as \"flags == 0\"", exitStatus: ExitStatus.usage)
    }
    // First what the value reaches and may be returned, then what each of these is.
    var source = try await KernelChoice.resolve(kernel.kernel, places)
    let first: Walk
    do {
      first = try await walk(from: entry, [Self.returned], in: source, places)
    } catch let error as UserError where SetTree.isComplaint(error.message) {
      let command =
        "walker new \(name) \(syscall.map { "--syscall \($0)" } ?? "--function \(function ?? "")") --track \(track)"
      source = try KernelChoice.whole(source, places, command: command)
      first = try await walk(from: entry, [Self.returned], in: source, places)
    }
    let walk = try await walk(
      from: entry, SkeletonText.questions(first, returned: Self.returned), in: source, places)
    try write(SkeletonText.render(walk, entry: entry, track: track, assuming: assume), to: file)
    try StandardStreams.write("\(file)\n")
  }

  private static let returned = ResultSpecification(
    id: "returned", title: nil, subject: Observation(kind: .returns, arguments: [:]), eras: [],
    location: SourceLocation(file: "", line: 0))

  private func walk(
    from entry: Walkthrough.Entry, _ results: [ResultSpecification], in reference: KernelReference, _ places: Places
  ) async throws -> Walk {
    let tracked = try WalkthroughReader.tracked(track)
    var bare = Walkthrough(
      name: name, title: name, entry: entry, track: tracked.name, waypoints: [], conditions: [], assumptions: assume,
      results: results, introduction: "", annotations: [])
    bare.sources = tracked.sources
    let request = EngineRequest(
      operation: .walk(bare), kernel: reference, configuration: try kernel.configuration(), cache: places.cache)
    let answer = try await Engine(path: places.engine, bounds: places.bounds)
      .ask(request, task: "the walk through \(reference.name)")
    guard case .walk(let walk, restingOn: _) = answer.response else { throw unexpectedAnswer() }
    return walk
  }

  /// The file is there whole, or not at all.
  private func write(_ text: String, to file: String) throws {
    let folder = URL(filePath: file).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
    } catch {
      throw UserError("\(file) cannot be written: check the folder's permissions and the room on its disk")
    }
  }
}
