internal import FoundationEssentials
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage
internal import WalkerModel

/// Runs `walker-engine` for one request: JSON in, JSON out. A crash or a hang of it costs this request its answer,
/// nothing more; it ends when walker ends, however that comes about, and when it holds more than its memory. Lines `progress <text>` on its standard error say what it is doing; all else there is dropped.
struct Engine {
  let path: String
  let bounds: Bounds
  /// Somebody else tells of the progress.
  var isQuiet = false

  /// The answer as it came over the wire, and decoded.
  struct Answer {
    let bytes: [UInt8]
    let response: EngineResponse
  }

  /// - Parameter task: what is asked, for messages: `the walk through 6.12`.
  /// - Throws: `UserError` when there is no answer, or the answer is that it failed.
  func ask(_ request: EngineRequest, task: String) async throws -> Answer {
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw UserError("walker-engine is not at \(path): build or install walker again")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let input = Array(try encoder.encode(request))
    let progress = isQuiet ? Progress.silent : Progress(task)
    defer { progress.finish() }
    let (output, ending) = try await run(input, progress)
    let bytes = output
    if ending == .timedOut {
      throw UserError(
        "\(task) could not be derived within \(bounds.seconds) s: give it more time with --timeout",
        exitStatus: ExitStatus.unchecked)
    }
    // No answer, or half of one: how the worker ended says more than where the JSON breaks off.
    guard let response = try? JSONDecoder().decode(EngineResponse.self, from: Data(bytes)) else {
      throw UserError(
        "\(task) could not be derived, since walker-engine \(ending.words): try again, and report the kernel and walkthrough if it stays so",
        exitStatus: ExitStatus.unchecked)
    }
    if case .failed(let error) = response { throw error }
    return Answer(bytes: bytes, response: response)
  }

  private enum Ending: Equatable {
    case timedOut
    case exited(Int32)
    case signalled(Int32)

    var words: String {
      switch self {
      case .timedOut: "took too long"
      case .exited(let status): "ended with status \(status) and no answer"
      case .signalled(SIGSEGV), .signalled(SIGBUS):
        "was ended by signal \(SIGSEGV), as C that is nested too deeply does it"
      case .signalled(let signal): "was ended by signal \(signal)"
      }
    }
  }

  private enum Piece: Sendable {
    case written
    case output([UInt8])
    case errorsEnded
    case timedOut
  }

  private func run(_ input: [UInt8], _ progress: Progress) async throws -> (output: [UInt8], ending: Ending) {
    let left = bounds.left
    var options = PlatformOptions()
    // A group of its own, so that what it may have started ends with it.
    options.processGroupID = 0
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
    // Said before it is killed: whichever is seen first, the end of its output or of its time, it ended for its time.
    let isTimedOut = Flag()
    let result = try await Subprocess.run(
      .path(FilePath(path)),
      // A crashing engine's own account of it would take seconds and help nobody here.
      environment: .inherit.updating([
        "SWIFT_BACKTRACE": "enable=no", "WALKER_PARENT": "\(getpid())", "WALKER_MEMORY": "\(bounds.memory)",
      ]), platformOptions: options, input: .inputWriter, output: .sequence, error: .sequence
    ) { execution in
      try await withThrowingTaskGroup(of: Piece.self) { group in
        group.addTask {
          // An engine that ends before it has read everything is told by how it ends.
          _ = try? await execution.standardInputWriter.write(input)
          try? await execution.standardInputWriter.finish()
          return .written
        }
        group.addTask {
          var bytes: [UInt8] = []
          for try await buffer in execution.standardOutput { buffer.withUnsafeBytes { bytes.append(contentsOf: $0) } }
          return .output(bytes)
        }
        group.addTask {
          for try await line in execution.standardError.strings() where line.hasPrefix("progress ") {
            progress.say(String(line.dropFirst("progress ".count)))
          }
          return .errorsEnded
        }
        group.addTask {
          try await Task.sleep(for: left)
          isTimedOut.set()
          // It has ended by itself meanwhile.
          try? execution.send(signal: .kill, toProcessGroup: true)
          return .timedOut
        }
        var output: [UInt8] = []
        var running = 3
        while running > 0, let piece = try await group.next() {
          switch piece {
          case .output(let bytes):
            output = bytes
            running -= 1
          case .written, .errorsEnded: running -= 1
          case .timedOut: break
          }
        }
        group.cancelAll()
        return output
      }
    }
    let output = result.closureResult
    if isTimedOut.isSet { return (output, .timedOut) }
    switch result.terminationStatus {
    case .exited(let status): return (output, .exited(status))
    case .signaled(let signal): return (output, .signalled(signal))
    }
  }
}

private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
