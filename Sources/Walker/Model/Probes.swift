/// How a walkthrough's results are asked of a real kernel: what its author declares under `probes:`.
///
/// A probe is one of a small set of kinds that walker's guest program knows; no text of a walkthrough is ever run.
public struct Probes: Sendable, Codable, Hashable {
  /// How the followed value is handed to the kernel: a text of a form that `ProbeWords.inputs` lists.
  public struct InputKind: RawRepresentable, Sendable, Codable, Hashable {
    public let rawValue: String

    public init?(rawValue: String) {
      guard ProbeWords.inputs.wire(rawValue) != nil else { return nil }
      self.rawValue = rawValue
    }

    private init(known: String) { rawValue = known }

    /// `listen()` on a fresh TCP socket that is bound to loopback.
    public static let listen = InputKind(known: "listen")

    /// As the guest reads it.
    public var wire: String { ProbeWords.inputs.wire(rawValue) ?? rawValue }

    /// The system call by which it is handed over.
    public var systemCall: String {
      let word = rawValue.prefix { $0 != ":" }
      return word.hasPrefix("prlimit") ? "prlimit64" : String(word)
    }
  }

  /// How a result is read back: a text of a form that `ProbeWords.readers` lists.
  public struct ReaderKind: RawRepresentable, Sendable, Codable, Hashable {
    public let rawValue: String

    public init?(rawValue: String) {
      guard ProbeWords.readers.wire(rawValue) != nil else { return nil }
      self.rawValue = rawValue
    }

    private init(known: String) { rawValue = known }

    public static let tcpInfoSacked = ReaderKind(known: "tcp-info:tcpi_sacked")
    /// The kernel's socket table, over netlink.
    public static let sockDiagWriteQueue = ReaderKind(known: "sock-diag:idiag_wqueue")
    /// How many connections accept() gives after clients came until one did not get in.
    public static let connections = ReaderKind(known: "connections")
    /// How many handshakes whose last step never comes are kept.
    public static let halfOpen = ReaderKind(known: "half-open")

    /// As the guest reads it.
    public var wire: String { ProbeWords.readers.wire(rawValue) ?? rawValue }

    /// How many events one call fetches of those that are ready.
    public static let events = ReaderKind(known: "events")

    /// What has to be made one by one to count them; nil: nothing is counted.
    public var counted: String? {
      switch self {
      case .connections, .halfOpen: "connections"
      case .events: "events"
      default: nil
      }
    }
  }

  public struct Setting: Sendable, Codable, Hashable {
    /// A knob's full name, the tracked parameter's, or what is so of the caller, in a form of `ProbeWords.caller`.
    public let name: String
    public let number: Int128

    public init(name: String, number: Int128) {
      self.name = name
      self.number = number
    }
  }

  /// A number that is written down, or known when the kernel is asked: the name of an input that is swept, or of a
  /// constant of the kernel.
  public enum Quantity: Sendable, Codable, Hashable {
    case number(Int128)
    case name(String)
  }

  /// What named state is where the kernel is asked.
  public struct Given: Sendable, Codable, Hashable {
    public let name: String
    public let quantity: Quantity

    public init(name: String, quantity: Quantity) {
      self.name = name
      self.quantity = quantity
    }
  }

  /// The values to try for one input.
  public struct Axis: Sendable, Codable, Hashable {
    public let name: String
    public let numbers: [Int128]

    public init(name: String, numbers: [Int128]) {
      self.name = name
      self.numbers = numbers
    }
  }

  public struct ResultProbe: Sendable, Codable, Hashable {
    /// The result's id.
    public let result: String
    public let reader: ReaderKind
    /// Another way to the same number.
    public let witness: ReaderKind?
    /// Knobs that have to have these values for the reading to mean the result.
    public let with: [Setting]
    /// What the reading is divided by; it has to be a multiple.
    public let unit: Int128
    /// What the reading is multiplied by, after that.
    public let times: Quantity
    /// What is read where the kernel stores nothing.
    public let untouched: Int128?
    /// What named state is where the probe asks: a fresh pipe's slots.
    public let given: [Given]

    public init(
      result: String, reader: ReaderKind, witness: ReaderKind?, with: [Setting], unit: Int128, untouched: Int128?,
      given: [Given] = [], times: Quantity = .number(1)
    ) {
      self.given = given
      self.times = times
      self.result = result
      self.reader = reader
      self.witness = witness
      self.with = with
      self.unit = unit
      self.untouched = untouched
    }
  }

  public let input: InputKind
  /// The call is made by somebody without privilege.
  public var isUnprivileged = false
  public let sweep: [Axis]
  public let results: [ResultProbe]

  public init(input: InputKind, sweep: [Axis], results: [ResultProbe]) {
    self.input = input
    self.sweep = sweep
    self.results = results
  }
}
