import Foundation
import Testing
import WalkerModel

@testable import WalkerKernel
@testable import WalkerTrace

/// What is read out of a file that the walk itself does not need is read once, as long as nothing changes that it rests on.
@Suite struct FunctionSummaryTests {
  private func kernel() -> MiniKernel {
    var kernel = MiniKernel()
    kernel.files["widget/part.h"] = "struct part { int room; };\nvoid kfree_part(struct part *p);\n"
    kernel.files["widget/part.c"] = """
      #include "part.h"
      static void note(struct part *p) { p->room++; }
      int part_fill(struct part *p, int room) { p->room = room; note(p); return 0; }
      void part_drop(struct part *p) { kfree_part(p); p->room = 0; }
      """
    return kernel
  }

  /// A tree with a folder for what is kept of it.
  private func inTree(_ body: (String, Reading) throws -> Void) throws {
    try kernel().inFolder { tree, environment in
      let root = try #require(tree.root)
      let cache = root + "-cache"
      defer { try? FileManager.default.removeItem(atPath: cache) }
      try body(
        root, Reading(root: root, environment: environment, store: SummaryStore(cache: cache, engine: "/proc/self/exe"))
      )
    }
  }

  private struct Reading {
    let root: String
    let environment: ParseEnvironment
    let store: SummaryStore

    struct Answer {
      let function: KnownFunction?
      let isParsed: Bool
      let opened: Set<String>
    }

    /// As a worker of its own reads it.
    func read(_ names: String...) throws -> [Answer] {
      let tree = try FolderTree(root, source: "folder:mini")
      let known = FunctionSummaries(
        tree: tree, kept: KeptParses(tree: tree, environment: environment, store: store, start: .max))
      defer { known.keep() }
      return try names.map { name in
        let program = try WalkerTrace.Program(tree: tree, environment: environment)
        let (function, _) = try known.function(name, in: "net/part.c", program)
        #expect(program.apartPath == "net/part.c")
        return Answer(function: function, isParsed: program.apart != nil, opened: program.openedApart)
      }
    }
  }

  @Test func readsAFileOnceForAllWalks() throws {
    try inTree { _, reading in
      let first = try reading.read("part_fill", "nothing")
      #expect(first.map(\.isParsed) == [true, true])
      let next = try reading.read("part_fill", "nothing", "part_drop", "note")
      #expect(next.map(\.isParsed) == [false, false, false, false])
      #expect(next.map { $0.function == nil } == [false, true, false, false])
      #expect(next[0].opened == first[0].opened)
      #expect(next[0].opened == ["net/part.c", "net/part.h"])
      let (made, kept) = (try #require(first[0].function), try #require(next[0].function))
      #expect(kept.summary.writes == made.summary.writes)
      #expect(!kept.summary.writes.isEmpty)
      #expect(kept.summary.calls == made.summary.calls)
      #expect(kept.layouts == made.layouts)
      #expect(kept.definedIn == "net/part.c")
      #expect(try #require(next[3].function).isStatic)
    }
  }

  @Test func readsAgainWhereAHeaderChanged() throws {
    try inTree { root, reading in
      #expect(try reading.read("part_fill")[0].isParsed)
      #expect(try !reading.read("part_fill")[0].isParsed)
      try Data("struct part { char first; int room; };\nvoid kfree_part(struct part *p);\n".utf8)
        .write(to: URL(filePath: root + "/net/part.h"))
      let changed = try reading.read("part_fill")[0]
      #expect(changed.isParsed)
      #expect(try #require(changed.function).summary.writes.keys.contains { $0.steps.first?.offset == 32 })
    }
  }

  @Test func readsAgainWhereTheTreeSaysSomethingElseOfAService() throws {
    try inTree { root, reading in
      #expect(try #require(reading.read("part_drop")[0].function).asked == ["kfree_part": true])
      #expect(try !reading.read("part_drop")[0].isParsed)
      // By its name it is one of the kernel's core; where it stands it is not.
      try FileManager.default.createDirectory(atPath: root + "/sound", withIntermediateDirectories: true)
      try Data("void kfree_part(struct part *p)\n{\n}\n".utf8).write(to: URL(filePath: root + "/sound/part.c"))
      let changed = try reading.read("part_drop")[0]
      #expect(changed.isParsed)
      #expect(try #require(changed.function).asked == ["kfree_part": false])
      #expect(try #require(changed.function).summary.calls.contains { $0.callee == .function("kfree_part") })
    }
  }

  @Test func doesNotTakeWhatIsDamaged() throws {
    try inTree { root, reading in
      _ = try reading.read("part_fill")
      let folder = root + "-cache/summaries"
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        var bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: folder + "/" + name))
      }
      #expect(try reading.read("part_fill")[0].isParsed)
      #expect(try !reading.read("part_fill")[0].isParsed)
    }
  }

  @Test func keepsNothingOfAFileThatChangesMeanwhile() throws {
    try inTree { root, reading in
      let tree = try FolderTree(root, source: "folder:mini")
      let kept = KeptParses(tree: tree, environment: reading.environment, store: reading.store, start: 0)
      try kept.keep("text", of: "net/part.c", opened: ["net/part.c", "net/part.h"], unfound: [])
      #expect(try kept.text(of: "net/part.c") == nil)
    }
  }

  @Test func theParseEndsWithTheWalk() throws {
    let kernel = MiniKernel()
    try kernel.inFolder { tree, environment in
      weak var left: WalkerTrace.Program?
      do {
        let program = try WalkerTrace.Program(tree: tree, environment: environment)
        left = program
        let traced = try Tracer(program: program, walkthrough: kernel.walkthrough).run()
        #expect(traced.frames.count > 1)
      }
      #expect(left == nil)
    }
  }
}
