internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What each kind of observation gives: one function for each point of the walk, whatever is measured there.
extension Tracer {
  func derive(_ specification: ResultSpecification, _ end: Ending) -> TracedResult {
    if let place = machine.spentAt {
      return TracedResult(
        specification: specification, derivation: nil, subject: "", location: place,
        why: "not derivable: the walk came to more than it may do, \(place)")
    }
    let observation = specification.subject
    switch observation.kind.point {
    case .stores(let name): return deriveStored(specification, observation[name], end)
    case .calls(let name): return deriveCalls(specification, observation[name], end)
    case .returns(let name): return deriveReturns(specification, observation[name], end)
    case .memory(let name): return deriveMemory(specification, observation[name], end)
    case .test:
      guard let threshold = observation.threshold else { return failed(specification, "", "there is no test") }
      return deriveThreshold(specification, threshold, end)
    }
  }

  func failed(_ specification: ResultSpecification, _ subject: String, _ why: String) -> TracedResult {
    TracedResult(
      specification: specification, derivation: nil, subject: subject, location: nil, why: "not derivable: " + why)
  }

  // MARK: calls

  private func deriveCalls(_ specification: ResultSpecification, _ names: [String], _ end: Ending) -> TracedResult {
    let subject = names.first ?? ""
    let sightings = machine.sightings.filter {
      $0.observation == specification.subject && !$0.node.path.contains(where: \.isTest)
    }
    guard let last = sightings.last else {
      return failed(
        specification, subject,
        "nothing on the path calls \(names.joined(separator: " or ")); a function of that name, or the field of an ops table (struct widget_ops.fill) is looked for"
      )
    }
    if let broken = sightings.first(where: { $0.value == nil }) {
      return failed(specification, subject, "\(broken.why), \(broken.location)")
    }
    var joined: (value: Expression, reached: Expression)?
    var both: [Expression] = []
    for sighting in sightings {
      guard let value = sighting.value else { continue }
      let reached = sighting.reached.simplified(under: end.way)
      if reached.isConstantFalse { continue }
      guard let known = joined else {
        joined = (value, reached)
        continue
      }
      let same = Expression.convert(value, to: known.value.type)
      let differ = Expression.and([known.reached, reached, .compare(.notEqual, known.value, same)])
        .simplified(under: end.way)
      if !differ.isConstantFalse { both.append(differ) }
      joined = (.select(reached, same, known.value), .or(known.reached, reached))
    }
    guard let joined else {
      return failed(
        specification, subject, "the call is never reached under what the walkthrough assumes, \(last.location)")
    }
    let derivation = Derivation(
      form: .stored(joined.value.simplified(under: .and(end.way, joined.reached))),
      reachedWhen: joined.reached.simplified(under: end.way),
      undefinedWhen: undefined(end) { !$0.path.contains(where: \.isTest) },
      assuming: end.way)
    return TracedResult(
      specification: specification, derivation: derivation, subject: subject, location: last.location, why: nil,
      restsOn: finder.obligations(machine.union(sightings.map(\.rests)))
        + finder.settled(deciding(end, end.way, joined.reached)),
      impossible: both.map {
        TracedResult.Impossible(
          condition: $0,
          otherwise: "not derivable: \(subject)() is called more than once with different numbers, \(last.location)")
      }, assumptions: machine.assumed.texts)
  }

  // MARK: returns

