/// What a check compares between two kernels: what each place means, what decides it, and hashes of text. No kernel text.
///
/// A *text* hash is over the tokens as the author wrote them, without comments and white space; preprocessor lines and
/// what stands in inactive branches count. A *shape* hash is over the compiler's tree: macros expanded, local variables
/// replaced by what is assigned to them, operands that may be swapped in one order. Both are 16 hexadecimal digits.
/// What a place *means* is expressions in the notation of `Expression.notation`, over what its function is given: its
/// parameters, fields that they lead to, and what is returned by functions that are not looked into.
public struct Fingerprints: Sendable, Hashable, Codable {
  /// The walked functions, those that anchors name, and those whose answer decides an annotated place; by name.
  public let functions: [FunctionPrint]
  /// Every place that an annotation can be bound to.
  public let sites: [SitePrint]
  /// What had to be true on the way down the chain.
  public let given: [ConditionPrint]
  /// What functions answer on which an annotated place depends, and which were not looked into there; by name.
  public let answers: [AnswerPrint]
  /// From where the walk read each knob: `sock_common.skc_net`, the field over which its namespace was reached, or `init_net`.
  public let knobReads: [String: [String]]
  /// Who writes the counters of threshold results.
  public let counters: [CounterPrint]
  /// What the walkthrough's annotations state, decided.
  public let facts: [FactPrint]
  /// The names in annotations' prose that stand somewhere in what the walk read.
  public let knownNames: [String]
  public let tracked: TrackedPosition?

  public init(
    functions: [FunctionPrint], sites: [SitePrint], given: [ConditionPrint], answers: [AnswerPrint] = [],
    knobReads: [String: [String]] = [:], counters: [CounterPrint] = [], facts: [FactPrint] = [],
    knownNames: [String] = [], tracked: TrackedPosition? = nil
  ) {
    self.knownNames = knownNames
    self.functions = functions
    self.sites = sites
    self.given = given
    self.answers = answers
    self.knobReads = knobReads
    self.counters = counters
    self.facts = facts
    self.tracked = tracked
  }

  public static let none = Fingerprints(functions: [], sites: [], given: [])
}

public struct FunctionPrint: Sendable, Hashable, Codable {
  public let name: String
  public let location: SourceLocation
  public let endLine: Int
  /// Of the whole definition, its own name left out.
  public let text: String
  /// The least hashes of its runs of three tokens: what two functions have in common of these says how alike they are.
  public let sketch: [UInt32]
  /// Its text in pieces, by which an edit is found.
  public let pieces: [TextPiece]
  /// The functions that its text calls, sorted.
  public let calls: [String]
  /// Nil where the walk did not enter it.
  public let role: Frame.Role?
  /// From where the walk entered it.
  public let caller: String?

