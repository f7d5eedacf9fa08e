internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// An argument of a call, and what it was read from.
struct Argument {
  let cursor: Cursor
  let value: Value
  var rests = Rests.none
}

/// Calls: entered where the value goes, left as an open end or an opaque result elsewhere.
extension Machine {
  func callValue(_ cursor: Cursor) -> Value {
    let children = cursor.children
    guard let callee = children.first else { return unknown(cursor) }
    let direct = cursor.directName
    if let name = direct, let given = intrinsicValue(name, cursor) { return given }
    let arguments = cursor.arguments.map { argument in
      let (value, rests) = resting { self.value(argument) }
      return Argument(cursor: argument, value: value, rests: rests)
    }
    guard state != nil else { return .none }
    if let name = direct, program.isCore(name, from: cursor.unit),
      let modelled = primitiveValue(name, arguments.map(\.value), cursor.type)
    {
      return modelled
    }
    let tracked = arguments.contains { isTracked($0.value) }
    if let name = direct { return call(name, cursor, arguments, tracked: tracked, callee: callee) }
    let target = value(callee)
    if let field = target.place?.foundThrough?.name, until.contains(field) { reachUntil() }
    if let field = (target.place?.foundThrough ?? target.place?.lastField)?.name {
      observeCall([field], cursor, arguments)
    }
    if case .function(let name, _) = target { return call(name, cursor, arguments, tracked: tracked, callee: callee) }
    let through = target.place?.foundThrough ?? target.place?.lastField
    note(.call, cursor, through?.field ?? cursor.referenced?.spelling ?? "", arguments.map { eventValue($0.value) })
    // A test asks for an answer, not for a path: which of a table's functions it would call stays open.
    if tracked, counter == nil, let chosen = resolveIndirect(callee, target, cursor, tracked: tracked) {
      recordCalls(arguments, cursor, to: chosen.function)
      if shouldEnter(chosen.definition, tracked: tracked, writesLocal: false) {
        return enter(chosen.definition, cursor, arguments, reachedBy: chosen.reachedBy)
      }
      return leaveClosed(
        chosen.function, .function(chosen.function), chosen.definition, cursor, arguments, tracked: tracked,
        why: "it was entered already, or is too deep")
    }
    let unresolved: UnenteredCall.Target =
      through.map { .field(record: $0.record, field: $0.field) } ?? .pointer(program.text(callee))
    return leaveClosed(
      program.text(callee), unresolved, nil, cursor, arguments, tracked: tracked, why: "a pointer that was not resolved"
    )
  }

  private func reachUntil() {
    guard let state else { return }
    untilConditions.append(state.condition)
    untilRests = union([untilRests] + state.guards.map(\.rests))
    untilDecided = union([untilDecided, state.decided])
  }

  private func recordCalls(_ arguments: [Argument], _ cursor: Cursor, to name: String) {
    for argument in arguments where isTracked(argument.value) { recordCall(cursor, number(argument.value), to: name) }
  }

  private func call(
    _ name: String, _ cursor: Cursor, _ arguments: [Argument], tracked: Bool, callee: Cursor
  ) -> Value {
    if until.contains(name) { reachUntil() }
    observeCall([name], cursor, arguments)
    note(.call, cursor, name, arguments.map { eventValue($0.value) })
    let file = program.location(cursor).file
    let unit = program.file(of: cursor.unit)
    var definition = unit?.functions[name]
    var hits: [IndexHit] = []
    let isWriter = writers.mayWrite(name)
    if definition == nil, tracked || waypoints.contains(name) || isWriter {
      let top = file.split(separator: "/").first.map { $0 + "/" } ?? ""
      do {
        (definition, hits) = try program.definition(of: name, near: unit, isLinked: true) {
          isWriter || $0.hasPrefix(top)
        }
      } catch {
        // What a test's helper makes of the value is a circumstance of its answer; it is no part of the path.
        if counter == nil || isWriter { note(Machine.unreadable(name, error)) }
      }
    }
    // Another file's definition takes the place of a weak one: which of them it is, the build decides.
    if let own = definition, own.isWeak { definition = nil }
    let reached = ReachedBy(kind: .direct, location: program.location(cursor))
    let writesLocal = arguments.contains { if case .pointer(let place) = $0.value { place.isLocal } else { false } }
    if let definition, shouldEnter(definition, tracked: tracked, writesLocal: writesLocal) {
      if tracked { recordCalls(arguments, cursor, to: name) }
      return enter(definition, cursor, arguments, reachedBy: reached)
    }
    let isHanded = arguments.contains { $0.value.expression.map(isTracked) ?? false }
    if definition == nil, isHanded, counter == nil, hits.isEmpty, !name.hasPrefix("__builtin") {
      note(Machine.undefinedFunction(name, program.location(cursor)))
    }
    let why =
      definition != nil
      ? "does not store it where a result looks"
      : ((hits.first { $0.file.hasSuffix(".c") } ?? hits.first).map { "defined in \($0.file)" }
        ?? "its definition was not found")
    return leaveClosed(name, .function(name), definition, cursor, arguments, tracked: tracked, why: why)
  }

