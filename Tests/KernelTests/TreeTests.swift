import Testing
import WalkerModel

@testable import WalkerKernel

extension IndexHit {
  var text: String { "\(file):\(line)" + (value.map { " " + $0 } ?? "") }
}

/// What every kind of tree has to answer alike.
@Suite struct TreeTests {
  static func check(_ tree: any KernelTree, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    #expect(try tree.version() == "9.4.7", sourceLocation: sourceLocation)
    #expect(
      try tree.answer(.initializer(field: "listen")).map(\.text) == Fixture.listeners, sourceLocation: sourceLocation)
    #expect(
      try tree.answer(.definition("open_gate")).map(\.text) == ["net/gate.c:5"], sourceLocation: sourceLocation)
    #expect(
      try tree.answer(.mention("GATE_LIMIT", below: "include")).map(\.text) == ["include/linux/gate.h:3"],
      sourceLocation: sourceLocation)
    #expect(try tree.answer(.initializer(field: "nothing")).isEmpty, sourceLocation: sourceLocation)
    #expect(
      try tree.contents(of: "net/gate.c")
        == Fixture.kernel.first { $0.name == "net/gate.c" }.map { Array($0.text.utf8) },
      sourceLocation: sourceLocation)
    #expect(try tree.contents(of: "net/../net/./gate.c") != nil, sourceLocation: sourceLocation)
    #expect(try tree.contents(of: "net/none.c") == nil, sourceLocation: sourceLocation)
    #expect(try tree.contents(of: "net") == nil, sourceLocation: sourceLocation)
    #expect(try tree.contents(of: "../outside") == nil, sourceLocation: sourceLocation)
    #expect(try tree.contents(of: "/etc/hostname") == nil, sourceLocation: sourceLocation)
    #expect(tree.contains("include/linux/gate.h"), sourceLocation: sourceLocation)
    #expect(!tree.contains("include/linux"), sourceLocation: sourceLocation)
    #expect(
      try tree.files(below: "include")
        == ["include/asm-generic/Kbuild", "include/linux/gate.h", "include/linux/unused.h"],
      sourceLocation: sourceLocation)
    #expect(try tree.files(below: "none").isEmpty, sourceLocation: sourceLocation)
  }

  @Test func readsAFolder() throws {
    let fixture = try Fixture()
    let tree = try FolderTree(fixture.makeKernel())
    try Self.check(tree)
    #expect(tree.source == "folder:linux-9.4")
  }

  @Test func refusesAFolderThatIsNotThere() throws {
    let fixture = try Fixture()
    try userError(mentioning: fixture.path("none")) { _ = try FolderTree(fixture.path("none")) }
    try fixture.write("text", "file")
    try userError(mentioning: fixture.path("file"), "not a folder") { _ = try FolderTree(fixture.path("file")) }
  }

  @Test func keepsTheIndexUntilASourceFileChanges() throws {
    let fixture = try Fixture()
    let kernel = try fixture.makeKernel()
    let cache = fixture.path("cache")
    func listeners() throws -> [String] {
      try FolderTree(kernel, cache: cache).answer(.initializer(field: "listen")).map(\.text)
    }
    #expect(try listeners() == Fixture.listeners)
    // Once files are old enough to be told from later ones by their times, the index stays as it is.
    try fixture.run("sleep 0.03")
    #expect(try listeners() == Fixture.listeners)
    try fixture.run("cp -rp cache before")
    #expect(try listeners() == Fixture.listeners)
    try fixture.run("diff -r cache before")
    // An edit in place of a file without hits, of the same length and with the old times, is noticed.
    try fixture.run("printf 's.ruct gate_ops x = { .listen = new_ga };' > linux-9.4/net/new.c")
    #expect(try listeners() == Fixture.listeners + ["net/new.c:1 new_ga"])
    try fixture.run("touch -r linux-9.4/net/new.c old; sleep 0.02")
    try fixture.run(
      "printf 's.ruct gate_ops x = { .listen = new_gb };' > linux-9.4/net/new.c; touch -r old linux-9.4/net/new.c")
    #expect(try listeners() == Fixture.listeners + ["net/new.c:1 new_gb"])
    // So is one right after the index was made, within the clock's step.
    for round in 0..<20 {
      try fixture.write("s.ruct gate_ops x = { .listen = new_\(10 + round) };", "linux-9.4/net/new.c")
      #expect(try listeners() == Fixture.listeners + ["net/new.c:1 new_\(10 + round)"])
    }
    try fixture.run("rm linux-9.4/net/new.c")
    #expect(try listeners() == Fixture.listeners)
    // Damaged files are as good as none.
    try fixture.run("for file in cache/index/*; do echo '{' > $file; done")
    #expect(try listeners() == Fixture.listeners)
  }

  @Test func answersWithoutACacheFolderItCanWrite() throws {
    let fixture = try Fixture()
    try fixture.write("a file where the cache should be", "cache")
    let tree = try FolderTree(fixture.makeKernel(), cache: fixture.path("cache"))
    #expect(try tree.answer(.initializer(field: "listen")).map(\.text) == Fixture.listeners)
  }

  @Test func stampsChangeWithTheText() throws {
    let fixture = try Fixture()
    let kernel = try fixture.makeKernel()
    let reference = KernelReference(name: "k", kind: .folder(kernel), source: "folder:k")
    let first = try KernelSources.stamp(of: reference)
    #expect(try KernelSources.stamp(of: reference) == first)
    try fixture.run("sleep 0.02; printf x >> linux-9.4/include/linux/unused.h")
    #expect(try KernelSources.stamp(of: reference) != first)
  }

  @Test func addsOnlyWhatNoRevisionBeforeHad() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    let commit = "git add -A && git -c user.name=t -c user.email=t@t commit -qm x"
    try fixture.run("cd clone && git init -q . && \(commit) && git tag v1")
    try fixture.run(
      "cd clone && sed -i s/far_gate/fur_gate/ drivers/gate/far.c && rm arch/x86/gate.c && \(commit) && git tag v2")
    try fixture.run(
      "cd clone && echo 'struct gate_ops n = { .listen = new_gate };' > net/a.c && \(commit) && git tag v3")
    try fixture.run("cd clone && rm net/a.c && \(commit) && git tag v4")
    func listeners(_ revision: String, _ cache: String) throws -> [String] {
      try GitTree(repository: fixture.path("clone"), revision: revision, cache: fixture.path(cache))
        .answer(.initializer(field: "listen")).map(\.text)
    }
    for revision in ["v1", "v2", "v3", "v1", "v3"] {
      #expect(try listeners(revision, "shared") == listeners(revision, "of-its-own-" + revision))
    }
    #expect(try listeners("v3", "shared").contains("net/a.c:1 new_gate"))
    // A segment for each of the three with something new; v4, which goes back to v2, needs none.
    let segments = try fixture.names("shared/index").filter { $0.hasSuffix(".segment") }
    #expect(segments.count >= 3)
    #expect(
      try listeners("v4", "shared") == [
        "drivers/gate/far.c:1 fur_gate", "net/gate.c:11 open_gate", "net/gate.c:14 shut_gate",
      ])
    #expect(try fixture.names("shared/index").filter { $0.hasSuffix(".segment") } == segments)
  }

  @Test func saysThatAContentIsMissing() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    try fixture.run(
      """
      cd clone && git init -q . && git add -A && git -c user.name=t -c user.email=t@t commit -qm x \
      && id=$(git rev-parse HEAD:drivers/gate/far.c) && rm -f .git/objects/${id%${id#??}}/${id#??}
      """)
    let tree = try GitTree(repository: fixture.path("clone"), revision: "HEAD")
    try userError(mentioning: "drivers/gate/far.c", "fetch --refetch") {
      _ = try tree.answer(.initializer(field: "listen"))
    }
  }

  @Test func followsLinksOfAGitRevisionWithinItsTree() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    try fixture.run(
      """
      cd clone && ln -s ../include/linux/gate.h net/link.h && ln -s ../../outside net/out.h && ln -s /etc/hostname net/abs.h \
      && ln -s loop.h net/loop.h && ln -s nowhere.h net/none.h && git init -q . && git add -A \
      && git -c user.name=t -c user.email=t@t commit -qm x
      """)
    let tree = try GitTree(repository: fixture.path("clone"), revision: "HEAD")
    for _ in 0..<2 {
      #expect(try tree.contents(of: "net/link.h") == tree.contents(of: "include/linux/gate.h"))
      #expect(tree.contains("net/link.h"))
      for path in ["net/out.h", "net/abs.h", "net/loop.h", "net/none.h", "net/gate.c/x", "net/a\nb"] {
        #expect(try tree.contents(of: path) == nil)
        #expect(!tree.contains(path))
      }
      #expect(try tree.files(below: "net").contains("net/gate.c"))
    }
  }

  @Test func readsAGitRevisionWithoutAWorkTree() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    try fixture.run(
      """
      cd clone && git init -q . && git add -A && git -c user.name=t -c user.email=t@t commit -qm one && git tag v9.4 \
      && git rm -qr . && git -c user.name=t -c user.email=t@t commit -qm two
      """)
    let cache = fixture.path("cache")
    for _ in 0..<2 {
      let tree = try GitTree(repository: fixture.path("clone"), revision: "v9.4", cache: cache)
      try Self.check(tree)
      #expect(tree.source == "git:clone@v9.4")
      #expect(tree.commit.count == 40)
      #expect(tree.object(of: "net/gate.c")?.count == 40)
    }
    try userError(mentioning: "v9.5", "revision") {
      _ = try GitTree(repository: fixture.path("clone"), revision: "v9.5")
    }
    try userError(mentioning: "--all", "revision") {
      _ = try GitTree(repository: fixture.path("clone"), revision: "--all")
    }
    try userError(mentioning: "HEAD", "Makefile") {
      _ = try GitTree(repository: fixture.path("clone"), revision: "HEAD")
    }
    try userError(mentioning: fixture.path("none")) {
      _ = try GitTree(repository: fixture.path("none"), revision: "v9.4")
    }
    try fixture.write("", "plain/file")
    try userError(mentioning: fixture.path("plain"), "git") {
      _ = try GitTree(repository: fixture.path("plain"), revision: "v9.4")
    }
  }
}

