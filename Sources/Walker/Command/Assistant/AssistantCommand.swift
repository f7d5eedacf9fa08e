internal import ArgumentParser
internal import WalkerModel

struct AssistantCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp", abstract: "Answer an assistant, by the Model Context Protocol over standard input and output.",
    discussion: """
      Tools: list, walk, eval, check, anchors, knobs, source. It ends when its standard input ends. Nothing is changed but \
      the cache; it reads kernels and walkthroughs only.
      """)

  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let server = AssistantServer(tools: AssistantTools(places: try Places(places, boundsEachWalk: true)).all)
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      if let answer = await server.answer(line) { try StandardStreams.write(answer + "\n") }
    }
  }
}
