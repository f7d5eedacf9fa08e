import Glibc
import Testing
import WalkerKernel
import WalkerModel

/// A kernel's tree is all that is read, and its files are files.
@Suite struct ConfinementTests {
  @Test(arguments: [
    ("ln -s /etc/passwd linux-9.4/net/out.h", "net/out.h"),
    ("ln -s ../../outside.h linux-9.4/net/out.c; echo > outside.h", "net/out.c"),
    ("mkdir out && ln -s ../../../out linux-9.4/include/linux/out", "include/linux/out"),
    ("ln -s /dev/zero linux-9.4/include/linux/zero.h", "zero.h"),
    ("mkfifo linux-9.4/include/linux/pipe.h", "pipe.h"),
    ("truncate -s 100M linux-9.4/net/large.c", "net/large.c"),
  ])
  func refusesWhatNoKernelHolds(_ command: String, _ name: String) throws {
    let fixture = try Fixture()
    let kernel = try fixture.makeKernel()
    try fixture.run(command)
    let tree = try FolderTree(kernel)
    try userError(mentioning: name) { _ = try tree.answer(.initializer(field: "listen")) }
    try userError(mentioning: name) {
      _ = try KernelPlace(KernelReference(name: "k", kind: .folder(kernel), source: "folder:k"))
    }
  }

  @Test func readsNothingThroughALinkThatLeadsOut() throws {
    let fixture = try Fixture()
    let kernel = try fixture.makeKernel()
    try fixture.run("echo secret > secret; ln -s ../secret linux-9.4/Kbuild.local; ln -s gate.c linux-9.4/net/same.c")
    let tree = try FolderTree(kernel)
    try userError(mentioning: "leads out", "secret") { _ = try tree.contents(of: "Kbuild.local") }
    #expect(try tree.contents(of: "net/same.c") == tree.contents(of: "net/gate.c"))
  }

  @Test(arguments: [
    "echo >> set/include/linux/gate.h", "rm set/COPYING", "echo > set/include/linux/more.h",
    "rm -r set/include && ln -s ../linux-9.4/include set/include",
  ])
  func doesNotWalkASetThatIsNotAsItWasFetched(_ command: String) throws {
    let fixture = try Fixture()
    let recording = RecordingTree(try FolderTree(fixture.makeKernel()))
    _ = try recording.contents(of: "include/linux/gate.h")
    try SnippetSet.write(recording, name: "mine", walkthroughs: [], to: fixture.path("set"))
    _ = try SetTree(fixture.path("set"))
    try fixture.run(command)
    try userError(mentioning: "not as it was fetched", "walker kernels add mine") {
      _ = try SetTree(fixture.path("set"))
    }
  }

  @Test func removesWhatKilledRunsLeft() throws {
    let fixture = try Fixture()
    // A process that is gone.
    try fixture.run("sh -c 'echo $$' > gone")
    let gone = String(decoding: try fixture.bytes("gone"), as: UTF8.self).split(separator: "\n")[0]
    let own = "\(getpid())"
    for (name, _) in [
      ("cache/packages/.partial-a.deb-\(gone)-7/x", 1), ("cache/walks/key/a.walk.\(gone).partial", 1),
      ("cache/index/b.json.\(gone).partial", 1), ("cache/packages/.partial-a.deb-\(own)-7/x", 1),
      ("cache/index/b.json.\(own).partial", 1), ("cache/index/b.json", 1), ("out.html.\(gone).partial", 1),
      ("other.html.\(gone).partial", 1),
    ] { try fixture.write("x", name) }
    Leftovers.remove(inCache: fixture.path("cache"))
    Leftovers.remove(of: fixture.path("out.html"))
    #expect(try fixture.names("cache/packages") == [".partial-a.deb-\(own)-7"])
    #expect(try fixture.names("cache/walks/key").isEmpty)
    #expect(try fixture.names("cache/index") == ["b.json", "b.json.\(own).partial"])
    // Not in a folder of somebody else's: only what stood for this file.
    #expect(fixture.exists("other.html.\(gone).partial") && !fixture.exists("out.html.\(gone).partial"))
  }
}
