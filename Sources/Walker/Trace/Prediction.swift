internal import WalkerKernel
internal import WalkerModel

/// Which source files a walk will most likely need, told from the names in its walkthrough before anything is parsed. A
/// file too much or too little costs time, nothing else.
struct Prediction {
  let walkthrough: Walkthrough
  let tree: any KernelTree

  /// The entry's file first, the others by path.
  func files() -> [String] {
    let entries = walkthrough.entryQueries
    let names = names
    let answers = answer(entries + names.map { .definition($0) })
    guard let entry = answers.prefix(entries.count).joined().first(where: { $0.file.hasSuffix(".c") })?.file else {
      return []
    }
    let top = entry.prefix { $0 != "/" }
    var files: Set<String> = []
    for hits in answers.dropFirst(entries.count) {
      // What a header defines is found in whatever file includes it.
      guard hits.allSatisfy({ $0.file.hasSuffix(".c") }) else { continue }
      if let near = hits.first(where: { $0.file.hasPrefix(top + "/") }) ?? hits.first { files.insert(near.file) }
    }
    files.remove(entry)
    return [entry] + files.sorted()
  }

  private var names: [String] {
    var names = Set(walkthrough.waypoints + walkthrough.annotations.flatMap(\.anchor.function))
    for result in walkthrough.results { names.formUnion(result.subject.threshold?.test ?? []) }
    return names.sorted()
  }

  /// All in one pass over the text; of a snippet set, which only knows what it was asked when it was made, one by one.
  private func answer(_ queries: [IndexQuery]) -> [[IndexHit]] {
    // A prediction that misses a file decides how long the walk takes: the walk asks again itself, and fails where that does.
    if let answers = try? tree.answers(queries) { return answers }
    return queries.map { (try? tree.answer($0)) ?? [] }
  }
}

extension Walkthrough {
  /// Where the text may define the entry.
  var entryQueries: [IndexQuery] {
    switch entry {
    case .syscall(let name): [.systemCall(name), .definition("sys_\(name)")]
    case .function(let names): names.map { .definition($0) }
    }
  }
}
