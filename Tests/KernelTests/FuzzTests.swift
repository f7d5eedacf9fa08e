import Testing
import WalkerModel

@testable import WalkerKernel

@Suite(.serialized) struct FuzzTests {
  @Test func archives() throws {
    let fixture = try Fixture()
    try fixture.makeKernel()
    try fixture.run(
      """
      ln -s gate.c linux-9.4/net/link.c; ln linux-9.4/net/gate.c linux-9.4/net/hard.c; tar -cf a.tar linux-9.4
      tar -cf p.tar --format=pax linux-9.4; tar -cf u.tar --format=ustar linux-9.4; for k in gz xz zst bz2; do \
      tar -caf a.tar.$k linux-9.4; done
      printf 'Package: linux-source-9.4\\nVersion: 9.4-1\\n' > control; tar -cJf control.tar.xz control
      mkdir -p usr/src; tar -cf usr/src/linux-source-9.4.tar linux-9.4; tar -cf data.tar usr; echo 2.0 > debian-binary
      ar rc a.deb debian-binary control.tar.xz data.tar
      """)
    let names = ["a.tar", "p.tar", "u.tar", "a.tar.gz", "a.tar.xz", "a.tar.zst", "a.tar.bz2", "a.deb"]
    try Fuzz.run("archives", names.map { try fixture.bytes($0) }) { bytes in
      try fixture.write(bytes, "fuzzed")
      _ = try MemoryTree(archive: fixture.path("fuzzed"))
    }
  }

  @Test func provenances() throws {
    let fixture = try Fixture()
    let recording = RecordingTree(try FolderTree(fixture.makeKernel()))
    _ = try recording.contents(of: "net/gate.c")
    _ = try recording.answer(.initializer(field: "listen"))
    try SnippetSet.write(recording, name: "mine", walkthroughs: ["a"], to: fixture.path("set"))
    try Fuzz.run("provenances", [try fixture.bytes("set/PROVENANCE.json")]) { bytes in
      try fixture.write(bytes, "set/PROVENANCE.json")
      let tree = try SetTree(fixture.path("set"))
      _ = try tree.answer(.initializer(field: "listen"))
      _ = try tree.contents(of: "net/gate.c")
    }
  }

  @Test func packages() throws {
    let text = "Package: a\nVersion: 1\nSHA256: x\nSize: 7\nDepends: b (>= 1),\n c\n\n# no\nPackage: d\n"
    try Fuzz.run("packages", [Array(text.utf8)]) { bytes in
      for fields in ControlText.paragraphs(String(decoding: bytes, as: UTF8.self)) { _ = AptArchive.Package(fields) }
      _ = AptSource.parse(list: String(decoding: bytes, as: UTF8.self))
      _ = Download.validators(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Every file of a clone in turn: packs and their indices, loose objects, references, settings.
  @Test func clones() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    let commit = "git add -A && git -c user.name=t -c user.email=t@t commit -qm x"
    try fixture.run(
      """
      cd clone && git init -q -b main . && \(commit) && git tag v1 && git gc -q && git multi-pack-index write && git commit-graph write --reachable && echo >> net/gate.c && \(commit) && git tag v2 \
      && chmod -R u+w .git && rm -rf .git/hooks .git/logs && cd .git && find . -type f > ../../names
      """)
    let names = String(decoding: try fixture.bytes("names"), as: UTF8.self).split(separator: "\n").map {
      "clone/.git/" + $0.dropFirst(2)
    }
    for (number, name) in names.enumerated() {
      let whole = try fixture.bytes(name)
      try Fuzz.run("clones-\(number)", [whole]) { bytes in
        try fixture.write(bytes, name)
        for revision in ["v1", "main"] {
          let tree = try GitTree(repository: fixture.path("clone"), revision: revision)
          _ = try tree.answer(.initializer(field: "listen"))
          _ = try tree.contents(of: "net/gate.c")
        }
        _ = try GitHistory(repository: fixture.path("clone")).tags(matching: "v*")
      }
      try fixture.write(whole, name)
    }
  }
}
