internal import WalkerModel

/// Who counts a threshold's counter, here and in the accepted kernel that is most like this one in that: without those
/// who count, no queue ever fills, and no proof would tell.
struct CounterComparison {
  let now: [CounterPrint]
  /// The accepted kernels' counters, those of the most alike first.
  let known: [[CounterPrint]]
  let functions: FunctionMap

  typealias Reason = PathReport.Reason

  func reasons() -> [Reason] {
    // All of one kernel: what each kernel does once, and none does together, is not known.
    let all = known.filter { !$0.isEmpty }.map(reasons)
    func weight(_ reasons: [Reason]) -> (CheckVerdict, Int) { (reasons.map(\.verdict).max() ?? .ok, reasons.count) }
    return all.min { weight($0) < weight($1) } ?? []
  }

  private func reasons(against before: [CounterPrint]) -> [Reason] {
    var reasons: [Reason] = []
    for print in now {
      guard let old = before.first(where: { isSame($0, print) }) else {
        if let moved = before.first(where: { isMoved($0, to: print, since: before) }) {
          reasons.append(
            tell(.review, print, "\(print.function)() counts \(print.counter), as \(moved.function)() did"))
        } else {
          reasons.append(
            tell(.unchecked, print, "\(print.function)() writes \(print.counter), and no accepted kernel's does"))
        }
        continue
      }
      if old.acts == print.acts { continue }
      let lost = old.acts.filter { !print.acts.contains($0) }
      let added = print.acts.filter { !old.acts.contains($0) }
      reasons.append(
        tell(
          .broken, print,
          "\(print.function)() counts \(print.counter) otherwise: \(Self.words(lost)) became \(Self.words(added))"))
    }
    for old in before where !now.contains(where: { isSame($0, old) || isMoved(old, to: $0, since: before) }) {
      // A function that is gone may have been renamed, or its text become a part of another one.
      reasons.append(
        Reason(
          verdict: functions.new(old.function) == nil ? .unchecked : .broken,
          text: "\(old.function)() no longer counts \(old.counter)",
          location: functions.edits(of: old.function).first?.location, subject: .counter, id: old.counter))
    }
    return reasons
  }

  private func isSame(_ left: CounterPrint, _ right: CounterPrint) -> Bool {
    left.counter == right.counter && left.function == right.function
  }

  /// The old one does not count any more, and a function that did not count before has the same acts: one that called the
  /// old one, that it calls, or its new name.
  private func isMoved(_ old: CounterPrint, to new: CounterPrint, since before: [CounterPrint]) -> Bool {
    guard old.counter == new.counter, old.acts == new.acts, !now.contains(where: { isSame($0, old) }),
      !before.contains(where: { isSame($0, new) })
    else { return false }
    return old.callers.contains(new.function) || new.callers.contains(old.function)
      || functions.isRename(old.function, to: new.function)
  }

  private func tell(_ verdict: CheckVerdict, _ print: CounterPrint, _ text: String) -> Reason {
    Reason(verdict: verdict, text: text, location: print.location, subject: .counter, id: print.counter)
  }

  private static func words(_ acts: [String]) -> String {
    acts.isEmpty
      ? "nothing"
      : acts.map { act in
        let parts = act.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] == "store" else { return act }
        return ConditionText.of(parts[1]) ?? "another number"
      }.joined(separator: ", ")
  }
}
