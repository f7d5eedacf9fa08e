import Testing
import WalkerClang
import WalkerKernel
import WalkerModel

@testable import WalkerTrace

/// Constants cost no parse of their own, and change nothing of the one that they stand in.
@Suite struct ConstantLinesTests {
  private let files = ["net/entry.c", "net/round.c"]

  /// What the constants are, whether they stand in the joint parse, and the errors that it then has.
  private func ask(
    _ names: [String], header: String = "", end: String = ""
  ) throws -> (numbers: [String: Int128], isJoint: Bool, errors: [String]) {
    var kernel = MiniKernel()
    kernel.files["widget/widget.h"] =
      "#ifndef W_H\n#define W_H\n\(header)\n\(kernel.files["widget/widget.h"] ?? "")\n#endif\n"
    kernel.files["widget/entry.c"]? += "\n" + end
    return try kernel.inFolder { tree, environment in
      let lines = ConstantLines(names, in: "net/entry.c")
      let joint = try #require(
        try JointParse.make(of: files, tree: tree, environment: environment, constants: lines))
      let program = try Program(tree: tree, environment: environment, joint: joint, constants: lines)
      let entry = try program.unit("net/entry.c")
      let constants = KernelConstants(program: program)
      try constants.look(up: Set(names), in: "net/entry.c")
      // As a parse of their own says it.
      let apart = KernelConstants(program: try Program(tree: tree, environment: environment))
      try apart.look(up: Set(names), in: "net/entry.c")
      #expect(constants.all == apart.all)
      #expect(entry.functions["sys_widget"] != nil)
      return (
        Dictionary(constants.all.map { ($0.name, $0.number) }) { first, _ in first },
        joint.constants != nil, entry.unit.errors.map(\.message)
      )
    }
  }

  @Test func areAskedInTheParseOfTheFile() throws {
    let answer = try ask(
      ["MOST", "FEW", "NONE"], header: "#define MOST (1 << 4)\nenum { FEW = 3 };", end: "#define LATE 1\n")
    #expect(answer.numbers == ["MOST": 16, "FEW": 3])
    #expect(answer.isJoint)
    // That there is no such name is no error of the file.
    #expect(answer.errors.isEmpty)
  }

  @Test func areAskedApartWhereAMacroHoldsAPragma() throws {
    let answer = try ask(
      ["MOST"], header: "#define PACKED _Pragma(\"pack(1)\")\n#define INNER 4 PACKED\n#define MOST INNER")
    #expect(!answer.isJoint)
  }

  @Test func areAskedApartWhereAMacroHoldsMore() throws {
    let answer = try ask(["MOST"], header: "#define MOST 4); typedef char later; static int more = (1")
    #expect(!answer.isJoint)
  }

  @Test func areAskedApartWhereTheFileEndsWithinSomething() throws {
    #expect(try !ask(["MOST"], header: "#define MOST 4", end: "/* no end").isJoint)
    let broken = try ask(["MOST"], header: "#define MOST 4", end: "int last(void)\n{\n")
    #expect(!broken.isJoint)
    #expect(!broken.errors.isEmpty)
  }
}
