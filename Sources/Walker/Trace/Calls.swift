internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Calls: entered where the value goes, left as an open end or an opaque result elsewhere.
extension Machine {
  func callValue(_ cursor: Cursor) -> Value {
    let children = cursor.children
    guard let callee = children.first else { return unknown(cursor) }
    let direct = cursor.referenced.flatMap { $0.kind == .functionDeclaration ? $0.spelling : nil }
    if let name = direct, let given = builtinValue(name, cursor) { return given }
    let arguments = cursor.arguments.map { ($0, value($0)) }
    guard state != nil else { return .none }
    if let name = direct, let modelled = primitiveValue(name, arguments.map(\.1), cursor.type) { return modelled }
    let tracked = arguments.contains { isTracked($0.1) }
    if let name = direct { return call(name, cursor, arguments, tracked: tracked, callee: callee) }
    let target = value(callee)
    if let field = target.place?.foundThrough?.name, until.contains(field), let state {
      untilConditions.append(state.condition)
    }
    if case .function(let name, _) = target { return call(name, cursor, arguments, tracked: tracked, callee: callee) }
    let field = (target.place?.foundThrough ?? target.place?.lastField)?.field
    note(.call, cursor, field ?? cursor.referenced?.spelling ?? "", arguments.map { eventValue($0.1) })
    // A test asks for an answer, not for a path: which of a table's functions it would call stays open.
    if tracked, counter == nil, let chosen = resolveIndirect(callee, target, cursor, tracked: tracked) {
      if tracked { arguments.forEach { if isTracked($0.1) { recordCall(cursor, number($0.1), to: chosen.function) } } }
      return enter(chosen.definition, cursor, arguments, reachedBy: chosen.reachedBy)
    }
    doubtIndirect(target, arguments.map(\.1), cursor)
    return leaveClosed(
      program.text(callee), cursor, arguments, tracked: tracked, why: "a pointer that was not resolved")
  }

  private func call(
    _ name: String, _ cursor: Cursor, _ arguments: [(Cursor, Value)], tracked: Bool, callee: Cursor
  ) -> Value {
    if until.contains(name), let state { untilConditions.append(state.condition) }
    note(.call, cursor, name, arguments.map { eventValue($0.1) })
    let file = program.location(cursor).file
    let unit = program.file(of: cursor.unit)
    var definition = unit?.functions[name]
    var hits: [IndexHit] = []
    let isWriter = writers.mayWrite(name)
    if definition == nil, tracked || waypoints.contains(name) || isWriter {
      let top = file.split(separator: "/").first.map { $0 + "/" } ?? ""
      do {
        (definition, hits) = try program.definition(of: name, near: unit) { isWriter || $0.hasPrefix(top) }
      } catch {
        // What a test's helper makes of the value is a circumstance of its answer; it is no part of the path.
        if counter == nil || isWriter { note(Machine.unreadable(name, error)) }
      }
    }
    let reached = ReachedBy(kind: .direct, location: program.location(cursor))
    let writesLocal = arguments.contains { if case .pointer(let place) = $0.1 { place.isLocal } else { false } }
    if let definition, shouldEnter(definition, tracked: tracked, writesLocal: writesLocal) {
      if tracked { arguments.forEach { if isTracked($0.1) { recordCall(cursor, number($0.1), to: name) } } }
      return enter(definition, cursor, arguments, reachedBy: reached)
    }
    if counter == nil { unentered.append((name, false, program.location(cursor), definition)) }
    if isWriter, !name.hasPrefix("__builtin"), !assumed.callees.contains(name) {
      doubt(watchedFields, "\(name)(), which may write it, was not entered", at: cursor)
    }
    if definition == nil, tracked, counter == nil, hits.isEmpty, !name.hasPrefix("__builtin") {
      note(Machine.undefinedFunction(name, program.location(cursor)))
    }
    let why =
      definition != nil
      ? "does not store it where a result looks"
      : ((hits.first { $0.file.hasSuffix(".c") } ?? hits.first).map { "defined in \($0.file)" }
        ?? "its definition was not found")
    return leaveClosed(name, cursor, arguments, tracked: tracked, why: why)
  }

  /// The call is not looked into.
  private func leaveClosed(
    _ name: String, _ cursor: Cursor, _ arguments: [(Cursor, Value)], tracked: Bool, why: String
  ) -> Value {
    if tracked {
      arguments.forEach { if isTracked($0.1) { recordCall(cursor, number($0.1), to: name) } }
      let end = OpenEnd(call: name, location: program.location(cursor), why: why)
      if !openEnds.contains(end) { openEnds.append(end) }
    }
    for (given, argument) in arguments {
      guard case .pointer(let place) = argument else { continue }
      havoc(place, by: name, bits: (given.type.pointee.size ?? 0) * 8)
      handOut(place, given, to: "\(name)()")
    }
    let result = unknown(cursor.type, name: "\(name)()", id: fresh("call:\(name)"))
    return result.expression.map { .scalar(assumed.given("\(name)()", $0)) } ?? result
  }

