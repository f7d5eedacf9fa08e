internal import WalkerModel

/// A result by its proof: an era's claim, the same inputs, and nothing that its proof newly waits for.
struct ResultComparison {
  /// The most alike first.
  let baselines: [Baseline]

  func report(_ result: WalkResult) -> ResultReport {
    let found = baselines.lazy.compactMap { baseline in
      baseline.results.first { $0.id == result.id }.map { (baseline.kernel.name, $0) }
    }.first
    let old = found?.1
    var reasons: [String] = []
    var (meaning, verdict) = judge(result, old, &reasons)
    if let old, result.proof == .proved {
      for (worst, why) in Self.retyped(from: old.inputs, to: ResultFacts.inputs(of: result)) {
        verdict = max(verdict, worst)
        reasons.append(why)
      }
      if verdict > .review { meaning = .notDerivable }
    }
    return ResultReport(
      id: result.id, meaning: meaning, verdict: verdict, era: result.era, formula: result.formula, baseline: found?.0,
      oldEra: old?.era, oldFormula: old?.formula, counterexample: result.counterexample, location: result.location,
      reasons: reasons)
  }

  private func judge(
    _ result: WalkResult, _ old: ResultFacts?, _ reasons: inout [String]
  ) -> (MeaningDrift, CheckVerdict) {
    switch result.proof {
    case .proved where old == nil:
      reasons.append("no accepted kernel has this result yet")
      return (.same, .review)
    case .proved where old?.era == result.era: return (.same, .ok)
    case .proved:
      let before = old?.era.map { "instead of \($0)" } ?? "where the accepted kernel had none"
      reasons.append("known era \(result.era ?? "") \(before)")
      return (.otherEra, .review)
    case .refuted:
      reasons.append("no era's claim is right: it is \(result.formula)")
      return (.new, .broken)
    case .conditional: return conditional(result, old, &reasons)
    case .notDerivable:
      reasons.append(result.formula)
      return (.notDerivable, .unchecked)
    case .absent where old?.era == nil: return (.same, .ok)
    case .absent:
      reasons.append("\(result.formula), which the accepted kernel had: it is gone, or has another name")
      return (.notDerivable, .unchecked)
    case .unproved:
      reasons.append("nothing proves or refutes a claim for this kernel")
      return (.notDerivable, .unchecked)
    }
  }

  /// What was accepted with the same things open is as it was; something new that is open never passes.
  private func conditional(
    _ result: WalkResult, _ old: ResultFacts?, _ reasons: inout [String]
  ) -> (MeaningDrift, CheckVerdict) {
    let known = Set(old?.open ?? [])
    let fresh = result.openObligations.filter { !known.contains("\($0.kind.rawValue) \($0.subject)") }
    if old?.proof == WalkResult.Proof.conditional.rawValue, old?.era == result.era, fresh.isEmpty {
      return (.same, .ok)
    }
    let first = fresh.first ?? result.openObligations.first
    reasons.append(
      first.map { "its proof waits for something new: \($0.subject) \($0.why), \($0.location)" }
        ?? "its proof waits for something that was not followed")
    return (.notDerivable, .unchecked)
  }

  /// Inputs that hold other numbers than before: a claim that is proved for all of them says nothing of those that are gone.
  private static func retyped(from old: [String], to new: [String]) -> [(CheckVerdict, String)] {
    func types(_ inputs: [String]) -> [String: String] {
      let pairs = inputs.map { $0.split(separator: " ").map(String.init) }.filter { $0.count == 2 }
      return Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
    }
    let now = types(new)
    return types(old).sorted { $0.key < $1.key }.compactMap { name, before in
      guard let after = now[name], after != before, let wide = IntegerType(name: before),
        let type = IntegerType(name: after)
      else { return nil }
      return type.holds(all: wide)
        ? (.review, "\(name) was \(before) and is \(after): it holds more numbers than before")
        : (.unchecked, "\(name) was \(before) and is \(after): not every number that it held is there any more")
    }
  }
}
