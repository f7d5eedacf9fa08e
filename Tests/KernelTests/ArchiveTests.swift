import Synchronization
import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct ArchiveTests {
  @Test(arguments: ["tar.gz", "tar.xz", "tar.zst", "tar.bz2", "tar"])
  func readsATarball(_ kind: String) throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run("tar -caf k.\(kind) linux-9.4")
    let tree = try MemoryTree(archive: fixture.path("k." + kind))
    try TreeTests.check(tree)
    #expect(tree.archiveSHA256 == (try SHA256.hex(ofFile: fixture.path("k." + kind))))
    #expect(tree.package == nil)
    #expect(tree.source == "archive:k." + kind)
    // Drivers are searched, not kept.
    #expect(!tree.contains("drivers/gate/far.c"))
    #expect(!tree.contains("drivers/gate/far.h"))
  }

  @Test func readsATarballWithoutALeadingFolder() throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run("tar -C linux-9.4 -czf a.tar.gz . && cd linux-9.4 && tar -czf ../b.tar.gz *")
    try TreeTests.check(MemoryTree(archive: fixture.path("a.tar.gz")))
    try TreeTests.check(MemoryTree(archive: fixture.path("b.tar.gz")))
  }

  /// `data` is the compression of the package's data, `inner` that of the kernel within.
  private func makePackage(_ fixture: Fixture, data: String, inner: String) throws -> String {
    try fixture.makeKernel()
    try fixture.run(
      """
      mkdir -p usr/src control && tar -caf usr/src/linux-source-9.4.tar.\(inner) linux-9.4 \
      && printf 'Package: linux-source-9.4\\nVersion: 9.4.7-1\\nDescription: text\\n more\\n' > control/control \
      && tar -C control -caf control.tar.\(data) ./control && tar -caf data.tar.\(data) ./usr && echo 2.0 > debian-binary \
      && ar rc k.deb debian-binary control.tar.\(data) data.tar.\(data)
      """)
    return fixture.path("k.deb")
  }

  @Test(arguments: [("xz", "xz"), ("gz", "xz"), ("zst", "bz2")])
  func readsAPackageInOnePass(_ data: String, _ inner: String) throws {
    let fixture = try Fixture()
    let path = try makePackage(fixture, data: data, inner: inner)
    let tree = try MemoryTree(archive: path, source: "apt:linux-source-9.4")
    try TreeTests.check(tree)
    #expect(tree.package?.name == "linux-source-9.4")
    #expect(tree.package?.version == "9.4.7-1")
    #expect(tree.archiveSHA256 == (try SHA256.hex(ofFile: path)))
    #expect(tree.source == "apt:linux-source-9.4")
  }

  @Test func reportsProgressUpToTheWholeFile() throws {
    let fixture = try Fixture()
    let path = try makePackage(fixture, data: "xz", inner: "xz")
    let seen = Seen()
    _ = try MemoryTree(archive: path) { done, size in seen.note(done, size) }
    #expect(seen.last == [try fixture.bytes("k.deb").count, try fixture.bytes("k.deb").count])
  }

  @Test(arguments: ["gz", "xz", "zst", "bz2"])
  func refusesATruncatedTarball(_ kind: String) throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run("head -c 300000 /dev/urandom | base64 > linux-9.4/net/noise.c; tar -caf k.tar.\(kind) linux-9.4")
    let whole = try fixture.bytes("k.tar." + kind)
    for part in [whole.count * 9 / 10, whole.count / 2, whole.count - 3, 30] {
      try fixture.write(Array(whole[..<part]), "cut.tar." + kind)
      try userError(mentioning: "cut.tar." + kind) { _ = try MemoryTree(archive: fixture.path("cut.tar." + kind)) }
    }
  }

  /// The checksum stands in the last bytes, which nothing else would notice.
  @Test(arguments: [("gz", 8), ("gz", 4), ("xz", 30), ("bz2", 6), ("zst", 2)])
  func refusesABadChecksum(_ kind: String, _ fromEnd: Int) throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run("tar -caf k.tar.\(kind) linux-9.4")
    if kind == "zst" { try fixture.run("tar -cf k.tar linux-9.4; zstd -q -f --check k.tar -o k.tar.zst") }
    var bytes = try fixture.bytes("k.tar." + kind)
    bytes[bytes.count - fromEnd] ^= 0x55
    try fixture.write(bytes, "k.tar." + kind)
    try userError(mentioning: "k.tar." + kind) { _ = try MemoryTree(archive: fixture.path("k.tar." + kind)) }
  }

  @Test(arguments: ["none", "gz", "xz", "zst", "bz2"])
  func refusesATarThatEndsBetweenTwoMembers(_ kind: String) throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    // The last member is one that sorts last; everything up to it is whole.
    try fixture.run(
      "tar -cf k.tar linux-9.4; tar --append -f k.tar --transform 's,^,linux-9.4/zz/,' linux-9.4/net/gate.c")
    let whole = try fixture.bytes("k.tar")
    let end = try #require(whole.lastIndex { $0 != 0 })
    try fixture.write(Array(whole[..<((end / 512 + 1) * 512)]), "cut.tar")
    let name = kind == "none" ? "cut.tar" : "cut.tar." + kind
    let programs = ["gz": "gzip", "xz": "xz", "zst": "zstd -q", "bz2": "bzip2"]
    if let program = programs[kind] { try fixture.run("\(program) -c cut.tar > \(name)") }
    try userError(mentioning: name, "truncated") { _ = try MemoryTree(archive: fixture.path(name)) }
    try fixture.run("cp k.tar ok.tar")
    _ = try MemoryTree(archive: fixture.path("ok.tar"))
  }

  @Test func refusesOtherBytesBehindAGzipFile() throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run(
      "tar -czf k.tar.gz linux-9.4; cp k.tar.gz zeros.tar.gz; truncate -s +2000 zeros.tar.gz; echo more >> k.tar.gz")
    _ = try MemoryTree(archive: fixture.path("zeros.tar.gz"))
    try userError(mentioning: "k.tar.gz", "behind its end") { _ = try MemoryTree(archive: fixture.path("k.tar.gz")) }
    try fixture.run(
      "tar -cf k.tar linux-9.4; head -c 5000 k.tar | gzip > two.tar.gz; tail -c +5001 k.tar | gzip >> two.tar.gz")
    _ = try MemoryTree(archive: fixture.path("two.tar.gz"))
  }

  @Test func refusesATruncatedOrCorruptPackage() throws {
    let fixture = try Fixture()
    let whole = try fixture.makeNoisyPackage { try makePackage($0, data: "xz", inner: "xz") }
    for part in [whole.count * 9 / 10, whole.count / 2, whole.count / 8, 100, 8, 1, 0] {
      try fixture.write(Array(whole[..<part]), "cut.deb")
      try userError(mentioning: "cut.deb") { _ = try MemoryTree(archive: fixture.path("cut.deb")) }
    }
    for position in stride(from: whole.count / 3, to: whole.count - 200, by: whole.count / 7) {
      var damaged = whole
      for offset in 0..<64 { damaged[position + offset] ^= 0x5a }
      try fixture.write(damaged, "bad.deb")
      try userError(mentioning: "bad.deb") { _ = try MemoryTree(archive: fixture.path("bad.deb")) }
    }
  }

  @Test func refusesWhatIsNoArchive() throws {
    let fixture = try Fixture()
    try fixture.write("just text, and not even much of it", "note.tar.xz")
    try userError(mentioning: "note.tar.xz") { _ = try MemoryTree(archive: fixture.path("note.tar.xz")) }
    try fixture.write("", "empty.tar.xz")
    try userError(mentioning: "empty.tar.xz") { _ = try MemoryTree(archive: fixture.path("empty.tar.xz")) }
    try userError(mentioning: "none.tar.xz") { _ = try MemoryTree(archive: fixture.path("none.tar.xz")) }
    try userError(mentioning: fixture.folder) { _ = try MemoryTree(archive: fixture.folder) }
  }

  @Test func refusesAnArchiveWithoutAKernel() throws {
    let fixture = try Fixture()
    try fixture.makeKernel(without: ["Makefile"])
    try fixture.run("tar -czf k.tar.gz linux-9.4; mkdir x; echo hi > x/y; tar -czf x.tar.gz x")
    try userError(mentioning: "k.tar.gz", "Makefile") { _ = try MemoryTree(archive: fixture.path("k.tar.gz")) }
    try userError(mentioning: "x.tar.gz") { _ = try MemoryTree(archive: fixture.path("x.tar.gz")) }
    try fixture.run("tar -cJf data.tar.xz x; echo 2.0 > debian-binary; ar rc e.deb debian-binary data.tar.xz")
    try userError(mentioning: "e.deb", "linux-source") { _ = try MemoryTree(archive: fixture.path("e.deb")) }
  }

  @Test(arguments: [
    "tar -czPf k.tar.gz --transform 's,^linux-9.4/net/evil.c,linux-9.4/../evil.c,' linux-9.4",
    "tar -czPf k.tar.gz --transform 's,^linux-9.4/net/evil.c,/tmp/evil.c,' linux-9.4",
    "ln -s ../../outside linux-9.4/net/evil.h; tar -czf k.tar.gz linux-9.4",
    "ln -s /etc/passwd linux-9.4/net/evil.h; tar -czf k.tar.gz linux-9.4",
    "ln linux-9.4/net/evil.c linux-9.4/net/evil2.c; tar -czPf k.tar.gz --transform 's,^linux-9.4/net/evil.c,/tmp/evil.c,H' linux-9.4",
  ])
  func refusesEntriesThatClimbOut(_ command: String) throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.write("int evil;", "linux-9.4/net/evil.c")
    try fixture.run(command)
    try userError(mentioning: "k.tar.gz", "evil", "leads out") { _ = try MemoryTree(archive: fixture.path("k.tar.gz")) }
  }

  @Test func refusesEntriesThatExhaustTheMachine() throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run("truncate -s 100M linux-9.4/net/huge.c; tar -czf k.tar.gz linux-9.4")
    try userError(mentioning: "k.tar.gz", "net/huge.c") { _ = try MemoryTree(archive: fixture.path("k.tar.gz")) }
  }

  @Test func followsLinksWithinTheTree() throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run(
      "ln -s ../linux/gate.h linux-9.4/include/asm-generic/link.h; ln linux-9.4/net/gate.c linux-9.4/net/same.c; ln -s loop.h linux-9.4/net/loop.h; tar -czf k.tar.gz linux-9.4"
    )
    let tree = try MemoryTree(archive: fixture.path("k.tar.gz"))
    #expect(try tree.contents(of: "include/asm-generic/link.h") == tree.contents(of: "include/linux/gate.h"))
    #expect(tree.contains("include/asm-generic/link.h"))
    #expect(try tree.contents(of: "net/same.c") == tree.contents(of: "net/gate.c"))
    #expect(try tree.contents(of: "net/loop.h") == nil)
  }

  @Test func saysWhatItDoesNotKeep() throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run("tar -czf k.tar.gz linux-9.4")
    let tree = try MemoryTree(archive: fixture.path("k.tar.gz"))
    try userError(mentioning: "drivers") { _ = try tree.answer(.mention("far_gate", below: "drivers/gate")) }
  }
}

extension Fixture {
  /// A package that does not compress well, so that cutting it cuts into the kernel.
  func makeNoisyPackage(_ make: (Fixture) throws -> String) throws -> [UInt8] {
    try run("mkdir -p linux-9.4/net; head -c 300000 /dev/urandom | base64 > linux-9.4/net/noise.c")
    _ = try make(self)
    return try bytes("k.deb")
  }
}

/// What a progress callback saw last.
private final class Seen: Sendable {
  private let state = Mutex<[Int]>([])
  var last: [Int] { state.withLock { $0 } }
  func note(_ done: Int, _ size: Int) { state.withLock { $0 = [done, size] } }
}
