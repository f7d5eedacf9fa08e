import Testing
import WalkerKernel
import WalkerModel

/// A clone is a stranger's: nothing that it names is run, and what it lacks is an error.
@Suite struct GitCloneTests {
  private static let commit = "git add -A && git -c user.name=t -c user.email=t@t commit -qm x"

  /// A clone whose every setting that names a program makes the file `ran`.
  private func hostile() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    try fixture.run(
      """
      printf '#!/bin/sh\\ntouch \(fixture.path("ran"))\\n' > evil && chmod +x evil && cd clone && git init -q . \
      && \(Self.commit) && git tag v1 && echo 'int more;' >> net/gate.c && \(Self.commit) && git tag v2 \
      && cp ../evil .git/hooks/post-checkout && cp ../evil .git/hooks/reference-transaction
      """)
    return fixture
  }

  private func settings(_ fixture: Fixture, address: String) throws {
    let evil = fixture.path("evil")
    try fixture.run(
      """
      cd clone && git config core.repositoryFormatVersion 1 && git config extensions.partialClone origin \
      && git config remote.origin.promisor true && git config remote.origin.url '\(address)' \
      && git config core.sshCommand '\(evil)' && git config core.fsmonitor '\(evil)' && git config core.pager '\(evil)' \
      && git config credential.helper '!\(evil)' && git config alias.rev-list '!\(evil)' && git config column.ui always \
      && git config diff.external '\(evil)' && git config core.alternateRefsCommand '\(evil)' \
      && git config filter.x.smudge '\(evil)' && git config gpg.program '\(evil)' && git config log.showSignature true \
      && git config core.askPass '\(evil)' && git config remote.origin.uploadpack '\(evil)' \
      && git config core.hooksPath .git/hooks && echo '* filter=x diff=x' > .git/info/attributes
      """)
  }

  private func remove(_ object: String, _ fixture: Fixture) throws {
    try fixture.run(
      "cd clone && id=$(git rev-parse \(object)) && rm -f .git/objects/$(echo $id | sed 's,^..,&/,')")
  }

  @Test(arguments: ["ext::EVIL", "ssh://host.invalid/x", "FOLDER", "https://127.0.0.1:1/x", "evil::x"])
  func runsNothingForAMissingFile(_ address: String) throws {
    let fixture = try hostile()
    try remove("v1:net/gate.c", fixture)
    try remove("v1:include", fixture)
    try settings(
      fixture,
      address: address.replacing("EVIL", with: fixture.path("evil")).replacing("FOLDER", with: fixture.path("clone")))
    let tree = try GitTree(repository: fixture.path("clone"), revision: "v1")
    try userError(mentioning: "lacks net/gate.c", "fetch --refetch") { _ = try tree.contents(of: "net/gate.c") }
    // Else the ops table that is gone would be no candidate.
    try userError(mentioning: "lacks", "fetch --refetch") { _ = try tree.answer(.initializer(field: "listen")) }
    try userError(mentioning: "lacks the folder include") { _ = try tree.files(below: "include") }
    #expect(!tree.contains("include/linux/gate.h"))
    try userError(mentioning: "lacks the folder include") { _ = try tree.contents(of: "Makefile") }
    let history = try GitHistory(repository: fixture.path("clone"))
    #expect(try history.tags(matching: "v*").map(\.name) == ["v1", "v2"])
    #expect(try history.commit("v1").subject == "x")
    try remove("v1:net", fixture)
    #expect(throws: UserError.self) { try history.halving("v2", without: ["v1"], paths: ["net/gate.c"]) }
    #expect(try history.mergeBase("v1", "v2") == history.commit("v1").id)
    #expect(!fixture.exists("ran"))
  }

  @Test func takesNoOrderFromSettings() throws {
    let fixture = try hostile()
    try settings(fixture, address: "ext::" + fixture.path("evil"))
    let history = try GitHistory(repository: fixture.path("clone"))
    #expect(try history.tags(matching: "v*").map(\.name) == ["v1", "v2"])
    let (first, last) = (try history.commit("v1").id, try history.commit("v2").id)
    #expect(try history.halving("v2", without: ["v1"], paths: ["net/gate.c"]) == [last])
    #expect(try history.parents(of: "v2") == [first])
    #expect(!fixture.exists("ran"))
  }

  @Test(arguments: ["v1", "v1^{tree}", "v1:Makefile", "v1:net"])
  func tellsDamageFromAbsence(_ object: String) throws {
    let fixture = try hostile()
    try fixture.run(
      """
      cd clone && id=$(git rev-parse \(object)) && file=.git/objects/$(echo $id | sed 's,^..,&/,') && chmod +w $file \
      && printf '\\377\\377\\377\\377' | dd of=$file bs=1 seek=20 conv=notrunc
      """)
    #expect(throws: UserError.self) {
      let tree = try GitTree(repository: fixture.path("clone"), revision: "v1")
      _ = try tree.contents(of: "Makefile")
      _ = try tree.answer(.initializer(field: "listen"))
    }
  }

  /// A head that promises less than follows has overrun a buffer in libgit2's own reader.
  @Test(arguments: [
    "blob 3", "blob 7", "blob 99999999999999999999", "blob -1", "blob 4294967299", "blob  5", "blob", "tree 5",
    "bleb 5",
    "blob 5x", "blob 300000000",
  ])
  func refusesALooseObjectWithAnotherHead(_ head: String) throws {
    let fixture = try hostile()
    try fixture.run(
      """
      cd clone && id=$(git rev-parse v1:Makefile) && f=.git/objects/$(echo $id | sed 's,^..,&/,') && rm -f $f && python3 -c "
      import zlib, sys
      open('$f', 'wb').write(zlib.compress(b'\(head)' + bytes(1) + b'x' * 40))"
      """)
    #expect(throws: UserError.self) {
      let tree = try GitTree(repository: fixture.path("clone"), revision: "v1")
      _ = try tree.contents(of: "Makefile")
    }
  }

  @Test func findsLooseAndPackedObjectsByTheBeginningOfTheirNames() throws {
    let fixture = try hostile()
    for _ in 0..<2 {
      let id = try GitHistory(repository: fixture.path("clone")).commit("v1").id
      #expect(try GitTree(repository: fixture.path("clone"), revision: String(id.prefix(9))).commit == id)
      try userError(mentioning: "no revision") {
        _ = try GitTree(repository: fixture.path("clone"), revision: "0123456789")
      }
      try fixture.run("git -C clone gc -q --prune=now")
    }
  }

  @Test func namesWhatATagLeadsToWhenItIsGone() throws {
    let fixture = try hostile()
    try remove("v1", fixture)
    try userError(mentioning: "v1", "lacks") { _ = try GitTree(repository: fixture.path("clone"), revision: "v1") }
  }

  @Test func readsBareSharedAndLinkedClones() throws {
    let fixture = try hostile()
    try fixture.run(
      """
      git clone -q --bare clone bare && git clone -q --shared clone shared && git -C clone worktree add -q ../work v1 \
      && git -C clone config extensions.worktreeConfig true && git -C clone config core.repositoryFormatVersion 1 \
      && git clone -q --depth 1 --branch v2 file://$PWD/clone shallow && git -C bare gc -q
      """)
    for (clone, revision) in [
      ("bare", "v1"), ("shared", "v2"), ("work", "HEAD"), ("shallow", "v2"), ("clone/net", "v2"),
    ] {
      let tree = try GitTree(repository: fixture.path(clone), revision: revision)
      #expect(try tree.contents(of: "COPYING") != nil, "\(clone)")
      #expect(try tree.answer(.initializer(field: "listen")).count > 2, "\(clone)")
    }
  }

  @Test func saysWhatItCannotRead() throws {
    let fixture = try Fixture()
    try fixture.makeKernel("clone")
    try fixture.run("cd clone && git init -q --object-format=sha256 . && \(Self.commit)")
    try userError(mentioning: "SHA-256", "worktree add") {
      _ = try GitTree(repository: fixture.path("clone"), revision: "HEAD")
    }
    try fixture.run("cd clone && rm -rf .git && git init -q . && \(Self.commit)")
    try fixture.run(
      "cd clone && git config core.repositoryFormatVersion 1 && git config extensions.refStorage reftable")
    try userError(mentioning: "refstorage", "worktree add") {
      _ = try GitTree(repository: fixture.path("clone"), revision: "HEAD")
    }
  }
}
