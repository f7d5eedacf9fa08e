internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerModel
internal import WalkerRender

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "What the results come to for given inputs, in one or many kernels.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv, c, go }

  @Argument(help: walkthroughHelp, completion: .walkthroughs)
  var walkthrough: String?
  @Argument(help: "The number that is followed; without it, the walkthrough's example.")
  var number: String?
  @Option(
    help: ArgumentHelp("A kernel; may be given more than once.", valueName: "kernel"), completion: .kernels)
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(
    help: ArgumentHelp("An input: the followed parameter or a knob, by name.", valueName: "name=number"),
    completion: .inputs)
  var set: [String] = []
  @Flag(help: "Knobs that are not set have this machine's value instead of the kernel's default.")
  var liveSysctls = false
  @Option(help: ArgumentHelp("Draw the results over a range of one input.", valueName: "name=first..last"))
  var plot: String?
  @Option(help: ArgumentHelp("Only this result; may be given more than once.", valueName: "id"))
  var result: [String] = []
  @Option(name: .shortAndLong, help: ArgumentHelp("Write the drawing there, as SVG.", valueName: "file.svg"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "So many sets of inputs, edges and random ones, with all results: test vectors, as json, csv, c or go.",
      valueName: "count"))
  var vectors: Int?
  @Option(help: "text, json (schema walker.eval/1), or csv; for --vectors also c and go.")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard output == nil || plot != nil else { throw ValidationError("-o is for what --plot draws: add --plot") }
    guard plot == nil || format == .text else { throw ValidationError("--plot draws: leave --format out") }
    guard plot == nil || vectors == nil else { throw ValidationError("--plot draws and --vectors lists: choose one") }
    guard vectors == nil || format != .text else {
      throw ValidationError("--vectors is for programs: add --format json, csv, c or go")
    }
    guard vectors != nil || (format != .c && format != .go) else {
      throw ValidationError("--format \(format.rawValue) writes test vectors: add --vectors 100")
    }
    guard (1...1_000_000).contains(vectors ?? 1) else { throw ValidationError("--vectors must be 1 to 1000000") }
    guard output?.hasSuffix(".svg") ?? true else {
      throw ValidationError("-o writes SVG: name a file that ends in .svg")
    }
  }

  func run() async throws {
    // `walker eval 511`: the walkthrough is the first one then.
    let isNumber = number == nil && walkthrough.flatMap { Int128(spelled: $0) } != nil
    let (walkthrough, number) = isNumber ? (nil, self.walkthrough) : (self.walkthrough, self.number)
    let value = try number.map { text in
      guard let value = Int128(spelled: text) else {
        throw UserError(
          "\(text) is no number: write walker eval WALKTHROUGH NUMBER, with at most 64 bits",
          exitStatus: ExitStatus.usage)
      }
      return value
    }
    let span = try plot.map(Span.init)
    let places = try Places(places)
    let made = try await WalkSource.walksAtHand(
      walkthrough: walkthrough, kernels: kernel, config: config, places)
    let walks = try made.walks.map { try $0.limited(to: result) }
    let inputs = walks.map(NamedInputs.init)
    let followed = value.map { value in walks.map { Setting(name: $0.tracked.name, number: value) } } ?? []
    let settings = followed + (try set.map { try Setting($0, walks) })
    try NamedInputs.check(settings.map(\.name) + [span?.name].compactMap(\.self), in: inputs)
    let evaluations = inputs.map { Evaluation(named: $0, settings: settings, usesLiveSysctls: liveSysctls) }
    if let span {
      try draw(Plotting(evaluations: evaluations, span: span))
    } else if let vectors {
      try list(evaluations.flatMap { $0.vectors(vectors) }, of: walks)
    } else {
      try tabulate(EvalTable(walkthrough: walks.first?.walkthrough ?? "", rows: evaluations.map { $0.row() }))
    }
    if !made.isComplete { throw ExitCode(ExitStatus.unchecked) }
  }

  private func tabulate(_ table: EvalTable) throws {
    switch format {
    case .text: try StandardStreams.write(table.text(TextOptions(text)), Terminal.palette(text.color))
    case .json: try StandardStreams.write(table.json.indented)
    case .csv: try StandardStreams.write(table.csv)
    case .c, .go: break
    }
    if !table.isComplete { throw ExitCode(ExitStatus.unchecked) }
  }

  private func list(_ rows: [EvalTable.Row], of walks: [Walk]) throws {
    let table = EvalTable(walkthrough: walks.first?.walkthrough ?? "", rows: rows)
    let kernels = Dictionary(walks.map { ($0.kernel.name, $0.kernel) }) { first, _ in first }
    switch format {
    case .json: try StandardStreams.write(table.json.indented)
    case .csv, .text: try StandardStreams.write(table.csv)
    case .c: try StandardStreams.write(EvalVectors.c(table, numbers: kernels))
    case .go: try StandardStreams.write(EvalVectors.go(table, numbers: kernels))
    }
    if walks.contains(where: { $0.results.contains { $0.derivation == nil && $0.proof != .absent } }) {
      throw ExitCode(ExitStatus.unchecked)
    }
  }

  private func draw(_ plotting: Plotting) throws {
    let options = TextOptions(text)
    let plot = plotting.plot(columns: output == nil ? PlotText.columns(options) : PlotSVG.columns)
    if let output {
      try OutputFile.write(PlotSVG.render(plot), to: output)
    } else {
      try StandardStreams.write(PlotText.render(plot, options), options.palette)
    }
    if plot.panels.contains(where: { !$0.missing.isEmpty }) { throw ExitCode(ExitStatus.unchecked) }
  }
}

extension Walk {
  /// With these results only; all when none is named. Throws `UserError` (64) for one that there is not.
  fileprivate func limited(to ids: [String]) throws -> Walk {
    for id in ids where !results.contains(where: { $0.id == id }) {
      let known = results.map(\.id)
      let hint = Spelling.nearest(to: id, among: known).map { "did you mean \"\($0)\"?" }
      throw UserError(
        "\(walkthrough) has no result \(id): \(hint ?? "there are \(known.joined(separator: ", "))")",
        exitStatus: ExitStatus.usage)
    }
    return ids.isEmpty ? self : with(results: results.filter { ids.contains($0.id) })
  }
}
