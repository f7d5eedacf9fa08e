import Foundation
import Testing
import WalkerModel

@Suite struct EvalCommandTests {
  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox.withEngine()
    try sandbox.write(MiniTree(), "one")
    return sandbox
  }

  private func row(_ run: Sandbox.Run) throws -> [String: Any] {
    let json = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    return try #require((json["rows"] as? [[String: Any]])?.first)
  }

  @Test func saysWhatBecomesOfANumberAndWhy() throws {
    let sandbox = try sandbox()
    let run = try sandbox.walker("eval", "--kernel", "one", "--set", "room=511", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let row = try row(run)
    #expect((row["inputs"] as? [String: Int]) == ["room": 511, "net.widget.cap": 64])
    #expect((row["results"] as? [String: Int]) == ["room-limit": 64])
    #expect((row["decidedBy"] as? [String: String])?["room-limit"] == "capped by net.widget.cap at net/widget.c:8")
    // A knob by its full name or by its short one.
    for name in ["cap", "net.widget.cap"] {
      let set = try sandbox.walker(
        "eval", "--kernel", "one", "--set", "room=511", "--set", "\(name)=0x200", "--format", "csv")
      #expect(set.output == "kernel,room,net.widget.cap,room-limit\r\none,511,512,511\r\n")
    }
  }

  @Test func saysWhatCDoesWithANumberThatIsTooLarge() throws {
    let sandbox = try sandbox()
    let run = try sandbox.walker("eval", "--kernel", "one", "--set", "room=4294967301", "--format", "json")
    let row = try row(run)
    #expect((row["results"] as? [String: Int]) == ["room-limit": 5])
    #expect((row["notes"] as? [String])?.first?.contains("C keeps the low 32 bits, 5") == true)
  }

  @Test(arguments: [
    (["--set", "rom=1"], "there is no input rom: did you mean \"room\"?"),
    (["--set", "zzzzzzz=1"], "there is no input zzzzzzz: the inputs are room, net.widget.cap"),
    (["--set", "room"], "write NAME=NUMBER"), (["--set", "room=1e3"], "write NAME=NUMBER"),
    (["--set", "room=99999999999999999999999999"], "at most 64 bits"),
    (["--plot", "room=5..5"], "is an empty range"), (["--plot", "room=9..1"], "is an empty range"),
    (["--plot", "room=1"], "write NAME=FIRST..LAST"), (["--result", "room-limits"], "did you mean \"room-limit\"?"),
    (["-o", "x.svg"], "add --plot"), (["--plot", "room=0..9", "-o", "x.png"], "ends in .svg"),
  ])
  func refusesWhatIsNoInput(_ arguments: [String], _ message: String) throws {
    let run = try sandbox().walker(["eval", "--kernel", "one"] + arguments)
    #expect(run.status == ExitStatus.usage)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output == "")
  }

  @Test func neverGivesAWrongNumber() throws {
    let sandbox = try Sandbox.withEngine()
    for (limit, number, message) in [
      ("room = 100 / room;", 0, "division by zero"), ("room = 1 << room;", 40, "shift"),
    ] {
      try sandbox.write(MiniTree(limit: limit), "one")
      let run = try sandbox.walker("eval", "--kernel", "one", "--set", "room=\(number)", "--format", "json")
      #expect(run.status == ExitStatus.unchecked, "\(run.errors)")
      let row = try row(run)
      #expect((row["results"] as? [String: Any])?["room-limit"] is NSNull)
      let why = try #require((row["why"] as? [String: String])?["room-limit"])
      #expect(why.contains("C gives no value"), "\(message): \(why)")
      #expect(why.contains("net/round.c:"))
    }
  }

  @Test func asksForWhatIsNotSet() throws {
    let run = try sandbox().walker("eval", "--kernel", "one")
    #expect(run.status == ExitStatus.unchecked)
    #expect(run.output.contains("set room with --set"))
  }

  @Test func goesOnPastAKernelThatCannotBeWalked() throws {
    let sandbox = try sandbox()
    var tree = MiniTree()
    tree.files["net/widget.c"] = "int nothing;\n"
    try sandbox.write(tree, "none")
    let run = try sandbox.walker(
      "eval", "--kernel", "none", "--kernel", "one", "--set", "room=511", "--format", "csv")
    #expect(run.status == ExitStatus.unchecked)
    #expect(run.output == "kernel,room,net.widget.cap,room-limit\r\none,511,64,64\r\n")
    #expect(run.errors.contains("folder:none defines no"))
    #expect(try sandbox.walker("eval", "--kernel", "none", "--set", "room=1").output == "")
  }

  @Test func comparesKernelsOfAPattern() throws {
    let sandbox = try sandbox()
    try sandbox.write(MiniTree(limit: ""), "other")
    let run = try sandbox.walker("eval", "--kernel", "./o*e*", "--set", "room=511", "--format", "csv")
    #expect(run.output == "kernel,room,net.widget.cap,room-limit\r\none,511,64,64\r\nother,511,,511\r\n")
    let picture = try sandbox.walker("eval", "--kernel", "./o*e*", "--plot", "room=0..100", "-o", "x.svg")
    #expect(picture.status == 0 && picture.output == "")
    #expect(try String(contentsOf: sandbox.root.appending(path: "x.svg"), encoding: .utf8).hasPrefix("<svg"))
  }
}
