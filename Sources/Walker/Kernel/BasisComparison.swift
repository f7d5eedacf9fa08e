internal import WalkerModel

/// Compares what walks rest on with one tree. What was asked of the tree once is not asked again for the next basis.
final class BasisComparison {
  let tree: any KernelTree
  private let configurationFile: (name: String, bytes: [UInt8])?
  private var ids: [String: String?] = [:]
  private var isThere: [String: Bool] = [:]
  private var digests: [BasisRecorder.Question: String] = [:]
  private var outline: ParseEnvironment?

  init(tree: any KernelTree, configurationFile: (name: String, bytes: [UInt8])?) {
    self.tree = tree
    self.configurationFile = configurationFile
  }

  /// Of a tree whose environment is known.
  init(tree: any KernelTree, environment: ParseEnvironment) {
    self.tree = tree
    configurationFile = nil
    outline = environment
  }

  /// Of this tree. Throws as `ParseEnvironment.make` does.
  func environment() throws -> ParseEnvironment {
    if let outline { return outline }
    let made = try ParseEnvironment.outline(for: tree, configurationFile: configurationFile).environment
    outline = made
    return made
  }

  /// Whether a walk that rests on this is also the walk through this tree. What is cheap and likely to differ is asked
  /// first. Throws `UserError` when the tree can't be read.
  func holds(_ basis: WalkBasis) throws -> Bool {
    guard LoadedLibraries.areCurrent(basis.libraries), try haveSameContents(basis.files) else { return false }
    guard basis.absent.allSatisfy({ ParseEnvironment.isGenerated($0) || !contains($0) }) else { return false }
    let environment = try environment()
    guard try environment.argumentsDigest() == basis.arguments,
      try environment.values(of: basis.symbols) == basis.symbolValues,
      try environment.ids(of: basis.made.map(\.path)) == basis.made,
      basis.absent.allSatisfy({ !ParseEnvironment.isGenerated($0) || environment.made($0) == nil })
    else { return false }
    return try haveSameAnswers(basis.answers)
  }

  private func haveSameContents(_ files: [WalkBasis.File]) throws -> Bool {
    // The first ones tell most kernels apart.
    for file in files.prefix(32) where try id(of: file.path) != file.id { return false }
    let unknown = files.map(\.path).filter { ids[$0] == nil }
    let tree = tree
    let found =
      tree.root == nil
      ? try unknown.map(tree.contentID) : try Parallel.map(unknown.count) { try tree.contentID(of: unknown[$0]) }
    for (path, id) in zip(unknown, found) { ids[path] = .some(id) }
    return try files.allSatisfy { try id(of: $0.path) == $0.id }
  }

  /// As git names the content; nil when there is no such file. Throws `UserError` when the tree can't be read.
  func id(of path: String) throws -> String? {
    if let known = ids[path] { return known }
    let id = try tree.contentID(of: path)
    ids[path] = .some(id)
    return id
  }

  private func contains(_ path: String) -> Bool {
    if let known = isThere[path] { return known }
    let answer = tree.contains(path)
    isThere[path] = answer
    return answer
  }

  private func haveSameAnswers(_ answers: [WalkBasis.Answer]) throws -> Bool {
    var asked: [(question: BasisRecorder.Question, digest: String)] = []
    for answer in answers {
      guard let question = answer.question else { return false }
      asked.append((question, answer.digest))
    }
    do {
      try ask(asked.map(\.question).filter { digests[$0] == nil })
    } catch is UserError {
      // A snippet set that was never asked this: the engine says so better.
      return false
    }
    return asked.allSatisfy { digests[$0.question] == $0.digest }
  }

  private func ask(_ questions: [BasisRecorder.Question]) throws {
    var whole: [IndexQuery] = []
    for question in Set(questions) {
      switch question {
      case .hits(let query, naming: nil): whole.append(query)
      case .hits(let query, naming: let value?):
        digests[question] = try WalkBasis.digest(of: tree.answer(query, naming: value))
      case .files(mentioning: let word): digests[question] = try WalkBasis.digest(of: tree.files(mentioning: word))
      }
    }
    for (query, hits) in zip(whole, try tree.answers(whole)) {
      digests[.hits(query, naming: nil)] = try WalkBasis.digest(of: hits)
    }
  }
}

extension WalkBasis.Answer {
  fileprivate var question: BasisRecorder.Question? {
    switch RecordedAnswer(query: query, name: name, below: below, hits: []).value {
    case .hits(let query, _): .hits(query, naming: value)
    case .files(mentioning: let word, _) where value == nil: .files(mentioning: word)
    default: nil
    }
  }
}
