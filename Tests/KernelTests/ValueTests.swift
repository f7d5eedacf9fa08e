import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct ValueTests {
  @Test func hashesAsTheStandardSays() throws {
    #expect(
      try SHA256.hex(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try SHA256.hex(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let fixture = try Fixture()
    let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try fixture.write(bytes, "file")
    #expect(try SHA256.hex(ofFile: fixture.path("file")) == SHA256.hex(of: bytes))
    try userError(mentioning: "none") { _ = try SHA256.hex(ofFile: fixture.path("none")) }
  }

  @Test(arguments: [
    ("a/b", "a/b"), ("a/./b", "a/b"), ("a//b", "a/b"), ("a/../b", "b"), ("./a", "a"), ("", ""), ("a/", "a"),
    ("..", nil), ("a/../../b", nil), ("/a", nil), ("...", "..."), ("a/..b/c..", "a/..b/c.."),
  ])
  func normalizesPaths(_ path: String, _ expected: String?) {
    #expect(TreePath.normalize(path) == expected)
  }

  @Test(arguments: [
    ("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\n", "6.12.117"),
    ("# c\nVERSION = 7\nPATCHLEVEL = 0\nSUBLEVEL = 0\nEXTRAVERSION = -rc5\n", "7.0.0-rc5"),
    ("VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 20\nEXTRAVERSION = .3\nexport VERSION\n", "2.6.20.3"),
    ("VERSION = 2\r\nPATCHLEVEL = 6\r\nSUBLEVEL = 24\r\nEXTRAVERSION =\r\n", "2.6.24"),
    ("all:\n\techo\n", nil), ("VERSION = x\n", nil), ("", nil),
  ])
  func readsTheVersionFromAMakefile(_ text: String, _ expected: String?) {
    #expect(KernelVersion.parse(makefile: text) == expected)
  }

  @Test func ordersVersions() {
    let ordered = ["v2.6.39", "v3.0-rc1", "v3.0", "v3.9.2", "v3.10-rc2", "v3.10-rc10", "v3.10", "v3.10.1", "v6.1"]
    #expect(ordered.shuffled().sorted(by: { KernelVersion.isOlder($0, than: $1) }) == ordered)
  }

  @Test func readsControlText() {
    let text = "# c\nTypes: deb\nURIs: a b\nSigned-By:\n x\n y\n\n\nTypes: deb-src\nbroken\n"
    #expect(
      ControlText.paragraphs(text) == [
        ["types": "deb", "uris": "a b", "signed-by": "\nx\ny"], ["types": "deb-src"],
      ])
  }

  @Test func keepsAnswersExactlyInTextForm() throws {
    let hits = [IndexHit(file: "a b/c:1.c", line: 7), IndexHit(file: "d.c", line: 8, value: "x")]
    for query in [IndexQuery.definition("a"), .initializer(field: "b"), .mention("c", below: "d")] {
      guard case .hits(let read, let answer) = RecordedAnswer(query, hits).value else {
        Issue.record("\(query) can't be read")
        continue
      }
      #expect(read == query)
      #expect(answer == hits)
    }
    guard case .files(mentioning: let word, let files) = RecordedAnswer(mentioning: "w", ["a b.c", "c"]).value else {
      Issue.record("a word's files can't be read")
      return
    }
    #expect(word == "w")
    #expect(files == ["a b.c", "c"])
  }
}
