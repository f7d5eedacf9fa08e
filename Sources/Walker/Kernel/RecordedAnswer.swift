internal import WalkerModel

/// A question to a tree's text and its answer, as files hold them:
/// `{"query":"initializer","name":"open","hits":["a.c:12 x_open"]}`; which files mention a word:
/// `{"query":"files","name":"gate","hits":["a.c","b.h"]}`.
struct RecordedAnswer: Codable, Comparable, Sendable {
  enum Value {
    case hits(IndexQuery, [IndexHit])
    case files(mentioning: String, [String])
  }

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
    case .variable(let name): (self.query, self.name, below) = ("variable", name, nil)
    case .table(of: let name): (self.query, self.name, below) = ("table", name, nil)
    }
    self.hits = hits.map { hit in "\(hit.file):\(hit.line)" + (hit.value.map { " " + $0 } ?? "") }
  }

  init(mentioning word: String, _ files: [String]) { (query, name, below, hits) = ("files", word, nil, files) }

  init(query: String, name: String, below: String?, hits: [String]) {
    (self.query, self.name, self.below, self.hits) = (query, name, below, hits)
  }

  /// nil when the text is not one of ours.
  var value: Value? {
    let asked: IndexQuery
    switch (query, below) {
    case ("files", nil): return .files(mentioning: name, hits)
    case ("systemCall", nil): asked = .systemCall(name)
    case ("definition", nil): asked = .definition(name)
    case ("initializer", nil): asked = .initializer(field: name)
    case ("mention", let folder?): asked = .mention(name, below: folder)
    case ("writer", nil): asked = .writer(field: name)
    case ("caller", nil): asked = .caller(of: name)
    case ("holder", nil): asked = .holder(of: name)
    case ("variable", nil): asked = .variable(name)
    case ("table", nil): asked = .table(of: name)
    default: return nil
    }
    var read: [IndexHit] = []
    for text in hits {
      guard let hit = IndexHit(recorded: text) else { return nil }
      read.append(hit)
    }
    return .hits(asked, read)
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
