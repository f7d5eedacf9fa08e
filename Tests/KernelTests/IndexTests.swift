import Glibc
import Synchronization
import Testing
import WalkerModel

@testable import WalkerKernel

/// The kept index: the same answers as a search of the whole text, whatever happens to its files.
@Suite struct IndexTests {
  static let words = [
    "listen", "open_gate", "gate_ops", "shut_gate", "far_gate", "gate", "depth", "int", "north", "in_a_comment",
    "GATE_LIMIT", "nowhere", "cast", "9", "struct gate_ops", "arm_gate",
  ]

  static var queries: [IndexQuery] {
    words.flatMap { word in
      [
        .definition(word), .systemCall(word), .initializer(field: word), .mention(word, below: ""),
        .mention(word, below: "net"), .writer(field: word), .caller(of: word), .holder(of: word),
        .variable(word), .table(of: word),
      ]
    }
  }

  /// More than one kind of mention in the invented kernel, a literal that goes on, and a system call.
  @discardableResult
  static func makeKernel(_ fixture: Fixture, _ name: String = "linux-9.4") throws -> String {
    try fixture.write(
      """
      SYSCALL_DEFINE2(listen, int, gate, int, depth)
      {
      \tnorth.listen = &open_gate;
      \treturn open_gate(depth) + gate->depth++;
      }
      static struct gate_ops long_text = { .listen = TEXT "from here \\
       to here" shut_gate, };
      static struct gate_ops twice = { .listen = open_gate, .listen = open_gate };

      """, name + "/fs/call.c")
    try fixture.write("static struct gate_ops twin = { .listen = twin_gate };\n", name + "/mm/one.c")
    try fixture.write("static struct gate_ops twin = { .listen = twin_gate };\n", name + "/mm/two.c")
    try fixture.write("", name + "/mm/empty.c")
    try fixture.write(
      "struct far { int n;\n struct gate_ops ops; };\nstatic struct gate_ops placed = { far_gate };\n",
      name + "/drivers/gate/placed.c")
    return try fixture.makeKernel(name)
  }

