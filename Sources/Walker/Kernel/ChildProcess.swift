internal import CArchive
internal import Glibc
internal import WalkerModel

/// A child process that the caller waits for, with nothing to read and an environment of its own.
///
/// For git, whose answers are needed at once; what takes long and shows progress runs under Subprocess instead.
enum ChildProcess {
  /// Runs `arguments[0]`, found on the PATH, to its end. Throws `UserError` when it can't be started.
  /// - Returns: its exit status, 128 and the signal's number when it was killed; what it wrote; the beginning of its errors.
  static func run(
    _ arguments: [String], environment: [String]
  ) throws -> (status: Int32, output: [UInt8], errors: String) {
    let name = arguments.first ?? ""
    var output: [Int32] = [0, 0]
    guard pipe2(&output, O_CLOEXEC) == 0 else { throw Disk.error("start", name) }
    defer { close(output[0]) }
    // Errors go to an unnamed file: a pipe that nobody reads could fill up and stop the child.
    let errors = memfd_create("errors", UInt32(WALKER_MEMFD_CLOEXEC))
    defer { close(errors) }
    let process: pid_t
    do {
      defer { close(output[1]) }
      process = try start(arguments, environment, output: output[1], errors: errors)
    }
    var bytes: [UInt8] = []
    while true {
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        repeat { count = read(output[0], buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        count = max(count, 0)
      }
      if piece.isEmpty { break }
      bytes += piece
    }
    var raw: Int32 = 0
    while waitpid(process, &raw, 0) < 0 && errno == EINTR {}
    lseek(errors, 0, SEEK_SET)
    let text = [UInt8](unsafeUninitializedCapacity: 4096) { $1 = Disk.fill($0, from: errors) }
    return (
      raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f), bytes, String(decoding: text, as: UTF8.self)
    )
  }

  private static func start(
    _ arguments: [String], _ environment: [String], output: Int32, errors: Int32
  ) throws -> pid_t {
    let name = arguments.first ?? ""
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var words = arguments.map { strdup($0) } + [nil]
    var settings = environment.map { strdup($0) } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, name, &actions, nil, &words, &settings)
    guard code == 0 else { throw UserError("can't start \(name) (\(String(cString: strerror(code)))): install it") }
    return process
  }
}
