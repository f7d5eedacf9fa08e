internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

struct PrintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print",
    abstract: "Print what a number becomes in one kernel, and the annotated call chain that makes it so.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var walk: WalkArguments
  @Flag(help: "End before the evidence: what the chain and the results rest on.")
  var brief = false
  @Option(
    help: ArgumentHelp("Print this annotation alone, with the lines that it explains.", valueName: "id"),
    completion: .annotations)
  var annotation: String?
  @Flag(help: "List the tables that an indirect call does not go through.")
  var rejected = false
  @Flag(
    help:
      "Print what each result rests on: what was not followed, how that was settled, and what every walk takes for granted."
  )
  var restsOn = false
  @Option(help: "text, or json (schema walker.walk/1).")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    if format == .json, brief || annotation != nil || rejected || restsOn {
      throw ValidationError("--brief, --annotation, --rejected and --rests-on shape text: leave --format json out")
    }
  }

  func run() async throws {
    let places = try Places(places)
    let source = try await WalkSource(walk, places)
    let walk = try await source.shown()
    switch format {
    case .text:
      if let annotation { try check(annotation, in: walk) }
      var options = TextOptions(text)
      options.links = try Terminal.links(text, walk, source.kernel, places)
      if restsOn { return try Pager.show(RestsOnText.render(walk, options), text) }
      let parts = WalkTextParts(isBrief: brief, listsRejected: rejected, annotation: annotation)
      try Pager.show(WalkText.render(walk, options, parts), text)
    case .json: try StandardStreams.write(WalkJSON.render(walk, showsSource: !text.noSource).indented)
    }
    try [walk].report()
  }

  /// Throws `UserError` (64) for an annotation that the walkthrough, or this kernel, has not.
  private func check(_ id: String, in walk: Walk) throws {
    guard !walk.annotations.contains(where: { $0.id == id }) else { return }
    let known = walk.annotations.map(\.id)
    let hint = Spelling.nearest(to: id, among: known).map { "did you mean \"\($0)\"?" }
    throw UserError(
      "\(walk.walkthrough) has no annotation \(id) in \(walk.kernel.name): \(hint ?? "there are \(known.joined(separator: ", "))")",
      exitStatus: ExitStatus.usage)
  }
}
