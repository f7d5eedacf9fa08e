internal import WalkerFormula
internal import WalkerModel
internal import WalkerTrace

/// Compares what was derived with what the walkthrough claims.
struct Judging {
  let walkthrough: Walkthrough
  let traced: Traced

  func judge(_ result: TracedResult) -> WalkResult {
    let kind: WalkResult.Kind = if case .storedIn = result.specification.subject { .stored } else { .threshold }
    guard let derivation = result.derivation else {
      return WalkResult(
        id: result.specification.id, kind: kind, derivation: nil, formula: result.why ?? "not derivable", subject: result.subject,
        location: result.location, era: nil, proof: .notDerivable, counterexample: nil, undefinedWhen: nil, assumptions: [])
    }
    let formula =
      switch derivation.form {
      case .stored(let value): value.text
      case .threshold(let counter, let test): "smallest \(counter.name) with \(test.text)"
      }
    return WalkResult(
      id: result.specification.id, kind: kind, derivation: derivation, formula: formula, subject: result.subject,
      location: result.location, era: nil, proof: .unproved, counterexample: nil,
      undefinedWhen: derivation.undefinedWhen.isConstantFalse ? nil : derivation.undefinedWhen.text,
      assumptions: derivation.assuming.isConstantTrue ? [] : [derivation.assuming.text])
  }
}
