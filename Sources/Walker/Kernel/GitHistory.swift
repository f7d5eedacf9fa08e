public import WalkerModel

/// The commits of a local clone: what lies between two of its revisions.
public struct GitHistory: Sendable {
  public let repository: String
  private let clone: GitRepository

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
    clone = try GitRepository(repository)
    self.repository = repository
  }

  /// The tags that match a glob, by version; never empty. Throws `UserError` when none does.
  public func tags(matching pattern: String) throws -> [Tag] {
    let names = try Git.tags(matching: pattern, in: repository)
    guard !names.isEmpty else {
      throw UserError("the clone \(repository) has no tag that matches \(pattern): see `git tag` there")
    }
    // A tag whose objects are missing says so when it is walked.
    return names.map { name in Tag(name: name, tree: try? clone.tree(of: "refs/tags/" + name).description) }
  }

  public func reference(_ revision: String, named name: String) -> KernelReference {
    KernelReference(
      name: name, kind: .git(repository: repository, revision: revision),
      source: "git:\(TreePath.name(repository))@\(name)")
  }

  /// Where the histories of two revisions parted; nil where they have nothing in common.
  public func mergeBase(_ first: String, _ second: String) throws -> String? {
    let found = try GitCommand.outcome(["merge-base", "--", first, second], in: repository)
    switch found.status {
    case 0: return found.output.trimmed
    case 1: return nil
    default: throw found.error
    }
  }

  public func commit(_ revision: String) throws -> Commit {
    let id = try clone.resolve(revision)
    return Commit(id: id.description, subject: try clone.subject(of: id))
  }

  public func parents(of commit: String) throws -> [String] {
    try GitCommand.run(["rev-list", "--parents", "-1", "--end-of-options", commit, "--"], in: repository).words
      .dropFirst().map { $0 }
  }

  /// The commits that `last` has and none of `known`, that touch one of the paths (all, without paths): the one that halves
  /// them first, then by how well they do.
  public func halving(_ last: String, without known: [String], paths: [String]) throws -> [String] {
    let listed = try GitCommand.run(
      ["rev-list", "--bisect-all", last, "--not"] + known + ["--"] + paths.map { ":(top,literal)" + $0 }, in: repository
    )
    return listed.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
  }
}
