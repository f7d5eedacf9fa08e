internal import WalkerFormula
public import WalkerModel

extension Prover {
  /// What is left of a condition that may hold in some circumstances.
  public struct Projection: Sendable {
    /// `bool`: true exactly where some numbers of the inputs that were asked away make the condition true.
    public let condition: Expression
    /// The inputs that could not be taken away, because no one number is at least as good as all others.
    public let left: [Input]
  }

  /// `condition` without those inputs for which `isCircumstance` holds: "for some number of them".
  ///
  /// An input goes when one number of it is proved to be as good as any: `c => c[x := v]`. So the result is exact.
  public func project(_ condition: Expression, without isCircumstance: (Input) -> Bool) -> Projection {
    var condition = condition.simplified
    func circumstances() -> [Input] {
      condition.inputs.filter(isCircumstance).sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }
    var inputs = circumstances()
    guard !inputs.isEmpty, case .possible(let model) = solver.check([condition]) else {
      return Projection(condition: condition, left: condition.isConstantFalse ? [] : inputs)
    }
    // The condition only becomes weaker: what once made it true still does.
    var examples = Examples()
    examples.add(model)
    func implied(_ fixed: Expression) -> Bool {
      if examples.refute(fixed, when: [condition]) { return false }
      switch solver.check([condition, .not(fixed)]) {
      case .impossible: return true
      case .unknown: return false
      case .possible(let model):
        examples.add(model)
        return false
      }
    }
    // All at once, as one way through the code has them; then one after the other, for those that resist.
    let way = inputs.reduce(into: [Input: Expression]()) { $0[$1] = .constant(model[$1] ?? 0, $1.type) }
    let together = condition.substituting(way).simplified
    if implied(together) { return Projection(condition: together, left: []) }
    var isProgress = true
    while isProgress {
      isProgress = false
      for input in inputs {
        let numbers = [model[input] ?? 0, 0, 1, input.type.maximum, input.type.minimum]
        // The same as another one: two pointers that have to be equal.
        let others = inputs.filter { $0 != input && $0.type == input.type }.map { Expression.input($0) }
        let choices =
          numbers.enumerated().filter { numbers.firstIndex(of: $1) == $0 }
          .map { Expression.constant($0.element, input.type) } + others
        for choice in choices {
          let fixed = condition.substituting([input: choice]).simplified
          guard implied(fixed) else { continue }
          condition = fixed
          isProgress = true
          break
        }
      }
      inputs = circumstances()
    }
    return Projection(condition: condition, left: inputs)
  }

  /// Whether a queue that is full stays full as it grows.
  public enum Monotony: Sendable, Hashable {
    case monotone
    case relapses(Relapse)
    /// Not decided within the limits, or not a threshold.
    case unknown
  }

  /// A counter with a sign counts up to its largest number: a queue has no negative length.
  public func monotony(_ derivation: Derivation, typical: [Input: Int128] = [:]) -> Monotony {
    guard let counter = derivation.counter, let test = derivation.wholeTest else { return .unknown }
    let later = Input(id: counter.id + ":later", name: counter.name, role: .counter, type: counter.type)
    let (first, second) = (Expression.input(counter), Expression.input(later))
    let unsigned = counter.type.unsigned
    func isLength(_ length: Expression) -> Expression {
      counter.type.isSigned ? .compare(.greaterOrEqual, length, .constant(0, counter.type)) : .true
    }
    let question =
      derivation.given + [
        isLength(first), isLength(second),
        .compare(.less, .convert(first, to: unsigned), .convert(second, to: unsigned)),
        test, .not(test.substituting([counter: second])), .not(test.noValueWhen),
      ]
    switch solver.check(question) {
    case .impossible: return .monotone
    case .unknown: return .unknown
    case .possible(let inputs):
      let found = Witness(solver: solver, refutation: question, counter: nil, typical: typical).minimized(from: inputs)
      return .relapses(
        Relapse(
          inputs: found.shown.filter { $0.name != counter.name }, full: found.inputs[counter] ?? 0,
          notFull: found.inputs[later] ?? 0))
    }
  }
}