  private func deriveReturns(_ specification: ResultSpecification, _ names: [String], _ end: Ending) -> TracedResult {
    let entry = machine.nodes.first
    let subject = names.first ?? entry?.name ?? ""
    var value: Expression?
    var reached = Expression.true
    var location = entry.map { program.location($0.definition) }
    var rests = machine.union([end.returnedRests])
    if names.isEmpty || names.contains(entry?.name ?? "") {
      value = end.returned
      if value == nil { return failed(specification, subject, "\(subject)() returns no number that the walk follows") }
    } else {
      let sightings = machine.sightings.filter {
        $0.observation == specification.subject && !$0.node.path.contains(where: \.isTest)
      }
      guard let last = sightings.last else {
        return failed(specification, subject, "nothing on the path calls \(names.joined(separator: " or "))")
      }
      if let broken = sightings.first(where: { $0.value == nil }) {
        return failed(specification, subject, "\(broken.why), \(broken.location)")
      }
      guard sightings.count == 1 else {
        return failed(
          specification, subject, "\(subject)() is called \(sightings.count) times on the path, \(last.location)")
      }
      (value, reached, location, rests) = (last.value, last.reached, last.location, last.rests)
    }
    guard var result = value else { return failed(specification, subject, "it returns no number") }
    result = result.simplified(under: end.way)
    let succeeds = Ending.isNoError(result).simplified(under: end.way)
    if case .isError(let name) = specification.subject.kind.measure {
      let errors = specification.subject[name]
      var any: [Expression] = []
      for error in errors {
        guard let number = constants.number(error), (1...4095).contains(number) else {
          let near =
            Suggestion.nearest(to: error, among: errorNames.values.sorted()).map { ": did you mean \($0)?" } ?? ""
          return failed(specification, subject, "\(error) is no error of this kernel\(near)")
        }
        any.append(.compare(.equal, result, .constant(-number, result.type)))
      }
      result = .or(any)
    }
    let derivation = Derivation(
      form: .stored(result.simplified(under: end.way)), reachedWhen: reached.simplified(under: end.way),
      undefinedWhen: undefined(end) { !$0.path.contains(where: \.isTest) }, assuming: end.way)
    var traced = TracedResult(
      specification: specification, derivation: derivation, subject: subject, location: location, why: nil,
      restsOn: finder.obligations(rests), assumptions: machine.assumed.texts)
    traced.succeedsWhen = succeeds
    return traced
  }

  // MARK: memory of the caller

  private func deriveMemory(_ specification: ResultSpecification, _ names: [String], _ end: Ending) -> TracedResult {
    let subject = names.first ?? ""
    guard let state = end.state, let entry = machine.nodes.first?.definition else {
      return failed(specification, subject, "the walk did not come out of its entry")
    }
    guard let name = names.first(where: { name in entry.arguments.contains { $0.spelling == name } }) else {
      let known = entry.arguments.map(\.spelling)
      let near = Suggestion.nearest(to: subject, among: known).map { "did you mean \($0)?" }
      return failed(
        specification, subject,
        "\(entry.spelling) has no parameter \(subject); \(near ?? "it has \(known.joined(separator: ", "))")")
    }
    let object = MemoryObject.pointee("p:" + name)
    let source = TrackedSource(
      kind: .user, parameter: name, type: specification.subject["as"].first,
      field: specification.subject["field"].first)
    let extent: Extent
    let type: IntegerType
    do {
      (type, extent) = try TrackedStart.number(source, in: entry, program.file(of: entry.unit))
    } catch {
      return failed(specification, subject, "\(error)")
    }
    guard let written = state.written[object]?[extent] else {
      return failed(
        specification, subject, "nothing on the path writes a number of that size to what \(name) points to")
    }
    machine.state = state
    machine.pending = .none
    guard let cell = state.cells[object]?[extent], case .scalar(let value) = cell.value else {
      return failed(
        specification, subject, "what is written to what \(name) points to is no number that the walk follows")
    }
    let reached = written.simplified(under: end.way)
    let derivation = Derivation(
      form: .stored(.truncate(value, to: type).simplified(under: .and(end.way, reached))), reachedWhen: reached,
      undefinedWhen: undefined(end) { !$0.path.contains(where: \.isTest) }, assuming: end.way)
    return TracedResult(
      specification: specification, derivation: derivation, subject: subject,
      location: machine.nodes.first.map { program.location($0.definition) }, why: nil,
      restsOn: finder.obligations(machine.union([cell.rests, state.decided] + state.guards.map(\.rests)))
        + finder.settled(deciding(end, end.way, reached)),
      assumptions: machine.assumed.texts)
  }
}
