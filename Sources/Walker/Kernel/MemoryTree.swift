internal import Dispatch
internal import Synchronization
internal import WalkerModel

/// A kernel tree read from an archive into memory, in one pass and without writing to disk.
///
/// It holds the part of the tree that a walk can need (`TreeScope.isKeptInMemory`), and of the drivers only where they
/// initialize fields, which tables they fill by place and which identifiers they mention. Reading (one thread decompresses) and indexing (another) overlap.
public final class MemoryTree: KernelTree {
  public let source: String
  public let root: String? = nil
  /// Of the archive file.
  public let archiveName: String
  public let archiveSHA256: String
  /// When the archive is a Debian package: its name and version.
  public let package: (name: String, version: String)?
  private let texts: [String: [UInt8]]
  private let paths: [String]
  private let links: [String: String]
  private let initializers: InitializerIndex
  private let tables: TableIndex
  private let search: IndexedSearch

  /// `progress` receives the bytes of the archive that are read, and its size. Throws `UserError` when the archive can't
  /// be read, is damaged, leads out of itself, or holds no kernel.
  public init(
    archive path: String, source: String? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws {
    archiveName = TreePath.name(path)
    self.source = source ?? "archive:" + archiveName
    let read = try Self.read(path, progress)
    texts = read.texts
    links = read.links
    initializers = read.initializers
    tables = read.tables
    let (texts, index) = (read.texts, read.index)
    search = IndexedSearch(makeIndex: { index }, discard: { _ in }, makeReader: { MemoryReader(texts) })
    archiveSHA256 = read.end.checksum
    package = read.end.package.map { ($0.name, $0.version) }
    paths = (Array(read.texts.keys) + read.links.keys).sorted()
    guard texts["Makefile"] != nil, paths.contains(where: { $0.hasPrefix("include/linux/") }) else {
      throw UserError(
        "\(archiveName) holds no kernel source (no Makefile or no include/linux): give a kernel's own archive")
    }
  }

  public func contents(of path: String) throws -> [UInt8]? {
    guard let path = TreePath.normalize(path) else { return nil }
    return texts[target(of: path)]
  }

  public func contains(_ path: String) -> Bool {
    guard let path = TreePath.normalize(path) else { return false }
    return texts[target(of: path)] != nil
  }

  public func files(below folder: String) throws -> [String] {
    guard let folder = TreePath.normalize(folder) else { return [] }
    return paths.filter { TreePath.isBelow($0, folder) && contains($0) }
  }

  public func answer(_ query: IndexQuery) throws -> [IndexHit] { try answers([query]).first ?? [] }

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    try queries.forEach(check)
    return zip(queries, try search.answers(queries)).map { query, hits in (hits + scanned(query)).sorted() }
  }

  public func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit] {
    try check(query)
    let scanned = scanned(query).filter { $0.value == value }
    return try (search.answer(query, naming: value) + scanned).sorted()
  }

  public func files(mentioning word: String) throws -> [String] {
    guard IdentifierScan.hash(word) != nil else {
      throw UserError("\(source) can only tell who mentions an identifier, which \(word) is not: unpack the archive")
    }
    return try search.files(mentioning: word)
  }

  private func check(_ query: IndexQuery) throws {
    if case .mention(_, below: let folder) = query, !folder.isEmpty, TreeScope.part(of: folder + "/x") != .kept {
      throw UserError("\(source) is read without \(folder): unpack the archive and give its folder")
    }
  }

  /// What the files hold whose text is not kept.
  private func scanned(_ query: IndexQuery) -> [IndexHit] {
    switch query {
    case .initializer(field: let field): initializers.hits(of: field)
    case .table(of: let tag): tables.hits(of: tag)
    default: []
    }
  }

  private func target(of path: String) -> String {
    var path = path
    for _ in 0..<16 {
      guard let next = links[path] else { break }
      path = next
    }
    return path
  }
}

extension MemoryTree {
  private final class MemoryReader: TextReading {
    private let texts: [String: [UInt8]]
    init(_ texts: [String: [UInt8]]) { self.texts = texts }

    func withText(of path: String, _ body: (UnsafeBufferPointer<UInt8>, _ status: Disk.Status?) throws -> Void) throws {
      try texts[path]?.withUnsafeBufferPointer { try body($0, nil) }
    }
  }

  private struct Read {
    var texts: [String: [UInt8]] = [:]
    var links: [String: String] = [:]
    var initializers = InitializerIndex()
    var tables = TableIndex()
    let index: IdentifierIndex
    let end: EndOfArchive.Value
  }

  private struct Item: Sendable {
    enum Content: Sendable { case text([UInt8]), search([UInt8]), link(String) }
    let path: String
    let content: Content
  }

  /// What is known only when the last byte is read.
  private final class EndOfArchive: Sendable {
    typealias Value = (checksum: String, package: KernelArchive.Package?)
    private let state = Mutex<Value>(("", nil))
    var value: Value { state.withLock { $0 } }
    func set(_ checksum: String, _ package: KernelArchive.Package?) { state.withLock { $0 = (checksum, package) } }
  }

  private static func read(_ path: String, _ progress: (@Sendable (Int, Int) -> Void)?) throws -> Read {
    let channel = Channel<Item>(capacity: 512)
    let end = EndOfArchive()
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      do {
        let archive = try KernelArchive(path: path, progress: progress)
        if try send(archive, to: channel) { try end.set(archive.finish(), archive.package) }
        channel.close()
      } catch {
        channel.close(error)
      }
    }
    defer {
      channel.close()
      group.wait()
    }
    var texts: [String: [UInt8]] = [:]
    var links: [String: String] = [:]
    var initializers = InitializerIndex()
    var tables = TableIndex()
    var identifiers = IndexCollector()
    while let items = try channel.receive() {
      for item in items {
        switch item.content {
        case .text(let bytes):
          texts[item.path] = bytes
          if TreeScope.isIndexed(item.path) { try identifiers.add(item.path, bytes) }
        case .link(let target): links[item.path] = target
        case .search(let bytes):
          if TreeScope.isSource(item.path) { initializers.add(item.path, bytes) }
          tables.add(item.path, bytes)
          try identifiers.add(item.path, bytes)
        }
      }
    }
    return Read(
      texts: texts, links: links, initializers: initializers, tables: tables, index: try identifiers.finish(),
      end: end.value)
  }

  /// False when the receiver has gone.
  private static func send(_ archive: KernelArchive, to channel: Channel<Item>) throws -> Bool {
    var kept = 0
    while let (path, entry) = try archive.next() {
      let content: Item.Content
      switch entry.kind {
      case .file where TreeScope.isKeptInMemory(path):
        kept += entry.size
        guard kept < 2 << 30 else {
          throw UserError(
            "\(TreePath.name(path)) and its like hold more text than any kernel: give a kernel's own archive")
        }
        content = .text(try archive.contents(of: entry))
      case .file where TreeScope.isIndexed(path) && TreeScope.part(of: path) == .scanned:
        content = .search(try archive.contents(of: entry))
      case .link(let target) where TreeScope.part(of: path) == .kept,
        .hardLink(let target) where TreeScope.part(of: path) == .kept:
        content = .link(target)
      default: continue
      }
      if !channel.send(Item(path: path, content: content)) { return false }
    }
    return true
  }
}
