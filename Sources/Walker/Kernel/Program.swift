internal import FoundationEssentials
internal import Subprocess
internal import WalkerModel

/// A child process that runs to its end while others work, under Subprocess.
enum Program {
  struct Outcome: Sendable {
    let isSuccess: Bool
    let output: String
    let errors: String

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
      let result = try await Subprocess.run(
        .name(name), arguments: Arguments(arguments), environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
        output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
      return Outcome(
        isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput, errors: result.standardError)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw UserError("\(name) is not installed: install it, or give a kernel that does not need it")
    }
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
