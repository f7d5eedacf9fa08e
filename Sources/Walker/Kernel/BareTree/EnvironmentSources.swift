internal import Synchronization

extension ParseEnvironment {
  /// The files that `make` reads besides headers: the tree's Makefile, Kconfig and Kbuild files, its system call tables
  /// and so on. A pruned copy of the tree that holds these, and the headers that its parses include, gets the same
  /// environment. Sorted; relative to the tree. Throws as `make` does.
  public static func filesRead(
    making tree: any KernelTree, configurationFile: (name: String, bytes: [UInt8])?
  ) throws -> [String] {
    let recorder = AskedTree(tree)
    _ = try make(for: recorder, configurationFile: configurationFile)
    return recorder.filesRead
  }
}

/// Notes which files are read. It claims to lie on disk, so that headers are not read only to be handed on.
private final class AskedTree: KernelTree {
  private let tree: any KernelTree
  private let paths = Mutex<Set<String>>([])

  init(_ tree: any KernelTree) { self.tree = tree }

  var source: String { tree.source }
  var root: String? { tree.root ?? HeadersInMemory.prefix }
  var filesRead: [String] { paths.withLock { $0.sorted() } }

  func contents(of path: String) throws -> [UInt8]? {
    let bytes = try tree.contents(of: path)
    if bytes != nil { paths.withLock { _ = $0.insert(path) } }
    return bytes
  }
  func contains(_ path: String) -> Bool { tree.contains(path) }
  func files(below folder: String) throws -> [String] { try tree.files(below: folder) }
  func answer(_ query: IndexQuery) throws -> [IndexHit] { try tree.answer(query) }
}
