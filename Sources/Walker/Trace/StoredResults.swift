internal import WalkerFormula
internal import WalkerModel

extension Tracer {
  func deriveStored(_ specification: ResultSpecification, _ fields: [String], _ end: Ending) -> TracedResult {
    func failed(_ why: String) -> TracedResult {
      TracedResult(specification: specification, derivation: nil, subject: fields.first ?? "", location: nil, why: why)
    }
    for field in fields {
      let name = PlaceName(field)
      let all = machine.stores.filter { name.names($0.place) && !$0.node.path.contains { $0.isTest } }
      // A record of the function's own is meant where no other one is written, and where the value goes there.
      let shared = all.filter { !$0.place.isLocal }
      let events = shared.isEmpty ? all.filter(\.isTracked) : shared
      guard let last = events.last(where: \.isTracked) ?? events.last else { continue }
      guard let state = end.state else {
        return failed("not derivable: the walk did not come out of its entry, \(last.location)")
      }
      let several =
        "not derivable: \(field) is written in several objects that walker can't tell apart, \(last.location)"
      machine.pending = .none
      guard var joined = joined(events, state, end) else { return failed(several) }
      if holdsAnyway(joined, end) { joined.reached = .true }
      let rests = machine.union([end.rests, machine.pending])
      let reached = Expression.and(joined.reached, end.succeeds).simplified(under: end.assuming)
      let derivation = Derivation(
        form: .stored(joined.value.simplified(under: .and(end.assuming, reached))), reachedWhen: reached,
        undefinedWhen: undefined(end) { computes($0, for: last.node) }, assuming: end.assuming)
      return TracedResult(
        specification: specification, derivation: derivation, subject: field, location: last.location, why: nil,
        restsOn: finder.obligations(rests)
          + finder.settled(deciding(end, end.assuming, reached) + chosenObjects(events, end)),
        impossible: joined.both.map { TracedResult.Impossible(condition: $0, otherwise: several) },
        assumptions: machine.assumed.texts)
    }
    if specification.isOptional, let absent = absent(fields) {
      return TracedResult(
        specification: specification, derivation: nil, subject: fields.first ?? "", location: nil, why: absent,
        isAbsent: true)
    }
    return failed("not derivable: nothing on the path writes \(fields.joined(separator: " or "))")
  }

  func deciding(_ end: Ending, _ conditions: Expression...) -> [Obligation] {
    DecidingCalls(machine: machine, end: end, implies: implies).obligations(conditions)
  }

  /// A store through a pointer that may lead to one object or another: to which, the result does not say.
  private func chosenObjects(_ events: [StoreEvent], _ end: Ending) -> [Obligation] {
    var found: [Obligation] = []
    for event in events {
      guard let both = machine.parents[event.place.object], Set(both).count > 1 else { continue }
      let obligation = Obligation(
        kind: .alias, subject: event.place.text, location: event.location,
        why: "leads to one of several objects",
        how: "take as given by `trust: [{alias: \"\(event.place.text)\", because: …}]` that it is the one that is meant"
      )
      if !found.contains(obligation) { found.append(obligation) }
    }
    return found
  }

  /// The function is on the way to the one that stores, or a helper of one that is: it stores nothing itself.
  private func computes(_ node: CallNode, for storing: CallNode) -> Bool {
    var here = node
    while !storing.path.contains(where: { $0 === here }) {
      guard let parent = here.parent, !machine.stores.contains(where: { $0.node === here }) else { return false }
      here = parent
    }
    return true
  }

  /// A sentence, where the tree declares none of the fields.
  private func absent(_ fields: [String]) -> String? {
    let declarations = FieldDeclarations(program: program)
    guard fields.allSatisfy({ declarations.declares($0) == false }) else { return nil }
    return "absent: this kernel has no \(fields.joined(separator: " or "))"
  }

  /// Where the store is left out, the field holds the number that would be stored: `if (x != v) x = v`.
  private func holdsAnyway(_ joined: Joined, _ end: Ending) -> Bool {
    if joined.reached.isConstantTrue { return false }
    let stored = joined.value.simplified(under: .and(end.assuming, joined.reached))
    return implies(
      .and([end.assuming, end.succeeds, .not(joined.reached)]), .compare(.equal, joined.value, stored))
  }

  private struct Joined {
    var value: Expression
    var reached: Expression
    /// Conditions that must be impossible: two objects are written, with different values.
    var both: [Expression] = []
  }

  /// What the field holds at the end, and when it was written. Objects that are allocated on different branches are one
  /// for the reader, if no two of them are written in one call.
  private func joined(_ events: [StoreEvent], _ state: State, _ end: Ending) -> Joined? {
    var seen: Set<Place> = []
    var joined: Joined?
    machine.state = state
    for event in events where seen.insert(event.place).inserted {
      guard let value = machine.contents(of: event) else { return nil }
      let reached = state.isWritten(event.place.object, event.extent).simplified(under: end.assuming)
      if reached.isConstantFalse { continue }
      guard let known = joined else {
        joined = Joined(value: value, reached: reached)
        continue
      }
      guard known.value.type == value.type else { return nil }
      let differ = Expression.compare(.notEqual, known.value, value)
      let both = Expression.and([known.reached, reached, differ]).simplified(under: end.assuming)
      joined = Joined(
        value: .select(reached, value, known.value), reached: .or(known.reached, reached),
        both: known.both + (both.isConstantFalse ? [] : [both]))
    }
    return joined
  }

  /// Where C gives no value for an operation on the followed value, or the counter, in one of the nodes; elsewhere, and
  /// for other operands, it says nothing about this result.
  func undefined(_ end: Ending, in isOf: (CallNode) -> Bool) -> Expression {
    let counter = machine.counter?.input
    let conditions = machine.undefined.filter { operation in
      operation.node.map(isOf) ?? false
        && (machine.isTracked(operation.condition) || counter.map { operation.condition.inputs.contains($0) } ?? false)
    }
    return Expression.or(
      conditions.map { Expression.and($0.reached, $0.condition).simplified(under: end.assuming) }
    ).simplified
  }
}
