internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerModel
internal import WalkerRender

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "What the results come to for given inputs, in one or many kernels.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv }

  @Argument(help: "The walkthrough's name; without it, the first one by name.")
  var walkthrough: String?
  @Option(help: ArgumentHelp("A kernel; may be given more than once.", valueName: "kernel"))
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: ArgumentHelp("An input: the followed parameter or a knob, by name.", valueName: "name=number"))
  var set: [String] = []
  @Flag(help: "Knobs that are not set have this machine's value instead of the kernel's default.")
  var liveSysctls = false
  @Option(help: ArgumentHelp("Draw the results over a range of one input.", valueName: "name=first..last"))
  var plot: String?
  @Option(help: ArgumentHelp("Only this result; may be given more than once.", valueName: "id"))
  var result: [String] = []
  @Option(name: .shortAndLong, help: ArgumentHelp("Write the drawing there, as SVG.", valueName: "file.svg"))
  var output: String?
  @Option(help: "text, json (schema walker.eval/1), or csv.")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    guard output == nil || plot != nil else { throw ValidationError("-o is for what --plot draws: add --plot") }
    guard plot == nil || format == .text else { throw ValidationError("--plot draws: leave --format out") }
    guard output?.hasSuffix(".svg") ?? true else {
      throw ValidationError("-o writes SVG: name a file that ends in .svg")
    }
  }

  func run() async throws {
    let settings = try set.map(Setting.init)
    let span = try plot.map(Span.init)
    let places = try Places(places)
    let made = try await WalkSource.walksAtHand(
      walkthrough: walkthrough, kernels: kernel, config: config, places)
    let walks = try made.walks.map { try $0.limited(to: result) }
    let inputs = walks.map(NamedInputs.init)
    try NamedInputs.check(settings.map(\.name) + [span?.name].compactMap(\.self), in: inputs)
    let evaluations = inputs.map { Evaluation(named: $0, settings: settings, usesLiveSysctls: liveSysctls) }
    if let span {
      try draw(Plotting(evaluations: evaluations, span: span))
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
    }
    if !table.isComplete { throw ExitCode(ExitStatus.unchecked) }
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
