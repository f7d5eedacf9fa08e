/// What walker found for one walkthrough in one kernel: everything that is printed, exported, checked or verified.
public struct Walk: Sendable, Codable {
  public let walkthrough: String
  public let title: String
  public let kernel: KernelIdentity
  /// The tracked input, as the entry declares it.
  public let tracked: Input
  /// The chain from the entry to the end of the path, top-down.
  public let frames: [Frame]
  /// Functions off the chain that were walked too: side branches, and the tests of threshold results.
  public let sideFrames: [Frame]
  public let reaches: [Reach]
  public let results: [WalkResult]
  public let openEnds: [OpenEnd]
  public let knobs: [Knob]
  public let annotations: [BoundAnnotation]
  /// The walkthrough's introduction, Markdown.
  public let introduction: String
  public let findings: [Finding]
  public let coverage: Coverage
  /// The files that the walk read from the tree, relative paths, sorted.
  public let files: [String]
  /// What a check compares.
  public let fingerprints: Fingerprints
  /// Constants of the kernel that the walkthrough names.
  public var constants: [NamedConstant] = []
  /// What the kernel calls the errors that results can be; empty where none returns one.
  public var errorNames = ErrorNames()
  /// What the walkthrough says first. It is read with the walkthrough's text, never kept with a walk.
  public var answer: Answer?
  /// What real kernels of this version answered; read as `answer` is.
  public var agreements: [Agreement]?

  public init(
    walkthrough: String, title: String, kernel: KernelIdentity, tracked: Input, frames: [Frame],
    sideFrames: [Frame], reaches: [Reach], results: [WalkResult], openEnds: [OpenEnd],
    knobs: [Knob], annotations: [BoundAnnotation], introduction: String, findings: [Finding],
    coverage: Coverage, files: [String], fingerprints: Fingerprints = .none
  ) {
    self.walkthrough = walkthrough
    self.title = title
    self.kernel = kernel
    self.tracked = tracked
    self.frames = frames
    self.sideFrames = sideFrames
    self.reaches = reaches
    self.results = results
    self.openEnds = openEnds
    self.knobs = knobs
    self.annotations = annotations
    self.introduction = introduction
    self.findings = findings
    self.coverage = coverage
    self.files = files
    self.fingerprints = fingerprints
  }

  public struct Coverage: Sendable, Hashable, Codable {
    /// `annotations == bound + otherEra + unbound`.
    public let annotations: Int
    public let bound: Int
    public let otherEra: Int
    public let unbound: Int

    public init(annotations: Int, bound: Int, otherEra: Int, unbound: Int) {
      self.annotations = annotations
      self.bound = bound
      self.otherEra = otherEra
      self.unbound = unbound
    }
  }
}

/// One function on the call path, or beside it.
public struct Frame: Sendable, Hashable, Codable {
  public enum Role: String, Sendable, Codable {
    /// On the chain from the entry.
    case path
    /// Entered off the chain, because the value goes there.
    case side
    /// Walked in its own right, as the test of a threshold result.
    case test
  }

  public let role: Role
  public let function: String
  /// As the author wrote its head: `SYSCALL_DEFINE2(resize)`; equal to `function` for a plain definition.
  public let spelling: String
  public let location: SourceLocation
  public let endLine: Int
  /// The parameter that carries the value here; nil when the value is no longer handed on.
  public let parameter: String?
  /// Why there is no parameter: where the value was left.
  public let leftBehind: String?
  public let reachedBy: ReachedBy
  public let steps: [ValueStep]
  /// What had to be true to get here from the frame above.
  public let pathCondition: [PathCondition]
  /// Ways out of this function before its end that fail, by location.
  public let exits: [ErrorExit]
  public let excerpt: SourceExcerpt

  public init(
    role: Role, function: String, spelling: String, location: SourceLocation, endLine: Int,
    parameter: String?, leftBehind: String?, reachedBy: ReachedBy, steps: [ValueStep],
    pathCondition: [PathCondition], exits: [ErrorExit], excerpt: SourceExcerpt
  ) {
    self.role = role
    self.function = function
    self.spelling = spelling
    self.location = location
    self.endLine = endLine
    self.parameter = parameter
    self.leftBehind = leftBehind
    self.reachedBy = reachedBy
    self.steps = steps
    self.pathCondition = pathCondition
    self.exits = exits
    self.excerpt = excerpt
  }
}

/// How a frame is reached from the one above.
public struct ReachedBy: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable { case entry, direct, indirect, test }

  public let kind: Kind
  /// The call site; for an entry the function's own place.
  public let location: SourceLocation
  /// `struct widget_ops.open`, for an indirect call.
  public let through: String?
  /// The ops table whose initializer names the function, and where.
  public let table: String?
  public let tableLocation: SourceLocation?
  /// Why this table: `widget_table registers it for KIND_ROUND (widget/round.c:1137)`.
  public let evidence: [String]
  public let rejected: [RejectedCandidate]

  public init(
    kind: Kind, location: SourceLocation, through: String? = nil, table: String? = nil,
    tableLocation: SourceLocation? = nil, evidence: [String] = [],
    rejected: [RejectedCandidate] = []
  ) {
    self.kind = kind
    self.location = location
    self.through = through
    self.table = table
    self.tableLocation = tableLocation
    self.evidence = evidence
    self.rejected = rejected
  }
}

public struct RejectedCandidate: Sendable, Hashable, Codable {
  public let function: String
  public let table: String
  public let location: SourceLocation
  public let why: String

