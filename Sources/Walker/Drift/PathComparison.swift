internal import WalkerModel

extension Comparison {
  /// Conditions, ways out, tables, reaches and open ends of the walk as a whole; then the text of its functions.
  ///
  /// - Parameter covered: what the results quantify over, where all of them are proved the same.
  func path(covered: Set<String>) -> PathReport {
    guard let nearest = baselines.first(where: { $0.path != nil }), let old = nearest.path else {
      return PathReport(
        verdict: .unchecked,
        reasons: [
          PathReport.Reason(verdict: .unchecked, text: "no accepted kernel has a path to compare with", location: nil)
        ])
    }
    let new = current.path ?? old
    let functions = FunctionMap(nearest.functions, walk, renames: renames)
    func drift(
      _ old: [ConditionPrint], _ new: [ConditionPrint], _ noun: (one: String, many: String)
    ) -> [PathReport.Reason] {
      let (before, now) = (Set(old.map(\.text)), Set(new.map(\.text)))
      return ConditionDrift(
        gone: old.filter { !now.contains($0.text) }, added: new.filter { !before.contains($0.text) }, noun: noun,
        functions: functions, covered: covered
      ).reasons
    }
    var reasons = drift(old.given, new.given, ("condition of the path", "conditions of the path"))
    // A way out that is too long to be read is made of those of the functions below, which are compared one by one; a
    // test is not compared by what happens in it.
    reasons += drift(
      old.exits.filter { $0.isReadable || functions.wasInTest($0.location) },
      new.exits.filter { $0.isReadable || functions.isInTest($0.location) }, ("way out", "ways out"))
    reasons += tableChanges(old, new)
    reasons += changes(old.reaches, new.reaches, "field that the value reaches")
    // One that is gone leaves less open than before.
    reasons += changes(
      old.openEnds, new.openEnds, "open end that receives the value", gone: .review, added: .unchecked)
    if let tracked = renamedParameter() { reasons.append(tracked) }
    reasons += edits(nearest)
    return PathReport(verdict: reasons.map(\.verdict).max() ?? .ok, reasons: reasons)
  }

  /// Another function in the same table is the same way where it leads to the old one.
  private func tableChanges(_ old: Baseline.Path, _ new: Baseline.Path) -> [PathReport.Reason] {
    func parts(_ table: String) -> (place: String, function: String) {
      let words = table.split(separator: " ")
      return (words.dropLast().joined(separator: " "), String(words.last ?? ""))
    }
    var (before, now) = (old.tables, new.tables)
    var reasons: [PathReport.Reason] = []
    for table in old.tables where !new.tables.contains(table) {
      let (place, function) = parts(table)
      guard let twin = now.first(where: { parts($0).place == place && !old.tables.contains($0) }),
        new.chain.contains(function)
      else { continue }
      before.removeAll { $0 == table }
      now.removeAll { $0 == twin }
      reasons.append(reason(.review, "\(place) now holds \(parts(twin).function)(), which leads to \(function)()"))
    }
    return reasons + changes(before, now, "ops table")
  }

  private func changes(
    _ old: [String], _ new: [String], _ noun: String, gone lost: CheckVerdict = .broken,
    added fresh: CheckVerdict = .broken
  ) -> [PathReport.Reason] {
    let gone = old.filter { !new.contains($0) }
    let added = new.filter { !old.contains($0) }
    func list(_ names: [String]) -> String { names.joined(separator: ", ") }
    switch (gone.isEmpty, added.isEmpty) {
    case (true, true): return []
    case (true, false): return [reason(fresh, "a new \(noun): \(list(added))")]
    case (false, true): return [reason(lost, "no longer there: \(noun) \(list(gone))")]
    case (false, false): return [reason(max(fresh, lost), "another \(noun): \(list(gone)) became \(list(added))")]
    }
  }

  /// The followed parameter was found by its place, as none has its name.
  private func renamedParameter() -> PathReport.Reason? {
    guard walkthrough.trackedPosition != nil, let entry = walk.frames.first, let name = entry.parameter,
      name != walkthrough.track
    else { return nil }
    return reason(
      .review, "the followed parameter \(walkthrough.track) of \(entry.function)() is now called \(name)",
      entry.location)
  }

  private func reason(_ verdict: CheckVerdict, _ text: String, _ location: SourceLocation? = nil) -> PathReport.Reason {
    PathReport.Reason(verdict: verdict, text: text, location: location)
  }

  /// Walked functions whose text was edited, or in which other things happen.
  private func edits(_ nearest: Baseline) -> [PathReport.Reason] {
    let edited = walk.fingerprints.functions.filter { function in
      function.behaviour != nil && nearest.functions.contains { $0.name == function.name && $0.text != function.text }
    }
    return walk.fingerprints.functions.compactMap { function in
      guard let role = function.role, let behaviour = function.behaviour,
        let old = nearest.functions.first(where: { $0.name == function.name })
      else { return nil }
      switch (old.text == function.text, old.behaviour == behaviour) {
      // What happens below an edited function happens below its callers, too; a test is asked what its results say.
      case (true, true): return nil
      case (true, false) where !edited.isEmpty || role == .test: return nil
      case (false, true):
        return reason(.review, "\(function.name)() was edited; the walk sees the same happen in it", function.location)
      case (false, false):
        let news = News(of: function.name, nearest.path, current.path)
        if role == .test, news.isOnlyReturned, isResult(function.name) {
          return reason(
            .review, "\(function.name)() was edited; what it returns is what was proved of it", function.location)
        }
        return reason(
          .unchecked,
          "\(function.name)() was edited; other things than before happen in it beside the results\(news.text)",
          function.location)
      case (true, false):
        return reason(
          .unchecked, "\(function.name)() is the same text, but other things happen below it", function.location)
      }
    }
  }

  /// What the function returns is itself a result, which is proved.
  private func isResult(_ function: String) -> Bool {
    walk.results.contains { result in
      guard result.proof == .proved, result.subject == function else { return false }
      return walkthrough.results.contains {
        $0.id == result.id && $0.subject.threshold?.until.isEmpty ?? false
      }
    }
  }
}