  /// The call is not looked into.
  private func leaveClosed(
    _ name: String, _ target: UnenteredCall.Target, _ definition: Cursor?, _ cursor: Cursor, _ arguments: [Argument],
    tracked: Bool, why: String
  ) -> Value {
    if tracked {
      recordCalls(arguments, cursor, to: name)
      let end = OpenEnd(call: name, location: program.location(cursor), why: why)
      if !openEnds.contains(end) { openEnds.append(end) }
    }
    leaveEffect(name, target, definition, cursor, arguments)
    let allocates = program.allocates(name, from: cursor.unit)
    var result = unknown(cursor.type, name: "\(name)()", id: fresh("call:\(name)"), allocates: allocates)
    // What is asked of the return is what the number has a part in.
    if allocates, watch.observesReturn, case .pointer(var place) = result {
      place.isNeverNull = true
      assumed.take("memory is to be had")
      result = .pointer(place)
    }
    if tracked || arguments.contains(where: { leadsToTracked($0.value) }) {
      for input in result.expression?.inputs ?? [] {
        handed[input.id] = Handed(call: target, location: program.location(cursor))
      }
    }
    return result.expression.map { .scalar(assumed.given("\(name)()", $0)) } ?? result
  }

  /// The value stands in what the pointer points to.
  private func leadsToTracked(_ value: Value) -> Bool {
    guard case .pointer(let place) = value else { return false }
    return state?.cells[place.object]?.values.contains { $0.value.expression.map(isTracked) ?? false } ?? false
  }

  /// What a call that is not entered may have changed.
  func leaveEffect(
    _ name: String, _ target: UnenteredCall.Target, _ definition: Cursor?, _ cursor: Cursor, _ arguments: [Argument]
  ) {
    for argument in arguments {
      guard case .pointer(let place) = argument.value else { continue }
      if trusted.contains(target.bareName) {
        escape(argument.value)
        continue
      }
      havoc(place, by: name, bits: (argument.cursor.type.pointee.size ?? 0) * 8)
      escape(argument.value)
    }
    if case .function(let name) = target, program.writesNothing(name, from: cursor.unit) {
      // It writes what it is handed for that.
      guard CoreServices.changesArguments(name) else { return }
      for argument in arguments where !isConstant(argument.cursor) {
        if case .pointer(let place) = argument.value, !place.isLocal, let typed = typedPointer(argument.cursor) {
          leaveUnknown(argument.value, typed, by: "\(name)()", at: cursor)
        }
      }
      return
    }
    addCall(target, definition, cursor, arguments)
  }

  /// The pointer's type below the conversion to `void *`; nil where there is none but that.
  private func typedPointer(_ argument: Cursor) -> CType? {
    var cursor = argument
    while cursor.type.pointee.isVoid, [.unexposedExpression, .parenthesized, .cast].contains(cursor.kind),
      let inner = cursor.children.last, inner.type.isPointer
    {
      cursor = inner
    }
    return cursor.type.isPointer && !cursor.type.pointee.isVoid && !cursor.type.pointee.isFunction ? cursor.type : nil
  }

  private func isConstant(_ argument: Cursor) -> Bool { argument.type.pointee.spelling.hasPrefix("const ") }

  private func addCall(
    _ target: UnenteredCall.Target, _ definition: Cursor?, _ cursor: Cursor, _ arguments: [Argument]
  ) {
    add(
      .call(
        UnenteredCall(
          target: target, definition: definition, unit: cursor.unit, arguments: arguments.map(\.value),
          types: arguments.map(\.cursor.type))),
      "was not entered", at: cursor)
  }

  private func shouldEnter(_ definition: Cursor, tracked: Bool, writesLocal: Bool) -> Bool {
    var depth = 0
    var above = node
    while let here = above {
      if here.name == definition.spelling {
        if tracked { note(Machine.recursion(definition.spelling, program.location(definition))) }
        return false
      }
      depth += 1
      above = here.parent
    }
    guard depth < 40, enteredCount < 4000, !isSpent, !assumed.callees.contains(definition.spelling),
      !closed.contains(definition.spelling)
    else {
      return false
    }
    let traits = traits(of: definition)
    if matters(definition) { return true }
    let isOfFile = program.location(definition).file.hasSuffix(".c")
    if traits.hasAssembly, !(isOfFile && tracked && (watch.observesReturn || !sources.isEmpty)) { return false }
    let result = definition.resultType
    if tracked { return result.isVoid || result.integer != nil || traits.isSimple }
    return traits.isSimple && (!result.isVoid || writesLocal || !traits.storedVariables.isEmpty)
  }

