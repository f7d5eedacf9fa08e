/// What a walk rests on: everything that was looked at in a kernel's text, as digests.
///
/// A walk is a function of the walkthrough, of the engine, and of the answers to the questions that it asked of a tree. Two
/// kernels in which all of these have the same answers have the same walk, but for the kernel's own name. What is *not*
/// there counts as well: a header that newly stands earlier in the search order changes the parse.
public struct WalkBasis: Sendable, Codable, Hashable {
  public struct File: Sendable, Codable, Hashable, Comparable {
    public let path: String
    /// As git names the content: SHA-1 of `blob SIZE\0` and the bytes.
    public let id: String

    public init(path: String, id: String) {
      self.path = path
      self.id = id
    }

    public static func < (left: File, right: File) -> Bool { (left.path, left.id) < (right.path, right.id) }
  }

  /// A question asked of the whole tree's text.
  public struct Answer: Sendable, Codable, Hashable {
    /// As the index writes questions: `initializer`, `definition`, …
    public let query: String
    public let name: String
    public let below: String?
    /// Only the hits with this value count; nil: all.
    public let value: String?
    /// SHA-256 of the hits.
    public let digest: String

    public init(query: String, name: String, below: String?, value: String?, digest: String) {
      self.query = query
      self.name = name
      self.below = below
      self.value = value
      self.digest = digest
    }
  }

  /// The tree's files that were read, relative paths. Those most likely to differ come first.
  public var files: [File]
  /// Headers made for the parse that were read: paths below the folder of generated headers.
  public var made: [File]
  /// Paths that were looked for and are not there.
  public var absent: [String]
  public var answers: [Answer]
  /// The `CONFIG_` symbols that the files mention; nil: any symbol may count.
  public var symbols: [String]?
  /// SHA-256 over what these symbols are set to.
  public var symbolValues: String
  /// SHA-256 over the compiler's arguments.
  public var arguments: String
  /// Files that the configuration was made from, or looked for in vain, where a folder's listing has no eye on them.
  public var unlisted: [String]
  /// The libraries that the engine ran with, by path, and their stamps.
  public var libraries: [File]

  public init(
    files: [File] = [], made: [File] = [], absent: [String] = [], answers: [Answer] = [], symbols: [String]? = [],
    symbolValues: String = "", arguments: String = "", unlisted: [String] = [], libraries: [File] = []
  ) {
    self.files = files
    self.made = made
    self.absent = absent
    self.answers = answers
    self.symbols = symbols
    self.symbolValues = symbolValues
    self.arguments = arguments
    self.unlisted = unlisted
    self.libraries = libraries
  }
}
