internal import Synchronization

extension ParseEnvironment {
  /// The files that `make` reads besides headers: the tree's Makefile, Kconfig and Kbuild files, its system call tables
  /// and so on. A pruned copy of the tree that holds these, and the headers that its parses include, gets the same
  /// environment. Sorted; relative to the tree. Throws as `make` does.
  public static func filesRead(
    making tree: any KernelTree, configurationFile: (name: String, bytes: [UInt8])?
  ) throws -> [String] {
    try outline(for: tree, configurationFile: configurationFile).filesRead
  }

  /// The same environment without the tree's own headers, which a parse of a tree in memory needs and nothing else does;
  /// and the files that it was made from. Throws as `make` does.
  static func outline(
    for tree: any KernelTree, configurationFile: (name: String, bytes: [UInt8])?
  ) throws -> (environment: ParseEnvironment, filesRead: [String], askedInVain: [String]) {
    let recorder = AskedTree(tree)
    let environment = try make(for: recorder, configurationFile: configurationFile)
    return (environment, recorder.filesRead, recorder.askedInVain)
  }

  /// As `make`; with the files that it looked at, whether they are there or not, of a tree on disk.
  public static func makeNoting(
    for tree: any KernelTree, configurationFile: (name: String, bytes: [UInt8])?
  ) throws -> (environment: ParseEnvironment, looked: [String]) {
    guard tree.root != nil else { return (try make(for: tree, configurationFile: configurationFile), []) }
    let made = try outline(for: tree, configurationFile: configurationFile)
    return (made.environment, made.filesRead + made.askedInVain)
  }
}

/// Notes which files are read. It claims to lie on disk, so that headers are not read only to be handed on.
private final class AskedTree: KernelTree {
  private let tree: any KernelTree
  private let paths = Mutex<Set<String>>([])
  private let missing = Mutex<Set<String>>([])

  init(_ tree: any KernelTree) { self.tree = tree }

  var source: String { tree.source }
  var root: String? { tree.root ?? HeadersInMemory.prefix }
  var filesRead: [String] { paths.withLock { $0.sorted() } }
  var askedInVain: [String] { missing.withLock { $0.sorted() } }

  func contents(of path: String) throws -> [UInt8]? {
    let bytes = try tree.contents(of: path)
    if bytes == nil {
      missing.withLock { _ = $0.insert(path) }
    } else {
      paths.withLock { _ = $0.insert(path) }
    }
    return bytes
  }
  func contains(_ path: String) -> Bool {
    let isThere = tree.contains(path)
    if !isThere { missing.withLock { _ = $0.insert(path) } }
    return isThere
  }
  func files(below folder: String) throws -> [String] { try tree.files(below: folder) }
  func answer(_ query: IndexQuery) throws -> [IndexHit] { try tree.answer(query) }
  func files(mentioning word: String) throws -> [String] { try tree.files(mentioning: word) }
}
