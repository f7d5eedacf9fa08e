internal import WalkerModel

/// The text of one kernel, wherever it lies: a folder, an archive read into memory, a revision in a git clone, a
/// snippet set. Paths are relative to the tree's root, with `/`.
public protocol KernelTree: Sendable {
  /// As the user named it, for messages and for `KernelIdentity.source`.
  var source: String { get }
  /// The folder, when the files lie on disk as they are; libclang then reads them itself.
  var root: String? { get }
  /// The file's bytes, unchanged; nil when the tree has no such file. Throws `UserError` when it can't be read.
  func contents(of path: String) throws -> [UInt8]?
  func contains(_ path: String) -> Bool
  /// Every file below `folder`, sorted. (`include` is what a parse of a tree that is not on disk needs whole.)
  func files(below folder: String) throws -> [String]
  /// Where the tree's text mentions something. Throws `UserError` when the tree can't answer (a snippet set made for
  /// other walkthroughs: the message says to refresh it).
  func answer(_ query: IndexQuery) throws -> [IndexHit]
  /// Several questions in one pass over the text, answered in their order; cheaper than one by one.
  func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]]
  /// The hits with this value only: who asks so depends on no other hit.
  func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit]
  /// The `.c` files and headers whose code (not a comment, not a literal) mentions the identifier, sorted: of the whole tree
  /// but other architectures, documentation and tools. A name that a macro puts together by `##` is not seen. Throws as
  /// `answer` does.
  func files(mentioning word: String) throws -> [String]
  /// A name of the file's content, equal in every tree that holds the same bytes; nil when there is no such file.
  func contentID(of path: String) throws -> String?
}

extension KernelTree {
  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] { try queries.map(answer) }

  public func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit] {
    try answer(query).filter { $0.value == value }
  }

  /// By reading every file.
  public func files(mentioning word: String) throws -> [String] {
    try files(below: "").filter { path in
      guard TreeScope.isIndexed(path), let bytes = try contents(of: path) else { return false }
      return bytes.withUnsafeBufferPointer {
        !TextScan.hits(of: .mention(word, below: ""), in: $0, file: path).isEmpty
      }
    }
  }

  public func contentID(of path: String) throws -> String? { try contents(of: path).map(ContentID.blob) }
}

/// A question about the whole tree, answered from its text; the parse then confirms or rejects every hit.
public enum IndexQuery: Sendable, Hashable, Codable {
  /// Files that may define the function: its name at the head of a body, not ended by `;`. `.c` files and headers.
  case definition(String)
  /// `SYSCALL_DEFINEn(name, …`: the system call's name without prefix. `.c` files.
  case systemCall(String)
  /// `.field = value` in an initializer, anywhere in the tree's `.c` files (arch: x86 only): hits carry the last
  /// identifier of the value. A value that names nothing (a number, a string, a nested initializer) is no hit.
  case initializer(field: String)
  /// The identifier as a whole word, in `.c` files and headers below the folder.
  case mention(String, below: String)
  /// Functions (or macros) that may write to a field of that name in any record: they assign to it, or take its address.
  /// Hits carry the function's name.
  case writer(field: String)
  /// Functions (or macros) that call the function. Hits carry their names.
  case caller(of: String)
  /// Fields that are given the function as their value, by an initializer or an assignment. Hits carry the field's name.
  case holder(of: String)
  /// Where a variable of that name is set: its definition at file scope, and functions (or macros) that may write to it, as
  /// in `writer`. Hits of the latter carry the function's name, of the former nothing.
  case variable(String)
  /// Where an object of the record with that tag may be given values by their place: `struct tag name = { f, g }`, also by a
  /// macro. Hits carry the object's name; `struct/outer` where that record holds one of these; nothing where the object has
  /// no name of its own, or the record another one (a compound literal, a macro's body, a `typedef`).
  case table(of: String)
}

public struct IndexHit: Sendable, Hashable, Codable, Comparable {
  public let file: String
  public let line: Int
  /// For an initializer the last identifier of its value: `widget_open`, `widget_cap`; for a writer or a caller the
  /// function, for a holder the field; else nil.
  public let value: String?

  public init(file: String, line: Int, value: String? = nil) {
    self.file = file
    self.line = line
    self.value = value
  }

  public static func < (left: IndexHit, right: IndexHit) -> Bool {
    (left.file, left.line, left.value ?? "") < (right.file, right.line, right.value ?? "")
  }
}

/// How to hand a bare tree to libclang: the arguments, and the headers that a build would have generated.
public struct ParseEnvironment: Sendable {
  /// Without the file and without the compiler's name.
  public let arguments: [String]
  /// In-memory files by absolute path. They may lie in folders that do not exist.
  public let virtualFiles: [String: [UInt8]]
  /// The prefix under which the tree's own files appear to libclang: the folder, or an invented one for a tree in
  /// memory (whose headers are then among `virtualFiles`). No trailing slash.
  public let prefix: String
  /// The configuration in force, for `KernelIdentity`.
  public let configurationSource: String
  public let configurationSHA256: String
  /// `CONFIG_` symbols set to `y` or `m` or a value.
  public let configuration: [String: String]

  public init(
    arguments: [String], virtualFiles: [String: [UInt8]], prefix: String,
    configurationSource: String, configurationSHA256: String, configuration: [String: String]
  ) {
    self.arguments = arguments
    self.virtualFiles = virtualFiles
    self.prefix = prefix
    self.configurationSource = configurationSource
    self.configurationSHA256 = configurationSHA256
    self.configuration = configuration
  }
}
