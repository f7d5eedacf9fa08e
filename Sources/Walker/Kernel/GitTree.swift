internal import Synchronization
internal import WalkerModel

/// A revision in a local git clone; no work tree is needed or touched.
///
/// One `git cat-file` hands out the files, another their ids; `git grep` finds which files hold a word, and the same search
/// as for other trees finds the place in them. When a neighbouring revision has been asked the same, only the files that
/// differ are searched.
public final class GitTree: KernelTree {
  public let source: String
  public let root: String? = nil
  /// The commit's id (or the tree's, when the revision names a tree).
  public let commit: String
  private let repository: String
  private let tree: String
  private let cache: String?
  /// The tree that was asked before this one.
  private let last: String?
  private let index: IndexCache
  private let objects: GitObjects

  /// Throws `UserError` when there is no such clone or revision, or it holds no kernel.
  public init(repository: String, revision: String, source: String? = nil, cache: String? = nil) throws {
    self.repository = repository
    self.source = source ?? "git:\(TreePath.name(repository))@\(revision)"
    self.cache = cache
    guard Disk.isFolder(repository) else {
      throw UserError("there is no git clone at \(repository): give git:PATH@REVISION with the path of a local clone")
    }
    commit = try Git.resolve(revision, in: repository)
    tree = try Git.run(["rev-parse", "--verify", "--quiet", commit + "^{tree}"], in: repository).text.trimmed
    index = try Self.index(of: tree, cache)
    last = Self.lastTreeFile(repository, cache).flatMap { try? Disk.read($0) }
      .map { String(decoding: $0, as: UTF8.self) }
      .flatMap { [tree] in $0 != tree && $0.count >= 40 && $0.allSatisfy(\.isHexDigit) ? $0 : nil }
    objects = try GitObjects(repository: repository, commit: commit)
    guard contains("Makefile") else {
      throw UserError("\(self.source) has no Makefile, so it is no kernel tree: give a clone of a kernel")
    }
  }

  /// A tree's id names its content, so an answer kept under it can't be stale.
  private static func index(of tree: String, _ cache: String?) throws -> IndexCache {
    try IndexCache(folder: cache, key: "git-tree:" + tree, stamp: tree)
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

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    try index.answers(queries) { missing in
      let found = try neighbour(missing) ?? search(missing)
      remember()
      return found
    }
  }

  private func search(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let words = Set(queries.map(\.word)).sorted().flatMap { ["-e", $0] }
    let options = ["grep", "-l", "-z", "-w", "-F", "--no-color", "--full-name"]
    let grep = try Git.run(options + words + [commit, "--"] + pathspecs(queries), in: repository)
    guard grep.status <= 1 else { throw Git.error(grep.errors, repository) }
    let files = grep.output.split(separator: 0).compactMap { record in
      // "<commit>:<path>"
      record.firstIndex(of: 0x3a).map { String(decoding: record[($0 + 1)...], as: UTF8.self) }
    }
    return try search(queries, in: files).map { $0.sorted() }
  }

  private func search(_ queries: [IndexQuery], in files: [String]) throws -> [[IndexHit]] {
    var found = [[IndexHit]](repeating: [], count: queries.count)
    for path in files {
      let asked = queries.indices.filter { TreeScope.covers(path, queries[$0]) }
      guard !asked.isEmpty, let bytes = try objects.contents(path) else { continue }
      bytes.withUnsafeBufferPointer { buffer in
        for query in asked { found[query] += TextScan.hits(of: queries[query], in: buffer, file: path) }
      }
    }
    return found
  }

  /// The answers of the revision that was asked last, with the files that differ searched anew; nil when it was not asked
  /// the same, or differs too much for this to be cheaper.
  private func neighbour(_ queries: [IndexQuery]) throws -> [[IndexHit]]? {
    guard let last, let old = try Self.index(of: last, cache).known(queries)
    else { return nil }
    let difference = try Git.run(
      ["diff-tree", "-r", "-z", "--name-only", "--no-renames", last, tree, "--"] + pathspecs(queries), in: repository)
    guard difference.status == 0 else { return nil }
    let changed = difference.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    guard changed.count < 5000 else { return nil }
    let outdated = Set(changed)
    let new = try search(queries, in: changed)
    return queries.indices.map { (old[$0].filter { !outdated.contains($0.file) } + new[$0]).sorted() }
  }

  /// The file that says which tree of the clone was asked last.
  private static func lastTreeFile(_ repository: String, _ cache: String?) -> String? {
    guard let cache, let key = try? SHA256.hex(of: "git-last:" + repository) else { return nil }
    return "\(cache)/index/\(key)"
  }

  private func remember() {
    guard let file = Self.lastTreeFile(repository, cache), let parent = TreePath.parent(file) else { return }
    try? Disk.makeFolders(parent)
    try? Disk.replace(file, with: Array(tree.utf8))
  }

  /// As narrow as the queries allow, because git unpacks every file that it searches.
  private func pathspecs(_ queries: [IndexQuery]) -> [String] {
    var specs: Set<String> = []
    for query in queries {
      switch query {
      case .initializer:
        specs.formUnion(["*.c"])
      case .definition, .systemCall, .writer, .caller, .holder:
        let folders = TreeScope.keptFolders.union(TreeScope.architectures.map { "arch/" + $0 })
        for folder in folders { specs.formUnion([folder + "/*.c", folder + "/*.h"]) }
      case .mention(_, below: let folder):
        let prefix = folder.isEmpty ? "" : folder + "/"
        specs.formUnion([prefix + "*.c", prefix + "*.h"])
      }
    }
    return specs.sorted().map { ":(top)" + $0 } + TreeScope.ignoredFolders.sorted().map { ":(top,exclude)" + $0 }
  }
}
