import Foundation
import Testing
import WalkerModel

@Test func printsTheFirstWalkthroughByDefault() throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("--kernel", "mini")
  #expect(run.status == 0)
  #expect(run.errors.isEmpty)
  #expect(run.output.hasPrefix("✓ room = 100 on Linux 1.0.3: room-limit 100 (while widget_max = 64; it is 4096)\n"))
  #expect(!run.output.contains("\u{1B}"))
  let request = try sandbox.request()
  guard case .walk(let walkthrough) = request.operation else {
    Issue.record("the engine was asked for something else")
    return
  }
  #expect(walkthrough.name == "widget-room" && walkthrough.track == "room")
  #expect(request.kernel.kind == .folder(sandbox.root.resolvingSymlinksInPath().path + "/mini"))
  #expect(request.configuration == nil)
}

@Test func printsJSONOfTheContract() throws {
  let run = try Sandbox().walker("print", "widget-room", "--kernel", "mini", "--format", "json")
  #expect(run.status == 0)
  let walk = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  #expect(walk["schema"] as? String == "walker.walk/1")
}

@Test(arguments: [
  (["--color", "always"], ["TERM": "xterm-256color"], true),
  (["--color", "always"], ["NO_COLOR": "1", "TERM": "xterm"], true),
  (["--color", "auto"], ["TERM": "xterm-256color"], false),
  (["--color", "never"], [:], false),
])
func coloursOnlyWhereItIsWanted(_ arguments: [String], _ environment: [String: String], _ expected: Bool) throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("--kernel", "mini", arguments[0], arguments[1], environment: environment)
  #expect(run.status == 0)
  #expect(run.output.contains("\u{1B}[") == expected)
}

@Test func answersFromTheCacheUntilSomethingChanges() throws {
  let sandbox = try Sandbox()
  let first = try sandbox.walker("--kernel", "mini")
  #expect(try sandbox.walker("--kernel", "mini").output == first.output)
  #expect(sandbox.calls == 1)
  // The same length: only the content and the times change.
  try sandbox.write("int y;\n", "mini/drivers/widget/core.c")
  _ = try sandbox.walker("--kernel", "mini")
  #expect(sandbox.calls == 2)
  try sandbox.write(Sandbox.walkthrough + "\nMore.\n", "Annotations/widget-room/walkthrough.md")
  _ = try sandbox.walker("--kernel", "mini")
  #expect(sandbox.calls == 3)
  try sandbox.write("CONFIG_WIDGET=y\n", "config")
  _ = try sandbox.walker("--kernel", "mini", "--config", "config")
  #expect(sandbox.calls == 4)
  _ = try sandbox.walker("--kernel", "mini", "--no-cache")
  #expect(sandbox.calls == 5)
  _ = try sandbox.walker("--kernel", "mini")
  #expect(sandbox.calls == 5)
}

@Test func derivesAnewWhenACachedWalkIsDamaged() throws {
  let sandbox = try Sandbox()
  let first = try sandbox.walker("--kernel", "mini")
  let walks = sandbox.root.appending(path: "cache/walker/walks")
  let entry = try #require(
    try FileManager.default.subpathsOfDirectory(atPath: walks.path).first { $0.hasSuffix(".walk") })
  let file = walks.appending(path: entry)
  try Data(contentsOf: file).dropLast(100).write(to: file)
  #expect(try sandbox.walker("--kernel", "mini").output == first.output)
  #expect(sandbox.calls == 2)
}

@Test func worksWithACacheThatCannotBeWritten() throws {
  let sandbox = try Sandbox()
  try sandbox.write("", "cache/walker")
  #expect(try sandbox.walker("--kernel", "mini").status == 0)
}

@Test func saysWhatIsWrongAndExitsWithOne() throws {
  let sandbox = try Sandbox()
  let finding = Finding(
    id: "walker.anchor.unmatched", severity: .error, summary: "annotation \"cap\" fits no place",
    location: SourceLocation(file: "Annotations/widget-room/walkthrough.md", line: 12), notes: ["change the anchor"])
  try sandbox.respond(.walk(MiniKernel.walk(results: [MiniKernel.results[0]], findings: [finding]), restingOn: nil))
  let run = try sandbox.walker("--kernel", "mini", "--format", "json")
  #expect(run.status == ExitStatus.broken)
  #expect(
    run.errors
      == "walker: Annotations/widget-room/walkthrough.md:12: annotation \"cap\" fits no place: change the anchor\n")
}

@Test func exitsWithTwoWhenAResultIsNotDerivable() throws {
  let sandbox = try Sandbox()
  try sandbox.respond(.walk(MiniKernel.walk(results: [MiniKernel.results[2]]), restingOn: nil))
  let run = try sandbox.walker("--kernel", "mini")
  #expect(run.status == ExitStatus.unchecked)
  #expect(run.output.contains("not derivable"))
}

