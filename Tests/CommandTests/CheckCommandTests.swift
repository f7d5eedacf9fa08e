import Foundation
import Testing
import WalkerModel

/// `walker accept` and `walker check` with the real engine.
@Suite struct CheckCommandTests {
  private func accepted() throws -> Sandbox {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    let run = try sandbox.walker("accept", "widget-room", "--kernel", "one", "--all", "--prose-still-true")
    try #require(run.status == 0, "\(run.errors)")
    return sandbox
  }

  private func edited(_ replacements: (String, String)..., file: String = "net/widget.c") throws -> MiniTree {
    var tree = MiniTree(version: "1.3.0")
    var text = try #require(tree.all[file])
    for (old, new) in replacements {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    tree.files[file] = text
    return tree
  }

  private func lock(_ sandbox: Sandbox) throws -> String {
    try String(
      contentsOf: sandbox.root.appending(path: "Annotations/widget-room/walkthrough.lock"), encoding: .utf8)
  }

  @Test func acceptsNothingUnseen() throws {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    let run = try sandbox.walker("accept", "widget-room", "--kernel", "one", "--all")
    #expect(run.status == ExitStatus.unchecked)
    #expect(run.output.contains("It is kept."), "the prose is shown")
    #expect(run.output.contains("w->room = room"), "beside the code")
    #expect(run.errors.contains("--prose-still-true"))
    #expect((try? lock(sandbox)) == nil)
    let unlocked = try sandbox.walker("check", "widget-room", "--against", "one")
    #expect(unlocked.status == ExitStatus.unchecked && unlocked.errors.contains("walker accept"))
  }

  @Test func aKernelThatCannotBeCheckedIsNeverOk() throws {
    let sandbox = try accepted()
    #expect(try sandbox.walker("check", "widget-room", "--against", "one").status == 0)
    #expect(try sandbox.walker("check", "widgte-room", "--against", "one").status == ExitStatus.unchecked)
    #expect(try sandbox.walker("check", "widget-room", "--against", "nowhere").status != 0)
    #expect(try sandbox.walker("check", "widget-room", "--against", "./no*").status == ExitStatus.unchecked)
    #expect(try sandbox.walker("check", "widget-room").status == ExitStatus.usage)
    // A tree in which nothing can be bound.
    var bare = MiniTree()
    bare.files["net/widget.c"] = "int none;\n"
    try sandbox.write(bare, "bare")
    let run = try sandbox.walker("check", "widget-room", "--against", "bare", "--against", "one")
    #expect(run.status == ExitStatus.unchecked)
    #expect(run.output.contains("0 of 1 annotations, 0 of 1 results"))
    #expect(run.output.contains("one: ok, 1 of 1 annotations, 1 of 1 results"), "the other kernel has its verdict")
    try sandbox.write(
      "---\ntitle: Nothing\nentry: {syscall: widget_open}\ntrack: room\nresults: {}\n---\nWords.\n",
      "Annotations/empty/walkthrough.md")
    let empty = try sandbox.walker("check", "empty", "--against", "one")
    #expect(empty.status != 0 && !empty.errors.isEmpty)
  }

  @Test func followsARenamedParameterAndSaysSo() throws {
    let sandbox = try accepted()
    try sandbox.write(try edited(("room", "places"), ("widget_cap", "widget_cap")), "two")
    let run = try sandbox.walker("check", "widget-room", "--against", "two", "--no-source")
    #expect(run.status == 0, "\(run.output)")
    #expect(flat(run).contains("the followed parameter room of sys_widget_open() is now called places"))
    #expect(run.output.contains("1 of 1 annotations, 1 of 1 results"))
  }

  @Test func anotherMeaningIsBroken() throws {
    let sandbox = try accepted()
    var tree = MiniTree()
    tree.limit = "if ((u32)room > widget_cap)\n\t\troom = widget_cap - 1;"
    try sandbox.write(tree, "two")
    let run = try sandbox.walker("check", "widget-room", "--against", "two")
    #expect(run.status == ExitStatus.broken)
    #expect(flat(run).hasPrefix("two: broken, 1 change: room-limit: it is "), "\(run.output)")
    #expect(flat(run).contains(" says "), "\(run.output)")
    #expect(run.output.contains("✗ net/widget.c:") && run.output.contains("room = widget_cap - 1;"), "\(run.output)")
    #expect(flat(run).contains("walker accept widget-room --kernel ./two room-limit --prose-still-true"))
    tree.limit = ""
    try sandbox.write(tree, "three")
    // A known era, and another one than was accepted: the walkthrough covers it, but somebody should know.
    let free = try sandbox.walker("check", "widget-room", "--against", "three")
    #expect(free.status == 0 && free.output.hasPrefix("three: review, 1 change: "), "\(free.output)")
    #expect(flat(free).contains("known era free instead of capped"), "\(free.output)")
    #expect(try sandbox.walker("check", "widget-room", "--against", "three", "--strict").status == ExitStatus.broken)
  }

  @Test func aWayOutMoreIsBroken() throws {
    let sandbox = try accepted()
    try sandbox.write(try edited(("return slot->ops", "if (id == 3)\n\t\treturn -1;\n\treturn slot->ops")), "two")
    let run = try sandbox.walker("check", "widget-room", "--against", "two")
    #expect(run.status == ExitStatus.broken)
    #expect(flat(run).contains("it goes on only where (argument1 != 3) as well"), "\(run.output)")
    // One that can't be taken is none: the slot was looked for already.
    try sandbox.write(
      try edited(("return slot->ops", "if (slot == 0)\n\t\treturn -1;\n\treturn slot->ops")), "three")
    let vain = try sandbox.walker("check", "widget-room", "--against", "three")
    #expect(vain.status == 0, "\(vain.output)")
  }

  /// What another field of the struct shifts is the same as before.
  @Test func aFieldMoreIsOk() throws {
    let sandbox = try accepted()
    try sandbox.write(
      try edited(
        ("struct widget { u32 state;", "struct widget { u32 more; u32 state;"), file: "include/linux/widget.h"),
      "two")
    let run = try sandbox.walker("check", "widget-room", "--against", "two")
    #expect(run.status == 0 && run.output.contains("two: ok"), "\(run.output)")
  }

  @Test(
    arguments: [
      ("int round_open(struct widget *widget, int places)\n{\n\twidget->room = places + WIDGET_EXTRA;", 0),
      (
        "int round_open(struct widget *w, int room)\n{\n\tif (!w)\n\t\treturn -22;\n\tw->room = room + WIDGET_EXTRA;", 1
      ),
      ("int round_open(struct widget *w, int room)\n{\n\tint more = WIDGET_EXTRA;\n\tw->room = more + room;", 0),
      ("int round_open(struct widget *w, int room)\n{\n\tw->room = room + WIDGET_EXTRA + 1;", 1),
    ] as [(String, Int32)])
  func aPlaceIsWhatItMeans(_ text: String, _ status: Int32) throws {
    let sandbox = try accepted()
    let old = "int round_open(struct widget *w, int room)\n{\n\tw->room = room + WIDGET_EXTRA;"
    try sandbox.write(try edited((old, text), file: "net/round.c"), "two")
    let run = try sandbox.walker("check", "widget-room", "--against", "two")
    #expect(run.status == status, "\(run.output)")
  }

  @Test func whatAnAnnotationStatesIsDecided() throws {
    let sandbox = try Sandbox.withEngine()
    let facts = """
      holds:
        - stores struct widget.room as argument2 + 0
        - returns 0
        - never calls find_slot
        - calls find_slot in sys_widget_open
        - returns -9 when find_slot() == 0 in sys_widget_open
        - default net.widget.cap == 64
        - calls nothing_here or returns 0
      """
    let text = MiniTree.walkthrough.replacing("of: struct widget.room\n", with: "of: struct widget.room\n\(facts)\n")
    try sandbox.write(text, "Annotations/widget-room/walkthrough.md")
    try sandbox.write(MiniTree(), "one")
    let accepted = try sandbox.walker("accept", "widget-room", "--kernel", "one", "--all", "--prose-still-true")
    try #require(accepted.status == 0, "\(accepted.errors)")
    let same = try sandbox.walker("check", "widget-room", "--against", "one")
    #expect(same.status == 0, "\(same.output)")
    try sandbox.write(try edited(("return -9", "return -6")), "two")
    let other = try sandbox.walker("check", "widget-room", "--against", "two")
    #expect(other.status == ExitStatus.broken, "\(other.output)")
    #expect(flat(other).contains("sys_widget_open() returns something else then"), "\(other.output)")
  }

  /// The words, however they are wrapped.
  private func flat(_ run: Sandbox.Run) -> String {
    run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test(arguments: [
    ("walker.lock/9\n\nend\n", "use a newer walker"),
    ("walker.lock/2\n\nkernel one\n  config\tx\n", "the lock is cut off"),
    ("walker.lock/1\n\nend\n", "accept its kernels again"),
    ("", "this is no lock"),
  ])
  func aLockThatCannotBeReadSaysNothing(_ text: String, _ words: String) throws {
    let sandbox = try accepted()
    try sandbox.write(text, "Annotations/widget-room/walkthrough.lock")
    for command in [
      ["check", "widget-room", "--against", "one"],
      ["accept", "widget-room", "--kernel", "one", "--all", "--prose-still-true"],
    ] {
      let run = try sandbox.walker(command)
      #expect(run.status == ExitStatus.unchecked)
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(try lock(sandbox) == text, "nothing is lost")
    }
  }

  @Test func twoWhoAcceptLoseNothing() throws {
    let sandbox = try accepted()
    for name in ["two", "three", "four"] { try sandbox.write(MiniTree(), name) }
    let processes = try ["two", "three", "four"].map {
      try sandbox.start("accept", "widget-room", "--kernel", $0, "--all", "--prose-still-true")
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let kernels = try lock(sandbox).split(separator: "\n").filter { $0.hasPrefix("kernel ") }
    #expect(kernels == ["kernel four", "kernel one", "kernel three", "kernel two"])
  }

  @Test(arguments: ["check", "accept"]) func oneThatIsKilledLosesNothing(_ command: String) throws {
    let sandbox = try accepted()
    let before = try lock(sandbox)
    try sandbox.write(try edited(("> widget_cap", "< widget_cap")), "two")
    let calls = sandbox.calls
    let kernel = command == "check" ? ["--against", "two"] : ["--kernel", "two", "--all", "--prose-still-true"]
    let process = try sandbox.start([command, "widget-room"] + kernel)
    while sandbox.calls == calls, process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try lock(sandbox) == before)
    #expect(try sandbox.walker("check", "widget-room", "--against", "one").status == 0)
    let run = try sandbox.walker("check", "widget-room", "--against", "two")
    #expect(run.status == 1 && run.output.contains("two: broken"), "\(run.output)\(run.errors)")
  }

  @Test func twoChecksAtOnceSayTheSame() throws {
    let sandbox = try accepted()
    try sandbox.write(try edited(("> widget_cap", "< widget_cap")), "two")
    let processes = try (1...3).map { _ in
      try sandbox.start(["check", "widget-room", "--against", "one", "--against", "two"])
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
    }
  }

  @Test func aFullDiskIsSaidAndLosesNothing() throws {
    let sandbox = try accepted()
    let before = try lock(sandbox)
    let run = try sandbox.walker(["check", "widget-room", "--against", "one"], output: "/dev/full")
    #expect(run.status != 0 && !run.errors.isEmpty)
    try sandbox.write(MiniTree(), "two")
    // No file may grow: what a full disk answers, where the signal that goes with it is ignored.
    let words = try sandbox.run(
      """
      export XDG_CACHE_HOME="$PWD/cache"
      { trap '' XFSZ; ulimit -f 0; bin/walker accept widget-room --kernel two --all --prose-still-true 2>&1 || echo "is $?"; } | cat
      """)
    #expect(words.contains("is 1") && words.contains("walkthrough.lock"), "\(words)")
    #expect(try lock(sandbox) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.path + "/Annotations/widget-room")
    #expect(names.sorted() == ["walkthrough.lock", "walkthrough.md"], "\(names)")
  }

  @Test func everyFormatIsWhole() throws {
    let sandbox = try accepted()
    try sandbox.write(try edited(("> widget_cap", "< widget_cap")), "two<&>")
    func run(_ format: String) throws -> String {
      let run = try sandbox.walker(
        "check", "widget-room", "--against", "./two<&>", "--against", "one", "--format", format, "--summary", "page.md")
      #expect(run.status == ExitStatus.broken)
      return run.output
    }
    let json = try #require(JSONSerialization.jsonObject(with: Data(run("json").utf8)) as? [String: Any])
    #expect(json["schema"] as? String == "walker.check/1" && json["exit"] as? Int == 1)
    let kernels = try #require(json["kernels"] as? [[String: Any]])
    #expect(kernels.map { $0["verdict"] as? String } == ["broken", "ok"])

    let sarif = try #require(JSONSerialization.jsonObject(with: Data(run("sarif").utf8)) as? [String: Any])
    #expect(sarif["version"] as? String == "2.1.0")
    let log = try #require((sarif["runs"] as? [[String: Any]])?.first)
    let driver = try #require((log["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    let results = try #require(log["results"] as? [[String: Any]])
    #expect(!results.isEmpty && Set(rules).count == rules.count)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules.indices.contains(index) && rules[index] == result["ruleId"] as? String)
      #expect(["error", "warning", "note"].contains(result["level"] as? String))
      let prints = try #require(result["partialFingerprints"] as? [String: String])
      #expect(prints["walkerAnchor/v1"]?.hasPrefix("widget-room/") == true)
      #expect(result["codeFlows"] != nil)
      let text = String(decoding: try JSONSerialization.data(withJSONObject: result), as: UTF8.self)
      #expect(!text.contains(sandbox.root.path), "paths are relative")
    }

    let junit = try run("junit")
    let parser = XMLCheck()
    #expect(parser.parse(junit), "\(junit)")
    #expect(parser.suites == 2 && parser.failures > 0)

    let markdown = try run("markdown")
    #expect(markdown.contains("❌ broken") && markdown.contains("✅ ok"))
    #expect(markdown.contains("two\\<&\\>"), "nothing is taken for markup")
    let page = try String(contentsOf: sandbox.root.appending(path: "page.md"), encoding: .utf8)
    #expect(page == String(repeating: markdown, count: 4), "appended by each call")
  }
}

/// Whether XML is well-formed, by its brackets: FoundationXML is not at hand everywhere.
private final class XMLCheck {
  var suites = 0
  var failures = 0

  func parse(_ text: String) -> Bool {
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst() {
      guard let end = part.firstIndex(of: ">") else { return false }
      let tag = part[..<end]
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
        continue
      }
      let name = tag.prefix { $0.isLetter }
      suites += name == "testsuite" ? 1 : 0
      failures += name == "failure" ? 1 : 0
      if !tag.hasSuffix("/") { open.append(name) }
    }
    let entities = text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    return open.isEmpty
      && entities.allSatisfy { rest in ["amp;", "lt;", "gt;", "quot;"].contains { rest.hasPrefix($0) } }
  }
}
