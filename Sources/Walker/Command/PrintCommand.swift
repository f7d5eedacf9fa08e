internal import ArgumentParser
internal import WalkerModel
internal import WalkerRender

struct PrintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print", abstract: "Print the annotated call chain of a walkthrough in one kernel.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var walk: WalkArguments
  @Option(help: "text, or json (schema walker.walk/1).")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let walk = try await WalkSource(walk, Places(places)).walk()
    switch format {
    case .text: try StandardStreams.write(WalkText.render(walk, TextOptions(text)))
    case .json: try StandardStreams.write(WalkJSON.render(walk, showsSource: !text.noSource).indented)
    }
    try report(walk)
  }

  /// What is wrong with the walk is said on standard error as well, and decides the exit status.
  private func report(_ walk: Walk) throws {
    for finding in walk.findings where finding.severity == .error {
      let place = finding.location.map { "\($0): " } ?? ""
      let remedy = finding.notes.last.map { ": \($0)" } ?? ""
      let summary =
        finding.summary.hasSuffix(".") && !remedy.isEmpty ? String(finding.summary.dropLast()) : finding.summary
      StandardStreams.complain(place + summary + remedy)
    }
    if walk.findings.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.broken) }
    if walk.results.contains(where: { $0.proof == .notDerivable })
      || walk.findings.contains(where: { $0.id == "walker.result.not-proved" })
    {
      throw ExitCode(ExitStatus.unchecked)
    }
  }
}
