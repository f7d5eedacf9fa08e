internal import WalkerModel

extension Comparison {
  /// Conditions, ways out, tables, reaches and open ends of the walk as a whole; then the text of its functions.
  func path() -> PathReport {
    guard let nearest = baselines.first(where: { $0.path != nil }), let old = nearest.path else {
      return PathReport(
        verdict: .unchecked,
        reasons: [
          PathReport.Reason(verdict: .unchecked, text: "no accepted kernel has a path to compare with", location: nil)
        ])
    }
    let new = current.path ?? old
    let functions = FunctionMap(nearest.functions, walk, renames: renames)
    func drift(_ old: [ConditionPrint], _ new: [ConditionPrint], _ noun: String) -> [PathReport.Reason] {
      let (before, now) = (Set(old.map(\.text)), Set(new.map(\.text)))
      return ConditionDrift(
        gone: old.filter { !now.contains($0.text) }, added: new.filter { !before.contains($0.text) }, noun: noun,
        isRewritten: functions.isRewritten
      ).reasons
    }
    var reasons = drift(old.given, new.given, "condition of the path")
    // A way out that is too long to be read is made of those of the functions below, which are compared one by one.
    reasons += drift(old.exits.filter(\.isReadable), new.exits.filter(\.isReadable), "way out")
    reasons += changes(old.tables, new.tables, "ops table")
    reasons += changes(old.reaches, new.reaches, "field that the value reaches")
    reasons += changes(old.openEnds, new.openEnds, "open end that receives the value")
    reasons += edits(nearest)
    return PathReport(verdict: reasons.map(\.verdict).max() ?? .ok, reasons: reasons)
  }

  private func changes(_ old: [String], _ new: [String], _ noun: String) -> [PathReport.Reason] {
    let gone = old.filter { !new.contains($0) }
    let added = new.filter { !old.contains($0) }
    func list(_ names: [String]) -> String { names.joined(separator: ", ") }
    switch (gone.isEmpty, added.isEmpty) {
    case (true, true): return []
    case (true, false): return [reason(.broken, "a new \(noun): \(list(added))")]
    case (false, true): return [reason(.broken, "no longer there, a \(noun): \(list(gone))")]
    case (false, false): return [reason(.broken, "another \(noun): \(list(gone)) became \(list(added))")]
    }
  }

  private func reason(_ verdict: CheckVerdict, _ text: String, _ location: SourceLocation? = nil) -> PathReport.Reason {
    PathReport.Reason(verdict: verdict, text: text, location: location)
  }

  /// Walked functions whose text was edited, or in which other things happen. The tests of thresholds are results, and
  /// compared as such.
  private func edits(_ nearest: Baseline) -> [PathReport.Reason] {
    let edited = walk.fingerprints.functions.filter { function in
      function.behaviour != nil && nearest.functions.contains { $0.name == function.name && $0.text != function.text }
    }
    return walk.fingerprints.functions.compactMap { function in
      guard function.role == .path || function.role == .side, let behaviour = function.behaviour,
        let old = nearest.functions.first(where: { $0.name == function.name })
      else { return nil }
      switch (old.text == function.text, old.behaviour == behaviour) {
      // What happens below an edited function happens below its callers, too.
      case (true, true): return nil
      case (true, false) where !edited.isEmpty: return nil
      case (false, true):
        return reason(.review, "\(function.name)() was edited; the walk sees the same happen in it", function.location)
      case (false, false):
        return reason(
          .unchecked, "\(function.name)() was edited; other things than before happen in it beside the results",
          function.location)
      case (true, false):
        return reason(
          .unchecked, "\(function.name)() is the same text, but other things happen below it", function.location)
      }
    }
  }
}
