public import WalkerFormula
public import WalkerModel

extension Prover {
  /// The derivation with the closed form of its threshold, where one is proved: by the shape of the test, else one of
  /// `claims`. A stored value is returned as it is.
  public func solve(
    _ derivation: Derivation, claims: [Claim] = [], domains: [Input: ClosedRange<Int128>] = [:]
  ) -> Derivation {
    guard let counter = derivation.counter, let test = derivation.wholeTest else { return derivation }
    let given = Expression.and(.and(derivation.given), Question.bounds(domains))
    let fromShape = ThresholdSearch(counter: counter, test: test.simplified(assuming: given)).candidate
    let candidates = (fromShape.map { [Claim(text: "", value: $0.value, neverWhen: $0.neverWhen)] } ?? []) + claims
    for candidate in candidates where isRight(derivation, candidate, domains) {
      let context = Expression.and(given, .not(candidate.neverWhen))
      return Derivation(
        form: derivation.form, reachedWhen: derivation.reachedWhen, undefinedWhen: derivation.undefinedWhen,
        assuming: derivation.assuming, closedForm: candidate.value.simplified(assuming: context),
        neverWhen: candidate.neverWhen.simplified(assuming: given))
    }
    return derivation
  }

  private func isRight(
    _ derivation: Derivation, _ candidate: Claim, _ domains: [Input: ClosedRange<Int128>]
  ) -> Bool {
    Question(derivation, candidate, domains, asksWhereNotReached: false).refutations.allSatisfy {
      if case .impossible = solver.check($0) { true } else { false }
    }
  }

  /// Once the test is true it stays true for every larger counter; nil: not decided within the limits.
  public func isMonotone(_ derivation: Derivation) -> Bool? {
    guard let counter = derivation.counter, let test = derivation.wholeTest else { return nil }
    let later = Input(id: counter.id + " later", name: counter.name, role: .counter, type: counter.type)
    let type = counter.type.unsigned
    let order = Expression.compare(
      .less, .convert(.input(counter), to: type), .convert(.input(later), to: type))
    switch solver.check(derivation.given + [order, test, .not(test.substituting([counter: .input(later)]))]) {
    case .impossible: return true
    case .possible: return false
    case .unknown: return nil
    }
  }
}
