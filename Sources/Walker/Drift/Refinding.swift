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
    if let values = old.meaning?.values, values == new.meaning?.values { score += 4 }
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
  private let editsByFunction: [String: [Edit]]

  init(_ baseline: [FunctionFacts], _ walk: Walk, renames: [String: String]) {
    let known = Dictionary(baseline.map { ($0.name, $0) }) { first, _ in first }
    old = known
    new = walk.fingerprints.functions
    self.renames = renames
    var edits: [String: [Edit]] = [:]
    let before = Dictionary(renames.map { ($1, $0) }) { first, _ in first }
    for print in walk.fingerprints.functions {
      guard let twin = known[print.name] ?? before[print.name].flatMap({ known[$0] }) else { continue }
      edits[print.name] = Edit.edits(from: twin, to: FunctionFacts(print))
    }
    editsByFunction = edits
  }

  /// By the functions' order in the walk.
  var edits: [Edit] { new.flatMap { editsByFunction[$0.name] ?? [] } }

  func edits(of name: String?) -> [Edit] { name.flatMap { editsByFunction[$0] } ?? [] }

  func new(_ name: String?) -> FunctionFacts? { new.first { $0.name == name }.map(FunctionFacts.init) }

  /// The function at that place has no counterpart in the accepted kernel.
  func isNew(at location: SourceLocation) -> Bool {
    let here = new.first { FunctionFacts($0).contains(location) }
    return here.map { old[$0.name] == nil } ?? true
  }

  /// `name` is what became of `other`.
  func isSuccessor(_ name: String?, of other: String?) -> Bool {
    guard let name, let other else { return false }
    return isRename(other, to: name)
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
