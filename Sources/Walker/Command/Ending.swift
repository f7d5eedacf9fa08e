internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import Synchronization
internal import WalkerModel

/// How a command ends before it is done: when its time is over, and at Ctrl-C or a polite request. The work is cancelled,
/// what it started ends with it, and what does not heed that is left behind.
enum Ending {
  private struct State {
    var signal: Int32?
    var isOverdue = false
    var seconds = 0
    var task: Task<Void, any Error>?
  }

  private static let state = Mutex(State())
  private static let queue = DispatchQueue(label: "ending", qos: .userInitiated)
  /// For what is being written, and for children to end.
  private static let grace = 2.0

  static func running(_ work: @escaping @Sendable () async throws -> Void) async throws {
    let task = Task(operation: work)
    state.withLock { $0.task = task }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      // Not ignored: children would inherit that.
      signal(number) { _ in }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { interrupt(number) }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    do {
      try await task.value
    } catch {
      // What the work says of its own end is no news then.
      let (signal, isOverdue) = state.withLock { ($0.signal, $0.isOverdue) }
      if let signal, !(error is ExitCode) { die(by: signal) }
      if isOverdue, error is CancellationError { throw overdue() }
      throw error
    }
  }

  /// The command's time begins to run. Walks end for themselves at its end, and are told of in an answer; what else takes
  /// longer is cancelled then.
  static func bound(_ bounds: Bounds) {
    guard let end = bounds.end else { return }
    let left = (end - .now) / .seconds(1) + 1
    state.withLock { $0.seconds = bounds.seconds }
    after(left) {
      state.withLock { state in
        state.isOverdue = true
        state.task?.cancel()
      }
    }
    after(left + grace) {
      StandardStreams.complain(overdue().message)
      _exit(ExitStatus.unchecked)
    }
  }

  private static func interrupt(_ number: Int32) {
    state.withLock { state in
      state.signal = state.signal ?? number
      state.task?.cancel()
    }
    after(grace) { die(by: number) }
  }

  private static func after(_ seconds: Double, _ body: @escaping @Sendable () -> Void) {
    queue.asyncAfter(deadline: .now() + seconds, execute: body)
  }

  private static func overdue() -> UserError {
    let seconds = state.withLock { $0.seconds }
    return UserError(
      "the command took longer than \(seconds) s: give it more time with --timeout", exitStatus: ExitStatus.unchecked)
  }

  /// As everybody who started this one expects of a program that was told to end.
  private static func die(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    kill(getpid(), number)
    // Where the signal is blocked.
    _exit(128 + number)
  }
}