@Suite struct SnapshotTests {
  @Test(arguments: [
    "printf x >> linux-9.4/net/gate.c", "touch linux-9.4/Makefile", "echo > linux-9.4/drivers/gate/new.c",
    "rm linux-9.4/include/linux/unused.h", "mkdir linux-9.4/fs", "mv linux-9.4/net linux-9.4/mm",
    "sed -i s/far/fur/ linux-9.4/drivers/gate/far.c", "rm -r linux-9.4",
  ])
  func noticesChanges(_ change: String) throws {
    let fixture = try Fixture()
    let reference = KernelReference(name: "k", kind: .folder(try fixture.makeKernel()), source: "folder:k")
    let snapshot = try KernelSnapshot(of: reference, files: ["net/gate.c", "include/generated/none.h"])
    #expect(snapshot.isCurrent)
    try fixture.run("sleep 0.02; touch linux-9.4/tools/gate.c; echo > linux-9.4/Documentation/new.c")
    #expect(snapshot.isCurrent)
    try fixture.run(change)
    #expect(!snapshot.isCurrent)
  }

  @Test func followsArchivesAndRevisions() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    let commit = "git add -A && git -c user.name=t -c user.email=t@t commit -qm x"
    try fixture.run("tar -czf k.tar.gz clone; cd clone && git init -q . && \(commit) && git tag one")
    let archive = try KernelSnapshot(
      of: KernelReference(name: "k", kind: .archive(fixture.path("k.tar.gz")), source: "archive:k"))
    func revision(_ name: String) throws -> KernelSnapshot {
      try KernelSnapshot(
        of: KernelReference(
          name: name, kind: .git(repository: fixture.path("clone"), revision: name), source: "git:clone"))
    }
    let (tag, head) = (try revision("one"), try revision("HEAD"))
    #expect(archive.isCurrent && tag.isCurrent && head.isCurrent)
    try fixture.run("sleep 0.02; touch k.tar.gz; cd clone && echo >> net/gate.c && \(commit)")
    #expect(!archive.isCurrent)
    #expect(tag.isCurrent)
    #expect(!head.isCurrent)
  }
}