@Test(arguments: [
  ("kill -SEGV $$", 2, "was ended by signal 11"),
  ("exit 3", 2, "ended with status 3 and no answer"),
  ("echo '{\"walk\":'", 2, "no answer"),
  ("sleep 300", 2, "within 1 s: give it more time with --timeout"),
  (
    "echo '{\"failed\":{\"_0\":{\"message\":\"mini has no entry\",\"exitStatus\":2}}}'", 2,
    "walker: mini has no entry\n"
  ),
])
func survivesAnEngineThatDoesNotAnswer(_ script: String, _ status: Int32, _ message: String) throws {
  let sandbox = try Sandbox(engine: script + "\n")
  // Only what never answers is waited for in vain: on a busy machine the others take their time.
  let run = try sandbox.walker("--kernel", "mini", "--timeout", script.hasPrefix("sleep") ? "1" : "100")
  #expect(run.status == status)
  #expect(run.errors.contains(message), "\(run.errors)")
  #expect(run.errors.hasPrefix("walker: ") && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  #expect(run.output.isEmpty)
}

@Test(arguments: [
  (["widgt-room", "--kernel", "mini"], 2, "did you mean \"widget-room\"?"),
  (["--kernel", "nowhere"], 1, "there is no kernel nowhere"),
  (["--kernel", "Annotations"], 1, "holds no kernel"),
  (["--kernel", "git:mini"], 64, "lacks a path or a revision"),
  ([], 2, "no kernel was added yet"),
  (["--kernel", "mini", "--config", "none"], 2, "there is no configuration file none"),
  (["--kernel", "mini", "--annotations", "none"], 2, "no folder with walkthroughs"),
  (["--kernel", "mini", "--format", "xml"], 64, "xml"),
  (["--kernel", "mini", "--timeout", "0"], 64, "--timeout must be"),
  (["--kernel", "mini", "--wdith", "80"], 64, "--wdith"),
])
func explainsBadArguments(_ arguments: [String], _ status: Int32, _ message: String) throws {
  let sandbox = try Sandbox()
  let run: Sandbox.Run
  switch arguments.count {
  case 0: run = try sandbox.walker()
  case 2: run = try sandbox.walker(arguments[0], arguments[1])
  case 3: run = try sandbox.walker(arguments[0], arguments[1], arguments[2])
  default: run = try sandbox.walker(arguments[0], arguments[1], arguments[2], arguments[3])
  }
  #expect(run.status == status)
  #expect(run.errors.contains(message), "\(run.errors)")
  #expect(sandbox.calls == 0)
}

@Test func reportsADiskThatIsFull() throws {
  let run = try Sandbox().walker("--kernel", "mini", output: "/dev/full")
  #expect(run.status == ExitStatus.broken)
  #expect(run.errors.contains("could not be written"))
}

@Test func aRefutedClaimIsBroken() throws {
  let sandbox = try Sandbox()
  try sandbox.respond(.walk(MiniKernel.walk(results: [MiniKernel.results[1]]), restingOn: nil))
  #expect(MiniKernel.results[1].proof == .refuted)
  #expect(try sandbox.walker("--kernel", "mini").status == ExitStatus.broken)
}

@Test(arguments: [SIGINT, SIGTERM, SIGHUP])
func endsWithWhatItStartedWhenItIsToldTo(_ number: Int32) throws {
  let sandbox = try Sandbox(engine: "echo $$ > \"$root/engine\"; sleep 300")
  let process = try sandbox.start(["--kernel", "mini"])
  let engine = try sandbox.number(in: "engine")
  kill(process.processIdentifier, number)
  process.waitUntilExit()
  #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
  #expect(sandbox.isGone(engine))
  let left = try FileManager.default.subpathsOfDirectory(atPath: sandbox.root.path)
  #expect(!left.contains { $0.contains("partial") }, "\(left)")
}

@Test func titlesAndNamesSteerNoTerminal() throws {
  let sandbox = try Sandbox()
  try sandbox.write("int x;\n", "ev\u{1B}[2Jil/drivers/a.c")
  try sandbox.write("VERSION = 1\n", "ev\u{1B}[2Jil/Makefile")
  let run = try sandbox.walker("--kernel", "no\u{1B}]0;x\u{07}\u{202E}ne")
  #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("\u{202E}"))
  #expect(run.errors.contains("no\\u{1b}]0;x\\u{7}\\u{202e}ne"), "\(run.errors)")
}

@Test func columnsAreBounded() throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker(["--kernel", "mini"], environment: ["COLUMNS": "1000000000"])
  #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 1000 } && run.status == 0, "\(run.status)")
}

@Test(arguments: ["mkfifo c", "ln -s /dev/zero c", "truncate -s 20M c"])
func aConfigurationIsAFile(_ command: String) throws {
  let sandbox = try Sandbox()
  #expect(system("cd '\(sandbox.root.path)' && \(command)") == 0)
  let run = try sandbox.walker("--kernel", "mini", "--config", "c", "--timeout", "20")
  #expect(run.status == ExitStatus.unchecked && run.errors.contains("check --config"), "\(run.errors)")
}
