internal import WalkerFormula
internal import WalkerModel
internal import WalkerProof

/// Conditions on what the walk did not look into (a capability, the state of an object, what a call returned): a result is
/// what the inputs make of it in the circumstances that let it come about.
struct Circumstances {
  let prover: Prover

  /// There is no one way that is as good as any other.
  struct Open: Error {
    let inputs: [Input]

    func sentence(_ what: String) -> String {
      let names = inputs.prefix(3).map(\.name).joined(separator: ", ") + (inputs.count > 3 ? ", …" : "")
      return "not derivable: \(what) depends on \(names), in more than one way; take it as given by `assume`"
    }
  }

  /// The derivation with a test that says: whatever the circumstances, the call is not reached.
  func test(_ derivation: Derivation) -> Result<Derivation, Open> {
    guard case .threshold(let counter, let test) = derivation.form else { return .success(derivation) }
    let isReached = prover.project(
      .and([derivation.assuming, derivation.reachedWhen, .not(test)]), without: isCircumstance)
    guard isReached.left.isEmpty else { return .failure(Open(inputs: isReached.left)) }
    let form = Derivation.Form.threshold(
      counter: counter, test: Expression.not(isReached.condition).simplified(assuming: known(derivation.assuming)))
    return .success(
      Derivation(
        form: form, reachedWhen: derivation.reachedWhen, undefinedWhen: derivation.undefinedWhen,
        assuming: derivation.assuming))
  }

  /// The derivation with a condition of being reached that only the inputs have a part in; that the circumstances are
  /// such goes to what is assumed.
  func reach(_ derivation: Derivation) -> Result<Derivation, Open> {
    let reached = derivation.reachedWhen
    guard reached.inputs.contains(where: isCircumstance) else { return .success(derivation) }
    let possible = prover.project(.and(derivation.assuming, reached), without: isCircumstance)
    guard possible.left.isEmpty else { return .failure(Open(inputs: possible.left)) }
    let condition = possible.condition.simplified(assuming: known(derivation.assuming))
    return .success(
      Derivation(
        form: derivation.form, reachedWhen: condition, undefinedWhen: derivation.undefinedWhen,
        assuming: .and(derivation.assuming, .or(.not(condition), reached).simplified)))
  }

  /// The derivation in circumstances in which the call can succeed for some number: the file is there, the hook says yes.
  ///
  /// What then still decides, for one number and not for another, is a circumstance that the walkthrough has to name.
  func succeed(_ derivation: Derivation, when success: Expression) -> Derivation {
    guard success.inputs.contains(where: isCircumstance) else { return derivation }
    let whole = Expression.and(derivation.assuming, success)
    let some = prover.project(whole) { !isCircumstance($0) }
    // Where no one number stands for all, what success needs of each circumstance by itself.
    let needed = some.left.isEmpty ? [some.condition] : needs(whole)
    let assuming = Expression.and([derivation.assuming] + needed)
    return Derivation(
      form: derivation.form, reachedWhen: derivation.reachedWhen, undefinedWhen: derivation.undefinedWhen,
      assuming: assuming)
  }

  /// Of each circumstance whether it has to be nothing, something, or no error, for the condition to hold.
  private func needs(_ condition: Expression) -> [Expression] {
    let inputs = condition.inputs.filter(isCircumstance).sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    return inputs.compactMap { input in
      let (value, zero) = (Expression.input(input), Expression.constant(0, input.type))
      var facts: [Expression] = [.compare(.equal, value, zero), .compare(.notEqual, value, zero)]
      if input.type.isSigned { facts.append(.compare(.greaterOrEqual, value, zero)) }
      return facts.first { prover.implies(condition, $0) ?? false }
    }
  }

  /// A variable of the kernel is an input that a claim can name.
  private func isCircumstance(_ input: Input) -> Bool { input.role == .opaque && !input.isGlobalVariable }

  /// What is assumed of the inputs alone.
  private func known(_ assumption: Expression) -> Expression {
    .and(assumption.conjuncts.filter { !$0.inputs.contains(where: isCircumstance) })
  }
}
