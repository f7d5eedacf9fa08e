internal import Synchronization
internal import WalkerModel

/// A revision in a local git clone; no work tree is needed or touched.
///
/// One `git cat-file --batch` hands out the files; `git grep` finds which of them hold a word, and the same search as for
/// other trees finds the place in them.
public final class GitTree: KernelTree {
  public let source: String
  public let root: String? = nil
  /// The commit's id (or the tree's, when the revision names a tree).
  public let commit: String
  private let repository: String
  private let objects: [String: Entry]
  private let paths: [String]
  private let index: IndexCache
  private let batch: Mutex<Batch>

  private struct Entry: Sendable {
    var object: String
    var isLink: Bool
  }

  /// Throws `UserError` when there is no such clone or revision.
  public init(repository: String, revision: String, source: String? = nil, cache: String? = nil) throws {
    self.repository = repository
    self.source = source ?? "git:\(TreePath.name(repository))@\(revision)"
    guard Disk.isFolder(repository) else {
      throw UserError("there is no git clone at \(repository): give git:PATH@REVISION with the path of a local clone")
    }
    commit = try Git.resolve(revision, in: repository)
    let tree = try Git.run(["rev-parse", "--verify", "--quiet", commit + "^{tree}"], in: repository).text.trimmed
    let objects = try Self.list(commit, in: repository)
    self.objects = objects
    paths = objects.keys.sorted()
    // A tree's id names its content, so an answer kept under it can't be stale.
    index = try IndexCache(folder: cache, key: "git-tree:" + tree, stamp: tree)
    batch = Mutex(Batch(process: try ChildProcess(Git.command(["cat-file", "--batch"], in: repository))))
    guard contains("Makefile") else {
      throw UserError("\(self.source) has no Makefile, so it is no kernel tree: give a clone of a kernel")
    }
  }

  private static func list(_ commit: String, in repository: String) throws -> [String: Entry] {
    let listing = try Git.run(["ls-tree", "-r", "-z", "--full-tree", commit], in: repository)
    guard listing.status == 0 else { throw Git.error(listing.errors, repository) }
    var objects: [String: Entry] = [:]
    for record in listing.output.split(separator: 0) {
      // "<mode> blob <object>\t<path>"
      guard let tab = record.firstIndex(of: 9) else { continue }
      let fields = record[..<tab].split(separator: 32)
      guard fields.count == 3, fields[1].elementsEqual("blob".utf8) else { continue }
      objects[String(decoding: record[(tab + 1)...], as: UTF8.self)] = Entry(
        object: String(decoding: fields[2], as: UTF8.self), isLink: fields[0].elementsEqual("120000".utf8))
    }
    return objects
  }

  public func contents(of path: String) throws -> [UInt8]? {
    guard var path = TreePath.normalize(path) else { return nil }
    for _ in 0..<16 {
      guard let entry = objects[path] else { return nil }
      let bytes = try read(entry.object)
      guard entry.isLink else { return bytes }
      guard let target = TreePath.resolve(link: path, to: String(decoding: bytes, as: UTF8.self)) else { return nil }
      path = target
    }
    return nil
  }

  public func contains(_ path: String) -> Bool {
    guard let path = TreePath.normalize(path), let entry = objects[path] else { return false }
    return entry.isLink ? (try? contents(of: path)) ?? nil != nil : true
  }

  /// The object id of the file's content: equal ids mean equal files, in any revision.
  public func object(of path: String) -> String? { TreePath.normalize(path).flatMap { objects[$0]?.object } }

  public func files(below folder: String) throws -> [String] {
    guard let folder = TreePath.normalize(folder) else { return [] }
    return paths.filter { TreePath.isBelow($0, folder) }
  }

