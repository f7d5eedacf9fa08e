internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

/// A snippet set that is here, held against what today's walkthroughs and worker ask of it.
struct Stock {
  let name: String
  let places: Places

  private let folder: String

  /// Throws `UserError` when the catalog is damaged.
  init(name: String, places: Places) throws {
    self.name = name
    self.places = places
    folder = try places.catalog().path(of: name)
  }

  private func maker() throws -> Provenance.Maker {
    try Provenance.Maker(worker: places.engine, walkthroughs: places.annotations().walkthroughs())
  }

  /// Whether the set answers every walk: told from what it was made for, and where another worker made it, by making the
  /// walks. Throws `UserError` when the walkthroughs can't be read.
  func isCurrent() async throws -> Bool {
    let maker = try maker()
    // A set that can't be judged is made again, and what is wrong is said then.
    guard let freshness = try? SnippetSet.freshness(of: folder, for: maker) else { return false }
    switch freshness {
    case .current: return true
    case .damaged, .otherWalkthroughs: return false
    case .otherWorker:
      for walkthrough in try places.annotations().names() where try await !answers(walkthrough) { return false }
      try SnippetSet.adopt(folder, maker)
      return true
    }
  }

  private func answers(_ walkthrough: String) async throws -> Bool {
    do {
      let walk = try await WalkSource(walkthrough: walkthrough, kernel: name, config: nil, places).walk()
      return !walk.findings.contains { SetTree.isComplaint($0.summary) }
    } catch let error as UserError {
      // A kernel without the walkthrough's entry has nothing to answer.
      return !SetTree.isComplaint(error.message)
    }
  }

  /// The package that the set was made from, if it is still there.
  func keptArchive() -> KernelReference? {
    // Without the archive it is fetched again.
    try? SnippetSet.keptArchive(of: folder, cache: places.cache)
  }

  /// What is wrong with a set whose files are whole; nil when nothing is known to be.
  func complaint() throws -> String? {
    guard case .otherWalkthroughs(let names) = try SnippetSet.freshness(of: folder, for: maker()) else { return nil }
    let what = names.joined(separator: ", ")
    return "made before \(what) came to ask what it asks now: run \"walker kernels add \(name)\""
  }
}
