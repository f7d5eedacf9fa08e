internal import Glibc
internal import WalkerModel

/// Questions to a clone by its path.
enum Git {
  /// The id of the commit (or tree) that a revision names.
  static func resolve(_ revision: String, in repository: String) throws -> String {
    try GitRepository(repository).resolve(revision).description
  }

  /// The id of the tree that a revision names.
  static func tree(of revision: String, in repository: String) throws -> String {
    try GitRepository(repository).tree(of: revision).description
  }

  /// The tags that match a glob, oldest version first.
  static func tags(matching pattern: String, in repository: String) throws -> [String] {
    try GitRepository(repository).tags(matching: pattern).sorted {
      KernelVersion.isOlder($0, than: $1) || (!KernelVersion.isOlder($1, than: $0) && $0 < $1)
    }
  }
}

/// The git command, for what libgit2 has not: the order of a bisection. It is given nothing of the user's settings or
/// environment, and no way to start another program: no transport is allowed (what is missing is not fetched), and the
/// commands that are used read neither the index nor a work tree, show no patch, and run no hook.
enum GitCommand {
  struct Outcome {
    let status: Int32
    let output: String
    let error: UserError
  }

  static func outcome(_ arguments: [String], in repository: String) throws -> Outcome {
    let command =
      [
        "git", "--no-pager", "--no-optional-locks", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c",
        "core.hooksPath=/dev/null", "-c", "core.alternateRefsCommand=false", "-c", "core.sshCommand=false", "-c",
        "credential.helper=", "-c", "protocol.allow=never", "-c", "safe.directory=*", "-C", repository,
      ] + arguments
    let (status, output, errors) = try ChildProcess.run(command, environment: environment)
    let line = errors.split(separator: "\n").first.map(String.init) ?? "no message"
    return Outcome(
      status: status, output: String(decoding: output, as: UTF8.self),
      error: UserError("git can't read \(repository) (\(line)): check the clone with `git -C \(repository) fsck`"))
  }

  static func run(_ arguments: [String], in repository: String) throws -> String {
    let done = try outcome(arguments, in: repository)
    guard done.status == 0 else { throw done.error }
    return done.output
  }

  private static var environment: [String] {
    [
      "PATH=" + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"), "LC_ALL=C.UTF-8", "HOME=/nonexistent",
      "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1",
      "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=false", "GIT_SSH_COMMAND=false", "GIT_ATTR_NOSYSTEM=1",
    ]
  }
}
