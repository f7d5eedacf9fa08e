internal import WalkerFormula
internal import WalkerModel

/// Calls that decide whether there is a result: of what was assumed to come to it, the parts that a function answered which
/// was handed the value and not entered. Where it says otherwise the call may succeed all the same, without the result; what
/// it says of which number is not known.
struct DecidingCalls {
  let machine: Machine
  let end: Ending

  /// - Parameter conditions: under which the result comes about.
  func obligations(_ conditions: [Expression]) -> [Obligation] {
    var found: [Obligation] = []
    for part in conditions.flatMap(\.conjuncts) {
      let calls = Set(part.inputs.compactMap { machine.handed[$0.id] })
      guard !calls.isEmpty, !Expression.and(.not(part), end.succeedsAnyway).simplified.isConstantFalse else { continue }
      for call in calls.sorted(by: { ($0.location, $0.call) < ($1.location, $1.call) }) {
        let obligation = Obligation(
          kind: .input, subject: "\(call.call)()", location: call.location,
          why: "is handed the value and not entered, and its answer decides whether there is a result",
          how: "take its answer as given by `assume`, or as settled by `trust: [{call: \(call.call), because: …}]`")
        if !found.contains(obligation) { found.append(obligation) }
      }
    }
    return found
  }
}
