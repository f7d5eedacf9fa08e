/// What a person wrote: the contents of `Annotations/<name>/walkthrough.md`.
public struct Walkthrough: Sendable, Codable, Hashable {
  public let name: String
  public let title: String
  public var entry: Entry
  /// What the followed number is called: in claims, in `eval`, on the page.
  public let track: String
  /// Where it comes from: alternatives in order, of which the first that fits the entry counts.
  public var sources: [TrackedSource]
  /// Where that parameter is taken from when none has its name; nil: that is an error.
  public var trackedPosition: TrackedPosition?
  /// Functions that the chain must show even where the value is no longer handed on.
  public var waypoints: [String]
  /// State that decides a result, with the names that claims have for it.
  public var inputs: [DeclaredInput] = []
  /// What narrows indirect calls, in the kernel's words: `family: AF_INET`.
  public let conditions: [Condition]
  /// Conditions that the walk takes as given, as `AssumedCondition` reads them.
  public let assumptions: [String]
  /// Obligations that the author takes on their word, each with a reason that readers see.
  public var trust: [Trust] = []
  public var results: [ResultSpecification]
  /// How a real kernel is asked for the results; nil: it can't be.
  public var probes: Probes?
  public let introduction: String
  public var annotations: [Annotation]
  /// What it says first; nil: a sentence that is made from its results.
  public var answer: Answer?

  public init(
    name: String, title: String, entry: Entry, track: String, waypoints: [String],
    conditions: [Condition], assumptions: [String], results: [ResultSpecification],
    probes: Probes? = nil, introduction: String, annotations: [Annotation]
  ) {
    self.name = name
    self.title = title
    self.entry = entry
    self.track = track
    sources = [TrackedSource(kind: .parameter, parameter: track)]
    self.waypoints = waypoints
    self.conditions = conditions
    self.assumptions = assumptions
    self.results = results
    self.probes = probes
    self.introduction = introduction
    self.annotations = annotations
  }

  public enum Entry: Sendable, Codable, Hashable {
    /// The system call's name without prefix: `resize`.
    case syscall(String)
    /// Alternatives in order.
    case function([String])
  }

  public struct Trust: Sendable, Codable, Hashable {
    public enum What: Sendable, Codable, Hashable {
      /// A function, or the field of an ops table, that is taken to write nothing that the results rest on.
      case call(String)
      /// A store, as the source writes its target, that is taken to be to other memory.
      case alias(String)
      /// All that happens in a function and what it calls is taken to write nothing that it reads itself.
      case within(String)
    }

    public let what: What
    public let because: String

    public init(what: What, because: String) {
      self.what = what
      self.because = because
    }
  }

  public struct Condition: Sendable, Codable, Hashable {
    /// `family`, `type`, `protocol`, or any field's name.
    public let field: String
    /// A constant's name or a number: `AF_INET`.
    public let value: String

    public init(field: String, value: String) {
      self.field = field
      self.value = value
    }
  }
}

/// Which of a function's parameters carries the value: where it has another name than the walkthrough says.
public struct TrackedPosition: Sendable, Codable, Hashable {
  /// From 0.
  public let position: Int
  /// How many parameters the function has.
  public let count: Int

  public init(position: Int, count: Int) {
    self.position = position
    self.count = count
  }
}

public struct ResultSpecification: Sendable, Codable, Hashable {
  public let id: String
  public let title: String?
  public var subject: Observation
  public let eras: [Era]
  public let location: SourceLocation
  /// A kernel may have no such field or test; one that has it has to give a value all the same.
  public let isOptional: Bool

  public init(
    id: String, title: String?, subject: Observation, eras: [Era], location: SourceLocation, isOptional: Bool = false
  ) {
    self.id = id
    self.title = title
    self.subject = subject
    self.eras = eras
    self.location = location
    self.isOptional = isOptional
  }

  public struct Era: Sendable, Codable, Hashable {
    public let id: String
    /// A C expression over the inputs; `never` is allowed as an arm of a threshold's claim.
    public let claim: String
    /// Where the claim stands in the walkthrough's file.
    public let location: SourceLocation

    public init(id: String, claim: String, location: SourceLocation) {
      self.id = id
      self.claim = claim
      self.location = location
    }
  }
}

public struct Annotation: Sendable, Codable, Hashable {
  public let id: String
  public let title: String
  public var anchor: Anchor
  /// Markdown.
  public let prose: String
  /// Where it stands in the walkthrough's file.
  public let location: SourceLocation
  /// What its prose rests on, in the language of `holds:`.
  public var holds: [StatedFact] = []
  /// What the prose names in backticks and that reads like the kernel's: a function, `struct x.y`, a macro, a `CONFIG_`.
  public var names: [StatedFact] = []

  public init(
    id: String, title: String, anchor: Anchor, prose: String, location: SourceLocation
  ) {
    self.id = id
    self.title = title
    self.anchor = anchor
    self.prose = prose
    self.location = location
  }
}

/// A sentence that a check decides: `stores sk_state before get_port()`.
public struct StatedFact: Sendable, Codable, Hashable {
  public let text: String
  /// Where it stands in the walkthrough's file.
  public let location: SourceLocation

  public init(text: String, location: SourceLocation) {
    self.text = text
    self.location = location
  }
}

/// What an annotation is bound to: structure, never a line number.
public struct Anchor: Sendable, Codable, Hashable {
  public enum Role: String, Sendable, Codable, CaseIterable {
    case entry, clamp, assign, store, call, guardBranch = "guard", returned = "return", table, declaration, macro
  }

  /// Alternatives in order; empty for `table`, `declaration` and `macro`.
  public var function: [String]
  public let role: Role
  /// For `store` a field, for `call` a function, for `assign` a variable, for `table`, `declaration` and `macro` its
  /// name; alternatives in order; empty: any.
  public var of: [String]
  /// Identifiers that the place must all mention.
  public var mentions: [String]
  /// Era ids to which the annotation is limited; empty: all.
  public let eras: [String]
  /// Ids of the results that the prose speaks about; empty: all.
  public let results: [String]
  /// Nothing is wrong when the place does not exist in a kernel.
  public let isOptional: Bool

  public init(
    function: [String], role: Role, of: [String], mentions: [String], eras: [String],
    results: [String], isOptional: Bool
  ) {
    self.function = function
    self.role = role
    self.of = of
    self.mentions = mentions
    self.eras = eras
    self.results = results
    self.isOptional = isOptional
  }
}

/// A place that an annotation can be bound to.
public struct AnchorSite: Sendable, Codable, Hashable {
  public let role: Anchor.Role
  public let function: String?
  /// What `Anchor.of` is compared with: all names by which the place may be called.
  public let names: [String]
  public let mentions: [String]
  public let range: SourceRange
  /// The place has to do with the followed value.
  public let isTracked: Bool

  public init(
    role: Anchor.Role, function: String?, names: [String], mentions: [String], range: SourceRange,
    isTracked: Bool
  ) {
    self.role = role
    self.function = function
    self.names = names
    self.mentions = mentions
    self.range = range
    self.isTracked = isTracked
  }
}

/// An annotation at its place in one kernel.
public struct BoundAnnotation: Sendable, Codable, Hashable {
  public let id: String
  public let title: String
  public let prose: String
  public let function: String?
  public let range: SourceRange
  public let results: [String]

  public init(
    id: String, title: String, prose: String, function: String?, range: SourceRange,
    results: [String]
  ) {
    self.id = id
    self.title = title
    self.prose = prose
    self.function = function
    self.range = range
    self.results = results
  }
}
