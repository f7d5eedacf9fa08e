import Testing
import WalkerModel

@testable import WalkerKernel

/// What a walk asked of a tree's text is part of what it rests on.
@Suite struct BasisTests {
  @Test func restsOnWhichFilesMentionAWord() throws {
    let fixture = try Fixture()
    try fixture.write("", "linux-9.4/arch/x86/include/asm/types.h")
    let tree = try FolderTree(fixture.makeKernel())
    let recorder = BasisRecorder(tree)
    #expect(try recorder.files(mentioning: "far_gate") == ["drivers/gate/far.c", "drivers/gate/far.h"])
    #expect(try recorder.answer(.initializer(field: "listen"), naming: "open_gate").count == 1)
    #expect(try recorder.answer(.definition("open_gate")).count == 1)
    let environment = try ParseEnvironment.outline(for: tree, configurationFile: nil).environment
    let basis = try #require(
      try recorder.basis(
        opened: [], unfound: [], first: [], environment: environment, environmentReads: [], start: Disk.now()))
    #expect(basis.answers.map(\.query) == ["definition", "files", "initializer"])
    let read = try #require(BasisText.read(BasisText.write(basis)[...]))
    #expect(read == basis)
    func holds() throws -> Bool {
      try BasisComparison(tree: FolderTree(fixture.path("linux-9.4")), configurationFile: nil).holds(read)
    }
    #expect(try holds())
    // Who else mentions the word counts, not where.
    try fixture.run("sed -i '1i int other;' linux-9.4/drivers/gate/far.h")
    #expect(try holds())
    try fixture.write("int far_gate(int depth);\n", "linux-9.4/drivers/gate/new.h")
    #expect(try !holds())
    try fixture.write("/* int far_gate(int depth); */\n", "linux-9.4/drivers/gate/new.h")
    #expect(try holds())
    // Hits with another value do not count either.
    try fixture.write("struct gate_ops n = { .listen = new_gate };\n", "linux-9.4/drivers/gate/new.c")
    #expect(try holds())
    try fixture.write("struct gate_ops n = { .listen = open_gate };\n", "linux-9.4/drivers/gate/new.c")
    #expect(try !holds())
  }
}
