internal import Synchronization
internal import WalkerModel

/// Answers questions to a tree's text: the index says which files to search, the search finds the places. Answers are
/// remembered as long as the tree is.
final class IndexedSearch: Sendable {
  private struct Question: Hashable {
    let query: IndexQuery
    let value: String?
  }

  private let memo = Mutex<[Question: [IndexHit]]>([:])
  private let index = Mutex<IdentifierIndex?>(nil)
  private let makeIndex: @Sendable () throws -> IdentifierIndex
  private let discard: @Sendable (_ segment: String) -> Void
  private let makeReader: @Sendable () throws -> any TextReading

  /// - Parameters:
  ///   - makeIndex: opens or makes the index, when it is first needed.
  ///   - discard: is told of a segment that turned out to be damaged; the index is then made again.
  ///   - makeReader: called on each thread that searches.
  init(
    makeIndex: @escaping @Sendable () throws -> IdentifierIndex, discard: @escaping @Sendable (String) -> Void,
    makeReader: @escaping @Sendable () throws -> any TextReading
  ) {
    (self.makeIndex, self.discard, self.makeReader) = (makeIndex, discard, makeReader)
  }

  func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    try answers(queries.map { Question(query: $0, value: nil) })
  }

  func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit] {
    try answers([Question(query: query, value: value)]).first ?? []
  }

  /// The files whose code mentions the word, sorted.
  func files(mentioning word: String) throws -> [String] {
    let files = try withIndex { index in try index.files(mentioning: word).map(index.manifest.path) }
    guard IdentifierScan.hash(word) == nil else { return files.sorted() }
    // What is no identifier has to be looked for.
    let query = IndexQuery.mention(word, below: "")
    return try search(files.map { ($0, [0]) }, [query]).map { Set($0.map(\.file)).sorted() }.first ?? []
  }

  private func answers(_ questions: [Question]) throws -> [[IndexHit]] {
    let known = memo.withLock { memo in questions.map { memo[$0] } }
    let missing = questions.indices.filter { known[$0] == nil }
    guard !missing.isEmpty else { return known.map { $0 ?? [] } }
    let asked = try withIndex { index in
      var asked: [String: [Int]] = [:]
      for (position, question) in missing.enumerated() {
        for file in try index.files(for: questions[question].query, naming: questions[question].value) {
          asked[file, default: []].append(position)
        }
      }
      return asked
    }
    let files = asked.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let found = try search(files, missing.map { questions[$0].query })
    return memo.withLock { memo in
      for (position, question) in missing.enumerated() {
        let value = questions[question].value
        memo[questions[question]] = value == nil ? found[position] : found[position].filter { $0.value == value }
      }
      return questions.map { memo[$0] ?? [] }
    }
  }

  /// What is damaged is made again; twice in a row it is the machine.
  private func withIndex<Answer>(_ body: (IdentifierIndex) throws -> Answer) throws -> Answer {
    for _ in 0..<3 {
      let index = try index.withLock { index in
        if let index { return index }
        let made = try makeIndex()
        index = made
        return made
      }
      do {
        return try body(index)
      } catch let damage as IndexDamage {
        discard(damage.segment)
        self.index.withLock { known in if known === index { known = nil } }
      }
    }
    throw UserError("the index of the kernel's text changes while it is read: check the disk that holds the cache")
  }

  /// - Parameter files: with the queries that each is asked.
  private func search(_ files: [(file: String, queries: [Int])], _ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let chunk = 32
    let makeReader = makeReader
    let parts = try Parallel.map((files.count + chunk - 1) / chunk) { part in
      let reader = try makeReader()
      var found = [[IndexHit]](repeating: [], count: queries.count)
      for (file, asked) in files[(part * chunk)..<min(files.count, (part + 1) * chunk)] {
        try reader.withText(of: file) { bytes, _ in
          for query in asked { found[query] += TextScan.hits(of: queries[query], in: bytes, file: file) }
        }
      }
      return found
    }
    return queries.indices.map { query in parts.flatMap { $0[query] }.sorted() }
  }
}
