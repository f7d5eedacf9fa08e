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

  @Test func takesTheExampleWhereNoNumberIsGiven() throws {
    let sandbox = try sandbox()
    let run = try sandbox.walker("eval", "--kernel", "one")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("✓ room = 100 on Linux 1.2.0: room-limit 64\n"))
    let text = MiniTree.walkthrough.replacing(
      "track: room",
      with: "track: room\nexample: {room: 7, net.widget.cap: 5}\nanswer: \"open({{room}}): {{room-limit}} fit\"")
    try sandbox.write(text, "Annotations/widget-room/walkthrough.md")
    #expect(try sandbox.walker("eval", "--kernel", "one").output.hasPrefix("✓ open(7): 5 fit\n"))
    #expect(try sandbox.walker("eval", "9", "--kernel", "one").output.hasPrefix("✓ open(9): 5 fit\n"))
    #expect(try sandbox.walker("--kernel", "one").output.hasPrefix("✓ open(7): 5 fit\n"))
  }

  @Test func takesTheNumberAsAnArgument() throws {
    let sandbox = try sandbox()
    for arguments in [
      ["511"], ["widget-room", "511"], ["widget-room", "0x1ff"], ["widget-room", "--set", "room=511"],
    ] {
      let run = try sandbox.walker(["eval"] + arguments + ["--kernel", "one", "--format", "csv"])
      #expect(run.output == "kernel,room,net.widget.cap,room-limit\r\none,511,64,64\r\n", "\(arguments): \(run.errors)")
    }
    let negative = try sandbox.walker("eval", "-1", "--kernel", "one", "--format", "csv")
    #expect(negative.output.hasSuffix("one,-1,64,64\r\n"), "\(negative.errors)")
    let word = try sandbox.walker("eval", "widget-room", "many", "--kernel", "one")
    #expect(word.status == ExitStatus.usage && word.errors.contains("many is no number"))
  }

  @Test func writesVectorsForOtherPrograms() throws {
    let sandbox = try sandbox()
    func vectors(_ format: String) throws -> Sandbox.Run {
      try sandbox.walker("eval", "--kernel", "one", "--vectors", "50", "--format", format)
    }
    let csv = try vectors("csv").output.split(separator: "\r\n").dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
    #expect(csv.count == 50 && Set(csv).count == 50)
    for row in csv {
      let (room, cap, limit) = (Int64(row[1]), Int64(row[2]), Int64(row[3]))
      let unsigned = room.map { UInt64(UInt32(truncatingIfNeeded: $0)) }
      #expect(limit == Int64(min(unsigned ?? 0, UInt64(cap ?? 0))), "\(row)")
    }
    #expect(try vectors("csv").output == vectors("csv").output)
    try sandbox.write(
      try vectors("c").output + "int main(void) { return widget_room_one[0].room_limit.has - 1; }\n", "v.c")
    try sandbox.run("cc -std=c99 -Wall -Wextra -Werror -Wno-unused-const-variable v.c -o v && ./v")
    let go = try vectors("go").output
    #expect(go.contains("type WidgetRoomVector struct {") && go.contains("RoomLimit *int64"))
    let json = try #require(JSONSerialization.jsonObject(with: Data(vectors("json").output.utf8)) as? [String: Any])
    #expect((json["rows"] as? [Any])?.count == 50)
    for arguments in [["--vectors", "9"], ["--format", "c"], ["--vectors", "0", "--format", "c"]] {
      #expect(try sandbox.walker(["eval", "--kernel", "one"] + arguments).status == ExitStatus.usage)
    }
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
