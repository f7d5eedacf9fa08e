internal import Subprocess
internal import SystemPackage
internal import WalkerModel

/// One run of a program that answers questions on its standard output, bounded in time and in what it may write.
///
/// The program is started through walker's guest program as launcher, which ends it, and whatever it has started, when the
/// time is over or when walker is gone: its standard input ends then, however walker ended.
public struct GuestRun: Sendable {
  /// The guest program's path.
  let launcher: String
  let seconds: Int

  public init(launcher: String, seconds: Int) {
    self.launcher = launcher
    self.seconds = seconds
  }

  public struct Transcript: Sendable, Hashable {
    /// What was answered, even where not everything was.
    public let answers: [String]
    /// Why not everything was; nil: it was.
    public let failure: String?
  }

  /// The launcher's own exit statuses (`launcher.c`).
  private enum Status {
    static let timedOut: Int32 = 124
    static let notStarted: Int32 = 127
  }

  private struct Record: Sendable {
    var reader = AnswerReader()
    /// The end of what was written to standard error: a console, or a program's complaint.
    var log = ""
    var isFlooded = false
  }

  private enum Piece: Sendable {
    case given
    case answers(AnswerReader)
    case log(String, isFlooded: Bool)
  }

  /// - Parameters:
  ///   - command: the program and its arguments; it finds `given` as the file /dev/fd/9.
  ///   - subject: what runs, for messages: `the guest`.
  func run(_ command: [String], given: [UInt8], subject: String) async -> Transcript {
    do {
      let found = try await transcript(command, given, subject)
      return Task.isCancelled ? Transcript(answers: found.answers, failure: "interrupted") : found
    } catch is CancellationError {
      return Transcript(answers: [], failure: "interrupted")
    } catch {
      return Transcript(answers: [], failure: "\(launcher) can't be started: set walker up again")
    }
  }

  private func transcript(_ command: [String], _ given: [UInt8], _ subject: String) async throws -> Transcript {
    let arguments = ["run", "\(seconds)", "\(given.count)"] + command
    var options = PlatformOptions()
    // The launcher itself has to end what the program has started.
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let result = try await Subprocess.run(
      .path(FilePath(launcher)), arguments: Arguments(arguments), platformOptions: options, input: .inputWriter,
      output: .sequence, error: .sequence
    ) { execution in
      try await withThrowingTaskGroup(of: Piece.self) { group in
        group.addTask {
          // The launcher reads what is given, then waits for the end of its input: it is kept open till the output ends.
          _ = try? await execution.standardInputWriter.write(given)
          return .given
        }
        group.addTask {
          var reader = AnswerReader()
          for try await piece in execution.standardOutput {
            piece.withUnsafeBytes { reader.take($0) }
            if reader.isFlooded { break }
          }
          return .answers(reader)
        }
        group.addTask {
          var tail: [UInt8] = []
          var all = 0
          for try await piece in execution.standardError {
            piece.withUnsafeBytes { tail.append(contentsOf: $0) }
            all += piece.count
            if tail.count > 16 << 10 { tail.removeFirst(tail.count - (8 << 10)) }
            if all > AnswerReader.mostBytes { break }
          }
          return .log(String(decoding: tail, as: UTF8.self), isFlooded: all > AnswerReader.mostBytes)
        }
        var both = Record()
        for try await piece in group {
          switch piece {
          case .given: break
          case .answers(let reader):
            both.reader = reader
            both.isFlooded = both.isFlooded || reader.isFlooded
            // The output has ended, or is a flood: the end of its input ends the rest.
            try? await execution.standardInputWriter.finish()
          case .log(let text, let isFlooded):
            both.log = text
            both.isFlooded = both.isFlooded || isFlooded
            // A guest that has ended reads no more; how it ended is told below.
            if isFlooded { try? await execution.standardInputWriter.finish() }
          }
        }
        return both
      }
    }
    let record = result.closureResult
    return Transcript(
      answers: record.reader.answers, failure: failure(record, result.terminationStatus, command, subject))
  }

  private func failure(
    _ record: Record, _ status: TerminationStatus, _ command: [String], _ subject: String
  ) -> String? {
    if record.isFlooded { return "\(subject) wrote more than \(AnswerReader.mostBytes >> 20) MB and was ended" }
    if record.reader.isComplete { return nil }
    let said = lastWords(record.log).map { " (\($0))" } ?? ""
    switch status {
    case .exited(Status.timedOut): return "\(subject) did not answer within \(seconds) s and was ended\(said)"
    case .exited(Status.notStarted) where record.log.contains("can't be started"):
      return "\(command.first ?? "") can't be started: install it, or name another with --qemu"
    default:
      if record.reader.answers.isEmpty { return "\(subject) ended without an answer\(said)" }
      return "\(subject) ended before it had answered everything\(said)"
    }
  }

  /// What a log ends with, or the line in it that says that the kernel gave up.
  private func lastWords(_ log: String) -> String? {
    let lines = log.split(whereSeparator: \.isNewline).map { line in
      String(line.filter { $0.isASCII && !($0.asciiValue.map { $0 < 0x20 || $0 == 0x7f } ?? true) })
    }.filter { line in line.contains { !$0.isWhitespace } }
    let line = lines.last { $0.contains("Kernel panic") } ?? lines.last
    return line.map { $0.count > 160 ? $0.prefix(160) + "…" : $0 }
  }
}
