internal import FoundationEssentials
internal import Synchronization
internal import WalkerModel

/// Answers to queries, kept on disk under a key that names the tree and checked against a stamp of the tree's state:
/// an answer whose stamp differs is never used. Losing the file costs time only, so failing to write it is no error.
final class IndexCache: Sendable {
  private struct File: Codable {
    var format: Int
    var stamp: String
    var answers: [RecordedAnswer]
  }

  private static let format = 1
  private let path: String?
  private let stamp: String
  private let known: Mutex<[IndexQuery: [IndexHit]]>

  /// `folder` is the cache's; nil keeps answers in memory only.
  init(folder: String?, key: String, stamp: String) throws {
    path = try folder.map { try $0 + "/index/" + SHA256.hex(of: key) + ".json" }
    self.stamp = stamp
    var answers: [IndexQuery: [IndexHit]] = [:]
    if let path, let bytes = try? Disk.read(path),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.format == Self.format,
      file.stamp == stamp
    {
      for answer in file.answers {
        guard let (query, hits) = answer.value else { continue }
        answers[query] = hits
      }
    }
    known = Mutex(answers)
  }

  /// The known answers; `find` is asked for the others, and its answers are kept.
  func answers(
    _ queries: [IndexQuery], find: ([IndexQuery]) throws -> [[IndexHit]]
  ) throws -> [[IndexHit]] {
    let missing = known.withLock { known in queries.filter { known[$0] == nil } }
    if !missing.isEmpty {
      let found = try find(missing)
      known.withLock { known in
        for (query, hits) in zip(missing, found) { known[query] = hits }
      }
      save()
    }
    return known.withLock { known in queries.map { known[$0] ?? [] } }
  }

  /// What is known already; nil unless all of it is.
  func known(_ queries: [IndexQuery]) -> [[IndexHit]]? {
    let answers = known.withLock { known in queries.compactMap { known[$0] } }
    return answers.count == queries.count ? answers : nil
  }

  private func save() {
    guard let path else { return }
    let answers = known.withLock { $0 }.map { RecordedAnswer($0.key, $0.value) }.sorted()
    let file = File(format: Self.format, stamp: stamp, answers: answers)
    guard let parent = TreePath.parent(path), (try? Disk.makeFolders(parent)) != nil,
      let data = try? JSONEncoder().encode(file)
    else { return }
    try? Disk.replace(path, with: Array(data))
  }
}

/// A query and its answer as files hold them: `{"query":"initializer","name":"open","hits":["a.c:12 x_open"]}`.
struct RecordedAnswer: Codable, Comparable, Sendable {
  let query: String
  let name: String
  let below: String?
  let hits: [String]

  init(_ query: IndexQuery, _ hits: [IndexHit]) {
    switch query {
    case .systemCall(let name): (self.query, self.name, below) = ("systemCall", name, nil)
    case .definition(let name): (self.query, self.name, below) = ("definition", name, nil)
    case .initializer(field: let name): (self.query, self.name, below) = ("initializer", name, nil)
    case .mention(let name, below: let folder): (self.query, self.name, below) = ("mention", name, folder)
    case .writer(field: let name): (self.query, self.name, below) = ("writer", name, nil)
    case .caller(of: let name): (self.query, self.name, below) = ("caller", name, nil)
    case .holder(of: let name): (self.query, self.name, below) = ("holder", name, nil)
    }
    self.hits = hits.map { hit in "\(hit.file):\(hit.line)" + (hit.value.map { " " + $0 } ?? "") }
  }

  init(query: String, name: String, below: String?, hits: [String]) {
    (self.query, self.name, self.below, self.hits) = (query, name, below, hits)
  }

  /// nil when the text is not one of ours.
  var value: (IndexQuery, [IndexHit])? {
    let asked: IndexQuery
    switch (query, below) {
    case ("systemCall", nil): asked = .systemCall(name)
    case ("definition", nil): asked = .definition(name)
    case ("initializer", nil): asked = .initializer(field: name)
    case ("mention", let folder?): asked = .mention(name, below: folder)
    case ("writer", nil): asked = .writer(field: name)
    case ("caller", nil): asked = .caller(of: name)
    case ("holder", nil): asked = .holder(of: name)
    default: return nil
    }
    var read: [IndexHit] = []
    for text in hits {
      guard let hit = IndexHit(recorded: text) else { return nil }
      read.append(hit)
    }
    return (asked, read)
  }

  static func < (left: RecordedAnswer, right: RecordedAnswer) -> Bool {
    (left.query, left.name, left.below ?? "") < (right.query, right.name, right.below ?? "")
  }
}

extension IndexHit {
  fileprivate init?(recorded text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...].split(separator: " ")
    guard let number = rest.first, rest.count <= 2, let line = Int(number) else { return nil }
    self.init(file: String(text[..<colon]), line: line, value: rest.count == 2 ? String(rest[1]) : nil)
  }
}