  /// Answers with the same index, when it is right.
  static func check(
    _ tree: any KernelTree, like plain: PlainTree, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    for (query, answer) in zip(queries, try tree.answers(queries)) {
      #expect(try answer == plain.answer(query), "\(query)", sourceLocation: sourceLocation)
    }
    for word in words {
      let fields = try tree.answer(.initializer(field: "listen"), naming: word)
      #expect(
        try fields == plain.answer(.initializer(field: "listen"), naming: word), "\(word)",
        sourceLocation: sourceLocation)
      guard IdentifierScan.hash(word) != nil || !(tree is MemoryTree) else { continue }
      #expect(
        try tree.files(mentioning: word) == plain.files(mentioning: word), "\(word)", sourceLocation: sourceLocation)
    }
  }

  @Test func answersAsASearchOfTheWholeTextDoes() throws {
    let fixture = try Fixture()
    let plain = PlainTree(base: try FolderTree(Self.makeKernel(fixture)))
    #expect(try plain.answer(.initializer(field: "listen")).count == 8)
    let far = ["drivers/gate/far.c", "drivers/gate/far.h", "drivers/gate/placed.c"]
    #expect(try plain.files(mentioning: "far_gate") == far)
    #expect(try plain.files(mentioning: "in_a_comment").isEmpty)
    try Self.check(FolderTree(fixture.path("linux-9.4")), like: plain)
    for _ in 0..<2 { try Self.check(FolderTree(fixture.path("linux-9.4"), cache: fixture.path("cache")), like: plain) }
    try fixture.run("tar -czf k.tar.gz linux-9.4")
    try Self.check(MemoryTree(archive: fixture.path("k.tar.gz")), like: plain)
    try fixture.run(
      "cd linux-9.4 && git init -q . && git add -A && git -c user.name=t -c user.email=t@t commit -qm x && git tag v1")
    for _ in 0..<2 {
      let tree = try GitTree(repository: fixture.path("linux-9.4"), revision: "v1", cache: fixture.path("cache"))
      try Self.check(tree, like: plain)
    }
    try Self.check(GitTree(repository: fixture.path("linux-9.4"), revision: "v1"), like: plain)
  }

  @Test func survivesFlippedBitsAndCutFiles() throws {
    let fixture = try Fixture()
    let kernel = try Self.makeKernel(fixture)
    let plain = PlainTree(base: try FolderTree(kernel))
    var random = Random(seed: 4)
    for round in 0..<120 {
      if round % 10 == 0 { try fixture.run("rm -rf cache") }
      try Self.warm(kernel, fixture.path("cache"))
      let names = try fixture.names("cache/index").filter { $0.hasSuffix(round % 2 == 0 ? ".segment" : ".tree") }
      let name = try #require(names.first)
      var bytes = try fixture.bytes("cache/index/" + name)
      if round % 12 < 9 {
        bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
      } else {
        bytes.removeLast(Int(random.next() % UInt64(bytes.count)) + 1)
      }
      try fixture.write(bytes, "cache/index/" + name)
      let tree = try FolderTree(kernel, cache: fixture.path("cache"))
      #expect(try tree.answer(.initializer(field: "listen")) == plain.answer(.initializer(field: "listen")))
      #expect(try tree.files(mentioning: "depth") == plain.files(mentioning: "depth"))
      #expect(try tree.files(mentioning: "nowhere").isEmpty)
    }
  }

  @Test func noticesDamageWhileItReads() throws {
    let fixture = try Fixture()
    let kernel = try Self.makeKernel(fixture)
    let plain = PlainTree(base: try FolderTree(kernel))
    try Self.warm(kernel, fixture.path("cache"))
    let tree = try FolderTree(kernel, cache: fixture.path("cache"))
    _ = try tree.files(mentioning: "listen")
    // The index is open now; its last byte is a bucket's.
    let name = try #require(try fixture.names("cache/index").first { $0.hasSuffix(".segment") })
    var bytes = try fixture.bytes("cache/index/" + name)
    bytes[bytes.count - 1] ^= 1
    try fixture.write(bytes, "cache/index/" + name)
    try Self.check(tree, like: plain)
    try fixture.run("rm cache/index/*.segment")
    try Self.check(tree, like: plain)
    try Self.check(FolderTree(kernel, cache: fixture.path("cache")), like: plain)
  }

  @Test func readsOnlyWhatIsNew() throws {
    let fixture = try Fixture()
    let store = IndexStore(cache: fixture.path("cache"))
    func reads(_ texts: [String: String], _ key: String, states: Bool = false, previous: Bool = false) throws
      -> [String]
    {
      let counter = Counter()
      let sources = texts.sorted { $0.key < $1.key }.map { path, text in
        IndexMaking.Source(
          path: path, state: states ? TreeManifest.FileState(size: Int64(text.utf8.count), inode: 1) : nil, key: nil)
      }
      let index = try IndexMaking(store: store).make(
        sources, key: key, stamp: "s", previous: previous ? store.tree(key) : nil
      ) { TextsReader(texts, counter) }
      for (path, text) in texts {
        let files = try index.files(mentioning: text).map(index.manifest.path)
        #expect(files.contains(path))
      }
      return counter.paths
    }
    let first = ["a.c": "one", "b.c": "two", "c.c": "three"]
    #expect(try reads(first, "t", states: true) == ["a.c", "b.c", "c.c"])
    let segments = store.segmentNames()
    // Another tree with the same contents is read, and nothing is added.
    _ = try reads(["x.c": "one", "y.c": "two"], "u")
    #expect(store.segmentNames() == segments)
    // The same folder with one file edited.
    #expect(try reads(first.merging(["b.c": "other"]) { $1 }, "t", states: true, previous: true) == ["b.c"])
    #expect(store.segmentNames().count == segments.count + 1)
    // Contents by name are not read at all.
    let keys = IndexMaking.Source(path: "z.c", key: try "three".withContentKey())
    let counter = Counter()
    let index = try IndexMaking(store: store).make([keys], key: "v", stamp: "s", previous: nil) {
      TextsReader([:], counter)
    }
    #expect(counter.paths.isEmpty)
    #expect(try index.files(mentioning: "three").map(index.manifest.path) == ["z.c"])
  }

  @Test func keepsFewSegmentsHoweverOftenAFileIsEdited() throws {
    let fixture = try Fixture()
    let store = IndexStore(cache: fixture.path("cache"))
    var texts = ["still.c": "still"]
    for round in 0..<120 {
      texts["f\(round).c"] = "word\(round)"
      let sources = texts.keys.sorted().map { IndexMaking.Source(path: $0) }
      let index = try IndexMaking(store: store).make(sources, key: "t", stamp: "s", previous: nil) { [texts] in
        TextsReader(texts, Counter())
      }
      #expect(index.segments.count <= 50)
      #expect(try index.files(mentioning: "word\(round / 2)").map(index.manifest.path) == ["f\(round / 2).c"])
    }
  }

  @Test func twoAtOnceDoNotDisturbEachOther() throws {
    let fixture = try Fixture()
    let kernel = try Self.makeKernel(fixture)
    let cache = fixture.path("cache")
    let expected = try PlainTree(base: FolderTree(kernel)).answer(.initializer(field: "listen"))
    for _ in 0..<10 {
      let answers = try Parallel.map(2) { _ in
        try FolderTree(kernel, cache: cache).answer(.initializer(field: "listen"))
      }
      #expect(answers == [expected, expected])
      try fixture.run("rm -rf cache")
    }
  }

  @Test func removesWhatAKilledRunLeft() throws {
    let fixture = try Fixture()
    let kernel = try Self.makeKernel(fixture)
    // No process has this number: it is past the largest that Linux gives.
    try fixture.write("half", "cache/index/.partial-x.segment-4999999-1")
    try fixture.write("mine", "cache/index/.partial-x.segment-\(getpid())-1")
    try fixture.write("{}", "cache/index/old.json")
    try Self.warm(kernel, fixture.path("cache"))
    let names = try fixture.names("cache/index")
    #expect(
      names.filter { !$0.hasSuffix(".segment") && !$0.hasSuffix(".tree") } == [".partial-x.segment-\(getpid())-1"])
    #expect(names.count >= 3)
  }

  /// Files as young as those of a fixture are read again; then the index is kept as it is.
  private static func warm(_ kernel: String, _ cache: String) throws {
    _ = try FolderTree(kernel, cache: cache).files(mentioning: "listen")
  }
}

