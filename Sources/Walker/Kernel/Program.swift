internal import CArchive
internal import FoundationEssentials
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage
internal import WalkerModel

/// A child process that runs to its end while others work, under Subprocess.
public enum Program {
  /// The program that ends what it starts when its standard input ends, as it does when walker is gone (`launcher.c`).
  public static let launcher = Launcher()

  public final class Launcher: Sendable {
    private let known = Mutex<String?>(nil)
    var path: String? { known.withLock(\.self) }
    public func set(_ path: String) { known.withLock { $0 = access(path, X_OK) == 0 ? path : nil } }
  }

  struct Outcome: Sendable {
    /// nil when it was ended by a signal.
    let status: Int32?
    let output: String
    let errors: String
    var isSuccess: Bool { status == 0 }

    /// The last line of the errors that says something.
    var reason: String {
      let lines = errors.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }
      let line = lines.first { $0.hasPrefix("E: ") } ?? lines.last ?? "no message"
      return (line.hasPrefix("E: ") ? line.dropFirst(3) : line[...]).trimmed
    }
  }

  /// Throws `UserError` when the program is not installed.
  static func run(_ name: String, _ arguments: [String]) async throws -> Outcome {
    do {
      // What the launcher waits on: nothing is written, and it ends with this process at the latest.
      var ends: [Int32] = [0, 0]
      guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Disk.error("start", name) }
      defer { close(ends[1]) }
      let launcher = launcher.path
      var options = PlatformOptions()
      // The launcher itself has to end what the program has started.
      options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
      let result = try await Subprocess.run(
        launcher.map { .path(FilePath($0)) } ?? .name(name),
        arguments: Arguments((launcher == nil ? [] : ["run", longest, "0", name]) + arguments),
        environment: .inherit.updating(["LC_ALL": "C.UTF-8"]), platformOptions: options,
        input: .fileDescriptor(FileDescriptor(rawValue: ends[0]), closeAfterSpawningProcess: true),
        output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
      let errors = result.standardError
      if launcher != nil, result.terminationStatus == .exited(notStarted), errors.contains("can't be started") {
        throw notInstalled(name)
      }
      let status: Int32? = if case .exited(let status) = result.terminationStatus { status } else { nil }
      return Outcome(status: status, output: result.standardOutput, errors: errors)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw notInstalled(name)
    }
  }

  /// In seconds: what hangs is ended by the command's own --timeout.
  private static let longest = "86400"
  /// The launcher's.
  private static let notStarted: Int32 = 127

  private static func notInstalled(_ name: String) -> UserError {
    UserError("\(name) is not installed: install it, or give a kernel that does not need it")
  }

  /// Runs while `poll` is called some times a second.
  static func run(
    _ name: String, _ arguments: [String], poll: @escaping @Sendable () -> Void
  ) async throws -> Outcome {
    let polling = Task {
      while !Task.isCancelled {
        poll()
        try await Task.sleep(for: .milliseconds(200))
      }
    }
    defer { polling.cancel() }
    return try await run(name, arguments)
  }
}

/// What a long step tells the person who waits.
public enum KernelProgress: Sendable, Equatable {
  /// `asking the archive for linux-source-6.12`
  case phase(String)
  /// Bytes so far, and in all where that is known.
  case bytes(Int, of: Int?)
}

public typealias ProgressHandler = @Sendable (KernelProgress) -> Void
