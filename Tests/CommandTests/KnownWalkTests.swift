import Foundation
import Testing
import WalkerModel

/// What is looked up instead of walked, and what must not be.
@Suite struct KnownWalkTests {
  private func json(_ sandbox: Sandbox, _ kernel: String) throws -> [String: Any] {
    let run = try sandbox.walker("print", "--kernel", kernel, "--format", "json")
    #expect(run.errors == "")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private func formula(_ walk: [String: Any]) -> String? {
    (walk["results"] as? [[String: Any]])?.first?["formula"] as? String
  }

  @Test func knowsAKernelWhoseRelevantContentItHasSeen() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    // Another version, another driver, a symbol that nobody asks for: nothing that the walk rests on.
    var other = MiniTree(version: "1.3.7")
    other.files["drivers/flat/other.c"] = "int other, more;\n"
    other.files["Kconfig"] =
      "config WIDGETS\n\tbool \"Widgets\"\n\tdefault y\n\nconfig UNRELATED\n\tbool\n\tdefault y\n"
    try sandbox.write(other, "two")
    let first = try json(sandbox, "one")
    #expect(formula(first) == "min((u32) room, cap)")
    let second = try json(sandbox, "two")
    #expect(sandbox.calls == 1)
    let (old, new) = (first["kernel"] as? [String: Any], second["kernel"] as? [String: Any])
    #expect(old?["version"] as? String == "1.2.0")
    #expect(new?["version"] as? String == "1.3.7")
    #expect(new?["name"] as? String == "two")
    #expect(new?["source"] as? String == "folder:two")
    // What is stamped is what a walk would have said.
    let walked = try sandbox.walker("print", "--kernel", "two", "--format", "json", "--no-cache")
    #expect(try sandbox.walker("print", "--kernel", "two", "--format", "json").output == walked.output)
    #expect(sandbox.calls == 2)
  }

  @Test func knowsItInEveryForm() throws {
    let sandbox = try Sandbox.withEngine()
    // An archive's drivers are not kept, only searched: a table there would make another walk.
    var tree = MiniTree()
    tree.files["net/flat.c"] = tree.all["drivers/flat/flat.c"]
    tree.files["drivers/flat/flat.c"] = "int flat;\n"
    try sandbox.write(tree, "one")
    let expected = formula(try json(sandbox, "one"))
    try sandbox.run("tar -cJf one.tar.xz one")
    try sandbox.run("git -C one init -q && git -C one add -A && git -C one commit -qm first && git -C one tag v1")
    #expect(try sandbox.walker("kernels", "add", "one", "--name", "set").status == 0)
    let calls = sandbox.calls
    for kernel in ["set", "git:one@v1"] { #expect(formula(try json(sandbox, kernel)) == expected) }
    #expect(sandbox.calls == calls)
    // An archive is read by the engine; the walk is known there.
    #expect(formula(try json(sandbox, "one.tar.xz")) == expected)
    #expect(sandbox.calls == calls + 1)
    #expect(formula(try json(sandbox, "one.tar.xz")) == expected)
    #expect(sandbox.calls == calls + 1)
    #expect(sandbox.keptWalks == 1)
  }

  @Test(arguments: [
    // Read by the parse, by the search for tables, by the search for the knob.
    ("net/round.c", "#include <linux/widget.h>\n"), ("drivers/flat/flat.c", "int flat;\n"),
    ("kernel/sysctl.c", "int none;\n"),
    // A header that newly stands earlier in the order of the search.
    ("arch/x86/include/linux/widget.h", "int nothing;\n"),
    // A new file with another table, that fits too.
    ("net/second.c", "const struct widget_ops second_ops = {\n\t.kind = 1,\n\t.open = second_open,\n};\n"),
    // A symbol that a header asks for.
    ("Kconfig", "config OTHER\n\tbool\n"),
  ])
  func walksAnewWhatDiffersInSomethingThatCounts(_ path: String, _ text: String) throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    _ = try sandbox.walker("--kernel", "one", "--format", "json")
    var tree = MiniTree()
    tree.files[path] = text
    try sandbox.write(tree, "two")
    _ = try sandbox.walker("--kernel", "two", "--format", "json")
    #expect(sandbox.calls == 2)
    // The same in place, in a file that may never have been opened.
    try sandbox.write(tree, "one")
    _ = try sandbox.walker("--kernel", "one", "--format", "json")
    #expect(sandbox.calls == 2, "its text is now that of the second")
    try sandbox.write(MiniTree(), "one")
    _ = try sandbox.walker("--kernel", "one", "--format", "json")
    #expect(sandbox.calls == 2, "and now that of the first again")
  }

  @Test func seesAnEditInPlaceOfAFileThatWasNotOpened() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    _ = try json(sandbox, "one")
    let handle = try FileHandle(forWritingTo: sandbox.root.appending(path: "one/drivers/flat/other.c"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("const struct widget_ops more_ops = {\n\t.kind = 2,\n\t.open = more,\n};\n".utf8))
    try handle.close()
    Thread.sleep(forTimeInterval: 0.05)
    let rejected = ((try json(sandbox, "one")["frames"] as? [[String: Any]])?.last?["reachedBy"] as? [String: Any])?[
      "rejected"]
    #expect((rejected as? [Any])?.count == 2)
    #expect(sandbox.calls == 2)
  }

  /// A library of the engine that was replaced: the stamp that is kept is no longer the file's.
  @Test func walksAnewWhenALibraryOfTheEngineIsAnother() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    _ = try json(sandbox, "one")
    let walks = sandbox.root.path + "/cache/walker/walks"
    for path in try FileManager.default.subpathsOfDirectory(atPath: walks)
    where path.hasSuffix(".place") || path.hasSuffix(".basis") {
      let text = try String(contentsOfFile: walks + "/" + path, encoding: .utf8)
      let body = text.dropFirst(65).replacing(/library \d+-/, with: "library 1-")
      #expect(body != text.dropFirst(65), "\(path)")
      try sandbox.write(String(body), "body")
      let sum = try sandbox.run("sha256sum < body").prefix(64)
      try (sum + "\n" + body).write(toFile: walks + "/" + path, atomically: true, encoding: .utf8)
    }
    _ = try json(sandbox, "one")
    #expect(sandbox.calls == 2)
  }

  @Test func walksOnceForProcessesThatAskAtOnce() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    let processes = try (1...4).map { _ in try sandbox.start("--kernel", "one") }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    #expect(sandbox.calls == 1)
  }

  @Test func aKilledWalkHoldsNothingUp() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    let process = try sandbox.start("--kernel", "one")
    while sandbox.calls == 0 { Thread.sleep(forTimeInterval: 0.01) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(formula(try json(sandbox, "one")) == "min((u32) room, cap)")
  }

  @Test(arguments: ["", "x", "not what was written\n"])
  func walksAnewWhatIsDamaged(_ damage: String) throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    let first = try sandbox.walker("--kernel", "one").output
    let walks = sandbox.root.path + "/cache/walker/walks"
    for path in try FileManager.default.subpathsOfDirectory(atPath: walks)
    where [".walk", ".basis", ".place"].contains(where: path.hasSuffix) {
      try Data(damage.utf8).write(to: URL(filePath: walks + "/" + path))
    }
    #expect(try sandbox.walker("--kernel", "one").output == first)
    #expect(sandbox.calls == 2)
    #expect(try sandbox.walker("--kernel", "one").output == first)
    #expect(sandbox.calls == 2)
  }

  /// Only a check reads a walk's fingerprints.
  @Test func walksAnewForACheckWhenOnlyTheFingerprintsAreDamaged() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    #expect(try sandbox.walker("accept", "widget-room", "--kernel", "one", "--all", "--prose-still-true").status == 0)
    let calls = sandbox.calls
    let walks = sandbox.root.path + "/cache/walker/walks"
    for path in try FileManager.default.subpathsOfDirectory(atPath: walks) where path.hasSuffix(".prints") {
      try Data("x".utf8).write(to: URL(filePath: walks + "/" + path))
    }
    #expect(try sandbox.walker("print", "widget-room", "--kernel", "one").status == 0)
    #expect(sandbox.calls == calls)
    #expect(try sandbox.walker("check", "widget-room", "--against", "one").status == 0)
    #expect(sandbox.calls == calls + 1)
  }

  /// What nobody asked for is not made: a walk that was printed has no fingerprints, and a check makes it again, once.
  @Test func walksAnewForACheckOfWhatWasOnlyPrinted() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    #expect(try sandbox.walker("print", "widget-room", "--kernel", "one").status == 0)
    let printed = sandbox.calls
    #expect(try sandbox.walker("accept", "widget-room", "--kernel", "one", "--all", "--prose-still-true").status == 0)
    #expect(sandbox.calls == printed + 1)
    #expect(try sandbox.walker("print", "widget-room", "--kernel", "one").status == 0)
    #expect(try sandbox.walker("check", "widget-room", "--against", "one").status == 0)
    #expect(sandbox.calls == printed + 1)
  }
}
