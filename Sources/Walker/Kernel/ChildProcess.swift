internal import CArchive
internal import Glibc
internal import WalkerModel

/// A child process with pipes, used in step with the caller: what is written to it and read from it blocks.
///
/// For git, whose answers a tree needs at once; what takes long and shows progress runs under Subprocess instead.
final class ChildProcess {
  let name: String
  private let process: pid_t
  private var input: Int32
  private var output: Int32
  private let errors: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var status: Int32?

  /// Starts `arguments[0]`, found on the PATH. Throws `UserError` when it can't be started.
  init(_ arguments: [String]) throws {
    name = arguments.first ?? ""
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    // A socket, since writing to a pipe whose reader has died would end this process as well.
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &toChild) == 0 else { throw Disk.error("start", name) }
    guard pipe2(&fromChild, O_CLOEXEC) == 0 else { throw Disk.error("start", name) }
    // Errors go to an unnamed file: a pipe that nobody reads could fill up and stop the child.
    errors = memfd_create("errors", UInt32(WALKER_MEMFD_CLOEXEC))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    var started: pid_t = 0
    let code = posix_spawnp(&started, name, &actions, nil, &pointers, environ)
    close(toChild[0])
    close(fromChild[1])
    process = started
    input = toChild[1]
    output = fromChild[0]
    guard code == 0 else {
      status = -1
      throw UserError("can't start \(name) (\(String(cString: strerror(code)))): install it")
    }
  }

  deinit {
    closeInput()
    if output >= 0 { close(output) }
    close(errors)
    if status == nil { _ = wait() }
  }

  /// Runs to the end. Throws `UserError` only when the program can't be started.
  static func run(_ arguments: [String]) throws -> (status: Int32, output: [UInt8], errors: String) {
    let child = try ChildProcess(arguments)
    child.closeInput()
    var output: [UInt8] = []
    while let piece = child.readPiece() { output += piece }
    let status = child.wait()
    return (status, output, child.errorText())
  }

  func write(_ text: String) throws {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(input, $0.baseAddress.map { $0 + done }, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw ended() }
      done += count
    }
  }

  /// Up to the next newline, without it; nil at the end.
  func readLine() -> String? {
    var line: [UInt8] = []
    while true {
      if position == buffer.count {
        guard fill() else { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      }
      if let newline = buffer[position...].firstIndex(of: 0x0a) {
        line += buffer[position..<newline]
        position = newline + 1
        return String(decoding: line, as: UTF8.self)
      }
      line += buffer[position...]
      position = buffer.count
    }
  }

  /// Exactly so many bytes. Throws `UserError` when the child ends before.
  func read(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      if position == buffer.count { guard fill() else { throw ended() } }
      let take = min(count - bytes.count, buffer.count - position)
      bytes += buffer[position..<(position + take)]
      position += take
    }
    return bytes
  }

  private func readPiece() -> ArraySlice<UInt8>? {
    guard fill() else { return nil }
    position = buffer.count
    return buffer[...]
  }

  private func fill() -> Bool {
    position = 0
    buffer = [UInt8](unsafeUninitializedCapacity: 1 << 16) { pointer, count in
      while true {
        let got = Glibc.read(output, pointer.baseAddress, pointer.count)
        if got < 0 && errno == EINTR { continue }
        count = max(got, 0)
        return
      }
    }
    return !buffer.isEmpty
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// The exit status; 128 and the signal's number for a child that was killed.
  func wait() -> Int32 {
    if let status { return status }
    var raw: Int32 = 0
    while waitpid(process, &raw, 0) < 0 && errno == EINTR {}
    let ended = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f)
    status = ended
    return ended
  }

  func errorText() -> String {
    lseek(errors, 0, SEEK_SET)
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { $1 = Disk.fill($0, from: errors) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func ended() -> UserError {
    let reason = errorText().split(separator: "\n").last.map(String.init) ?? "no message"
    return UserError("\(name) ended unexpectedly (\(reason)): check that it works in that folder")
  }
}
