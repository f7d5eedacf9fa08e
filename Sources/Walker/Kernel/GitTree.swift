internal import WalkerModel

/// A revision in a local git clone; no work tree is needed or touched.
///
/// Its objects are read as the files of a folder are. Which files to search for an answer an index of their identifiers says;
/// of a revision only those contents are read for it that no revision before had.
public final class GitTree: KernelTree {
  public let source: String
  public let root: String? = nil
  /// The commit's id (or the tree's, when the revision names a tree).
  public let commit: String
  private let objects: GitObjects
  private let search: IndexedSearch

  /// Throws `UserError` when there is no such clone or revision, or it holds no kernel.
  public init(repository: String, revision: String, source: String? = nil, cache: String? = nil) throws {
    self.source = source ?? "git:\(TreePath.name(repository))@\(revision)"
    let clone = try GitRepository(repository)
    let tree = try clone.tree(of: revision)
    let objects = GitObjects(clone, tree: tree)
    let store = cache.map(IndexStore.init(cache:))
    (commit, self.objects) = (try clone.resolve(revision).description, objects)
    search = IndexedSearch(
      makeIndex: { try Self.index(of: tree.description, clone, objects, store) },
      discard: { store?.removeSegment($0) }, makeReader: { GitReader(clone, objects.id(of:)) })
    guard try objects.id(of: "Makefile") != nil else {
      throw UserError("\(self.source) has no Makefile, so it is no kernel tree: give a clone of a kernel")
    }
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

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] { try search.answers(queries) }
  public func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit] {
    try search.answer(query, naming: value)
  }
  public func files(mentioning word: String) throws -> [String] { try search.files(mentioning: word) }

  private static func index(
    of tree: String, _ clone: GitRepository, _ objects: GitObjects, _ store: IndexStore?
  ) throws -> IdentifierIndex {
    // A tree's id names its content, so what is kept under it can't be stale.
    let key = "git-tree:" + tree
    if let known = store?.tree(key), known.stamp == tree, let index = store?.index(known) { return index }
    var ids: [String: GitID] = [:]
    var sources: [IndexMaking.Source] = []
    for file in try objects.sources() {
      ids[file.path] = file.id
      sources.append(IndexMaking.Source(path: file.path, state: nil, key: ContentKey(file.id.description)))
    }
    return try IndexMaking(store: store).make(sources, key: key, stamp: tree, previous: nil) { [ids] in
      GitReader(clone) { ids[$0] }
    }
  }
}

private final class GitReader: TextReading {
  private let clone: GitRepository
  private let id: (String) throws -> GitID?

  init(_ clone: GitRepository, _ id: @escaping (String) throws -> GitID?) { (self.clone, self.id) = (clone, id) }

  func withText(of path: String, _ body: (UnsafeBufferPointer<UInt8>, _ status: Disk.Status?) throws -> Void) throws {
    guard let id = try id(path) else { return }
    try clone.withFile(id, path) { try body($0.bindMemory(to: UInt8.self), nil) }
  }
}
