internal import Glibc
internal import WalkerModel

/// How long a command, and how much memory a walk, may take.
struct Bounds: Sendable {
  static let usualSeconds = 120
  static let usualMemory = 1536

  /// Of the command as a whole, or else of each walk; for messages.
  let seconds: Int
  /// In megabytes.
  private(set) var memory: Int
  /// When the whole command has to be over.
  let end: ContinuousClock.Instant?

  init(_ arguments: PlaceArguments, eachWalk: Bool = false) {
    seconds = arguments.timeout ?? Self.usualSeconds
    memory = arguments.memory
    end = eachWalk ? nil : arguments.timeout.map { .now + .seconds($0) }
  }

  /// For many walks over a whole tree that is held in memory.
  var ofWholeTree: Bounds {
    var bounds = self
    bounds.memory *= 4
    return bounds
  }

  /// How long a walk that begins now may take.
  var left: Duration { end.map { max(.zero, $0 - .now) } ?? .seconds(seconds) }

  /// Throws `UserError` where the shell's limits are too low for any answer.
  static func checkMachine() throws {
    if let files = limit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue)), files < 64 {
      throw UserError("only \(files) files may be open at once: allow more with `ulimit -n 1024`")
    }
    if let space = limit(__rlimit_resource_t(RLIMIT_AS.rawValue)), space < 4 << 30 {
      throw UserError(
        "only \(space >> 20) MB of address space are allowed: allow more with `ulimit -v unlimited`, and bound a walk's memory with --memory"
      )
    }
  }

  private static func limit(_ kind: __rlimit_resource_t) -> UInt? {
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
    return UInt(limit.rlim_cur)
  }
}
