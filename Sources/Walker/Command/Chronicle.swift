internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

/// Puts walks in the order of their kernels' versions, and folds those that mean the same.
struct Chronicle {
  private let walks: Walks

  init(_ walks: Walks) { self.walks = walks }

  private struct Entry {
    let name: String
    let walk: Result<Walk, UserError>
  }

  /// Throws `UserError` when none of the kernels can be walked.
  func history(of kernels: [KernelReference]) async throws -> History {
    let found = try await walks.walks(kernels)
    // A kernel that can't be walked has no version of its own; its name is all there is to order it by.
    let entries = zip(kernels, found).map { kernel, walk in
      (Entry(name: kernel.name, walk: walk), (try? walk.get().kernel.version) ?? kernel.name)
    }.sorted { left, right in
      KernelVersion.isOlder(left.1, than: right.1)
        || (!KernelVersion.isOlder(right.1, than: left.1) && left.0.name < right.0.name)
    }.map(\.0)
    return try history(entries)
  }

  /// Throws `UserError` when the clone has no such tags, or none can be walked.
  func history(of clone: GitHistory, tags patterns: [String], commits: Bool) async throws -> History {
    var seen: Set<String> = []
    let tags = try patterns.flatMap(clone.tags).filter { seen.insert($0.name).inserted }
      .sorted { KernelVersion.isOlder($0.name, than: $1.name) }
    // One walk for tags of one tree.
    var unique: [String: Int] = [:]
    var asked: [KernelReference] = []
    for tag in tags where unique[tag.tree ?? tag.name] == nil {
      unique[tag.tree ?? tag.name] = asked.count
      asked.append(clone.reference(tag.name, named: tag.name))
    }
    let found = try await walks.walks(asked)
    let entries = tags.compactMap { tag in
      unique[tag.tree ?? tag.name].map { Entry(name: tag.name, walk: found[$0]) }
    }
    let history = try history(entries)
    return commits ? try await explained(history, entries, Bisection(clone: clone, walks: walks)) : history
  }

  private func history(_ entries: [Entry]) throws -> History {
    // Those that failed are in `unwalked`, with the reason.
    let known = entries.compactMap { try? $0.walk.get() }
    guard let last = known.last else {
      if case .failure(let error)? = entries.first?.walk { throw error }
      throw UserError("no kernel was named: give one with --kernel", exitStatus: ExitStatus.usage)
    }
    let unwalked: [(kernel: String, why: String)] = entries.compactMap { entry in
      if case .failure(let error) = entry.walk { (entry.name, error.message) } else { nil }
    }
    return History(
      walkthrough: last.walkthrough, title: last.title, kernels: entries.map(\.name), lines: lines(entries),
      unwalked: unwalked)
  }

  private func lines(_ entries: [Entry]) -> [History.Line] {
    // Those that failed are in `unwalked`, with the reason.
    let known = entries.compactMap { entry in (try? entry.walk.get()).map { (entry.name, $0) } }
    func folded(_ id: String, isKnob: Bool, _ meaning: (Walk) -> Meaning?) -> History.Line {
      var ranges: [(range: History.Range, meaning: Meaning)] = []
      for (name, walk) in known {
        guard let meaning = meaning(walk) else { continue }
        if let last = ranges.last, last.meaning.isSame(as: meaning) {
          ranges[ranges.count - 1].range.last = name
          ranges[ranges.count - 1].range.count += 1
        } else {
          ranges.append((meaning.range(first: name), meaning))
        }
      }
      return History.Line(id: id, isKnob: isKnob, ranges: ranges.map(\.range))
    }
    var seen: Set<String> = []
    let results = known.flatMap { $0.1.results.map(\.id) }.filter { seen.insert($0).inserted }
    let knobs = Set(known.flatMap { $0.1.knobs.map(\.name) }).sorted()
    return results.map { id in folded(id, isKnob: false) { Meaning(result: id, of: $0) } }
      + knobs.map { name in folded(name, isKnob: true) { Meaning(knob: name, of: $0) } }
  }

  /// Ends every change at the commits that made it.
  private func explained(_ history: History, _ entries: [Entry], _ bisection: Bisection) async throws -> History {
    var lines = history.lines
    for line in lines.indices {
      for position in lines[line].ranges.indices.dropFirst() {
        let (before, after) = (lines[line].ranges[position - 1], lines[line].ranges[position])
        let subject: Meaning.Subject = lines[line].isKnob ? .knob(lines[line].id) : .result(lines[line].id)
        lines[line].ranges[position].causes = try await bisection.causes(
          of: subject, from: before.last, to: after.first)
      }
    }
    return History(
      walkthrough: history.walkthrough, title: history.title, kernels: history.kernels, lines: lines,
      unwalked: history.unwalked)
  }
}

/// What a result, or a knob's default, is in one kernel.
struct Meaning: Sendable, Hashable {
  enum Subject: Sendable, Hashable { case result(String), knob(String) }

  let text: String
  /// Proved: two formulas of one era are equal, however they are written.
  let era: String?
  let location: String?
  let isKnown: Bool

  init?(_ subject: Subject, of walk: Walk) {
    switch subject {
    case .result(let id): self.init(result: id, of: walk)
    case .knob(let name): self.init(knob: name, of: walk)
    }
  }

  init?(result id: String, of walk: Walk) {
    guard let result = walk.results.first(where: { $0.id == id }) else { return nil }
    text = result.formula
    era = result.proof == .proved ? result.era : nil
    location = result.location?.description
    isKnown = result.derivation != nil || result.proof == .absent
  }

  init?(knob name: String, of walk: Walk) {
    guard let knob = walk.knobs.first(where: { $0.name == name }) else { return nil }
    let number = knob.defaultValue.map(String.init) ?? knob.defaultFormula
    let range =
      knob.minimum == nil && knob.maximum == nil
      ? "" : ", \(knob.minimum.map(String.init) ?? "")..\(knob.maximum.map(String.init) ?? "")"
    text = (number ?? "no default found") + range
    era = nil
    location = (knob.defaultLocation ?? knob.location).description
    isKnown = number != nil
  }

  func isSame(as other: Meaning) -> Bool {
    if let era, era == other.era { return true }
    // What could not be derived is not the same in other words.
    guard isKnown == other.isKnown else { return false }
    return era == other.era && (!isKnown || text == other.text)
  }

  func range(first: String) -> History.Range {
    History.Range(first: first, text: text, era: era, location: location, isKnown: isKnown)
  }
}
