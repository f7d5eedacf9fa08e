internal import WalkerModel

/// Calls of git.
enum Git {
  struct Output {
    let status: Int32
    let output: [UInt8]
    let errors: String
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// A clone's own configuration must not make git start other programs or write.
  static func command(_ arguments: [String], in repository: String) -> [String] {
    ["git", "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", repository] + arguments
  }

  static func run(_ arguments: [String], in repository: String) throws -> Output {
    let (status, output, errors) = try ChildProcess.run(command(arguments, in: repository))
    return Output(status: status, output: output, errors: errors)
  }

  /// The id of the commit (or tree) that a revision names.
  static func resolve(_ revision: String, in repository: String) throws -> String {
    for suffix in ["^{commit}", "^{tree}"] {
      let found = try run(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + suffix], in: repository)
      if found.status == 0 { return found.text.trimmed }
      if found.errors.contains("not a git repository") || found.errors.contains("dubious ownership") {
        throw error(found.errors, repository)
      }
    }
    throw UserError("the clone \(repository) has no revision \(revision): see `git tag` there")
  }

  /// The id of the tree that a revision names.
  static func tree(of revision: String, in repository: String) throws -> String {
    let found = try run(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{tree}"], in: repository)
    guard found.status == 0 else {
      _ = try resolve(revision, in: repository)
      throw error(found.errors, repository)
    }
    return found.text.trimmed
  }

  /// The tags that match a glob, oldest version first.
  static func tags(matching pattern: String, in repository: String) throws -> [String] {
    let listed = try run(["tag", "--list", pattern], in: repository)
    guard listed.status == 0 else { throw error(listed.errors, repository) }
    return listed.text.split(separator: "\n").map { String($0) }.sorted {
      KernelVersion.isOlder($0, than: $1) || (!KernelVersion.isOlder($1, than: $0) && $0 < $1)
    }
  }

  static func error(_ text: String, _ repository: String) -> UserError {
    let line = text.split(separator: "\n").first.map { String($0) } ?? "no message"
    return UserError("git can't read \(repository) (\(line)): give the path of a local clone")
  }
}
