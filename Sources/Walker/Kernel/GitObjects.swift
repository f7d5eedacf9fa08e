internal import Synchronization
internal import WalkerModel

/// The files of one revision.
final class GitObjects: Sendable {
  private let repository: GitRepository
  private let tree: GitID
  private let state: Mutex<State>

  private struct Folder {
    let folder: GitFolder
    /// Without links.
    let path: String
  }

  private struct State {
    /// By the path they are reached by, which may lead over links.
    var folders: [String: Folder?] = [:]
    var files: [String: GitID?] = [:]
    /// What could not be read by a question that can't say so.
    var failure: (any Error)?
  }

  struct File: Sendable {
    let path: String
    let id: GitID
  }

  init(_ repository: GitRepository, tree: GitID) {
    self.repository = repository
    self.tree = tree
    state = Mutex(State())
  }

  /// The bytes of a file, or of the file within the tree that a link leads to; nil when there is none. Throws `UserError`
  /// when an object on the way is missing or damaged.
  func contents(_ path: String) throws -> [UInt8]? {
    guard let id = try id(of: path) else { return nil }
    return try repository.file(id, path)
  }

  /// The object's id; nil when there is no such file.
  func id(of path: String) throws -> GitID? {
    try state.withLock { state throws in
      if let failure = state.failure { throw failure }
      return try find(path, &state)
    }
  }

  /// As `id`, for who can't be told of an error: the next question is.
  func knownID(of path: String) -> GitID? {
    state.withLock { state -> GitID? in
      do { return try find(path, &state) } catch {
        state.failure = state.failure ?? error
        return .none
      }
    }
  }

  private func find(_ path: String, _ state: inout State) throws -> GitID? {
    if let known = state.files[path] { return known }
    var found: GitID?
    if let (entry, _) = try entry(path, &state), entry.kind == .file { found = entry.id }
    state.files[path] = .some(found)
    return found
  }

  /// What lies at a path, links followed, and its path without links.
  private func entry(
    _ path: String, _ state: inout State, depth: Int = 0
  ) throws -> (entry: GitFolder.Entry, path: String)? {
    guard !path.isEmpty, depth < 40, let parent = try folder(TreePath.parent(path) ?? "", &state, depth: depth) else {
      return nil
    }
    let name = TreePath.name(path)
    guard let entry = parent.folder.entry(name) else { return nil }
    let real = parent.path.isEmpty ? name : parent.path + "/" + name
    guard entry.kind == .link else { return (entry, real) }
    let text = try repository.link(entry.id, real)
    guard let target = TreePath.resolve(link: real, to: text) else { return nil }
    return try self.entry(target, &state, depth: depth + 1)
  }

  private func folder(_ path: String, _ state: inout State, depth: Int = 0) throws -> Folder? {
    if let known = state.folders[path] { return known }
    var found: Folder?
    if path.isEmpty {
      found = Folder(folder: try repository.tree(tree, "at the top"), path: "")
    } else if let (entry, real) = try entry(path, &state, depth: depth), entry.kind == .folder {
      found = Folder(folder: try repository.tree(entry.id, real), path: real)
    }
    state.folders[path] = .some(found)
    return found
  }

  /// The files and links below a folder, sorted.
  func list(below folder: String) throws -> [String] {
    var paths: [String] = []
    let top = try state.withLock { state throws in
      if let failure = state.failure { throw failure }
      return try self.folder(folder, &state)
    }
    guard let top else { return [] }
    try visit(top.folder, folder, entering: { _ in true }) { path, _ in paths.append(path) }
    return paths.sorted()
  }

  /// The files whose identifiers are indexed, sorted; a link as the file it leads to.
  func sources() throws -> [File] {
    var paths: [String] = []
    var files: [File] = []
    try visit(try repository.tree(tree, "at the top"), "", entering: TreeScope.enters(folder:)) { path, entry in
      guard TreeScope.isIndexed(path) else { return }
      if entry.kind == .file { files.append(File(path: path, id: entry.id)) } else { paths.append(path) }
    }
    let linked = try paths.compactMap { path in try id(of: path).map { File(path: path, id: $0) } }
    return (files + linked).sorted { $0.path < $1.path }
  }

  /// What no kernel has: folders within one another, and files in all. A few objects that name each other may stand for more
  /// files than any disk holds.
  private static let (deepest, most) = (100, 1_000_000)

  private func visit(
    _ folder: GitFolder, _ path: String, entering: (String) -> Bool, _ body: (String, GitFolder.Entry) -> Void
  ) throws {
    var count = 0
    try visit(folder, path, 0, &count, entering, body)
  }

  private func bomb() -> UserError {
    UserError(
      "the revision of \(repository.path) holds more files, or deeper folders, than any kernel: give a clone of a kernel"
    )
  }

  private func visit(
    _ folder: GitFolder, _ path: String, _ depth: Int, _ count: inout Int, _ entering: (String) -> Bool,
    _ body: (String, GitFolder.Entry) -> Void
  ) throws {
    count += 1
    guard depth < Self.deepest, count < Self.most else { throw bomb() }
    for (name, entry) in folder.entries {
      let child = path.isEmpty ? name : path + "/" + name
      switch entry.kind {
      case .folder:
        if entering(child) { try visit(try repository.tree(entry.id, child), child, depth + 1, &count, entering, body) }
      case .file, .link:
        count += 1
        body(child, entry)
      case .other: break
      }
    }
  }
}

extension GitRepository {
  /// A link's text.
  fileprivate func link(_ id: GitID, _ name: String) throws -> String {
    String(decoding: try file(id, name), as: UTF8.self)
  }
}
