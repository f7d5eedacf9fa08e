internal import WalkerModel

/// Where the place of an annotation went, when its anchor fits nothing any more. In order: the same function; the one that
/// it was renamed to, split into or moved as; a place of the same role elsewhere on the value's path. Never a guess: two
/// equally good places are both listed, and none is chosen.
struct Refinding {
  enum Outcome {
    case found(SitePrint, how: String)
    case ambiguous([SitePrint])
    case gone
  }

  let walk: Walk
  let functions: FunctionMap

  func find(_ old: AnnotationFacts) -> Outcome {
    let sites = walk.fingerprints.sites.filter { $0.site.role.rawValue == old.role }
    if let name = old.function {
      let same = best(old, sites.filter { $0.site.function == name }, how: "in the same function")
      if let same { return same }
      let successors = functions.successors(of: name)
      let moved = best(
        old, sites.filter { $0.site.function.map(successors.contains) ?? false }, how: "in what became of \(name)()")
      if let moved { return moved }
    }
    let walked = Set(walk.fingerprints.functions.filter { $0.role != nil }.map(\.name))
    return best(
      old, sites.filter { $0.site.function.map(walked.contains) ?? true }, how: "elsewhere on the value's path")
      ?? .gone
  }

  /// Nil when none is good enough.
  private func best(_ old: AnnotationFacts, _ sites: [SitePrint], how: String) -> Outcome? {
    let ranked = sites.map { ($0, likeness(old, $0)) }.filter { $0.1 >= 4 }.sorted { $0.1 > $1.1 }
    guard let first = ranked.first else { return nil }
    let equal = ranked.filter { $0.1 == first.1 }.map(\.0)
    return equal.count == 1 ? .found(first.0, how: how) : .ambiguous(equal)
  }

  /// A place needs the same tokens, the same structure or the same target; neighbours and value decide between several.
  private func likeness(_ old: AnnotationFacts, _ new: SitePrint) -> Int {
    var score = 0
    if old.text == new.text { score += 8 }
    if let shape = old.shape, shape == new.shape { score += 6 }
    if let value = old.value, value == new.value { score += 4 }
    if old.role == Anchor.Role.entry.rawValue { score += 4 }
    if !Set(old.names).isDisjoint(with: new.site.names) { score += old.role == "guard" ? 0 : 4 }
    guard score > 0 else { return 0 }
    if let before = old.before, before == new.before { score += 1 }
    if let after = old.after, after == new.after { score += 1 }
    return score
  }
}

/// What became of the functions of a baseline.
struct FunctionMap {
  private let old: [String: FunctionFacts]
  private let new: [FunctionPrint]
  /// Functions that were found by their text outside of the walk.
  private let renames: [String: String]

  init(_ baseline: [FunctionFacts], _ walk: Walk, renames: [String: String]) {
    old = Dictionary(baseline.map { ($0.name, $0) }) { first, _ in first }
    new = walk.fingerprints.functions
    self.renames = renames
  }

  func old(_ name: String?) -> FunctionFacts? { name.flatMap { old[$0] } }

  func new(_ name: String?) -> FunctionFacts? { new.first { $0.name == name }.map(FunctionFacts.init) }

  func isWalked(_ name: String) -> Bool { new.contains { $0.name == name && $0.behaviour != nil } }

  /// The function at that place is a new one, or no longer calls what it called.
  func isRewritten(at location: SourceLocation) -> Bool {
    let here = new.map(FunctionFacts.init).first { $0.contains(location) }
    guard let here, let before = old[here.name] else { return true }
    return !Set(before.calls).isSubset(of: here.calls)
  }

  /// The function that stood at that place of the old kernel is gone, or no longer calls what it called.
  func wasRewritten(at location: SourceLocation) -> Bool {
    guard let before = old.values.first(where: { $0.contains(location) }), let here = new(before.name) else {
      return true
    }
    return !Set(before.calls).isSubset(of: here.calls)
  }

  /// The place lies in the test of a threshold.
  func isInTest(_ location: SourceLocation) -> Bool {
    new.contains { $0.role == .test && FunctionFacts($0).contains(location) }
  }

  func wasInTest(_ location: SourceLocation) -> Bool {
    old.values.contains { $0.role == Frame.Role.test.rawValue && $0.contains(location) }
  }

  /// The new functions that hold what the old one held, best first: the same text under another name, much of the text,
  /// or a function that is new and was called from it or from where it was called.
  func successors(of name: String) -> [String] {
    if let renamed = renames[name] { return [renamed] }
    guard let function = old[name] else { return [] }
    let fresh = new.filter { old[$0.name] == nil }
    if let twin = fresh.first(where: { $0.text == function.text }) { return [twin.name] }
    let alike = fresh.filter { Sketch.likeness($0.sketch, function.sketch) >= 0.3 }
    let called = fresh.filter { $0.caller == name || ($0.caller != nil && $0.caller == function.caller) }
    return (alike + called).map(\.name)
  }

  /// The function's new name, when its text stands under another one.
  func isRename(_ name: String, to other: String) -> Bool {
    if renames[name] == other { return true }
    guard let function = old[name], !new.contains(where: { $0.name == name }) else { return false }
    guard let found = new.first(where: { $0.name == other }), old[other] == nil else { return false }
    return found.text == function.text || Sketch.likeness(found.sketch, function.sketch) >= 0.5
  }
}
