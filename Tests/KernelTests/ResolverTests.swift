import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct ResolverTests {
  private func resolver(_ fixture: Fixture) throws -> KernelResolver {
    try fixture.write(
      """
      {"format":1,"kernels":[
        {"name":"9.4","source":"apt:linux-source-9.4","suite":"old","walkthroughs":["w"]},
        {"name":"10.1","source":"apt:linux-source","suite":"new","walkthroughs":["w"]}]}
      """, "sets/catalog.json")
    return KernelResolver(catalog: try KernelCatalog(folder: fixture.path("sets")), cache: fixture.path("cache"))
  }

  private func makeSet(_ fixture: Fixture, _ name: String) throws {
    let recording = RecordingTree(try FolderTree(fixture.makeKernel(), source: "apt:linux-source-9.4"))
    _ = try recording.contents(of: "net/gate.c")
    try SnippetSet.write(recording, name: name, walkthroughs: ["w"], to: fixture.path("sets/" + name))
  }

  private func one(_ resolver: KernelResolver, _ text: String) async throws -> KernelReference {
    let kernels = try await resolver.resolve(text).kernels
    #expect(kernels.count == 1)
    return try #require(kernels.first)
  }

  @Test func findsFoldersArchivesAndSets() async throws {
    let fixture = try Fixture()
    let resolver = try resolver(fixture)
    let kernel = try fixture.makeKernel()
    try fixture.run("tar -caf linux-9.4.7.tar.xz linux-9.4; ln -s linux-9.4 link")
    try makeSet(fixture, "9.4")
    #expect(
      try await one(resolver, kernel)
        == KernelReference(name: "linux-9.4", kind: .folder(kernel), source: "folder:linux-9.4"))
    #expect(try await one(resolver, fixture.path("link")).kind == .folder(kernel))
    #expect(
      try await one(resolver, fixture.path("linux-9.4.7.tar.xz"))
        == KernelReference(
          name: "9.4.7", kind: .archive(fixture.path("linux-9.4.7.tar.xz")), source: "archive:linux-9.4.7.tar.xz"))
    let set = KernelReference(name: "9.4", kind: .set(fixture.path("sets/9.4")), source: "apt:linux-source-9.4")
    #expect(try await one(resolver, "9.4") == set)
    #expect(try await one(resolver, fixture.path("sets/9.4")) == set)
    #expect(try KernelSources.open(set, cache: nil) is SetTree)
    let folder = try await one(resolver, kernel)
    #expect(try KernelSources.open(folder, cache: nil) is FolderTree)
    let archive = try await one(resolver, fixture.path("linux-9.4.7.tar.xz"))
    #expect(try KernelSources.open(archive, cache: nil) is MemoryTree)
  }

  @Test func findsOneRevisionOrAllThatMatch() async throws {
    let fixture = try Fixture()
    let resolver = try resolver(fixture)
    try fixture.makeKernel("clone")
    try fixture.run(
      """
      cd clone && git init -q . && git add -A && git -c user.name=t -c user.email=t@t commit -qm one \
      && for tag in v9.10 v9.4 v9.10-rc2 x1; do git tag $tag; done
      """)
    let clone = "git:" + fixture.path("clone")
    #expect(
      try await one(resolver, clone + "@v9.4")
        == KernelReference(
          name: "v9.4", kind: .git(repository: fixture.path("clone"), revision: "v9.4"), source: "git:clone@v9.4"))
    #expect(try await resolver.resolve(clone + "@v*").kernels.map(\.name) == ["v9.4", "v9.10-rc2", "v9.10"])
    for (text, mention, status) in [
      (clone + "@v8*", "v8*", ExitStatus.broken), (clone + "@v8", "v8", ExitStatus.broken),
      (clone, "REVISION", ExitStatus.usage), (clone + "@", "REVISION", ExitStatus.usage),
      ("git:@v1", "REVISION", ExitStatus.usage),
      ("git:/nowhere@v1", "/nowhere", ExitStatus.broken),
    ] {
      try await expectError(resolver, text, mention, status)
    }
  }

  private func expectError(
    _ resolver: KernelResolver, _ text: String, _ mention: String, _ status: Int32,
    for purpose: KernelResolver.Purpose = .read, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    var thrown: (any Error)?
    do { _ = try await resolver.resolve(text, for: purpose) } catch { thrown = error }
    let error = try #require(
      thrown as? UserError, "\(text): \(String(describing: thrown))", sourceLocation: sourceLocation)
    #expect(error.message.contains(mention), "\(error.message)", sourceLocation: sourceLocation)
    #expect(error.exitStatus == status, "\(error.message)", sourceLocation: sourceLocation)
  }

  @Test func saysWhatIsWrongWithAKernelsName() async throws {
    let fixture = try Fixture()
    let resolver = try resolver(fixture)
    try fixture.write("x", "empty/x")
    try await expectError(resolver, "9.4", "walker kernels add 9.4", ExitStatus.broken)
    try await expectError(resolver, "9.5", "9.4, 10.1", ExitStatus.broken)
    try await expectError(resolver, fixture.path("none"), "none", ExitStatus.broken)
    try await expectError(resolver, fixture.path("empty"), "no kernel", ExitStatus.broken)
    try await expectError(resolver, "apt:bash", "linux-source", ExitStatus.usage)
    try await expectError(resolver, "apt:linux-source-9.4@../x y", "suite", ExitStatus.usage)
    try await expectError(resolver, "http://example.invalid/linux.tar.xz", "https", ExitStatus.usage)
    try await expectError(resolver, "https://example.invalid/", "example.invalid", ExitStatus.usage)
    try await expectError(resolver, "", "no kernel", ExitStatus.broken)
  }

  @Test func saysThatADownloadFailed() async throws {
    let fixture = try Fixture()
    let resolver = try resolver(fixture)
    try await expectError(
      resolver, "https://127.0.0.1:9/linux-9.4.tar.xz", "127.0.0.1:9/linux-9.4.tar.xz", ExitStatus.broken)
    #expect(try fixture.names("cache/downloads").allSatisfy { try fixture.names("cache/downloads/" + $0).isEmpty })
  }

  @Test func listsVerifiesAndRemovesSets() async throws {
    let fixture = try Fixture()
    let catalog = try resolver(fixture).catalog
    try userError(mentioning: "kernels add") { _ = try catalog.verify() }
    try makeSet(fixture, "9.4")
    try makeSet(fixture, "mine")
    try fixture.write("{", "sets/bad/PROVENANCE.json")
    let entries = try catalog.list()
    #expect(entries.map(\.name) == ["bad", "mine", "9.4", "10.1"])
    #expect(entries.map(\.isPresent) == [true, true, true, false])
    #expect(entries.map(\.kernelVersion) == [nil, "9.4.7", "9.4.7", nil])
    #expect(entries.map(\.files) == [0, 3, 3, 0])
    #expect(entries.first?.problem?.contains("damaged") == true)
    #expect(entries.last?.source == "apt:linux-source@new")
    try catalog.remove("bad")
    #expect(try catalog.verify().map(\.problems.count) == [0, 0])
    try fixture.write("changed", "sets/9.4/net/gate.c")
    #expect(try catalog.verify("9.4").flatMap(\.problems).map(\.description) == ["net/gate.c: changed"])
    try catalog.remove("9.4")
    #expect(try fixture.names("sets") == ["catalog.json", "mine"])
    try userError(mentioning: "9.4", "mine") { try catalog.remove("9.4") }
    try userError(mentioning: "..") { try catalog.remove("..") }
    try userError(mentioning: "9.4", "mine") { _ = try catalog.verify("9.4") }
    try userError(mentioning: "../x") { try KernelCatalog.check(name: "../x") }
  }

  @Test func refusesADamagedCatalog() throws {
    let fixture = try Fixture()
    try fixture.write("{", "sets/catalog.json")
    try userError(mentioning: "sets/catalog.json") { _ = try KernelCatalog(folder: fixture.path("sets")) }
    #expect(try KernelCatalog(folder: fixture.path("none")).list().isEmpty)
  }

  @Test(arguments: [
    ("linux-6.12.3.tar.xz", "6.12.3"), ("linux-source-6.12_6.12.117-1_all.deb", "6.12"), ("mine.tgz", "mine"),
    ("linux-source-6.1.tar.bz2", "6.1"), ("linux.tar.gz", "linux"),
  ])
  func namesArchives(_ path: String, _ name: String) {
    #expect(KernelResolver.name(ofArchive: "/a/b.c/" + path) == name)
  }

  @Test func findsTheKernelNearestToTheRunningOne() {
    let debian = RunningKernel(release: "6.1.0-32-amd64", build: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.129-1 (2025-03-06)")
    #expect(debian.version == "6.1.129")
    #expect(debian.series == "6.1")
    let own = RunningKernel(release: "6.18.5+", build: "#1 SMP Mon")
    #expect(own.version == "6.18.5")
    let here = ["5.10.223", "6.1.100", "6.1.140", "6.12.117"]
    #expect(debian.nearest(of: here, within: "6.1") == "6.1.140")
    #expect(own.nearest(of: here, within: "6.18") == nil)
    #expect(own.nearest(of: here, within: "") == "6.12.117")
    #expect(own.nearest(of: [], within: "") == nil)
    #expect(!RunningKernel.current().series.isEmpty)
  }
}
