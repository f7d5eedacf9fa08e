import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct SnippetSetTests {
  /// A recorded walk over the archive: one source file, one header, two queries.
  private func record(_ fixture: Fixture) throws -> RecordingTree {
    try fixture.makeKernel()
    try fixture.run("tar -czf k.tar.gz linux-9.4")
    let recording = RecordingTree(try MemoryTree(archive: fixture.path("k.tar.gz"), source: "apt:linux-source-9.4"))
    _ = try recording.contents(of: "net/gate.c")
    for header in try recording.files(below: "include") { _ = try recording.contents(of: header) }
    recording.note(read: "include/linux/../linux/gate.h")
    recording.note(read: "include/generated/not-in-the-tree.h")
    _ = try recording.answers([.initializer(field: "listen"), .mention("GATE_LIMIT", below: "include")])
    _ = try recording.answer(.definition("nowhere"))
    _ = try recording.files(mentioning: "far_gate")
    return recording
  }

  @Test func writesOnlyWhatWasReadAndAnswersWhatWasAsked() throws {
    let fixture = try Fixture()
    let folder = fixture.path("sets/9.4")
    let made = try SnippetSet.write(record(fixture), name: "9.4", walkthroughs: ["w"], to: folder)
    let expected = ["COPYING", "Makefile", "include/asm-generic/Kbuild", "include/linux/gate.h", "net/gate.c"]
    #expect(made.files.map(\.path) == expected)
    #expect(try fixture.names("sets") == ["9.4"])

    let set = try SetTree(folder)
    #expect(try set.files(below: "") == expected)
    #expect(try set.contents(of: "net/gate.c") == fixture.bytes("linux-9.4/net/gate.c"))
    #expect(set.source == "apt:linux-source-9.4")
    #expect(set.root?.hasSuffix("sets/9.4") == true)
    #expect(try set.version() == "9.4.7")
    #expect(try set.answer(.initializer(field: "listen")).map(\.text) == Fixture.listeners)
    #expect(try set.answer(.mention("GATE_LIMIT", below: "include")).count == 1)
    #expect(try set.answer(.definition("nowhere")).isEmpty)
    try userError(mentioning: "9.4", "open_gate", "walker kernels add 9.4") {
      _ = try set.answer(.definition("open_gate"))
    }
    #expect(try set.files(mentioning: "far_gate") == ["drivers/gate/far.c", "drivers/gate/far.h"])
    try userError(mentioning: "9.4", "mention open_gate", "walker kernels add 9.4") {
      _ = try set.files(mentioning: "open_gate")
    }
    #expect(set.provenance.licence == "GPL-2.0-only")
    #expect(set.provenance.kernelVersion == "9.4.7")
    #expect(set.provenance.archive?.sha256 == (try SHA256.hex(ofFile: fixture.path("k.tar.gz"))))
    #expect(set.provenance.walkthroughs == ["w"])
    #expect(
      set.provenance.files.first { $0.path == "net/gate.c" }?.sha256
        == (try SHA256.hex(ofFile: fixture.path("linux-9.4/net/gate.c"))))
    #expect(try SnippetSet.verify(folder).isEmpty)
  }

  @Test func writesTheSameBytesEveryTime() throws {
    let fixture = try Fixture()
    let recording = try record(fixture)
    try SnippetSet.write(recording, name: "9.4", walkthroughs: ["b", "a"], to: fixture.path("one"))
    try SnippetSet.write(recording, name: "9.4", walkthroughs: ["a", "b"], to: fixture.path("two"))
    try fixture.run("diff -r one two")
  }

  @Test func recordsHeadersOfAFolderAsTheyAreRead() throws {
    let fixture = try Fixture()
    let recording = RecordingTree(try FolderTree(fixture.makeKernel()))
    _ = try recording.contents(of: "include/linux/gate.h")
    _ = try recording.contents(of: "include/linux/none.h")
    #expect(recording.reads == ["include/linux/gate.h"])
  }

  @Test func findsChangedMissingAndExtraFiles() throws {
    let fixture = try Fixture()
    try SnippetSet.write(record(fixture), name: "9.4", walkthroughs: [], to: fixture.path("set"))
    var bytes = try fixture.bytes("set/net/gate.c")
    bytes[3] ^= 1
    try fixture.write(bytes, "set/net/gate.c")
    try fixture.run("rm set/COPYING; touch set/include/new.h; ln -sf /dev/null set/Makefile")
    let problems = try SnippetSet.verify(fixture.path("set")).map(\.description)
    #expect(problems == ["COPYING: missing", "Makefile: missing", "include/new.h: extra", "net/gate.c: changed"])
  }

  @Test func leavesTheOldSetWhenWritingFails() throws {
    let fixture = try Fixture()
    let folder = fixture.path("sets/9.4")
    try SnippetSet.write(record(fixture), name: "9.4", walkthroughs: ["old"], to: folder)
    let failing = RecordingTree(Vanishing(base: try FolderTree(fixture.path("linux-9.4"))))
    failing.note(read: "net/gate.c")
    try userError(mentioning: "net/gate.c", "vanished") {
      try SnippetSet.write(failing, name: "9.4", walkthroughs: ["new"], to: folder)
    }
    #expect(try fixture.names("sets") == ["9.4"])
    #expect(try SetTree(folder).provenance.walkthroughs == ["old"])
    #expect(try SnippetSet.verify(folder).isEmpty)
    try SnippetSet.write(record(fixture), name: "9.4", walkthroughs: ["new"], to: folder)
    #expect(try SetTree(folder).provenance.walkthroughs == ["new"])
    #expect(try fixture.names("sets") == ["9.4"])
  }

  @Test func removesWhatAKilledRunLeft() throws {
    let fixture = try Fixture()
    // No process has this number: it is past the largest that Linux gives.
    try fixture.write("half", "sets/.partial-9.4-4999999-1/net/gate.c")
    try fixture.write("other", "sets/.partial-9.5-4999999-1/net/gate.c")
    try SnippetSet.write(record(fixture), name: "9.4", walkthroughs: [], to: fixture.path("sets/9.4"))
    #expect(try fixture.names("sets") == ["9.4"])
  }

  @Test func refusesASetThatIsNoneOrOfAnotherFormat() throws {
    let fixture = try Fixture()
    try userError(mentioning: fixture.path("none"), "kernels add") { _ = try SetTree(fixture.path("none")) }
    try fixture.write("{", "bad/PROVENANCE.json")
    try userError(mentioning: "bad/PROVENANCE.json") { _ = try SetTree(fixture.path("bad")) }
    try SnippetSet.write(record(fixture), name: "9.4", walkthroughs: [], to: fixture.path("set"))
    let text = String(decoding: try fixture.bytes("set/PROVENANCE.json"), as: UTF8.self)
    try fixture.write(text.replacing("\"format\" : 1", with: "\"format\" : 99"), "set/PROVENANCE.json")
    try userError(mentioning: "format 99", "kernels add") { _ = try SetTree(fixture.path("set")) }
  }

  @Test func saysThatTheDiskIsFull() throws {
    let fixture = try Fixture()
    try fixture.run("ln -s /dev/full full")
    try userError(mentioning: "full", "make room on the disk") { try Disk.write([1], to: fixture.path("full")) }
  }
}

/// A tree whose files disappear while it is read.
private struct Vanishing: KernelTree {
  let base: FolderTree
  var source: String { base.source }
  var root: String? { base.root }
  func contains(_ path: String) -> Bool { base.contains(path) }
  func contents(of path: String) throws -> [UInt8]? { path == "net/gate.c" ? nil : try base.contents(of: path) }
  func files(below folder: String) throws -> [String] { try base.files(below: folder) }
  func answer(_ query: IndexQuery) throws -> [IndexHit] { try base.answer(query) }
}
