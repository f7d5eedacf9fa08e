import Testing
import WalkerModel

@testable import WalkerKernel

/// Whether a set still answers what is asked of it, told without walking.
@Suite struct SetFreshnessTests {
  private let nowhere = SourceLocation(file: "walkthrough.md", line: 9)

  private func walkthrough(
    _ name: String = "gate", function: String = "open_gate", prose: String = "It opens."
  ) -> Walkthrough {
    Walkthrough(
      name: name, title: "Gate", entry: .function(["open_gate"]), track: "width", waypoints: [], conditions: [],
      assumptions: [], results: [], introduction: prose,
      annotations: [
        Annotation(
          id: "a", title: "A",
          anchor: Anchor(
            function: [function], role: .entry, of: [], mentions: [], eras: [], results: [], isOptional: false),
          prose: prose, location: nowhere)
      ])
  }

  private func maker(_ fixture: Fixture, worker: String = "one", _ walkthroughs: [Walkthrough]) throws
    -> Provenance.Maker
  {
    try fixture.run("printf %s \(worker) > worker")
    return try Provenance.Maker(worker: fixture.path("worker"), walkthroughs: walkthroughs)
  }

  private func set(_ fixture: Fixture, _ maker: Provenance.Maker?) throws -> String {
    try fixture.makeKernel()
    try fixture.run("mkdir -p cache/packages && tar -czf cache/packages/k.tar.gz linux-9.4")
    let tree = try MemoryTree(archive: fixture.path("cache/packages/k.tar.gz"), source: "apt:linux-source-9.4")
    let recording = RecordingTree(tree)
    _ = try recording.contents(of: "net/gate.c")
    let folder = fixture.path("sets/9.4")
    try SnippetSet.write(recording, name: "9.4", walkthroughs: ["gate"], maker: maker, to: folder)
    return folder
  }

  @Test func isCurrentForTheSameQuestionsByTheSameWorker() throws {
    let fixture = try Fixture()
    let folder = try set(fixture, maker(fixture, [walkthrough()]))
    #expect(try SnippetSet.freshness(of: folder, for: maker(fixture, [walkthrough()])) == .current)
    let reworded = try maker(fixture, [walkthrough(prose: "It opens, as gates do.")])
    #expect(try SnippetSet.freshness(of: folder, for: reworded) == .current)
  }

  @Test func isStaleForOtherQuestions() throws {
    let fixture = try Fixture()
    let folder = try set(fixture, maker(fixture, [walkthrough()]))
    let asking = try maker(fixture, [walkthrough(function: "close_gate"), walkthrough("other")])
    #expect(try SnippetSet.freshness(of: folder, for: asking) == .otherWalkthroughs(["gate", "other"]))
  }

  @Test func asksForAWalkWhenAnotherWorkerMadeIt() throws {
    let fixture = try Fixture()
    let folder = try set(fixture, maker(fixture, [walkthrough()]))
    let other = try maker(fixture, worker: "two", [walkthrough()])
    #expect(try SnippetSet.freshness(of: folder, for: other) == .otherWorker)
    try SnippetSet.adopt(folder, other)
    #expect(try SnippetSet.freshness(of: folder, for: other) == .current)
    #expect(try SnippetSet.verify(folder).isEmpty)
  }

  @Test func asksForAWalkWhenNobodySaidWhoMadeIt() throws {
    let fixture = try Fixture()
    let folder = try set(fixture, nil)
    #expect(try SnippetSet.freshness(of: folder, for: maker(fixture, [walkthrough()])) == .otherWorker)
  }

  @Test func isDamagedWhenAFileChanged() throws {
    let fixture = try Fixture()
    let folder = try set(fixture, maker(fixture, [walkthrough()]))
    try fixture.run("echo >> sets/9.4/net/gate.c")
    #expect(try SnippetSet.freshness(of: folder, for: maker(fixture, [walkthrough()])) == .damaged)
  }

  @Test func findsThePackageThatItWasMadeFrom() throws {
    let fixture = try Fixture()
    let folder = try set(fixture, nil)
    let cache = fixture.path("cache")
    let kept = try #require(try SnippetSet.keptArchive(of: folder, cache: cache))
    #expect(kept.kind == .archive(cache + "/packages/k.tar.gz"))
    #expect(kept.source == "apt:linux-source-9.4")
    try fixture.run("echo >> cache/packages/k.tar.gz")
    #expect(try SnippetSet.keptArchive(of: folder, cache: cache) == nil)
  }
}
