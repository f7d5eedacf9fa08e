public import WalkerModel

/// The commits of a local clone: what lies between two of its revisions.
public struct GitHistory: Sendable {
  public let repository: String

  /// A commit as people speak of it.
  public struct Commit: Sendable, Codable, Hashable {
    public let id: String
    public let subject: String

    public init(id: String, subject: String) {
      self.id = id
      self.subject = subject
    }
  }

  public struct Tag: Sendable, Hashable {
    public let name: String
    /// The tree's id; nil where the tag names no commit.
    public let tree: String?
  }

  /// Throws `UserError` when there is no such clone.
  public init(repository: String) throws {
    guard Disk.isFolder(repository) else {
      throw UserError("there is no git clone at \(repository): give the path of a local clone after --git")
    }
    self.repository = repository
  }

  /// The tags that match a glob, by version; never empty. Throws `UserError` when none does.
  public func tags(matching pattern: String) throws -> [Tag] {
    let listed = try run([
      "for-each-ref", "--format=%(refname:strip=2)%00%(tree)%00%(*tree)", "refs/tags",
    ])
    var trees: [String: String] = [:]
    for line in listed.split(separator: "\n") {
      let fields = line.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3 else { continue }
      trees[fields[0]] = fields[1].isEmpty ? fields[2] : fields[1]
    }
    let names = try Git.tags(matching: pattern, in: repository)
    guard !names.isEmpty else {
      throw UserError("the clone \(repository) has no tag that matches \(pattern): see `git tag` there")
    }
    return names.map { name in Tag(name: name, tree: trees[name].flatMap { $0.isEmpty ? nil : $0 }) }
  }

  public func reference(_ revision: String, named name: String) -> KernelReference {
    KernelReference(
      name: name, kind: .git(repository: repository, revision: revision),
      source: "git:\(TreePath.name(repository))@\(name)")
  }

  /// Where the histories of two revisions parted; nil where they have nothing in common.
  public func mergeBase(_ first: String, _ second: String) throws -> String? {
    let found = try Git.run(["merge-base", "--", first, second], in: repository)
    return found.status == 0 ? found.text.trimmed : nil
  }

  public func commit(_ revision: String) throws -> Commit {
    let words = try run(["log", "-1", "--no-show-signature", "--format=%H%x00%s", "--end-of-options", revision, "--"])
      .trimmed.split(separator: "\0", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2 else { throw UserError("the clone \(repository) has no commit \(revision)") }
    return Commit(id: words[0], subject: words[1])
  }

  public func parents(of commit: String) throws -> [String] {
    try run(["rev-list", "--parents", "-1", "--end-of-options", commit, "--"]).words.dropFirst().map { $0 }
  }

  /// The commits that `last` has and none of `known`, that touch one of the paths (all, without paths): the one that halves
  /// them first, then by how well they do.
  public func halving(_ last: String, without known: [String], paths: [String]) throws -> [String] {
    let listed = try run(
      ["rev-list", "--bisect-all", last, "--not"] + known + ["--"] + paths.map { ":(top,literal)" + $0 })
    return listed.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  private func run(_ arguments: [String]) throws -> String {
    let done = try Git.run(arguments, in: repository)
    guard done.status == 0 else { throw Git.error(done.errors, repository) }
    return done.text
  }
}
