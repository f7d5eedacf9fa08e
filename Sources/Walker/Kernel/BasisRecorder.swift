internal import Synchronization
public import WalkerModel

/// A tree that notes what a walk asks of it, and makes the walk's basis of that.
///
/// The parse environment is not made through it: what that came to is noted instead of what it was made from.
public final class BasisRecorder: KernelTree {
  private struct State {
    var read: Set<String> = []
    var absent: Set<String> = []
    var answers: [Question: String] = [:]
  }

  enum Question: Hashable {
    case hits(IndexQuery, naming: String?)
    case files(mentioning: String)
  }

  private let base: any KernelTree
  private let state = Mutex(State())

  public init(_ base: any KernelTree) { self.base = base }

  public var source: String { base.source }
  public var root: String? { base.root }

  public func contents(of path: String) throws -> [UInt8]? {
    let bytes = try base.contents(of: path)
    note(path, isThere: bytes != nil)
    return bytes
  }

  public func contains(_ path: String) -> Bool {
    let isThere = base.contains(path)
    note(path, isThere: isThere)
    return isThere
  }

  public func files(below folder: String) throws -> [String] { try base.files(below: folder) }
  public func answer(_ query: IndexQuery) throws -> [IndexHit] { try answers([query]).first ?? [] }

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let answers = try base.answers(queries)
    for (query, hits) in zip(queries, answers) { try note(.hits(query, naming: nil), hits) }
    return answers
  }

  public func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit] {
    let hits = try base.answer(query, naming: value)
    try note(.hits(query, naming: value), hits)
    return hits
  }

  public func files(mentioning word: String) throws -> [String] {
    let files = try base.files(mentioning: word)
    let digest = try WalkBasis.digest(of: files)
    state.withLock { $0.answers[.files(mentioning: word)] = digest }
    return files
  }

  private func note(_ path: String, isThere: Bool) {
    guard let path = TreePath.normalize(path) else { return }
    state.withLock { state in
      _ = isThere ? state.read.insert(path) : state.absent.insert(path)
    }
  }

  private func note(_ question: Question, _ hits: [IndexHit]) throws {
    let digest = try WalkBasis.digest(of: hits)
    state.withLock { $0.answers[question] = digest }
  }

  /// - Parameters:
  ///   - opened: every file that a parse opened, relative to the tree, those of the environment too.
  ///   - unfound: what a parse was asked to include and did not find.
  ///   - environmentReads: the files that the environment was made from.
  ///   - first: the files that are most likely to differ between kernels.
  /// - Returns: nil when a file that was read may have changed since `start`, in nanoseconds since 1970.
  public func basis(
    opened: [String], unfound: [String], first: [String], environment: ParseEnvironment, environmentReads: [String],
    start: Int64
  ) throws -> WalkBasis? {
    let (read, absent, answers) = state.withLock { ($0.read, $0.absent, $0.answers) }
    var search = HeaderSearch(tree: base, environment: environment, opened: Set(opened))
    var files: [WalkBasis.File] = []
    for path in read.union(search.openedOfTree).sorted() {
      guard let bytes = try base.contents(of: path), !changed(path, since: start) else { return nil }
      files.append(WalkBasis.File(path: path, id: try ContentID.blob(bytes)))
      if search.opened.contains(path) { try search.add(path, bytes) }
    }
    for path in search.openedMade { try search.add(path, environment.made(path) ?? []) }
    let found = try search.finish(unfound: unfound)
    let early = Set(first)
    let symbols = found.symbols.map { $0.sorted() }
    return WalkBasis(
      files: files.filter { early.contains($0.path) } + files.filter { !early.contains($0.path) },
      made: try environment.ids(of: search.openedMade),
      absent: absent.subtracting(search.openedMade).union(found.absent).sorted(),
      answers: answers.map { WalkBasis.Answer($0, digest: $1) }.sorted {
        ($0.query, $0.name, $0.below ?? "", $0.value ?? "") < ($1.query, $1.name, $1.below ?? "", $1.value ?? "")
      },
      symbols: symbols, symbolValues: try environment.values(of: symbols),
      arguments: try environment.argumentsDigest(),
      unlisted: environmentReads.filter { !FolderListing.covers($0) }, libraries: LoadedLibraries.all())
  }

  /// A file that changed while, or just before, it was read: the parse may have seen another text than is there now.
  private func changed(_ path: String, since start: Int64) -> Bool {
    guard let root = base.root, let status = Disk.status(root + "/" + path) else { return false }
    return status.changed > start - Disk.clockStep
  }
}

extension WalkBasis {
  static func digest(of hits: [IndexHit]) throws -> String {
    try SHA256.hex(of: hits.sorted().map { "\($0.file):\($0.line) \($0.value ?? "")\n" }.joined())
  }

  static func digest(of files: [String]) throws -> String {
    try SHA256.hex(of: files.sorted().map { "\($0)\n" }.joined())
  }
}

extension WalkBasis.Answer {
  fileprivate init(_ question: BasisRecorder.Question, digest: String) {
    let recorded: RecordedAnswer
    var value: String?
    switch question {
    case .hits(let query, naming: let named):
      recorded = RecordedAnswer(query, [])
      value = named
    case .files(mentioning: let word): recorded = RecordedAnswer(mentioning: word, [])
    }
    self.init(query: recorded.query, name: recorded.name, below: recorded.below, value: value, digest: digest)
  }
}

extension ParseEnvironment {
  /// The bytes of a header that was made, by its path relative to the tree.
  func made(_ path: String) -> [UInt8]? { virtualFiles[prefix + "/" + path] }

  /// Of made headers but `autoconf.h`, which counts symbol by symbol.
  func ids(of paths: [String]) throws -> [WalkBasis.File] {
    try paths.sorted().compactMap { path in
      guard !path.hasSuffix("/autoconf.h"), let bytes = made(path) else { return nil }
      return WalkBasis.File(path: path, id: try ContentID.blob(bytes))
    }
  }

  func values(of symbols: [String]?) throws -> String {
    let names = symbols ?? configuration.keys.sorted()
    return try SHA256.hex(of: names.compactMap { name in configuration[name].map { "\(name)=\($0)\n" } }.joined())
  }

  /// The arguments, wherever the tree lies.
  func argumentsDigest() throws -> String {
    try SHA256.hex(
      of: arguments.map { $0.replacing(prefix + "/", with: "").replacing(prefix, with: "") }.joined(separator: "\n"))
  }

  /// In the order of the search, relative to the tree.
  var includeFolders: [String] {
    var folders: [String] = []
    var isNext = false
    for argument in arguments {
      let folder: String
      if isNext {
        folder = argument
        isNext = false
      } else if argument.hasPrefix("-I") {
        folder = String(argument.dropFirst(2))
      } else {
        isNext = argument == "-isystem"
        continue
      }
      if folder.hasPrefix(prefix + "/") { folders.append(String(folder.dropFirst(prefix.count + 1))) }
    }
    return folders
  }
}