  public init(
    name: String, location: SourceLocation, endLine: Int, text: String, sketch: [UInt32], pieces: [TextPiece] = [],
    calls: [String], role: Frame.Role?, caller: String?
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

/// The tokens up to the next `;`, `{` or `}`.
public struct TextPiece: Sendable, Hashable, Codable {
  /// 24 bits.
  public let hash: UInt32
  /// Lines from the function's first one to the piece's first and last token.
  public let line: Int
  public let endLine: Int

  public init(hash: UInt32, line: Int, endLine: Int) {
    self.hash = hash
    self.line = line
    self.endLine = endLine
  }
}

public struct SitePrint: Sendable, Hashable, Codable {
  public let site: AnchorSite
  public let text: String
  /// Nil where there is no statement (a macro).
  public let shape: String?
  /// What the place means; nil where its function could not be followed to it.
  public let meaning: Meaning?
  /// The text hashes of the nearest places before and after it in its function.
  public let before: String?
  public let after: String?

  public init(
    site: AnchorSite, text: String, shape: String?, meaning: Meaning?, before: String?, after: String?
  ) {
    self.site = site
    self.text = text
    self.shape = shape
    self.meaning = meaning
    self.before = before
    self.after = after
  }

  public struct Meaning: Sendable, Hashable, Codable {
    /// A guard's condition, a call's arguments, what is stored, assigned or returned; of a whole function what it does, one
    /// act each, sorted: `store sock.sk_state …`; of a declaration its type; of a macro its text's hash.
    public var values: [String]
    /// The conditions under which the place is reached in its function.
    public var given: [ConditionPrint]
    /// Of a branch: what the function returns where its condition is true, and where it is false; empty where that is too
    /// much to say.
    public var returns: [String]
    /// Of a branch that leaves: whether it leaves where its condition is true.
    public var leaves: Bool?
    /// Stores and calls that others can tell from this place, and that come before it, and after it: `sk_state`,
    /// `get_port()`; sorted.
    public var earlier: [String]
    public var later: [String]
    /// Functions whose answers it depends on, sorted.
    public var asks: [String]

    public init(
      values: [String], given: [ConditionPrint] = [], returns: [String] = [], leaves: Bool? = nil,
      earlier: [String] = [], later: [String] = [], asks: [String] = []
    ) {
      self.values = values
      self.given = given
      self.returns = returns
      self.leaves = leaves
      self.earlier = earlier
      self.later = later
      self.asks = asks
    }
  }
}

/// A condition in the names of the walk instead of the author's.
public struct ConditionPrint: Sendable, Hashable, Codable {
  /// In the notation of `Expression.notation`, or `formula` and a hash where that would be too long.
  public let text: String
  /// What it asks about, sorted.
  public let subjects: [String]
  public let location: SourceLocation
  /// As the author wrote it.
  public let source: String

  public init(text: String, subjects: [String], location: SourceLocation, source: String) {
    self.text = text
    self.subjects = subjects
    self.location = location
    self.source = source
  }
}

/// What a function answers, whoever asks.
public struct AnswerPrint: Sendable, Hashable, Codable {
  public let name: String
  public let location: SourceLocation
  /// In the notation of `Expression.notation`, or a hash; nil where it was not followed to its end.
  public let value: String?
  /// Of its text.
  public let text: String
  /// Functions whose answers it depends on, sorted.
  public let asks: [String]

  public init(name: String, location: SourceLocation, value: String?, text: String, asks: [String]) {
    self.name = name
    self.location = location
    self.value = value
    self.text = text
    self.asks = asks
  }
}

/// A function that writes the counter of a threshold, or calls one that does.
public struct CounterPrint: Sendable, Hashable, Codable {
  /// `sk_ack_backlog`.
  public let counter: String
  public let function: String
  public let location: SourceLocation
  /// `store` and what is stored, or `call` and the function that writes; sorted.
  public let acts: [String]
  /// The functions that call it, in the files that were searched; sorted.
  public let callers: [String]

  public init(
    counter: String, function: String, location: SourceLocation, acts: [String], callers: [String] = []
  ) {
    self.counter = counter
    self.function = function
    self.location = location
    self.acts = acts
    self.callers = callers
  }
}

/// A sentence of an annotation's `holds:`, held against the kernel.
public struct FactPrint: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Codable { case isTrue = "true", isFalse = "false", unknown }

  public let annotation: String
  public let text: String
  /// Where it stands in the walkthrough.
  public let statedAt: SourceLocation
  public let state: State
  /// Why it is not true, or what is not known; the end of a sentence.
  public let why: String
  /// Where the kernel says otherwise.
  public let location: SourceLocation?

  public init(
    annotation: String, text: String, statedAt: SourceLocation, state: State, why: String, location: SourceLocation?
  ) {
    self.annotation = annotation
    self.text = text
    self.statedAt = statedAt
    self.state = state
    self.why = why
    self.location = location
  }
}

/// How much two functions have in common: the share of the least hashes of both that each of them has.
public enum Sketch {
  public static func likeness(_ left: [UInt32], _ right: [UInt32]) -> Double {
    let all = Set(left).union(right).sorted().prefix(max(left.count, right.count))
    guard !all.isEmpty else { return 0 }
    let shared = Set(left).intersection(right)
    return Double(all.count { shared.contains($0) }) / Double(all.count)
  }
}

/// A function that was known under a name that a kernel does not have.
public struct LostFunction: Sendable, Hashable, Codable {
  public let name: String
  public let file: String
  /// As `FunctionPrint.text` and `FunctionPrint.sketch`.
  public let text: String
  public let sketch: [UInt32]
  /// Files to look in as well.
  public let near: [String]

  public init(name: String, file: String, text: String, sketch: [UInt32], near: [String]) {
    self.name = name
    self.file = file
    self.text = text
    self.sketch = sketch
    self.near = near
  }
}
