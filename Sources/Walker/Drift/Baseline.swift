internal import WalkerFormula
public import WalkerModel

/// What is kept of one kernel's walk, when a person has agreed to it.
public struct Baseline: Sendable, Hashable {
  public var kernel: Kernel
  public var way: Way?
  /// Sorted by name.
  public var functions: [FunctionFacts]
  public var annotations: [AnnotationFacts]
  public var results: [ResultFacts]
  public var answers: [AnswerPrint]
  public var knobs: [KnobFacts]
  public var counters: [CounterPrint]

  public init(
    kernel: Kernel, way: Way? = nil, functions: [FunctionFacts] = [], annotations: [AnnotationFacts] = [],
    results: [ResultFacts] = [], answers: [AnswerPrint] = [], knobs: [KnobFacts] = [], counters: [CounterPrint] = []
  ) {
    self.kernel = kernel
    self.way = way
    self.functions = functions
    self.annotations = annotations
    self.results = results
    self.answers = answers
    self.knobs = knobs
    self.counters = counters
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

  /// The way of the value.
  public struct Way: Sendable, Hashable {
    /// What had to be true on the way down the chain, in the notation of expressions.
    public var given: [String]
    /// `struct widget_ops.open round_ops round_open`, one for each indirect call of the chain, sorted.
    public var tables: [String]
    /// The functions of the chain, top-down.
    public var chain: [String]
    /// Which of the entry's parameters is followed, from 0, and how many it has.
    public var tracked: TrackedPosition?

    public init(given: [String], tables: [String], chain: [String], tracked: TrackedPosition? = nil) {
      self.given = given
      self.tables = tables
      self.chain = chain
      self.tracked = tracked
    }
  }
}

public struct FunctionFacts: Sendable, Hashable {
  public var name: String
  public var location: SourceLocation
  public var endLine: Int
  public var text: String
  public var sketch: [UInt32]
  public var pieces: [TextPiece]
  public var calls: [String]
  public var role: String?
  public var caller: String?

