import Foundation
import Testing
import WalkerModel

@Test func saysItsVersionAndWhatItIsLinkedWith() throws {
  let run = try Sandbox.withEngine().walker("--version")
  #expect(run.status == 0)
  let lines = run.output.split(separator: "\n")
  #expect(lines.count == 3)
  for (line, start) in zip(lines, [#/^walker \d+\.\d+\.\d+/#, #/^libclang \d+\./#, #/^Z3 \d+\./#]) {
    #expect(line.firstMatch(of: start) != nil, "\(line)")
  }
}

@Test(arguments: [
  (["prnt"], "did you mean \"walker print\"?"), (["evl", "511"], "did you mean \"walker eval\"?"),
  (["help", "prnt"], "did you mean \"walker help print\"?"),
  (["help", "kernels", "lsit"], "walker kernels has no command"),
  (["help", "zzzzzz"], "walker has no command \"zzzzzz\": there are print"),
])
func suggestsTheCommandThatWasMeant(_ arguments: [String], _ message: String) throws {
  let run = try Sandbox().walker(arguments)
  #expect(run.status == ExitStatus.usage && run.output.isEmpty)
  #expect(run.errors.contains(message), "\(run.errors)")
}

@Test func helpsWithEveryCommand() throws {
  let sandbox = try Sandbox()
  for command in ["print", "eval", "check", "kernels", "history"] {
    #expect(try sandbox.walker("help", command).output.contains("USAGE: walker \(command)"))
  }
}

@Test func takesWhatTheProjectSays() throws {
  let sandbox = try Sandbox()
  try FileManager.default.moveItem(
    at: sandbox.root.appending(path: "Annotations"), to: sandbox.root.appending(path: "texts"))
  try sandbox.write("kernels: [./mini]\nannotations: texts\n", ".walker.yml")
  #expect(try sandbox.walker("print").status == 0)
  #expect(try sandbox.request().kernel.name == "mini")
  try sandbox.write("kernel: [./mini]\n", ".walker.yml")
  let wrong = try sandbox.walker("print")
  #expect(wrong.status != 0 && wrong.errors.contains(".walker.yml:1") && wrong.errors.contains("\"kernels\""))
}

@Test func completesNames() throws {
  let sandbox = try Sandbox()
  try sandbox.addKernel("6.12")
  func offers(_ command: String, _ argument: String, _ words: String...) throws -> [Substring] {
    try sandbox.walker(["---completion", command, "--", argument, "0", "0"] + ["walker", command] + words).output
      .split(separator: "\n")
  }
  #expect(try offers("print", "positional@0") == ["widget-room"])
  #expect(try offers("print", "--kernel") == ["6.12"])
  #expect(try offers("print", "--annotation") == ["cap"])
  #expect(try offers("eval", "--set") == ["room="])
}

@Test func failsWhereAClaimIsRefuted() throws {
  let sandbox = try Sandbox()
  try sandbox.respond(.walk(MiniKernel.walk(results: [MiniKernel.results[1]]), restingOn: nil))
  let run = try sandbox.walker("--kernel", "mini")
  #expect(run.status == ExitStatus.broken)
  #expect(run.errors.contains("no claim of full-at is right"), "\(run.errors)")
}

@Test func printsOneAnnotation() throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("--kernel", "mini", "--annotation", "store")
  #expect(run.status == 0 && run.output.contains("Where it is stored"))
  let wrong = try sandbox.walker("--kernel", "mini", "--annotation", "stroe")
  #expect(wrong.status == ExitStatus.usage && wrong.errors.contains("did you mean \"store\"?"))
}

@Test func listsAnchorsWithoutAWalkthrough() throws {
  let sandbox = try Sandbox.withEngine()
  try sandbox.write(MiniTree(), "one")
  let run = try sandbox.walker("anchors", "round_open", "--kernel", "one")
  #expect(run.status == 0, "\(run.errors)")
  #expect(run.output.contains("function: round_open\nrole: store"))
}

@Test func suggestsTheFunctionOfASystemCall() throws {
  let sandbox = try Sandbox.withEngine()
  try sandbox.write(MiniTree(), "one")
  let run = try sandbox.walker("anchors", "widget_open", "--kernel", "one")
  #expect(run.status == ExitStatus.broken)
  #expect(run.errors.contains("defines no function widget_open that walker finds: did you mean sys_widget_open?"))
}

/// An error that is caught and not told needs a reason beside it why nothing is lost.
@Test func saysOfEverySwallowedErrorWhyNothingIsLost() throws {
  let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Walker")
    .standardized
  let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
  var found = 0
  for file in files ?? [] where file.pathExtension == "swift" {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() where line.contains(#/\btry\?/#) {
      found += 1
      let above = lines[max(0, number - 8)...number]
      #expect(above.contains { $0.contains("//") }, "\(file.lastPathComponent):\(number + 1): \(line)")
    }
  }
  #expect(found > 10)
}
