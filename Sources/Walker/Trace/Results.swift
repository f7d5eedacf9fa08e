internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Where the walk came out: memory, and what was assumed to stay on the path.
struct Ending {
  let state: State?
  /// The conditions on the way down the chain that the value has no part in, and that the call succeeds.
  let assuming: Expression
  let chain: [CallNode]

  init(machine: Machine, chain: [CallNode], returned: Value) {
    state = machine.state
    self.chain = chain
    let guards = chain.last?.guards.map(\.expression).filter { !machine.isTracked($0) } ?? []
    var assuming = Expression.and(guards)
    if let result = returned.expression {
      let succeeds = Self.success(result.simplified(under: assuming), machine).simplified(under: assuming)
      if !machine.isTracked(succeeds), !succeeds.isConstantFalse { assuming = .and(assuming, succeeds) }
    }
    self.assuming = assuming
  }

  /// The call succeeds: it returns 0, or, where what it returns depends on the value, no error.
  private static func success(_ result: Expression, _ machine: Machine) -> Expression {
    let mayReturnValue = machine.isTracked(result)
    func succeeds(_ result: Expression) -> Expression {
      if case .select(let condition, let then, let otherwise) = result.kind {
        return .or(.and(condition, succeeds(then)), .and(.not(condition), succeeds(otherwise)))
      }
      if case .convert(let inner) = result.kind, result.type.width >= inner.type.width, inner.type.isSigned {
        return succeeds(inner)
      }
      let zero = Expression.constant(0, result.type)
      return .compare(mayReturnValue && result.type.isSigned ? .greaterOrEqual : .equal, result, zero)
    }
    return succeeds(result)
  }
}

extension Tracer {
  func derive(_ specification: ResultSpecification, _ end: Ending) -> TracedResult {
    switch specification.subject {
    case .storedIn(let fields): return deriveStored(specification, fields, end)
    case .threshold(let threshold): return deriveThreshold(specification, threshold, end)
    }
  }

  private func deriveStored(_ specification: ResultSpecification, _ fields: [String], _ end: Ending) -> TracedResult {
    func failed(_ why: String) -> TracedResult {
      TracedResult(specification: specification, derivation: nil, subject: fields.first ?? "", location: nil, why: why)
    }
    for field in fields {
      let events = machine.stores.filter { $0.place.lastField?.name == field && !$0.node.path.contains { $0.isTest } }
      guard let last = events.last(where: \.isTracked) ?? events.last else { continue }
      guard let state = end.state else {
        return failed("not derivable: the walk did not come out of its entry, \(last.location)")
      }
      guard let (value, reached) = joined(events, state, end) else {
        return failed(
          "not derivable: \(field) is written in several objects that walker can't tell apart, \(last.location)")
      }
      let derivation = Derivation(
        form: .stored(value.simplified(under: .and(end.assuming, reached))), reachedWhen: reached,
        undefinedWhen: undefined(end, before: last), assuming: end.assuming)
      return TracedResult(
        specification: specification, derivation: derivation, subject: field, location: last.location, why: nil)
    }
    return failed("not derivable: nothing on the path writes \(fields.joined(separator: " or "))")
  }

  /// What the field holds at the end, and when it was written. Objects that are allocated on different branches are one
  /// for the reader, where no two of them are written in one call; nil otherwise.
  private func joined(_ events: [StoreEvent], _ state: State, _ end: Ending) -> (Expression, Expression)? {
    var seen: Set<Place> = []
    var joined: (value: Expression, reached: Expression)?
    for event in events where seen.insert(event.place).inserted {
      guard let value = state.cells[event.place.object]?[event.extent]?.expression else { return nil }
      let written = state.written[event.place.object]?[event.extent] ?? .false
      let reached = written.simplified(under: end.assuming)
      if reached.isConstantFalse { continue }
      guard let known = joined else {
        joined = (value, reached)
        continue
      }
      guard Expression.and(known.reached, reached).simplified(under: end.assuming).isConstantFalse,
        known.value.type == value.type
      else { return nil }
      joined = (.select(reached, value, known.value), .or(known.reached, reached))
    }
    return joined
  }

  /// What is undefined in the function that stores the value; elsewhere it says nothing about this result.
  private func undefined(_ end: Ending, before event: StoreEvent? = nil) -> Expression {
    let conditions = machine.undefined.filter { event == nil || $0.node === event?.node }.map(\.condition).filter(
      machine.isTracked
    ).map { $0.simplified(under: end.assuming) }
    return Expression.or(conditions).simplified
  }

  private func deriveThreshold(
    _ specification: ResultSpecification, _ threshold: ResultSpecification.Threshold, _ end: Ending
  ) -> TracedResult {
    let all = threshold.test.joined(separator: " or ")
    func failed(_ why: String) -> TracedResult {
      TracedResult(
        specification: specification, derivation: nil, subject: all, location: nil, why: "not derivable: " + why)
    }
    guard let definition = findTest(threshold.test) else { return failed("the tree defines no \(all)") }
    guard let state = end.state else { return failed("the walk did not come out of its entry") }
    let location = program.location(definition)
    machine.state = state
    // `struct widget.taken - struct widget.freed`: a length kept as two counters; the second is taken as 0.
    let pairs = threshold.counter.map { $0.split(separator: " - ").map(String.init) }
    machine.counter = (Set(pairs.compactMap(\.first)), Set(pairs.filter { $0.count > 1 }.compactMap(\.last)), nil)
    machine.until = Set(threshold.until)
    machine.untilConditions = []
    let arguments = definition.arguments.map { ($0, testArgument($0)) }
    let count = machine.nodes.count
    let returned = machine.enter(definition, nil, arguments, reachedBy: ReachedBy(kind: .test, location: location))
    if machine.nodes.count > count { machine.nodes[count].isTest = true }
    let counter = machine.counter?.input
    (machine.counter, machine.until) = (nil, [])
    guard let counter else {
      return failed("\(definition.spelling) does not read \(threshold.counter.joined(separator: " or ")), \(location)")
    }
    let full: Expression
    if threshold.until.isEmpty {
      full = machine.truth(returned)
    } else {
      guard !machine.untilConditions.isEmpty else {
        return failed("\(definition.spelling) does not call \(threshold.until.joined(separator: " or ")), \(location)")
      }
      full = .not(.or(machine.untilConditions))
    }
    let derivation = Derivation(
      form: .threshold(counter: counter, test: full.simplified(under: end.assuming)), reachedWhen: .true,
      undefinedWhen: undefined(end), assuming: end.assuming)
    return TracedResult(
      specification: specification, derivation: derivation, subject: definition.spelling, location: location, why: nil)
  }

  private func findTest(_ names: [String]) -> Cursor? {
    for name in names {
      if let found = try? program.definition(of: name, near: nil, in: { _ in true }).0 { return found }
    }
    return nil
  }

  /// A pointer to the record that the walk wrote to; anything else is not known.
  private func testArgument(_ parameter: Cursor) -> Value {
    if parameter.type.isPointer, let record = parameter.type.pointee.recordName {
      var bases: Set<Place> = []
      for event in machine.stores where event.isTracked {
        for step in event.place.steps where step.record == record {
          bases.insert(Place(object: event.place.object, offset: step.base, text: parameter.spelling))
        }
      }
      if bases.count == 1, let base = bases.first { return .pointer(base) }
    }
    return machine.unknown(parameter.type, name: parameter.spelling, id: "t:" + parameter.spelling)
  }
}
