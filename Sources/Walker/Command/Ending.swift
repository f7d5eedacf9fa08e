internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import Synchronization
internal import WalkerModel

/// Where the handler of signals writes their numbers: set before the handler is, and not changed after.
private nonisolated(unsafe) var endOfSignals: Int32 = -1

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
    let source = try signals()
    defer { source.cancel() }
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

  /// Requests to end, each told once. A signal source of Dispatch would lose some: it waits for signals that are blocked in
  /// every thread, and the main thread waits with none blocked, so that a handler may get what the source waits for.
  private static func signals() throws -> any DispatchSourceRead {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw UserError(
        "walker can't make a pipe (\(String(cString: strerror(errno)))): raise the limit of open files (ulimit -n)",
        exitStatus: ExitStatus.unchecked)
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    let end = ends[0]
    endOfSignals = ends[1]
    let source = DispatchSource.makeReadSource(fileDescriptor: end, queue: queue)
    source.setEventHandler {
      var number: UInt8 = 0
      while read(end, &number, 1) == 1 { interrupt(Int32(number)) }
    }
    source.resume()
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // Not ignored: children would inherit that.
      signal(number) { number in
        let error = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(endOfSignals, &byte, 1)
        errno = error
      }
    }
    return source
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
