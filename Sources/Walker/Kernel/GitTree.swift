internal import Synchronization
internal import WalkerModel

/// A revision in a local git clone; no work tree is needed or touched.
///
/// Its objects are read and searched as the files of a folder are. When a neighbouring revision has been asked the same, only
/// the files that differ are searched.
public final class GitTree: KernelTree {
  public let source: String
  public let root: String? = nil
  /// The commit's id (or the tree's, when the revision names a tree).
  public let commit: String
  private let clone: GitRepository
  private let tree: GitID
  private let cache: String?
  /// The tree that was asked before this one.
  private let last: GitID?
  private let index: IndexCache
  private let objects: GitObjects
  private let sources = Mutex<[GitObjects.File]?>(nil)

  /// Throws `UserError` when there is no such clone or revision, or it holds no kernel.
  public init(repository: String, revision: String, source: String? = nil, cache: String? = nil) throws {
    self.source = source ?? "git:\(TreePath.name(repository))@\(revision)"
    self.cache = cache
    clone = try GitRepository(repository)
    commit = try clone.resolve(revision).description
    tree = try clone.tree(of: revision)
    index = try Self.index(of: tree, cache)
    last = Self.lastTreeFile(repository, cache).flatMap { try? Disk.read($0) }
      .flatMap { [clone, tree] in
        let known = try? clone.tree(of: String(decoding: $0.prefix(64), as: UTF8.self))
        return known == tree ? nil : known
      }
    objects = GitObjects(clone, tree: tree)
    guard try objects.id(of: "Makefile") != nil else {
      throw UserError("\(self.source) has no Makefile, so it is no kernel tree: give a clone of a kernel")
    }
  }

  /// A tree's id names its content, so an answer kept under it can't be stale.
  private static func index(of tree: GitID, _ cache: String?) throws -> IndexCache {
    try IndexCache(folder: cache, key: "git-tree:\(tree)", stamp: tree.description)
  }

  public func contents(of path: String) throws -> [UInt8]? { try TreePath.normalize(path).flatMap(objects.contents) }
  public func contains(_ path: String) -> Bool { object(of: path) != nil }

  /// The id of the file's content: equal ids mean equal files, in any revision.
  public func object(of path: String) -> String? {
    TreePath.normalize(path).flatMap(objects.knownID)?.description
  }

  public func contentID(of path: String) throws -> String? {
    if let id = object(of: path), ContentID.isBlob(id) { return id }
    return try contents(of: path).map(ContentID.blob)
  }

  public func files(below folder: String) throws -> [String] {
    guard let folder = TreePath.normalize(folder) else { return [] }
    return try objects.list(below: folder)
  }

  public func answer(_ query: IndexQuery) throws -> [IndexHit] { try answers([query]).first ?? [] }

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    try index.answers(queries) { missing in
      let found = try neighbour(missing) ?? search(missing)
      remember()
      return found
    }
  }

  /// Which files count is the same as of a folder; links are searched where they lead to.
  private func search(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let files = try sources.withLock { known in
      if let known { return known }
      let found = try objects.sources()
      known = found
      return found
    }
    return try search(queries, in: files)
  }

  private func search(_ queries: [IndexQuery], in files: [GitObjects.File]) throws -> [[IndexHit]] {
    let work = files.compactMap { file -> (file: GitObjects.File, queries: [Int])? in
      let asked = queries.indices.filter { TreeScope.covers(file.path, queries[$0]) }
      return asked.isEmpty ? nil : (file, asked)
    }
    let chunk = 64
    let parts = try Parallel.map((work.count + chunk - 1) / chunk) { [clone] index in
      var found = [[IndexHit]](repeating: [], count: queries.count)
      for (file, asked) in work[(index * chunk)..<min(work.count, (index + 1) * chunk)] {
        try clone.withFile(file.id, file.path) { bytes in
          let bytes = bytes.bindMemory(to: UInt8.self)
          for query in asked { found[query] += TextScan.hits(of: queries[query], in: bytes, file: file.path) }
        }
      }
      return found
    }
    return queries.indices.map { query in parts.flatMap { $0[query] }.sorted() }
  }

  /// The answers of the revision that was asked last, with the files that differ searched anew; nil when it was not asked
  /// the same, or differs too much for this to be cheaper.
  private func neighbour(_ queries: [IndexQuery]) throws -> [[IndexHit]]? {
    guard let last, let old = try Self.index(of: last, cache).known(queries),
      // Where the other tree is not whole, this one is searched.
      let changed = try? objects.differences(from: last), changed.count < 5000
    else { return nil }
    let outdated = Set(changed)
    let new = try search(queries, in: try changed.sorted().compactMap(objects.source))
    return queries.indices.map { (old[$0].filter { !outdated.contains($0.file) } + new[$0]).sorted() }
  }

  /// The file that says which tree of the clone was asked last.
  private static func lastTreeFile(_ repository: String, _ cache: String?) -> String? {
    guard let cache, let key = try? SHA256.hex(of: "git-last:" + repository) else { return nil }
    return "\(cache)/index/\(key)"
  }

  private func remember() {
    guard let file = Self.lastTreeFile(clone.path, cache), let parent = TreePath.parent(file) else { return }
    try? Disk.makeFolders(parent)
    try? Disk.replace(file, with: Array(tree.description.utf8))
  }
}