  public init(function: String, table: String, location: SourceLocation, why: String) {
    self.function = function
    self.table = table
    self.location = location
    self.why = why
  }
}

/// One thing that happens to the followed value, with its why.
public struct ValueStep: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The value is limited: the result is a minimum, a maximum, or one of two values by a comparison of them.
    case clamp
    case assign
    /// A branch depends on the value.
    case guardBranch = "guard"
    /// Written to a field or a global variable.
    case store
    /// Handed to a function.
    case call
    /// Loses bits.
    case narrow
    case returned = "return"
  }

  public let kind: Kind
  public let range: SourceRange
  /// The value after the step, simplified; for a guard the condition.
  public let value: Expression
  /// `value` as walker prints it.
  public let text: String
  /// What receives it: a variable, `struct widget.room`, or the called function.
  public let target: String?
  /// What it was computed from.
  public let inputs: [Expression]
  public let why: String
  /// Ids of the annotations that explain this step.
  public let annotations: [String]

  public init(
    kind: Kind, range: SourceRange, value: Expression, text: String, target: String?,
    inputs: [Expression], why: String, annotations: [String] = []
  ) {
    self.kind = kind
    self.range = range
    self.value = value
    self.text = text
    self.target = target
    self.inputs = inputs
    self.why = why
    self.annotations = annotations
  }

  public var location: SourceLocation { range.start }
}

public struct PathCondition: Sendable, Hashable, Codable {
  public let location: SourceLocation
  /// The condition as the author wrote it.
  public let source: String
  /// What it had to be on this path.
  public let value: Expression
  public let text: String
  public let dependsOnTracked: Bool

  public init(
    location: SourceLocation, source: String, value: Expression, text: String,
    dependsOnTracked: Bool
  ) {
    self.location = location
    self.source = source
    self.value = value
    self.text = text
    self.dependsOnTracked = dependsOnTracked
  }
}

public struct ErrorExit: Sendable, Hashable, Codable {
  public let location: SourceLocation
  /// The condition as the author wrote it.
  public let source: String
  /// The value returned, where it is a constant: `-22`.
  public let returns: String?

  public init(location: SourceLocation, source: String, returns: String?) {
    self.location = location
    self.source = source
    self.returns = returns
  }
}

/// A place outside of the call's own variables that the followed value gets to.
public struct Reach: Sendable, Hashable, Codable {
  /// `struct widget.room`, or the name of a global variable.
  public let field: String
  public let function: String
  public let location: SourceLocation
  public let value: Expression
  public let formula: String
  public let onPath: Bool

  public init(
    field: String, function: String, location: SourceLocation, value: Expression, formula: String,
    onPath: Bool
  ) {
    self.field = field
    self.function = function
    self.location = location
    self.value = value
    self.formula = formula
    self.onPath = onPath
  }
}

/// A call that receives the value and was not entered: nothing is claimed past it.
public struct OpenEnd: Sendable, Hashable, Codable {
  public let call: String
  public let location: SourceLocation
  public let why: String

  public init(call: String, location: SourceLocation, why: String) {
    self.call = call
    self.location = location
    self.why = why
  }
}

/// A variable read on the way that the user can set.
public struct Knob: Sendable, Hashable, Codable {
  /// `widget.cap`.
  public let name: String
  /// As formulas write it: `cap`.
  public let variable: String
  /// As the source has it: `struct widget_space.widget_cap`, or a global variable's name.
  public let storage: String
  public let type: IntegerType
  /// From the variable's initializer or the code that initializes it; nil when the source computes it at boot.
  public let defaultValue: Int128?
  /// The default computed at boot as C text, where `defaultValue` is nil: `max(128, ehash_entries / 128)`.
  public let defaultFormula: String?
  public let defaultLocation: SourceLocation?
  public let minimum: Int128?
  public let maximum: Int128?
  /// The `ctl_table` entry.
  public let location: SourceLocation
  /// What has one of its own: `network`, `ipc`, `user`; nil where the machine has one.
  public let namespace: String?
  /// Why there is no default; nil where there is one.
  public let defaultNote: String?

  public init(
    name: String, variable: String, storage: String, type: IntegerType, defaultValue: Int128?,
    defaultFormula: String?, defaultLocation: SourceLocation?, minimum: Int128?, maximum: Int128?,
    location: SourceLocation, namespace: String? = nil, defaultNote: String? = nil
  ) {
    self.name = name
    self.variable = variable
    self.storage = storage
    self.type = type
    self.defaultValue = defaultValue
    self.defaultFormula = defaultFormula
    self.defaultLocation = defaultLocation
    self.namespace = namespace
    self.defaultNote = defaultNote
    self.minimum = minimum
    self.maximum = maximum
    self.location = location
  }
}

extension Walk {
  /// The same walk, said of another kernel, or of some of its results, or with other fingerprints.
  public func with(
    kernel: KernelIdentity? = nil, results: [WalkResult]? = nil, fingerprints: Fingerprints? = nil
  ) -> Walk {
    var walk = Walk(
      walkthrough: walkthrough, title: title, kernel: kernel ?? self.kernel, tracked: tracked, frames: frames,
      sideFrames: sideFrames,
      reaches: reaches, results: results ?? self.results, openEnds: openEnds, knobs: knobs, annotations: annotations,
      introduction: introduction, findings: findings, coverage: coverage, files: files,
      fingerprints: fingerprints ?? self.fingerprints)
    walk.constants = constants
    walk.errorNames = errorNames
    walk.answer = answer
    walk.agreements = agreements
    return walk
  }
}
