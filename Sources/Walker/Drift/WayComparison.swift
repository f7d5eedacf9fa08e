internal import WalkerFormula
internal import WalkerModel

/// The way of the value: the functions of the chain, the conditions on the way down, the tables of its indirect calls, the
/// namespace that each knob is read from; and the knobs themselves, and who counts the counters.
///
/// Whatever any accepted kernel has is known.
struct WayComparison {
  let walk: Walk
  /// Parameters of the entry that the walkthrough names, in any alternative.
  let parameters: [String]
  let current: Baseline
  /// The most alike first.
  let baselines: [Baseline]
  let functions: FunctionMap
  let oracle: MeaningOracle

  typealias Reason = PathReport.Reason

  func report() -> PathReport {
    let known = baselines.filter { $0.way != nil }
    guard let nearest = known.first, let old = nearest.way, let new = current.way else {
      return PathReport(
        verdict: .unchecked,
        reasons: [Reason(verdict: .unchecked, text: "no accepted kernel has a way to compare with", location: nil)])
    }
    var reasons = chain(known.compactMap(\.way), old, new)
    reasons += conditions(known.compactMap(\.way), old, new)
    reasons += tables(known.compactMap(\.way), old, new)
    if let renamed = renamedParameter() { reasons.append(renamed) }
    reasons += knobs(known)
    reasons += CounterComparison(
      now: current.counters, known: known.map(\.counters), functions: functions
    ).reasons()
    return PathReport(verdict: reasons.map(\.verdict).max() ?? .ok, reasons: reasons)
  }

  // MARK: - Chain

  private func chain(_ known: [Baseline.Way], _ old: Baseline.Way, _ new: Baseline.Way) -> [Reason] {
    let missing = walk.findings.filter { $0.id == "walker.call-path.missing-waypoint" }
    if !missing.isEmpty {
      return missing.map { Reason(verdict: .broken, text: Self.sentence($0.summary), location: edits(in: new.chain)) }
    }
    if known.contains(where: { $0.chain == new.chain }) { return [] }
    let added = new.chain.filter { !old.chain.contains($0) }
    let gone = old.chain.filter { !new.chain.contains($0) }
    var words: [String] = []
    if !added.isEmpty { words.append("it now leads through \(Self.calls(added))") }
    if !gone.isEmpty { words.append("no longer through \(Self.calls(gone))") }
    if words.isEmpty { words.append("it leads through the same functions in another order") }
    // What they do to the value is proved, and under which conditions they are reached is compared.
    let place = walk.frames.first { added.contains($0.function) }?.location
    return [Reason(verdict: .review, text: words.joined(separator: ", "), location: place)]
  }

  private static func calls(_ names: [String]) -> String { names.map { $0 + "()" }.joined(separator: ", ") }

  private static func sentence(_ text: String) -> String {
    var words = text.hasSuffix(".") ? String(text.dropLast()) : text
    if let first = words.first {
      words.replaceSubrange(..<words.index(after: words.startIndex), with: first.lowercased())
    }
    return words
  }

  /// The first edit of a function that leads to the next one.
  private func edits(in chain: [String]) -> SourceLocation? {
    chain.lazy.reversed().compactMap { functions.edits(of: $0).first?.location }.first
  }

  // MARK: - Conditions

  private func conditions(_ known: [Baseline.Way], _ old: Baseline.Way, _ new: Baseline.Way) -> [Reason] {
    let prints = walk.fingerprints.given
    let now = prints.map { MeaningOracle.condition($0.text).withoutWays }
    let all = Expression.and(now)
    func parts(_ way: Baseline.Way) -> [Expression] { way.given.map { MeaningOracle.condition($0).withoutWays } }
    // Texts first: no question is asked that needs no proof.
    if known.contains(where: { Set($0.given) == Set(new.given) || Expression.and(parts($0)) == all }) { return [] }
    if known.contains(where: { oracle.compare(.and(parts($0)), all) == .same }) { return [] }
    let before = parts(old)
    let added = prints.indices.filter { !oracle.implies(.and(before), now[$0]) }
    var gone = before.filter { !oracle.implies(all, $0) }
    var reasons: [Reason] = []
    for position in added {
      let print = prints[position]
      let isRewritten = functions.isNew(at: print.location)
      if let twin = gone.firstIndex(where: { $0.atoms == now[position].atoms }) {
        let was = gone.remove(at: twin)
        reasons.append(
          reason(
            isRewritten ? .unchecked : .broken,
            "it goes on where \(Self.words(now[position], print.source)), and did where \(Self.words(was, ""))",
            print.location))
      } else {
        let isReplaced = !gone.isEmpty || isRewritten
        reasons.append(
          reason(
            isReplaced ? .unchecked : .broken,
            "it goes on only where \(Self.words(now[position], print.source)) as well",
            print.location))
      }
    }
    for condition in gone {
      reasons.append(
        reason(
          added.isEmpty ? .broken : .unchecked, "it no longer waits for \(Self.words(condition, ""))",
          edits(in: new.chain)))
    }
    return reasons
  }