  /// Functions that may write are held in that field of some ops table.
  private func doubtIndirect(_ target: Value, _ arguments: [Value], _ cursor: Cursor) {
    guard let field = target.place?.foundThrough ?? target.place?.lastField else {
      // A variable holds the function: nothing says which one, so it may be one that writes what it is given.
      let given = Set(arguments.compactMap { $0.place?.object })
      let written = stores.filter { event in
        given.contains(event.place.object) && event.place.lastField.map { watchedFields.contains($0.field) } ?? false
      }
      let fields = Set(written.compactMap { $0.place.lastField?.field })
      guard !fields.isEmpty else { return }
      let list = fields.sorted().joined(separator: ", ")
      return doubt(fields, "a call over a variable that was not resolved may write \(list)", at: cursor)
    }
    if counter == nil { unentered.append((field.field, true, program.location(cursor), nil)) }
    guard writers.mayWrite(throughField: field.field) else { return }
    let list = watchedFields.sorted().joined(separator: ", ")
    doubt(watchedFields, "a call over \(field.name) that was not resolved may write \(list)", at: cursor)
  }

  /// The address of a field that a result speaks of goes to a function that is not looked into.
  func handOut(_ place: Place, _ given: Cursor, to name: String) {
    guard !place.isLocal, let field = place.lastField?.field, watchedFields.contains(field),
      given.type.isPointer, given.type.pointee.integer != nil || given.type.pointee.isVoid
    else { return }
    doubt([field], "\(name) is given the address of \(field) and was not entered", at: given)
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
    guard depth < 40, enteredCount < 4000, !assumed.callees.contains(definition.spelling) else { return false }
    let traits = traits(of: definition)
    if matters(definition) { return true }
    if traits.hasAssembly { return false }
    let result = definition.resultType
    if tracked { return result.isVoid || result.integer != nil || traits.isSimple }
    return traits.isSimple && (!result.isVoid || writesLocal || !traits.storedVariables.isEmpty)
  }

  func enter(
    _ definition: Cursor, _ cursor: Cursor?, _ arguments: [(Cursor, Value)], reachedBy: ReachedBy
  ) -> Value {
    guard let start = state, let body = definition.children.last(where: { $0.kind == .compoundStatement }) else {
      return .none
    }
    enteredCount += 1
    let entered = CallNode(
      id: nodes.count, name: definition.spelling, definition: definition, parent: node, reachedBy: reachedBy,
      guards: start.guards)
    nodes.append(entered)
    node?.children.append(entered)
    if assumedIn == nil { assumedIn = entered }
    let (callerNode, callerActivation) = (node, activation)
    node = entered
    activation = Activation(id: entered.id)
    for (parameter, argument) in zip(definition.arguments, arguments) {
      bind(parameter, argument.1, entered)
    }
    if let callerNode, entered.parameter == nil { entered.leftBehind = "\(callerNode.name)() does not hand it on" }
    run(body)
    if let fallen = state { activation.returns.append((fallen, .none)) }
    let result = joinReturns(start)
    (node, activation) = (callerNode, callerActivation)
    for object in (state?.cells.keys.map { $0 } ?? []) where object.hasPrefix("l\(entered.id):") {
      state?.cells[object] = nil
    }
    return definition.resultType.isVoid ? .none : convert(result, to: definition.resultType)
  }

  private func bind(_ parameter: Cursor, _ argument: Value, _ entered: CallNode) {
    let place = variable(parameter)
    let value = convert(argument, to: parameter.type)
    if isTracked(value) {
      if entered.parameter == nil { entered.parameter = parameter.spelling }
      track(parameter)
    }
    switch value {
    case .aggregate(let source): copy(from: source, to: place, bits: (parameter.type.size ?? 0) * 8)
    case .scalar(let expression):
      let width = max(expression.type.width, 8)
      let given = entered === assumedIn ? assumed.variable(parameter.spelling, holds: expression) : expression
      write(.scalar(simplify(given)), Extent(offset: 0, width: width), place)
    case .pointer, .function: write(value, Extent(offset: 0, width: 64), place)
    case .filled, .untouched, .none: break
    }
  }

  /// All ways out of the function as one; where none was lost, nothing was learned on the way.
  private func joinReturns(_ start: State) -> Value {
    let returns = activation.returns
    guard var (joined, result) = returns.first.map({ ($0.state, $0.value) }) else {
      state = nil
      return .none
    }
    for next in returns.dropFirst() {
      let (_, choice, _) = discriminator(joined, next.state)
      result = merge(result, next.value, choice)
      joined = merge(joined, next.state)
    }
    state = joined
    return result
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
