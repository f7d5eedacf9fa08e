internal import Glibc
internal import WalkerModel

/// What was read out of parses that nothing else is needed of, one file for each source file: a walk that meets that source
/// again, with the same headers under the same configuration, need not parse it.
///
/// A file has a checksum and is written whole or not at all; one that is damaged counts as absent. Losing any of them costs
/// time only, so what can't be written is not kept, and nobody is told.
public struct SummaryStore: Sendable {
  private let folder: String
  private let engine: String
  /// Beyond these, what was not used for longest goes.
  private static let mostFiles = 400

  /// - Parameters:
  ///   - cache: the folder of all that is kept.
  ///   - engine: the worker's executable, which decides what is read out of a parse.
  public init(cache: String, engine: String) {
    folder = cache + "/summaries"
    self.engine = Disk.status(engine).map { "\($0.size) \($0.inode) \($0.modified) \($0.changed)" } ?? "unknown"
  }

  /// What is kept of `path` with this content, and what it rests on; nil where there is nothing that can be verified.
  func read(_ path: String, content: String) -> (basis: WalkBasis, text: String)? {
    // What can't be read or verified is not used, and made again.
    guard let name = name(path, content), let bytes = try? Disk.read(folder + "/" + name),
      let end = bytes.firstIndex(of: 0x0a), end == 64, case let body = Array(bytes[(end + 1)...]),
      let sum = try? SHA256.hex(of: body), bytes[..<end].elementsEqual(sum.utf8),
      let mark = body.firstIndex(of: 0x0a), let length = Int(String(decoding: body[..<mark], as: UTF8.self)),
      case let start = mark + 1 + length, length >= 0, start <= body.count,
      let head = String(validating: body[(mark + 1)..<start], as: UTF8.self), let basis = BasisText.read(head[...]),
      let text = String(validating: body[start...], as: UTF8.self)
    else { return nil }
    utimes(folder + "/" + name, nil)
    return (basis, text)
  }

  func keep(_ path: String, content: String, _ basis: WalkBasis, _ text: String) {
    do {
      let head = BasisText.write(basis)
      let body = "\(head.utf8.count)\n\(head)\(text)"
      guard let name = name(path, content) else { return }
      try Disk.makeFolders(folder)
      try Disk.replace(folder + "/" + name, with: Array((try SHA256.hex(of: body) + "\n" + body).utf8))
    } catch {
      // A full disk, a folder that can't be written: it is parsed again next time.
    }
  }

  /// What was not used for longest goes.
  func removeOldest() {
    // To tidy up is no part of the answer.
    let names = ((try? Disk.names(in: folder)) ?? []).filter { $0.hasSuffix(Self.suffix) }
    guard names.count > Self.mostFiles else { return }
    let byUse = names.map { ($0, Disk.status(folder + "/" + $0)?.modified ?? 0) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    for (name, _) in byUse.dropFirst(Self.mostFiles) { unlink(folder + "/" + name) }
  }

  private static let suffix = ".summary"

  // Without a hash nothing is kept, and it is made again.
  private func name(_ path: String, _ content: String) -> String? {
    (try? SHA256.hex(of: "walker summaries 1\n\(engine)\n\(path)\n\(content)")).map { $0.prefix(40) + Self.suffix }
  }
}

/// What is kept of the sources of one tree, under one configuration.
public final class KeptParses {
  /// What is asked of it is not recorded.
  public let tree: any KernelTree
  private let environment: ParseEnvironment
  private let store: SummaryStore?
  private let comparison: BasisComparison
  private let start: Int64
  private var texts: [String: HeaderSearch.Text] = [:]
  private var ids: [String: String] = [:]

  /// - Parameter tree: what is asked here is no part of a walk.
  public convenience init(tree: any KernelTree, environment: ParseEnvironment, store: SummaryStore?) {
    self.init(tree: tree, environment: environment, store: store, start: Disk.now())
  }

  /// - Parameter start: what parses of files that changed later saw is not known; in nanoseconds since 1970.
  init(tree: any KernelTree, environment: ParseEnvironment, store: SummaryStore?, start: Int64) {
    self.start = start
    let tree = (tree as? RecordingTree)?.base ?? tree
    self.tree = tree
    self.environment = environment
    self.store = store
    comparison = BasisComparison(tree: tree, environment: environment)
  }

  /// What was kept of that file, when all that its parse rests on is the same. Throws `UserError` when the tree can't be read.
  ///
  /// - Parameter kind: of which one file has several.
  public func text(of path: String, kind: String = "") throws -> String? {
    guard let store, let content = try comparison.id(of: path), let kept = store.read(kind + path, content: content),
      try comparison.holds(kept.basis)
    else { return nil }
    return kept.text
  }

  /// Keeps what was read out of a file's parse.
  ///
  /// - Parameters:
  ///   - kind: of which one file has several.
  ///   - opened: what the parse opened, relative to the tree.
  ///   - unfound: what it was asked to include and did not find.
  /// - Throws: `UserError` when the tree can't be read.
  public func keep(_ text: String, of path: String, kind: String = "", opened: [String], unfound: [String]) throws {
    guard let store, let basis = try basis(opened: opened, unfound: unfound),
      let content = basis.files.first(where: { $0.path == path })?.id
    else { return }
    store.keep(kind + path, content: content, basis, text)
  }

  public func tidy() { store?.removeOldest() }

  /// Nil when a file that was read may have changed meanwhile.
  private func basis(opened: [String], unfound: [String]) throws -> WalkBasis? {
    var search = HeaderSearch(tree: tree, environment: environment, opened: Set(opened))
    var files: [WalkBasis.File] = []
    for path in search.openedOfTree.sorted() {
      if let root = tree.root, let status = Disk.status(root + "/" + path), status.changed > start - Disk.clockStep {
        return nil
      }
      guard let (id, text) = try known(path) else { return nil }
      files.append(WalkBasis.File(path: path, id: id))
      search.add(path, text)
    }
    for path in search.openedMade { search.add(path, try HeaderSearch.Text(path, environment.made(path) ?? [])) }
    let found = try search.finish(unfound: unfound)
    let symbols = found.symbols.map { $0.sorted() }
    return WalkBasis(
      files: files, made: try environment.ids(of: search.openedMade), absent: found.absent.sorted(), answers: [],
      symbols: symbols, symbolValues: try environment.values(of: symbols), arguments: try environment.argumentsDigest(),
      unlisted: [], libraries: LoadedLibraries.all())
  }

  /// Headers are those of many sources.
  private func known(_ path: String) throws -> (id: String, text: HeaderSearch.Text)? {
    if let id = ids[path], let text = texts[path] { return (id, text) }
    guard let bytes = try tree.contents(of: path) else { return nil }
    let (id, text) = (try ContentID.blob(bytes), try HeaderSearch.Text(path, bytes))
    (ids[path], texts[path]) = (id, text)
    return (id, text)
  }
}
