/// What a result asks of the walk: a value, and the points of the program at which it is taken.
///
/// The front matter has it as one key with its arguments (`stored-in: struct widget.room`, `passed-to: {function: fill,
/// argument: count}`). What each kind takes, and at which point of the walk its value is found, is a row of
/// `ObservationKind.all`.
public struct Observation: Sendable, Codable, Hashable {
  public let kind: ObservationKind
  /// By the name of the argument; alternatives in order.
  public var arguments: [String: [String]]

  public init(kind: ObservationKind, arguments: [String: [String]]) {
    self.kind = kind
    self.arguments = arguments
  }

  public subscript(name: String) -> [String] { arguments[name] ?? [] }

  public static func storedIn(_ places: [String]) -> Observation {
    Observation(kind: .stored, arguments: ["place": places])
  }

  public static func threshold(_ threshold: Threshold) -> Observation {
    Observation(
      kind: .threshold,
      arguments: [
        "test": threshold.test, "counter": threshold.counter, "until": threshold.until,
        "assume": threshold.assumptions,
      ].filter { !$0.value.isEmpty })
  }

  /// The test and what it counts, where that is what is asked.
  public var threshold: Threshold? {
    guard case .test = kind.point else { return nil }
    return Threshold(
      test: self["test"], counter: self["counter"], until: self["until"], assumptions: self["assume"])
  }

  /// Every function that it names.
  public var functions: [String] {
    kind.parameters.filter(\.isFunction).flatMap { self[$0.name] }
  }

  /// The same for a kernel that has other names for some functions.
  public func renamingFunctions(_ renamed: ([String]) -> [String]) -> Observation {
    var other = self
    for parameter in kind.parameters where parameter.isFunction {
      if let names = arguments[parameter.name] { other.arguments[parameter.name] = renamed(names) }
    }
    return other
  }

  public struct Threshold: Sendable, Hashable {
    /// The function that is the test (true: full), or that holds it; alternatives in order.
    public let test: [String]
    /// The field that counts: `struct widget.used`; alternatives in order.
    public let counter: [String]
    /// Where the function is not itself the test: the calls that are no longer made when full, by the function or by the
    /// field that holds it, `struct widget_ops.accept`.
    public let until: [String]
    /// Conditions taken as given within the test, as `AssumedCondition` reads them.
    public let assumptions: [String]

    public init(test: [String], counter: [String], until: [String], assumptions: [String]) {
      self.test = test
      self.counter = counter
      self.until = until
      self.assumptions = assumptions
    }
  }
}

/// One way to observe the walk: what a walkthrough writes for it, and where its value is found.
public struct ObservationKind: Sendable, Hashable {
  public struct Parameter: Sendable, Hashable {
    public let name: String
    public var isRequired = false
    /// It names functions.
    public var isFunction = false
    /// What a message shows of it.
    public let example: String
  }

  /// Where on the walk there is a value.
  public enum Point: Sendable, Hashable {
    /// The stores to the places that the argument names.
    case stores(to: String)
    /// The calls of the functions, or over the fields, that the argument names.
    case calls(of: String)
    /// Where the functions that the argument names return; the entry, where it names none.
    case returns(of: String)
    /// What the memory behind the entry's parameter that the argument names holds in the end.
    case memory(behind: String)
    /// A function that is walked in its own right, on the memory that the walk leaves.
    case test
  }

  /// What is taken there.
  public enum Measure: Sendable, Hashable {
    /// The number that the place holds in the end.
    case contents
    /// The number that the argument of the call is, or the field of what it points to.
    case argument(name: String, field: String)
    case returned
    /// Whether it is the error that the argument names.
    case isError(name: String)
    /// The smallest number of the counter for which the test says full.
    case length
  }

  /// As the front matter has it: `stored-in`.
  public let key: String
  /// As JSON has it: `stored`.
  public let word: String
  public let parameters: [Parameter]
  public let point: Point
  public let measure: Measure
  /// What is said of inputs for which there is no number: `not stored`.
  public let absence: String

  /// The one that is meant where the key has a text or a list and no mapping; nil: there is none.
  public var shorthand: Parameter? {
    if case .test = point { return nil }
    return parameters.first
  }

  public static let stored = ObservationKind(
    key: "stored-in", word: "stored",
    parameters: [Parameter(name: "place", isRequired: true, example: "struct widget.room")],
    point: .stores(to: "place"), measure: .contents, absence: "not stored")

  public static let threshold = ObservationKind(
    key: "threshold", word: "threshold",
    parameters: [
      Parameter(name: "test", isRequired: true, isFunction: true, example: "widget_is_full"),
      Parameter(name: "counter", isRequired: true, example: "struct widget.used"),
      Parameter(name: "until", isFunction: true, example: "widget_add"),
      Parameter(name: "assume", example: "flags == 0"),
    ],
    point: .test, measure: .length, absence: "never")

  public static let returns = ObservationKind(
    key: "returns", word: "returns", parameters: [Parameter(name: "of", isFunction: true, example: "widget_open")],
    point: .returns(of: "of"), measure: .returned, absence: "not reached")

  public static let refused = ObservationKind(
    key: "refused", word: "refused",
    parameters: [
      Parameter(name: "error", isRequired: true, example: "EINVAL"),
      Parameter(name: "of", isFunction: true, example: "widget_open"),
    ],
    point: .returns(of: "of"), measure: .isError(name: "error"), absence: "not reached")

  public static let passed = ObservationKind(
    key: "passed-to", word: "passed",
    parameters: [
      Parameter(name: "function", isRequired: true, isFunction: true, example: "widget_fill"),
      Parameter(name: "argument", isRequired: true, example: "count"),
      Parameter(name: "field", example: "room"),
    ],
    point: .calls(of: "function"), measure: .argument(name: "argument", field: "field"), absence: "not passed on")

  public static let handedBack = ObservationKind(
    key: "handed-back", word: "handed-back",
    parameters: [
      Parameter(name: "pointer", isRequired: true, example: "optval"), Parameter(name: "as", example: "int"),
      Parameter(name: "field", example: "room"),
    ],
    point: .memory(behind: "pointer"), measure: .contents, absence: "not handed back")

  /// Every kind that a walkthrough may ask for. Another one that takes one of these measures at one of these points is one
  /// more row.
  public static let all = [stored, returns, refused, passed, handedBack, threshold]
}

extension ObservationKind: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let word = try value.decode(String.self)
    guard let kind = Self.all.first(where: { $0.word == word }) else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "the observation \(word) is not known")
    }
    self = kind
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(word)
  }
}
