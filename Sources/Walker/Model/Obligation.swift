/// An effect that the walk did not follow, and on which a result rests: it has to be discharged by analysis, or taken on
/// trust; else the result is conditional.
public struct Obligation: Sendable, Codable, Hashable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A function, or a pointer to one, is not entered and may reach what the result rests on.
    case call
    /// A store or a load through a pointer that may be one of the objects, or not.
    case alias
    /// A loop or a jump back is not followed turn by turn.
    case loop
    /// Inline assembly that names them or may reach them.
    case assembly
    /// A limit of depth, count, memory or time was met.
    case budget
    /// A parse error, a missing file, a question that could not be answered.
    case unreadable
    /// A value whose origin is not known decides the result.
    case input
  }

  public enum State: String, Sendable, Codable {
    case discharged, trusted, open
  }

  public let kind: Kind
  /// The function, the field, the pointer: `fput`, `struct widget_ops.fix`.
  public let subject: String
  public let location: SourceLocation
  /// What may have happened, as the end of a sentence: `may write struct widget.room`.
  public let why: String
  public var state: State
  /// How it was discharged, or the author's reason to trust it, or what would settle it.
  public var how: String

  public init(
    kind: Kind, subject: String, location: SourceLocation, why: String, state: State = .open, how: String = ""
  ) {
    self.kind = kind
    self.subject = subject
    self.location = location
    self.why = why
    self.state = state
    self.how = how
  }
}

/// What every walk takes for granted.
public struct Assumption: Sendable, Codable, Hashable {
  public let id: String
  public let text: String

  public static let all: [Assumption] = [
    Assumption(id: "own-memory", text: "No other thread writes between two steps of the walk."),
    Assumption(
      id: "modular-calls",
      text:
        "A function that is not entered changes only what it can reach from its arguments and from the globals that it, or what it calls, names."
    ),
    Assumption(
      id: "typed-records",
      text:
        "Two records of different types overlap only by embedding, a union, or a pointer that the code itself casts; raw integer and byte pointers of unknown origin may point anywhere."
    ),
    Assumption(id: "fresh", text: "What an allocator returns is no object that existed before."),
    Assumption(
      id: "kernel-c", text: "Signed arithmetic wraps, and there is no strict aliasing, as the kernel is built."),
    Assumption(
      id: "core-services",
      text:
        "The kernel's allocators, locks, scheduler, RCU, reference counts, printing, tracing and timers write their own objects and what they are handed for that, and nothing else."
    ),
  ]
}