  func enter(
    _ definition: Cursor, _ cursor: Cursor?, _ arguments: [Argument], reachedBy: ReachedBy
  ) -> Value {
    guard let start = state, let body = definition.children.last(where: { $0.kind == .compoundStatement }) else {
      return .none
    }
    enteredCount += 1
    let entered = CallNode(
      id: nodes.count, name: definition.spelling, definition: definition, parent: node, reachedBy: reachedBy,
      guards: start.guards)
    nodes.append(entered)
    if assumedIn == nil { assumedIn = entered }
    let (callerNode, callerActivation, callerPending) = (node, activation, pending)
    node = entered
    activation = Activation(id: entered.id)
    for (parameter, argument) in zip(definition.arguments, arguments) {
      pending = argument.rests
      bind(parameter, argument.value, entered, at: parameter)
    }
    pending = .none
    definition.arguments.forEach(evaluateLengths)
    if let callerNode, entered.parameter == nil { entered.leftBehind = "\(callerNode.name)() does not hand it on" }
    run(body)
    for (label, _) in activation.gotos.sorted(by: { $0.key < $1.key }) {
      lose(.loop, "goto \(label)", "jumps to where the walk did not come by", at: definition)
    }
    if let fallen = state { activation.returns.append((fallen, .none, .none)) }
    runCleanups()
    let (result, rests) = joinReturns(start)
    (node, activation) = (callerNode, callerActivation)
    pending = union([callerPending, rests])
    observeReturn(entered, result, rests, reached: start.condition)
    let kept = Set(stores.filter { $0.place.isLocal }.map(\.place.object))
    for object in (state?.cells.keys.map { $0 } ?? [])
    where object.kind == .local(activation: entered.id) && !kept.contains(object) {
      state?.cells[object] = nil
    }
    return definition.resultType.isVoid ? .none : convert(result, to: definition.resultType)
  }

  /// Functions that run when a variable goes out of scope: they are not walked, and are calls all the same.
  private func runCleanups() {
    for cleanup in activation.cleanups.reversed()
    where !program.writesNothing(cleanup.name, from: cleanup.variable.unit) {
      effects.append(cleanupEffect(cleanup.name, cleanup.variable))
      for index in activation.returns.indices { activation.returns[index].state.effects.append(effects.count - 1) }
    }
  }

  func cleanupEffect(_ name: String, _ variable: Cursor) -> Effect {
    let definition = program.file(of: variable.unit)?.functions[name]
    return Effect(
      kind: .call(
        UnenteredCall(
          target: .function(name), definition: definition, unit: variable.unit, arguments: [], types: [])),
      location: program.location(variable), why: "runs when \(variable.spelling) goes out of scope",
      within: node?.path.map(\.name) ?? [])
  }

  private func bind(_ parameter: Cursor, _ argument: Value, _ entered: CallNode, at cursor: Cursor) {
    let place = variable(parameter)
    let value = convert(argument, to: parameter.type)
    if isTracked(value) {
      if entered.parameter == nil { entered.parameter = parameter.spelling }
      track(parameter)
    }
    switch value {
    case .aggregate(let source): copy(from: source, to: place, type: parameter.type, at: cursor)
    case .scalar(let expression):
      let width = max(expression.type.width, 8)
      let given = entered === assumedIn ? assumed.variable(parameter.spelling, holds: expression) : expression
      write(.scalar(simplify(given)), Extent(offset: 0, width: width), place)
    case .pointer, .function: write(value, Extent(offset: 0, width: 64), place)
    case .filled, .untouched, .none: break
    }
  }

  /// All ways out of the function as one; where none was lost, nothing was learned on the way.
  private func joinReturns(_ start: State) -> (Value, Rests) {
    let returns = activation.returns
    guard var (joined, result, rests) = returns.first.map({ ($0.state, $0.value, $0.rests) }) else {
      state = nil
      return (.none, .none)
    }
    for next in returns.dropFirst() {
      let (shared, choice, _) = discriminator(joined, next.state)
      let isOne = result.isSame(as: next.value)
      let deciding =
        isOne
        ? [] : (joined.guards.dropFirst(shared.count) + next.state.guards.dropFirst(shared.count)).map(\.rests)
      rests = union([rests, next.rests] + deciding)
      result = merge(result, next.value, choice)
      joined = merge(joined, next.state)
    }
    state = joined
    return (result, rests)
  }

  static func recursion(_ name: String, _ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.call-path.recursion", severity: .note,
      summary: "\(name)() calls itself; the inner call is not entered.",
      location: location)
  }

  static func undefinedFunction(_ name: String, _ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.call-path.undefined-function", severity: .error,
      summary:
        "\(name)() receives the value, but the tree holds no definition of it: what it does with it is not derivable.",
      location: location, notes: ["Check that the tree is complete and that the function was not renamed."])
  }

  static func unreadable(_ name: String, _ error: any Error) -> Finding {
    Finding(id: "walker.call-path.unreadable", severity: .error, summary: "\(name)() could not be looked up: \(error)")
  }
}
