/// Something that the reader of a walk has to know: what, where, and what to do.
public struct Finding: Sendable, Hashable, Codable {
  public enum Severity: String, Sendable, Codable, Comparable {
    case note, warning, error

    public static func < (left: Severity, right: Severity) -> Bool {
      let order: [Severity] = [.note, .warning, .error]
      return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
  }

  /// Stable, for tools: `walker.call-path.undefined-function`.
  public let id: String
  public let severity: Severity
  /// One sentence that reads like a headline.
  public let summary: String
  public let location: SourceLocation?
  /// What to do about it; candidates when there are some.
  public let notes: [String]

  public init(
    id: String, severity: Severity, summary: String, location: SourceLocation? = nil,
    notes: [String] = []
  ) {
    self.id = id
    self.severity = severity
    self.summary = summary
    self.location = location
    self.notes = notes
  }
}

/// An error for the person at the terminal: one sentence with what, where and what to do, and the exit status.
public struct UserError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  public let message: String
  public let exitStatus: Int32

  public init(_ message: String, exitStatus: Int32 = ExitStatus.broken) {
    self.message = message
    self.exitStatus = exitStatus
  }

  public var description: String { message }
}

/// walker's exit statuses.
public enum ExitStatus {
  public static let ok: Int32 = 0
  /// An error, or a check that found something broken.
  public static let broken: Int32 = 1
  /// Something could not be checked or derived.
  public static let unchecked: Int32 = 2
  /// The command line is wrong.
  public static let usage: Int32 = 64
}