  public init(
    name: String, location: SourceLocation, endLine: Int, text: String, sketch: [UInt32], pieces: [TextPiece],
    calls: [String], role: String?, caller: String?
  ) {
    self.name = name
    self.location = location
    self.endLine = endLine
    self.text = text
    self.sketch = sketch
    self.pieces = pieces
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
  public var meaning: SitePrint.Meaning?
  public var before: String?
  public var after: String?
  /// Names in its prose that the kernel has.
  public var known: [String] = []

  public var location: SourceLocation { SourceLocation(file: file, line: line) }

  public init(
    id: String, function: String?, file: String, line: Int, endLine: Int, role: String, names: [String], text: String,
    shape: String?, meaning: SitePrint.Meaning?, before: String?, after: String?
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
    self.meaning = meaning
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
  /// What it is computed from, the followed value and knobs, with its type: `tcp_max_syn_backlog int`.
  public var inputs: [String]
  /// What its proof waited for when it was accepted all the same: `call fput`, sorted.
  public var open: [String]

  public init(
    id: String, era: String?, proof: String, formula: String, subject: String, location: SourceLocation?,
    inputs: [String] = [], open: [String] = []
  ) {
    self.id = id
    self.era = era
    self.proof = proof
    self.formula = formula
    self.subject = subject
    self.location = location
    self.inputs = inputs
    self.open = open
  }
}

/// A variable that users set, as one kernel has it.
public struct KnobFacts: Sendable, Hashable {
  public var name: String
  /// A number, or C text for what is computed at boot; nil: none was found.
  public var standard: String?
  /// `0..65535`, with an open end where the table has none; empty without both.
  public var range: String
  public var type: String
  /// Over which field of a record it was reached, or from which variable.
  public var reads: [String]

  public init(name: String, standard: String?, range: String, type: String, reads: [String]) {
    self.name = name
    self.standard = standard
    self.range = range
    self.type = type
    self.reads = reads
  }
}

extension Baseline {
  /// The facts of a walk.
  public init(_ walk: Walk, _ walkthrough: Walkthrough) {
    let prints = walk.fingerprints
    let roles = Dictionary(walkthrough.annotations.map { ($0.id, $0.anchor.role) }) { first, _ in first }
    let annotations = walk.annotations.compactMap { bound -> AnnotationFacts? in
      let print = prints.sites.first {
        $0.site.role == roles[bound.id] && $0.site.range == bound.range && $0.site.function == bound.function
      }
      guard let print else { return nil }
      var facts = AnnotationFacts(id: bound.id, print)
      let names = walkthrough.annotations.first { $0.id == bound.id }?.names.map(\.text) ?? []
      facts.known = names.filter(prints.knownNames.contains).sorted()
      return facts
    }
    // Answers to what other places ask concern nobody.
    let needed = Self.needed(annotations.flatMap { $0.meaning?.asks ?? [] }, prints.answers)
    let named = Set(annotations.compactMap(\.function)).union(needed)
    self.init(
      kernel: Kernel(walk.kernel), way: Way(walk),
      functions: prints.functions.filter { $0.role != nil || named.contains($0.name) }.map(FunctionFacts.init),
      annotations: annotations, results: walk.results.map(ResultFacts.init),
      answers: prints.answers.filter { needed.contains($0.name) },
      knobs: walk.knobs.map { KnobFacts($0, reads: prints.knobReads[$0.name] ?? []) }, counters: prints.counters)
  }

  private static func needed(_ asked: [String], _ answers: [AnswerPrint]) -> Set<String> {
    var needed: Set<String> = []
    var next = asked
    while let name = next.popLast() {
      guard needed.insert(name).inserted, let answer = answers.first(where: { $0.name == name }) else { continue }
      next += answer.asks
    }
    return needed
  }
}

extension Baseline.Kernel {
  init(_ kernel: KernelIdentity) {
    self.init(
      name: kernel.name, version: kernel.version, source: kernel.source,
      configuration: "\(kernel.configuration.source) \(kernel.configuration.sha256.prefix(16))")
  }
}

extension Baseline.Way {
  init(_ walk: Walk) {
    let tables = walk.frames.compactMap { frame -> String? in
      guard let through = frame.reachedBy.through, let table = frame.reachedBy.table else { return nil }
      return "\(through) \(table) \(frame.function)"
    }
    self.init(
      given: walk.fingerprints.given.map(\.text), tables: tables.sorted(), chain: walk.frames.map(\.function),
      tracked: walk.fingerprints.tracked)
  }
}

extension FunctionFacts {
  init(_ print: FunctionPrint) {
    self.init(
      name: print.name, location: print.location, endLine: print.endLine, text: print.text, sketch: print.sketch,
      pieces: print.pieces, calls: print.calls, role: print.role?.rawValue, caller: print.caller)
  }

  func contains(_ place: SourceLocation) -> Bool {
    place.file == location.file && (location.line...max(endLine, location.line)).contains(place.line)
  }
}

extension AnnotationFacts {
  init(id: String, _ print: SitePrint) {
    let range = print.site.range
    self.init(
      id: id, function: print.site.function, file: range.start.file, line: range.start.line, endLine: range.endLine,
      role: print.site.role.rawValue, names: print.site.names, text: print.text, shape: print.shape,
      meaning: print.meaning, before: print.before, after: print.after)
  }
}

extension ResultFacts {
  init(_ result: WalkResult) {
    self.init(
      id: result.id, era: result.era, proof: result.proof.rawValue, formula: result.formula, subject: result.subject,
      location: result.location, inputs: Self.inputs(of: result), open: Self.open(in: result))
  }

  static func inputs(of result: WalkResult) -> [String] {
    let inputs = result.derivation?.expressions.flatMap(\.inputs).filter { $0.role == .tracked || $0.role == .knob }
    return Set((inputs ?? []).map { "\($0.name) \($0.type.name)" }).sorted()
  }

  static func open(in result: WalkResult) -> [String] {
    Set(result.openObligations.map { "\($0.kind.rawValue) \($0.subject)" }).sorted()
  }
}

extension KnobFacts {
  init(_ knob: Knob, reads: [String]) {
    let ends = [knob.minimum, knob.maximum].map { $0.map(String.init) ?? "" }
    self.init(
      name: knob.name, standard: knob.defaultValue.map(String.init) ?? knob.defaultFormula,
      range: knob.minimum == nil && knob.maximum == nil ? "" : ends.joined(separator: ".."), type: knob.type.name,
      reads: reads)
  }
}
