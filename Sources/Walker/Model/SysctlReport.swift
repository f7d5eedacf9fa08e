/// What a kernel's source says of one sysctl, whether or not a walk meets it.
public struct SysctlReport: Sendable, Hashable, Codable {
  /// `net.core.somaxconn`.
  public let name: String
  /// The `ctl_table` entry.
  public let location: SourceLocation
  /// As the entry has it: `init_net.core.sysctl_somaxconn`; nil where it names no variable.
  public let storage: String?
  public let type: IntegerType?
  /// The function that reads and writes it: `proc_dointvec_minmax`.
  public let handler: String?
  /// What has one of its own: `network`, `ipc`, `uts`, `user`, `pid`; nil where the machine has one.
  public let namespace: String?
  public let defaultValue: Int128?
  /// As C, where the source computes it at boot.
  public let defaultFormula: String?
  public let defaultLocation: SourceLocation?
  public let minimum: Int128?
  public let maximum: Int128?
  /// What is not told, and why; in which unit it is kept.
  public let notes: [String]

  public init(
    name: String, location: SourceLocation, storage: String?, type: IntegerType?, handler: String?,
    namespace: String?, defaultValue: Int128?, defaultFormula: String?, defaultLocation: SourceLocation?,
    minimum: Int128?, maximum: Int128?, notes: [String]
  ) {
    self.name = name
    self.location = location
    self.storage = storage
    self.type = type
    self.handler = handler
    self.namespace = namespace
    self.defaultValue = defaultValue
    self.defaultFormula = defaultFormula
    self.defaultLocation = defaultLocation
    self.minimum = minimum
    self.maximum = maximum
    self.notes = notes
  }
}

/// Why nothing can be said of a sysctl in a kernel.
public struct MissingSysctl: Sendable, Hashable, Codable {
  /// As it was asked for.
  public let name: String
  public let why: String
  /// The kernel's own name that is most like it.
  public let nearest: String?

  public init(name: String, why: String, nearest: String? = nil) {
    self.name = name
    self.why = why
    self.nearest = nearest
  }
}