extension String {
  fileprivate func withContentKey() throws -> ContentKey? {
    try Array(utf8).withUnsafeBufferPointer { try BlobHasher().key(of: $0) }
  }
}

/// Answers by searching every file.
struct PlainTree: KernelTree {
  let base: FolderTree
  var source: String { base.source }
  var root: String? { nil }
  func contains(_ path: String) -> Bool { base.contains(path) }
  func contents(of path: String) throws -> [UInt8]? { try base.contents(of: path) }
  func files(below folder: String) throws -> [String] { try base.files(below: folder) }

  func answer(_ query: IndexQuery) throws -> [IndexHit] {
    try files(below: "").filter { TreeScope.isIndexed($0) && TreeScope.covers($0, query) }.flatMap { path in
      try contents(of: path).map { bytes in
        bytes.withUnsafeBufferPointer { TextScan.hits(of: query, in: $0, file: path) }
      } ?? []
    }.sorted()
  }
}

private final class Counter: Sendable {
  private let state = Mutex<[String]>([])
  var paths: [String] { state.withLock { $0.sorted() } }
  func add(_ path: String) { state.withLock { $0.append(path) } }
}

private final class TextsReader: TextReading {
  private let texts: [String: String]
  private let counter: Counter
  init(_ texts: [String: String], _ counter: Counter) { (self.texts, self.counter) = (texts, counter) }

  func withText(of path: String, _ body: (UnsafeBufferPointer<UInt8>, Disk.Status?) throws -> Void) throws {
    counter.add(path)
    guard let text = texts[path] else { return }
    let status = Disk.Status(kind: .file, size: text.utf8.count, modified: 0, changed: 0, inode: 1)
    try Array(text.utf8).withUnsafeBufferPointer { try body($0, status) }
  }
}
