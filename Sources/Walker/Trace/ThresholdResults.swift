internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

extension Tracer {
  func deriveThreshold(
    _ specification: ResultSpecification, _ threshold: Observation.Threshold, _ end: Ending
  ) -> TracedResult {
    let all = threshold.test.joined(separator: " or ")
    func failed(_ why: String) -> TracedResult {
      TracedResult(
        specification: specification, derivation: nil, subject: all, location: nil, why: "not derivable: " + why)
    }
    guard let definition = findTest(threshold.test) else {
      guard specification.isOptional else { return failed("the tree defines no \(all)") }
      return TracedResult(
        specification: specification, derivation: nil, subject: all, location: nil,
        why: "absent: this kernel has no \(all)", isAbsent: true)
    }
    guard let state = end.state else { return failed("the walk did not come out of its entry") }
    let location = program.location(definition)
    machine.state = state
    // `struct widget.taken - struct widget.freed`: a length kept as two counters; the second is taken as 0.
    let pairs = threshold.counter.map { $0.split(separator: " - ").map(String.init) }
    machine.counter = (Set(pairs.compactMap(\.first)), Set(pairs.filter { $0.count > 1 }.compactMap(\.last)), nil)
    let outer = (machine.assumed, machine.assumedIn, machine.node)
    defer {
      (machine.assumed, machine.assumedIn, machine.node) = outer
      (machine.counter, machine.until, machine.mattersCache) = (nil, [], [:])
    }
    (machine.assumed, machine.assumedIn, machine.node) = (assumptions(threshold.assumptions), nil, nil)
    machine.mattersCache = [:]
    machine.until = Set(threshold.until)
    machine.readFields = [:]
    machine.untilConditions = []
    (machine.untilRests, machine.untilDecided, machine.pending) = (.none, .none, .none)
    let arguments = definition.arguments.map { Argument(cursor: $0, value: testArgument($0)) }
    let count = machine.nodes.count
    let returned = machine.enter(definition, nil, arguments, reachedBy: ReachedBy(kind: .test, location: location))
    if machine.nodes.count > count { machine.nodes[count].isTest = true }
    let counter = machine.counter?.input
    let after = machine.state
    let rests = machine.union(
      threshold.until.isEmpty
        ? [end.rests, machine.pending, after?.decided ?? .none] : [end.rests, machine.untilDecided])
    // What the test reads was computed where it was stored.
    let sources = machine.stores.filter { event in
      !event.node.path.contains(where: \.isTest) && machine.readFields[event.place.lastField?.name ?? ""] != nil
    }
    let undefined = undefined(end) { node in
      node.path.contains(where: \.isTest) || sources.contains { $0.node === node }
    }
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
    let assuming = Expression.and([end.assuming] + machine.assumed.met)
    let test = full.simplified(under: assuming)
    if let other = sources.first(where: { isReadElsewhere($0, by: test) && isWritten($0, state, end) }) {
      return failed(
        "\(other.place.lastField?.name ?? other.place.text) is written in another object, which may be the same, \(other.location)"
      )
    }
    let derivation = Derivation(
      form: .threshold(counter: counter, test: test), reachedWhen: end.succeeds,
      undefinedWhen: undefined, assuming: assuming)
    return TracedResult(
      specification: specification, derivation: derivation, subject: definition.spelling, location: location, why: nil,
      restsOn: finder.obligations(rests) + finder.settled(deciding(end, end.assuming)),
      onTheWay: threshold.until.isEmpty ? .none : machine.untilRests,
      isByReaching: !threshold.until.isEmpty, assumptions: outer.0.texts + machine.assumed.texts)
  }

  /// The test looks at the field, in other objects only, and what it found there has a part in what it says.
  private func isReadElsewhere(_ event: StoreEvent, by test: Expression) -> Bool {
    let read = machine.readFields[event.place.lastField?.name ?? ""] ?? [:]
    guard read[event.place.object] == nil else { return false }
    let matters = Set(test.inputs)
    return read.contains { object, found in
      found.contains { value in
        if case .input(let input) = value.kind { return matters.contains(input) }
        // A number that the test has itself put there before; anything else may have been taken up anywhere.
        return value.constantNumber == nil || !isWrittenByTest(event.place.lastField?.name, of: object)
      }
    }
  }

  private func isWrittenByTest(_ field: String?, of object: MemoryObject) -> Bool {
    machine.stores.contains {
      $0.node.path.contains(where: \.isTest) && $0.place.object == object && $0.place.lastField?.name == field
    }
  }

  /// The store is made in some call that the assumption allows.
  private func isWritten(_ event: StoreEvent, _ state: State, _ end: Ending) -> Bool {
    return !state.isWritten(event.place.object, event.extent).simplified(under: end.assuming).isConstantFalse
  }

  private func findTest(_ names: [String]) -> Cursor? {
    for name in names {
      let found = program.noting { try program.definition(of: name, near: nil, in: { _ in true }).0 } ?? nil
      if let found { return found }
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
    return machine.unknown(parameter.type, name: parameter.spelling, id: "t:" + parameter.spelling, isArgument: true)
  }
}