  public func answer(_ query: IndexQuery) throws -> [IndexHit] { try answers([query]).first ?? [] }

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] { try index.answers(queries, find: search) }

  private func search(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let words = Set(queries.map(\.word)).sorted().flatMap { ["-e", $0] }
    let grep = try Git.run(
      ["grep", "-l", "-z", "-w", "-F", "--no-color", "--full-name"] + words + [commit, "--"] + pathspecs(queries),
      in: repository)
    guard grep.status <= 1 else { throw Git.error(grep.errors, repository) }
    var found = [[IndexHit]](repeating: [], count: queries.count)
    for record in grep.output.split(separator: 0) {
      guard let colon = record.firstIndex(of: 0x3a) else { continue }
      let path = String(decoding: record[(colon + 1)...], as: UTF8.self)
      let asked = queries.indices.filter { TreeScope.covers(path, queries[$0]) }
      guard !asked.isEmpty, let bytes = try contents(of: path) else { continue }
      bytes.withUnsafeBufferPointer { buffer in
        for query in asked { found[query] += TextScan.hits(of: queries[query], in: buffer, file: path) }
      }
    }
    return found.map { $0.sorted() }
  }

  /// As narrow as the queries allow, because git unpacks every file that it searches.
  private func pathspecs(_ queries: [IndexQuery]) -> [String] {
    var specs: Set<String> = []
    for query in queries {
      switch query {
      case .initializer:
        specs.formUnion(["*.c"])
      case .definition:
        let folders = TreeScope.keptFolders.union(TreeScope.architectures.map { "arch/" + $0 })
        for folder in folders { specs.formUnion([folder + "/*.c", folder + "/*.h"]) }
      case .mention(_, below: let folder):
        let prefix = folder.isEmpty ? "" : folder + "/"
        specs.formUnion([prefix + "*.c", prefix + "*.h"])
      }
    }
    return specs.sorted().map { ":(top)" + $0 } + TreeScope.ignoredFolders.sorted().map { ":(top,exclude)" + $0 }
  }

  private func read(_ object: String) throws -> [UInt8] {
    try batch.withLock { try $0.read(object) }
  }

  /// The long-lived `git cat-file --batch`, one request at a time.
  private struct Batch: ~Copyable, @unchecked Sendable {
    // Reached only through the mutex.
    let process: ChildProcess

    func read(_ object: String) throws -> [UInt8] {
      try process.write(object + "\n")
      // "<object> blob <size>", or "<object> missing".
      let header = process.readLine()?.words ?? []
      guard header.count == 3, header[1] == "blob", let size = Int(header[2]) else {
        throw UserError("git has no object \(object): the clone is partial or damaged, so fetch it whole")
      }
      let bytes = try process.read(size)
      _ = try process.read(1)
      return bytes
    }
  }
}

/// Calls of git.
enum Git {
  struct Output {
    let status: Int32
    let output: [UInt8]
    let errors: String
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// A clone's own configuration must not make git start other programs or write.
  static func command(_ arguments: [String], in repository: String) -> [String] {
    ["git", "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", repository] + arguments
  }

  static func run(_ arguments: [String], in repository: String) throws -> Output {
    let (status, output, errors) = try ChildProcess.run(command(arguments, in: repository))
    return Output(status: status, output: output, errors: errors)
  }

  /// The id of the commit (or tree) that a revision names.
  static func resolve(_ revision: String, in repository: String) throws -> String {
    for suffix in ["^{commit}", "^{tree}"] {
      let found = try run(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + suffix], in: repository)
      if found.status == 0 { return found.text.trimmed }
      if found.errors.contains("not a git repository") || found.errors.contains("dubious ownership") {
        throw error(found.errors, repository)
      }
    }
    throw UserError("the clone \(repository) has no revision \(revision): see `git tag` there")
  }

  /// The tags that match a glob, oldest version first.
  static func tags(matching pattern: String, in repository: String) throws -> [String] {
    let listed = try run(["tag", "--list", pattern], in: repository)
    guard listed.status == 0 else { throw error(listed.errors, repository) }
    return listed.text.split(separator: "\n").map { String($0) }.sorted {
      KernelVersion.isOlder($0, than: $1) || (!KernelVersion.isOlder($1, than: $0) && $0 < $1)
    }
  }

  static func error(_ text: String, _ repository: String) -> UserError {
    let line = text.split(separator: "\n").first.map { String($0) } ?? "no message"
    return UserError("git can't read \(repository) (\(line)): give the path of a local clone")
  }
}
