internal import WalkerFormula
public import WalkerModel

/// What is kept of one kernel's walk, when a person has agreed to it.
public struct Baseline: Sendable, Hashable {
  public var kernel: Kernel
  public var path: Path?
  /// Sorted by name.
  public var functions: [FunctionFacts]
  public var annotations: [AnnotationFacts]
  public var results: [ResultFacts]

  public init(
    kernel: Kernel, path: Path?, functions: [FunctionFacts], annotations: [AnnotationFacts], results: [ResultFacts]
  ) {
    self.kernel = kernel
    self.path = path
    self.functions = functions
    self.annotations = annotations
    self.results = results
  }

  public struct Kernel: Sendable, Hashable {
    public var name: String
    public var version: String
    public var source: String
    /// The configuration's source and hash.
    public var configuration: String

    public init(
      name: String, version: String, source: String, configuration: String
    ) {
      self.name = name
      self.version = version
      self.source = source
      self.configuration = configuration
    }
  }

  /// What the walk as a whole rests on.
  public struct Path: Sendable, Hashable {
    /// What had to be true on the way down the chain.
    public var given: [ConditionPrint]
    /// Other ways out.
    public var exits: [ConditionPrint]
    /// `struct widget_ops.open round_ops round_open`, one for each indirect call of the chain, sorted.
    public var tables: [String]
    /// `struct widget.room`, sorted.
    public var reaches: [String]
    /// The calls that receive the value and were not entered, sorted.
    public var openEnds: [String]
    /// The functions of the chain, top-down.
    public var chain: [String]
    /// What happens in them.
    public var happenings: [Happening]
    /// Which of the entry's parameters is followed, from 0, and how many it has.
    public var tracked: TrackedPosition?

    public init(
      given: [ConditionPrint], exits: [ConditionPrint], tables: [String], reaches: [String], openEnds: [String],
      chain: [String], happenings: [Happening] = [], tracked: TrackedPosition? = nil
    ) {
      self.happenings = happenings
      self.tracked = tracked
      self.given = given
      self.exits = exits
      self.tables = tables
      self.reaches = reaches
      self.openEnds = openEnds
      self.chain = chain
    }
  }
}

public struct FunctionFacts: Sendable, Hashable {
  public var name: String
  public var location: SourceLocation
  public var endLine: Int
  public var text: String
  public var sketch: [UInt32]
  public var behaviour: String?
  public var calls: [String]
  public var role: String?
  public var caller: String?

  public init(
    name: String, location: SourceLocation, endLine: Int, text: String, sketch: [UInt32], behaviour: String?,
    calls: [String], role: String?, caller: String?
  ) {
    self.name = name
    self.location = location
    self.endLine = endLine
    self.text = text
    self.sketch = sketch
    self.behaviour = behaviour
    self.calls = calls
    self.role = role
    self.caller = caller
  }
}

public struct AnnotationFacts: Sendable, Hashable {
  public var id: String
  public var function: String?
  public var file: String
  public var line: Int
  public var endLine: Int
  public var role: String
  public var names: [String]
  public var text: String
  public var shape: String?
  public var expansion: String?
  public var uses: [String]
  public var value: String?
  public var given: [ConditionPrint]
  public var before: String?
  public var after: String?

  public var location: SourceLocation { SourceLocation(file: file, line: line) }

  public init(
    id: String, function: String?, file: String, line: Int, endLine: Int, role: String, names: [String], text: String,
    shape: String?, expansion: String?, uses: [String], value: String?, given: [ConditionPrint], before: String?,
    after: String?
  ) {
    self.id = id
    self.function = function
    self.file = file
    self.line = line
    self.endLine = endLine
    self.role = role
    self.names = names
    self.text = text
    self.shape = shape
    self.expansion = expansion
    self.uses = uses
    self.value = value
    self.given = given
    self.before = before
    self.after = after
  }
}

public struct ResultFacts: Sendable, Hashable {
  public var id: String
  public var era: String?
  public var proof: String
  /// As claims are written; a sentence where the result was not derivable.
  public var formula: String
  public var subject: String
  public var location: SourceLocation?
  /// What it is computed from, the followed value and knobs, with its type: `tcp_max_syn_backlog int`. Empty in the locks
  /// of older walkers.
  public var inputs: [String]

  public init(
    id: String, era: String?, proof: String, formula: String, subject: String, location: SourceLocation?,
    inputs: [String] = []
  ) {
    self.id = id
    self.era = era
    self.proof = proof
    self.formula = formula
    self.subject = subject
    self.location = location
    self.inputs = inputs
  }
}

extension Baseline {
  /// The facts of a walk.
  public init(_ walk: Walk, _ walkthrough: Walkthrough) {
    let prints = walk.fingerprints
    let roles = Dictionary(walkthrough.annotations.map { ($0.id, $0.anchor.role) }) { first, _ in first }
    self.init(
      kernel: Kernel(walk.kernel), path: Path(walk), functions: prints.functions.map(FunctionFacts.init),
      annotations: walk.annotations.compactMap { bound in
        let print = prints.sites.first {
          $0.site.role == roles[bound.id] && $0.site.range == bound.range && $0.site.function == bound.function
        }
        return print.map { AnnotationFacts(id: bound.id, $0) }
      },
      results: walk.results.map(ResultFacts.init))
  }
}

extension Baseline.Kernel {
  init(_ kernel: KernelIdentity) {
    self.init(
      name: kernel.name, version: kernel.version, source: kernel.source,
      configuration: "\(kernel.configuration.source) \(kernel.configuration.sha256.prefix(16))")
  }
}

extension Baseline.Path {
  init(_ walk: Walk) {
    let tables = walk.frames.compactMap { frame -> String? in
      guard let through = frame.reachedBy.through, let table = frame.reachedBy.table else { return nil }
      return "\(through) \(table) \(frame.function)"
    }
    self.init(
      given: walk.fingerprints.given, exits: walk.fingerprints.exits, tables: tables.sorted(),
      reaches: Set(walk.reaches.map(\.field)).sorted(), openEnds: Set(walk.openEnds.map(\.call)).sorted(),
      chain: walk.frames.map(\.function), happenings: walk.fingerprints.happenings,
      tracked: walk.fingerprints.tracked)
  }
}

extension FunctionFacts {
  init(_ print: FunctionPrint) {
    self.init(
      name: print.name, location: print.location, endLine: print.endLine, text: print.text, sketch: print.sketch,
      behaviour: print.behaviour, calls: print.calls, role: print.role?.rawValue, caller: print.caller)
  }
}

extension AnnotationFacts {
  init(id: String, _ print: SitePrint) {
    let range = print.site.range
    self.init(
      id: id, function: print.site.function, file: range.start.file, line: range.start.line, endLine: range.endLine,
      role: print.site.role.rawValue, names: print.site.names, text: print.text, shape: print.shape,
      expansion: print.expansion, uses: print.uses, value: print.value, given: print.given, before: print.before,
      after: print.after)
  }
}

extension ResultFacts {
  init(_ result: WalkResult) {
    self.init(
      id: result.id, era: result.era, proof: result.proof.rawValue, formula: result.formula, subject: result.subject,
      location: result.location, inputs: Self.inputs(of: result))
  }

  static func inputs(of result: WalkResult) -> [String] {
    let inputs = result.derivation?.expressions.flatMap(\.inputs).filter { $0.role == .tracked || $0.role == .knob }
    return Set((inputs ?? []).map { "\($0.name) \($0.type.name)" }).sorted()
  }
}
