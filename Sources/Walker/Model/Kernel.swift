/// Which kernel a walk speaks of, and how it was configured.
public struct KernelIdentity: Sendable, Hashable, Codable {
  /// As the user named it: `6.12`, or the folder's name.
  public let name: String
  /// From the tree's own Makefile: `6.12.117`.
  public let version: String
  /// Where the text came from: `apt:linux-source-6.12`, `folder:linux`, `git:linux@v6.12`.
  public let source: String
  public let configuration: Configuration

  public init(name: String, version: String, source: String, configuration: Configuration) {
    self.name = name
    self.version = version
    self.source = source
    self.configuration = configuration
  }

  public struct Configuration: Sendable, Hashable, Codable {
    /// `default`, or the `.config` file's name.
    public let source: String
    public let sha256: String
    /// The `CONFIG_` symbols that the walked code mentions, sorted.
    public let depends: [String]

    public init(source: String, sha256: String, depends: [String]) {
      self.source = source
      self.sha256 = sha256
      self.depends = depends
    }
  }
}
