import Testing
import WalkerClang
import WalkerFormula
import WalkerKernel
import WalkerModel

@testable import WalkerTrace

/// What files give that are parsed together is what each of them gives alone, or they are not parsed together.
@Suite struct JointParseTests {
  /// The mini-kernel with a guarded header, and a walkthrough whose waypoint names a function of the second file.
  private func kernel() -> MiniKernel {
    var kernel = MiniKernel()
    kernel.waypoints = ["round_resize"]
    kernel.files["widget/widget.h"] = "#ifndef W_H\n#define W_H\n\(kernel.files["widget/widget.h"] ?? "")\n#endif\n"
    return kernel
  }

  private func separate(_ kernel: MiniKernel) throws -> [String: Bool] {
    try kernel.inFolder { tree, environment in
      let files = Prediction(walkthrough: kernel.walkthrough, tree: tree).files()
      #expect(files == ["net/entry.c", "net/round.c"])
      let joint = try JointParse(of: files, tree: tree, environment: environment)
      return Dictionary(uniqueKeysWithValues: files.map { ($0, joint?.file($0) == nil) })
    }
  }

  private func expectSame(_ kernel: MiniKernel) throws {
    let (joint, alone) = (try kernel.trace(jointly: true), try kernel.trace())
    #expect(joint.frames == alone.frames)
    #expect(joint.sideFrames == alone.sideFrames)
    #expect(joint.reaches == alone.reaches)
    #expect(joint.results.map(\.derivation) == alone.results.map(\.derivation))
    #expect(joint.results.map(\.why) == alone.results.map(\.why))
    #expect(joint.openEnds == alone.openEnds)
    #expect(joint.findings == alone.findings)
    #expect(joint.sites == alone.sites)
    #expect(joint.configurationSymbols == alone.configurationSymbols)
    #expect(Set(joint.files).isSuperset(of: alone.files))
  }

  @Test func givesWhatTheFilesGiveAlone() throws {
    #expect(try separate(kernel()) == ["net/entry.c": false, "net/round.c": false])
    try expectSame(kernel())
  }

  @Test func parsesAFileAloneWhoseNamesClash() throws {
    var kernel = kernel()
    // Together these would be one variable, without a word from the compiler.
    kernel.files["widget/entry.c"]? += "static int tally;\nint first(void) { return tally; }\n"
    kernel.files["widget/round.c"]? += "static int tally;\nint second(void) { return tally; }\n"
    #expect(try separate(kernel)["net/round.c"] == true)
    try expectSame(kernel)
  }

  @Test func parsesAFileAloneWhoseTypeIsRedefined() throws {
    var kernel = kernel()
    kernel.files["widget/entry.c"]? += "struct part { char small; };\n"
    kernel.files["widget/round.c"] = MiniKernel.round(
      "struct part p; w->room = size + sizeof(p);", before: "struct part { long big[4]; };")
    #expect(try separate(kernel)["net/round.c"] == true)
    try expectSame(kernel)
    #expect(try kernel.trace(jointly: true).stored().text.contains("32"))
  }

  @Test func parsesAFileAloneThatDefinesAMacroBeforeAnInclude() throws {
    var kernel = kernel()
    kernel.files["widget/limit.h"] = "#ifndef LIMIT\n#define LIMIT 7\n#endif\n"
    kernel.files["widget/entry.c"]? += "#include \"limit.h\"\n"
    kernel.files["widget/round.c"] =
      "#define LIMIT 3\n#include \"limit.h\"\n" + MiniKernel.round("w->room = size + LIMIT;")
    #expect(try separate(kernel)["net/round.c"] == true)
    try expectSame(kernel)
    #expect(try kernel.trace(jointly: true).stored().text.contains("+ 3"))
  }

  @Test func parsesAFileAloneWhoseHeadersAskForAnothersMacro() throws {
    var kernel = kernel()
    kernel.files["widget/mode.h"] = "#define WIDE_MODE 1\n"
    kernel.files["widget/extra.h"] = "#ifdef WIDE_MODE\n#define EXTRA 9\n#else\n#define EXTRA 4\n#endif\n"
    kernel.files["widget/entry.c"] = "#include \"mode.h\"\n" + (kernel.files["widget/entry.c"] ?? "")
    kernel.files["widget/round.c"] = MiniKernel.round("w->room = size + EXTRA;", before: "#include \"extra.h\"")
    #expect(try separate(kernel)["net/round.c"] == true)
    try expectSame(kernel)
    #expect(try kernel.trace(jointly: true).stored().text.contains("+ 4"))
  }

