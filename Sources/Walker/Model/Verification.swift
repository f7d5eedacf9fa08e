/// What a real kernel answered, beside what was derived from its source.
public struct Verification: Sendable, Hashable {
  public enum Verdict: String, Sendable, Hashable {
    /// Every answer agrees, and there were some.
    case verified
    /// At least one answer differs, or a real call contradicts the derived path.
    case refuted
    /// The kernel could not be asked, or did not answer: never the same as agreement.
    case unchecked
  }

  public enum Means: String, Sendable, Hashable {
    /// The kernel that runs here.
    case live
    /// A kernel booted for the purpose.
    case boot
  }

  /// As the user named the source: `6.12`.
  public let kernel: String
  /// Of the source, from its Makefile.
  public let version: String
  public let means: Means
  /// The kernel that answered, as `uname -r` and `-v` have it; nil: none did.
  public let observed: String?
  /// What the reader has to know of how it was asked: the source is only the nearest; knobs were left alone.
  public let notes: [String]
  /// Why nothing at all could be checked.
  public let failure: String?
  public let rows: [Row]
  public let results: [ResultSummary]
  /// nil: calls were not recorded.
  public let chain: ChainVerification?

  public init(
    kernel: String, version: String, means: Means, observed: String?, notes: [String], failure: String?, rows: [Row],
    results: [ResultSummary], chain: ChainVerification?
  ) {
    self.kernel = kernel
    self.version = version
    self.means = means
    self.observed = observed
    self.notes = notes
    self.failure = failure
    self.rows = rows
    self.results = results
    self.chain = chain
  }

  public var verdict: Verdict {
    // Where the compiler and the tracer leave nothing of the path to see, the results alone decide.
    let verdicts = results.map(\.verdict) + [chain].compactMap { $0.flatMap { $0.isOutOfSight ? nil : $0.verdict } }
    if verdicts.contains(.refuted) { return .refuted }
    return failure != nil || verdicts.isEmpty || verdicts.contains(.unchecked) ? .unchecked : .verified
  }

  /// One combination of inputs.
  public struct Row: Sendable, Hashable {
    /// The followed value first, then the knobs by name.
    public let inputs: [Counterexample.NamedNumber]
    public let answers: [Answer]

    public init(inputs: [Counterexample.NamedNumber], answers: [Answer]) {
      self.inputs = inputs
      self.answers = answers
    }
  }

  /// One result for one combination of inputs.
  public struct Answer: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
      case agrees
      case differs
      /// Neither: why.
      case unobserved(String)
    }

    public let result: String
    /// In words: `6`, `never`, `nothing stored`.
    public let derived: String
    /// `6`, `at least 600`, `EINVAL`; nil where nothing was read.
    public let observed: String?
    public let outcome: Outcome

    public init(result: String, derived: String, observed: String?, outcome: Outcome) {
      self.result = result
      self.derived = derived
      self.observed = observed
      self.outcome = outcome
    }
  }

  /// All answers to one result.
  public struct ResultSummary: Sendable, Hashable {
    public struct Reason: Sendable, Hashable {
      public let why: String
      public let count: Int

      public init(why: String, count: Int) {
        self.why = why
        self.count = count
      }
    }

    public struct Difference: Sendable, Hashable {
      public let inputs: [Counterexample.NamedNumber]
      public let derived: String
      public let observed: String

      public init(inputs: [Counterexample.NamedNumber], derived: String, observed: String) {
        self.inputs = inputs
        self.derived = derived
        self.observed = observed
      }
    }

    public let id: String
    /// What was derived, as walker prints it.
    public let formula: String
    public let agreed: Int
    public let differed: Int
    public let unobserved: Int
    /// Why some were not observed, the most frequent first.
    public let reasons: [Reason]
    /// The first input for which the kernel answers something else than was derived.
    public let difference: Difference?

    public init(
      id: String, formula: String, agreed: Int, differed: Int, unobserved: Int, reasons: [Reason],
      difference: Difference?
    ) {
      self.id = id
      self.formula = formula
      self.agreed = agreed
      self.differed = differed
      self.unobserved = unobserved
      self.reasons = reasons
      self.difference = difference
    }

    public var verdict: Verdict { differed > 0 ? .refuted : agreed > 0 ? .verified : .unchecked }
  }
}

/// The calls that a kernel really made, beside the derived path.
public struct ChainVerification: Sendable, Hashable {
  public struct Link: Sendable, Hashable {
    public enum State: Sendable, Hashable {
      /// Called, this deep below the function that was traced.
      case called(depth: Int)
      /// There is no such symbol: the compiler made it a part of its caller.
      case inlined
      /// There is a symbol, but the caller stands in the same file and has a copy of its own.
      case copied
      /// The tracer can't see calls of it.
      case untraceable
      /// It should have been called, and was not.
      case missing
    }

    public let function: String
    public let state: State

    public init(function: String, state: State) {
      self.function = function
      self.state = state
    }
  }

  /// The function below which calls were recorded.
  public let root: String?
  public let links: [Link]
  /// What contradicts the derived path, a sentence each.
  public let problems: [String]
  /// Why there is no answer.
  public let failure: String?

  public init(root: String?, links: [Link], problems: [String], failure: String?) {
    self.root = root
    self.links = links
    self.problems = problems
    self.failure = failure
  }

  /// Calls were recorded, and no function of the path is one of which any can be: it says nothing.
  public var isOutOfSight: Bool {
    failure == nil && problems.isEmpty && !links.isEmpty
      && links.allSatisfy { $0.state == .inlined || $0.state == .untraceable }
  }

  public var verdict: Verification.Verdict {
    if !problems.isEmpty { return .refuted }
    let isSeen = links.contains { if case .called = $0.state { true } else { false } }
    return failure == nil && isSeen ? .verified : .unchecked
  }
}
