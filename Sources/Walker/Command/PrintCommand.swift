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
    let walk = try await WalkSource(walk, Places(places)).shown()
    switch format {
    case .text: try StandardStreams.write(WalkText.render(walk, TextOptions(text)), Terminal.palette(text.color))
    case .json: try StandardStreams.write(WalkJSON.render(walk, showsSource: !text.noSource).indented)
    }
    try [walk].report()
  }
}
