/// How a walkthrough's results are asked of a real kernel: what its author declares under `probes:`.
///
/// A probe is one of a small set of kinds that walker's guest program knows; no text of a walkthrough is ever run.
public struct Probes: Sendable, Codable, Hashable {
  /// How the followed value is handed to the kernel.
  public enum InputKind: String, Sendable, Codable, CaseIterable {
    /// `listen()` on a fresh TCP socket that is bound to loopback.
    case listen
    /// `fcntl()` with F_SETPIPE_SZ on a fresh pipe.
    case setPipeSize = "fcntl:F_SETPIPE_SZ"
  }

  /// How a result is read back.
  public enum ReaderKind: String, Sendable, Codable, CaseIterable {
    case tcpInfoSacked = "tcp-info:tcpi_sacked"
    case tcpInfoUnacked = "tcp-info:tcpi_unacked"
    /// The kernel's socket table, over netlink.
    case sockDiagWriteQueue = "sock-diag:idiag_wqueue"
    case sockDiagReadQueue = "sock-diag:idiag_rqueue"
    case fastOpenOption = "sockopt:TCP_FASTOPEN"
    case getPipeSize = "fcntl:F_GETPIPE_SZ"
    /// How many connections accept() gives after clients came until one did not get in.
    case connections
    /// How many handshakes whose last step never comes are kept.
    case halfOpen = "half-open"

    /// Counts by filling something up, one by one.
    public var counts: Bool { self == .connections || self == .halfOpen }
  }

  public struct Setting: Sendable, Codable, Hashable {
    /// A knob's full name, or the tracked parameter's.
    public let name: String
    public let number: Int128

    public init(name: String, number: Int128) {
      self.name = name
      self.number = number
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
    /// What is read where the kernel stores nothing.
    public let untouched: Int128?

    public init(
      result: String, reader: ReaderKind, witness: ReaderKind?, with: [Setting], unit: Int128, untouched: Int128?
    ) {
      self.result = result
      self.reader = reader
      self.witness = witness
      self.with = with
      self.unit = unit
      self.untouched = untouched
    }
  }

  public let input: InputKind
  public let sweep: [Axis]
  public let results: [ResultProbe]

  public init(input: InputKind, sweep: [Axis], results: [ResultProbe]) {
    self.input = input
    self.sweep = sweep
    self.results = results
  }
}