  @Test func putsMacrosBackAfterTheFileThatDefinesThem() throws {
    var kernel = kernel()
    kernel.files["widget/entry.c"]? += "\n#define size 0\n"
    #expect(try separate(kernel) == ["net/entry.c": false, "net/round.c": false])
    try expectSame(kernel)
  }

  /// The walk of a function that only compiles because an earlier file declares what it uses is no walk.
  @Test(arguments: ["int helper(int a);\n", "static inline int helper(int a) { return 0; }\n"])
  func doesNotLendDeclarations(_ declaration: String) throws {
    var kernel = kernel()
    kernel.files["widget/lent.h"] = "#ifndef L_H\n#define L_H\n\(declaration)#define LENT 5\n#endif\n"
    kernel.files["widget/entry.c"] = "#include \"lent.h\"\n" + (kernel.files["widget/entry.c"] ?? "")
    for body in ["w->room = helper(size);", "w->room = size + LENT;"] {
      kernel.files["widget/round.c"] = MiniKernel.round(body)
      #expect(try separate(kernel)["net/round.c"] == false)
      try expectSame(kernel)
      #expect(try kernel.trace(jointly: true).findings.contains { $0.id == "walker.parse.error" })
    }
  }

  @Test func doesNotLendWhatAnotherFileDefines() throws {
    var kernel = kernel()
    kernel.files["widget/entry.c"]? += "static int helper(int a) { return a; }\nint user(void) { return helper(1); }\n"
    kernel.files["widget/round.c"] = MiniKernel.round("w->room = helper(size);")
    try expectSame(kernel)
    #expect(try kernel.trace(jointly: true).findings.contains { $0.id == "walker.parse.error" })
  }

  @Test func seesAHeadersFunctionsWhereItIsIncluded() throws {
    var kernel = kernel()
    // `net/aside.c` comes first by its path, and does not include the header with the test.
    kernel.files["widget/aside.c"] = "int aside(int a)\n{\n\treturn a;\n}\n"
    kernel.waypoints = ["aside", "round_resize"]
    try kernel.inFolder { tree, environment in
      let files = ["net/entry.c", "net/aside.c", "net/round.c"]
      let joint = try #require(try JointParse(of: files, tree: tree, environment: environment))
      #expect(try #require(joint.file("net/aside.c")).functions["widget_is_full"] == nil)
      #expect(try #require(joint.file("net/aside.c")).functions["aside"] != nil)
      #expect(try #require(joint.file("net/round.c")).functions["widget_is_full"] != nil)
      #expect(try #require(joint.file("net/round.c")).functions["aside"] == nil)
    }
    try expectSame(kernel)
  }

  @Test func aWordInACommentIsNoMacro() throws {
    var kernel = kernel()
    kernel.files["widget/after.h"] = "#ifndef A_H\n#define A_H\n#define after(a, b) 1\n#endif\n"
    kernel.files["widget/entry.c"] = "#include \"after.h\"\n" + (kernel.files["widget/entry.c"] ?? "")
    kernel.files["widget/round.c"] = MiniKernel.round("/* after */ w->room = size;")
    try kernel.inFolder { tree, environment in
      let joint = try #require(
        try JointParse(of: ["net/entry.c", "net/round.c"], tree: tree, environment: environment))
      let program = try Program(tree: tree, environment: environment, joint: joint)
      let tracer = Tracer(program: program, walkthrough: kernel.walkthrough)
      _ = try tracer.run()
      #expect(joint.unsound(tracer.machine.nodes, program).isEmpty)
    }
  }

  @Test func blanksTheMacrosThatOnlyShapeMessages() throws {
    var kernel = kernel()
    kernel.files["widget/print.h"] = """
      #ifndef P_H
      #define P_H
      #ifndef pr_fmt
      #define pr_fmt(fmt) fmt
      #endif
      #endif

      """
    for file in ["widget/entry.c", "widget/round.c"] {
      kernel.files[file] = "#define pr_fmt(fmt) \\\n \"net: \" fmt\n#include \"print.h\"\n" + (kernel.files[file] ?? "")
    }
    #expect(try separate(kernel) == ["net/entry.c": false, "net/round.c": false])
    try expectSame(kernel)
  }
}
