internal import WalkerModel

/// A snippet set as a tree: the files that walkthroughs need, and recorded answers instead of the rest of the kernel.
public final class SetTree: KernelTree {
  public let provenance: Provenance
  public let source: String
  public let root: String?
  private let folder: FolderTree
  private let answers: [IndexQuery: [IndexHit]]
  private let mentioning: [String: [String]]

  /// Throws `UserError` when `path` is no snippet set, or its files are not what was fetched.
  public init(_ path: String) throws {
    provenance = try SnippetSet.provenance(of: path)
    let problems = try SnippetSet.verify(path, provenance)
    guard problems.isEmpty else {
      let more = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
      throw UserError(
        "\(path) is not as it was fetched (\(problems[0])\(more)): run `walker kernels add \(provenance.name)` again, or remove its \(Provenance.fileName) to walk it as a folder of your own"
      )
    }
    folder = try FolderTree(path, source: provenance.source)
    source = provenance.source
    root = folder.root
    var answers: [IndexQuery: [IndexHit]] = [:]
    var mentioning: [String: [String]] = [:]
    for recorded in provenance.index {
      switch recorded.value {
      case .hits(let query, let hits): answers[query] = hits
      case .files(mentioning: let word, let files): mentioning[word] = files
      case nil:
        throw UserError(
          "\(path)/\(Provenance.fileName) is damaged or of another walker: run `walker kernels add \(provenance.name)` again"
        )
      }
    }
    (self.answers, self.mentioning) = (answers, mentioning)
  }

  public func contents(of path: String) throws -> [UInt8]? { try folder.contents(of: path) }
  public func contains(_ path: String) -> Bool { folder.contains(path) }
  public func files(below start: String) throws -> [String] {
    try folder.files(below: start).filter { $0 != Provenance.fileName }
  }

  public func answer(_ query: IndexQuery) throws -> [IndexHit] {
    guard let hits = answers[query] else { throw unasked(query.question) }
    return hits
  }

  public func files(mentioning word: String) throws -> [String] {
    guard let files = mentioning[word] else { throw unasked("which files mention \(word)") }
    return files
  }

  private func unasked(_ question: String) -> UserError {
    UserError(
      "\(Self.complaint) \(provenance.name) was made without this walkthrough (it can't tell \(question)): run `walker kernels add \(provenance.name)` again"
    )
  }

  private static let complaint = "the snippet set"
  /// Whether a sentence is what `answer` throws.
  public static func isComplaint(_ text: String) -> Bool {
    text.contains(complaint + " ") && text.contains("was made without this walkthrough")
  }
}

extension IndexQuery {
  fileprivate var question: String {
    switch self {
    case .systemCall(let name): "where the system call \(name) is defined"
    case .definition(let name): "where \(name) is defined"
    case .initializer(field: let name): "who initializes .\(name)"
    case .mention(let name, below: let folder): "where \(name) stands below \(folder.isEmpty ? "the top" : folder)"
    case .writer(field: let name): "which functions write a field \(name)"
    case .caller(of: let name): "which functions call \(name)"
    case .holder(of: let name): "which fields hold \(name)"
    case .variable(let name): "where the variable \(name) is set"
    case .table(of: let name): "which tables of \(name) are filled by place"
    }
  }
}
