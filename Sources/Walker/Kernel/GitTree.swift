internal import WalkerModel

/// A revision in a local git clone; no work tree is needed or touched.
///
/// One `git cat-file` hands out the files, another their ids. Which files to search for an answer an index of their
/// identifiers says; of a revision only those contents are read for it that no revision before had.
public final class GitTree: KernelTree {
  public let source: String
  public let root: String? = nil
  /// The commit's id (or the tree's, when the revision names a tree).
  public let commit: String
  private let repository: String
  private let objects: GitObjects
  private let search: IndexedSearch

  /// Throws `UserError` when there is no such clone or revision, or it holds no kernel.
  public init(repository: String, revision: String, source: String? = nil, cache: String? = nil) throws {
    self.repository = repository
    self.source = source ?? "git:\(TreePath.name(repository))@\(revision)"
    guard Disk.isFolder(repository) else {
      throw UserError("there is no git clone at \(repository): give git:PATH@REVISION with the path of a local clone")
    }
    let commit = try Git.resolve(revision, in: repository)
    let tree = try Git.run(["rev-parse", "--verify", "--quiet", commit + "^{tree}"], in: repository).text.trimmed
    let objects = try GitObjects(repository: repository, commit: commit)
    let store = cache.map(IndexStore.init(cache:))
    (self.commit, self.objects) = (commit, objects)
    search = IndexedSearch(
      makeIndex: { try Self.index(of: tree, commit, objects, repository, store) },
      discard: { store?.removeSegment($0) }, makeReader: { GitReader(objects) })
    guard contains("Makefile") else {
      throw UserError("\(self.source) has no Makefile, so it is no kernel tree: give a clone of a kernel")
    }
  }

  public func contents(of path: String) throws -> [UInt8]? { try TreePath.normalize(path).flatMap(objects.contents) }
  public func contains(_ path: String) -> Bool { object(of: path) != nil }

  /// The id of the file's content: equal ids mean equal files, in any revision.
  public func object(of path: String) -> String? {
    TreePath.normalize(path).flatMap { path in try? objects.id(of: path) }
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
    of tree: String, _ commit: String, _ objects: GitObjects, _ repository: String, _ store: IndexStore?
  ) throws -> IdentifierIndex {
    // A tree's id names its content, so what is kept under it can't be stale.
    let key = "git-tree:" + tree
    if let known = store?.tree(key), known.stamp == tree, let index = store?.index(known) { return index }
    var ids: [String: String] = [:]
    var sources: [IndexMaking.Source] = []
    for case (let path, let id?) in try objects.listing(below: "") where TreeScope.isIndexed(path) {
      ids[path] = id
      sources.append(IndexMaking.Source(path: path, state: nil, key: ContentKey(id)))
    }
    return try IndexMaking(store: store).make(sources, key: key, stamp: tree, previous: nil) { [ids] in
      // Each thread has git processes of its own.
      GitReader(try GitObjects(repository: repository, commit: commit, known: ids))
    }
  }
}

private final class GitReader: TextReading {
  private let objects: GitObjects
  init(_ objects: GitObjects) { self.objects = objects }

  func withText(of path: String, _ body: (UnsafeBufferPointer<UInt8>, _ status: Disk.Status?) throws -> Void) throws {
    guard let bytes = try objects.contents(path) else {
      throw UserError("the git clone lacks the content of \(path): check the clone with `git fsck`")
    }
    try bytes.withUnsafeBufferPointer { try body($0, nil) }
  }
}
