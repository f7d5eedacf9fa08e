internal import Synchronization
internal import WalkerModel

/// A tree that remembers what was asked of it: the files a walk needs, and the answers it was given.
///
/// A tree on disk is parsed by libclang itself, and a tree in memory hands libclang all of its headers: neither says
/// which headers a parse opened. So whoever parses calls `note(read:)` for every file that the parse opened, and of a tree
/// in memory a header counts only when it is noted.
public final class RecordingTree: KernelTree {
  private struct State {
    var reads: Set<String> = []
    var answers: [IndexQuery: [IndexHit]] = [:]
    var mentioning: [String: [String]] = [:]
  }

  public let base: any KernelTree
  private let state = Mutex(State())

  public init(_ base: any KernelTree) { self.base = base }

  public var source: String { base.source }
  public var root: String? { base.root }

  public func contents(of path: String) throws -> [UInt8]? {
    let bytes = try base.contents(of: path)
    if bytes != nil, base.root != nil || !TreeScope.isHeader(path) { note(read: path) }
    return bytes
  }

  /// The parse opened this file; `path` is relative to the tree. Files that the tree does not have are ignored.
  public func note(read path: String) {
    guard let path = TreePath.normalize(path), base.contains(path) else { return }
    state.withLock { _ = $0.reads.insert(path) }
  }

  public func contains(_ path: String) -> Bool { base.contains(path) }
  public func files(below folder: String) throws -> [String] { try base.files(below: folder) }
  public func answer(_ query: IndexQuery) throws -> [IndexHit] { try answers([query]).first ?? [] }

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let answers = try base.answers(queries)
    state.withLock { state in
      for (query, hits) in zip(queries, answers) { state.answers[query] = hits }
    }
    return answers
  }

  public func files(mentioning word: String) throws -> [String] {
    let files = try base.files(mentioning: word)
    state.withLock { $0.mentioning[word] = files }
    return files
  }

  /// The files that were read, sorted.
  public var reads: [String] { state.withLock { $0.reads.sorted() } }
  var recordedAnswers: [RecordedAnswer] {
    state.withLock { state in
      (state.answers.map { RecordedAnswer($0.key, $0.value) }
        + state.mentioning.map { RecordedAnswer(mentioning: $0.key, $0.value) }).sorted()
    }
  }
}
