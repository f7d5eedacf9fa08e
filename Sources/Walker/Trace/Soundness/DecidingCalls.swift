internal import WalkerFormula
internal import WalkerModel

/// Calls that decide whether there is a result: of what was assumed to come to it, the parts that a function answered which
/// was handed the value and not entered. Where it says otherwise the call may succeed all the same, without the result; what
/// it says of which number is not known.
struct DecidingCalls {
  let machine: Machine
  let end: Ending
  let implies: Implication

  /// - Parameter conditions: under which the result comes about.
  func obligations(_ conditions: [Expression]) -> [Obligation] {
    var found: [Obligation] = []
    let given = Set(machine.assumed.met.flatMap(\.conjuncts))
    for part in conditions.flatMap(\.conjuncts) where !given.contains(part) {
      let calls = Set(part.inputs.compactMap { machine.handed[$0.id] })
      guard !calls.isEmpty, !isFailure(.not(part)) else { continue }
      for call in calls.sorted(by: { ($0.location, $0.call.name) < ($1.location, $1.call.name) }) {
        let obligation = Obligation(
          kind: .input, subject: call.call.name, location: call.location,
          why: "is handed the value and not entered, and its answer decides whether there is a result",
          how:
            "take its answer as given by `assume`, or as settled by `trust: [{call: \(call.call.bareName), because: …}]`"
        )
        if !found.contains(obligation) { found.append(obligation) }
      }
    }
    return found
  }

  /// Whenever it is so, the call fails.
  private func isFailure(_ condition: Expression) -> Bool {
    Expression.and(condition, end.succeedsAnyway).simplified.isConstantFalse
      || implies(condition, .not(end.succeedsAnyway))
  }
}