  private static func words(_ condition: Expression, _ source: String) -> String {
    if let text = ConditionText.of(condition) { return "(\(text))" }
    return source.isEmpty ? "a long condition holds" : "a condition holds that is made of (\(source))"
  }

  private func reason(_ verdict: CheckVerdict, _ text: String, _ location: SourceLocation? = nil) -> Reason {
    Reason(verdict: verdict, text: text, location: location)
  }

  // MARK: - Tables

  /// Another function in the same table is the same way where it leads to the old one.
  private func tables(_ known: [Baseline.Way], _ old: Baseline.Way, _ new: Baseline.Way) -> [Reason] {
    if known.contains(where: { $0.tables == new.tables }) { return [] }
    func parts(_ table: String) -> (place: String, function: String) {
      let words = table.split(separator: " ")
      return (words.dropLast().joined(separator: " "), String(words.last ?? ""))
    }
    var reasons: [Reason] = []
    var added = new.tables.filter { !old.tables.contains($0) }
    for table in old.tables where !new.tables.contains(table) {
      let (place, function) = parts(table)
      guard let twin = added.firstIndex(where: { parts($0).place == place }) else {
        reasons.append(reason(.broken, "\(place) no longer leads to \(function)()"))
        continue
      }
      let other = parts(added.remove(at: twin)).function
      let at = walk.frames.first { $0.function == other }?.reachedBy.tableLocation
      reasons.append(
        new.chain.contains(function) || functions.isRename(function, to: other)
          ? reason(.review, "\(place) holds \(other)(), which leads to what \(function)() did", at)
          : reason(.broken, "\(place) holds \(other)(), and held \(function)()", at))
    }
    return reasons + added.map { reason(.broken, "\(parts($0).place) leads to \(parts($0).function)()") }
  }

  /// The followed parameter was found by its place, as none has its name.
  private func renamedParameter() -> Reason? {
    guard let entry = walk.frames.first, let name = entry.parameter, name != walk.tracked.name,
      !parameters.contains(name)
    else { return nil }
    return reason(
      .review, "the followed parameter \(walk.tracked.name) of \(entry.function)() is now called \(name)",
      entry.location
    )
  }

  // MARK: - Knobs

  private func knobs(_ known: [Baseline]) -> [Reason] {
    current.knobs.flatMap { knob -> [Reason] in
      let before = known.compactMap { baseline in baseline.knobs.first { $0.name == knob.name } }
      guard let old = before.first, let found = walk.knobs.first(where: { $0.name == knob.name }) else { return [] }
      func tell(_ verdict: CheckVerdict, _ text: String, _ place: SourceLocation?) -> Reason {
        Reason(verdict: verdict, text: "\(knob.name) \(text)", location: place, subject: .knob, id: knob.name)
      }
      var reasons: [Reason] = []
      if !before.contains(where: { $0.reads == knob.reads }) {
        reasons.append(
          tell(
            .broken, "is read from \(Self.list(knob.reads)), and was from \(Self.list(old.reads))",
            edits(in: walk.frames.map(\.function))))
      }
      if !before.contains(where: { $0.standard == knob.standard }) {
        reasons.append(
          tell(
            .broken,
            "starts at \(knob.standard ?? "a number that was not found"), and did at \(old.standard ?? "one that was not found")",
            found.defaultLocation ?? found.location))
      }
      if !before.contains(where: { $0.range == knob.range }) {
        func range(_ text: String) -> String { text.isEmpty ? "anything" : text }
        reasons.append(tell(.broken, "takes \(range(knob.range)), and took \(range(old.range))", found.location))
      }
      return reasons
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty
      ? "elsewhere" : names.map { $0.split(separator: ".").last.map(String.init) ?? $0 }.joined(separator: ", ")
  }
}
