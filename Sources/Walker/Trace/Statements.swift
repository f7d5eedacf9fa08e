internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What a statement does. A dead state (after `return`, `goto`) passes by all but labels that are jumped to.
extension Machine {
  func run(_ cursor: Cursor) {
    if state == nil, isSpent || !holdsTarget(cursor) { return }
    if state != nil {
      fuel -= 4
      statements += 1
      if fuel <= 0 || (statements & 0xff == 0 && isOutOfMemory()) { return giveUp(cursor) }
    }
    pending = .none
    switch cursor.kind {
    case .compoundStatement: cursor.children.forEach(run)
    case .declarationStatement: cursor.children.filter { $0.kind == .variableDeclaration }.forEach(declare)
    case .ifStatement: runIf(cursor)
    case .switchStatement: runSwitch(cursor)
    case .caseStatement, .defaultStatement:
      if let entering = activation.cases.last?[cursor] { state = merge([state, entering]) }
      cursor.children.last.map(run)
    case .labelStatement:
      state = merge([state] + (activation.gotos.removeValue(forKey: cursor.spelling) ?? []))
      activation.passedLabels.insert(cursor.spelling)
      openRetries(cursor)
      cursor.children.last.map(run)
    case .gotoStatement: runGoto(cursor)
    case .breakStatement: leave(\.breaks)
    case .continueStatement: leave(\.continues)
    case .returnStatement: runReturn(cursor)
    case .whileStatement, .doStatement, .forStatement: runLoop(cursor)
    case .nullStatement: break
    case .assembly: runAssembly(cursor)
    case .indirectGoto:
      lose(.loop, "a computed goto", "is not followed", at: cursor)
      state = nil
    default:
      if cursor.kind.isExpression || cursor.kind == .unexposedExpression {
        _ = value(cursor)
      } else {
        cursor.children.forEach(run)
      }
    }
  }

  /// The walk did all that one may.
  var isSpent: Bool { spentAt != nil }

  /// It ends here: what was found so far is told, and no result is derived from part of a way.
  private func giveUp(_ cursor: Cursor) {
    state = nil
    guard spentAt == nil else { return }
    spentAt = program.location(cursor)
    note(Machine.spent(program.location(cursor), node?.path.map(\.name) ?? []))
  }

  static func spent(_ location: SourceLocation, _ path: [String]) -> Finding {
    Finding(
      id: "walker.call-path.budget", severity: .error,
      summary: "The walk ended here, since it came to more than it may do: no result is derived.", location: location,
      notes: [
        "It was in \(path.joined(separator: ", ")).",
        "Let it go on by `assume:` (an error or a mode that does not matter), or begin at a function further down (`entry: {function: …}`).",
      ])
  }

  /// The value of a statement expression: that of its last statement.
  func statementValue(_ body: Cursor) -> Value {
    let before = pending
    defer { rest(on: before) }
    let statements = body.children
    for statement in statements.dropLast() { run(statement) }
    pending = .none
    guard let last = statements.last, state != nil else { return .none }
    if last.kind.isExpression { return value(last) }
    run(last)
    return .none
  }

  /// Something was not followed that may concern every result.
  func lose(_ kind: Obligation.Kind, _ subject: String, _ why: String, at cursor: Cursor) {
    let obligation = Obligation(kind: kind, subject: subject, location: program.location(cursor), why: why)
    if !lost.contains(obligation) { lost.append(obligation) }
  }

  private func holdsTarget(_ cursor: Cursor) -> Bool {
    if let known = targetCache[cursor] { return known }
    let answer =
      [.labelStatement, .caseStatement, .defaultStatement].contains(cursor.kind)
      || (cursor.kind.isStatement && cursor.children.contains(where: holdsTarget))
    targetCache[cursor] = answer
    return answer
  }

  private func declare(_ variable: Cursor) {
    pending = .none
    if let name = variable.cleanupFunction {
      activation.cleanups.append((name, variable))
      // Its scope may end before the function does.
      if !program.writesNothing(name, from: variable.unit), state != nil {
        effects.append(cleanupEffect(name, variable))
        state?.effects.append(effects.count - 1)
      }
    }
    guard !variable.isStatic else { return }
    evaluateLengths(variable)
    guard let initializer = variable.initializer else { return }
    let place = self.variable(variable)
    if initializer.kind == .initializerList {
      state?.cells[place.object] = nil
      clear(place, variable.type)
      initialize(place, variable.type, with: initializer)
    } else {
      let given = value(initializer)
      if isTracked(given), let position = variable.writtenPosition {
        trackedPositions[position.path, default: []].insert(position)
      }
      store(given, to: place, variable.type, at: variable, target: variable)
    }
  }

  /// The length of an array whose declaration computes it.
  func evaluateLengths(_ variable: Cursor) {
    guard variable.type.isVariablyModified || variable.kind == .parameterDeclaration else { return }
    let initializer = variable.initializer
    for length in variable.children where length.kind.isExpression && length != initializer { _ = value(length) }
  }

  private func runIf(_ cursor: Cursor) {
    let children = cursor.children.filter { $0.kind.isExpression || $0.kind.isStatement }
    guard state != nil else { return children.dropFirst().forEach(run) }
    guard children.count >= 2 else { return }
    let before = state
    let condition = simplify(truth(value(children[0])))
    let rests = pending
    note(.condition, children[0], "", [condition])
    let stepsBefore = node?.steps.count ?? 0
    var ends: (then: Bool, otherwise: Bool) = (false, false)
    fork(
      condition, rests: rests, at: children[0],
      {
        self.run(children[1])
        ends.then = self.state == nil
      },
      else: {
        if children.count > 2 { self.run(children[2]) }
        ends.otherwise = self.state == nil
      })
    if let decided = condition.constantNumber {
      return runLabels(decided != 0 ? children.dropFirst(2) : children[1...1])
    }
    if ends.then != ends.otherwise {
      noteExit(children[0], ends.then ? condition : .not(condition), before: before)
      recordExit(children[0], leaving: ends.then ? children[1] : children.last ?? cursor)
    }
    recordBranch(cursor, condition, before: before, stepsBefore: stepsBefore, isOneSided: ends.then || ends.otherwise)
  }

  /// Statements that are not come to, but jumped into.
  func runLabels(_ statements: ArraySlice<Cursor>) {
    for statement in statements where !activation.gotos.isEmpty && holdsTarget(statement) {
      let here = state
      state = nil
      run(statement)
      state = merge([here, state])
    }
  }

  private func recordExit(_ condition: Cursor, leaving: Cursor) {
    guard let node, !condition.isFromMacro else { return }
    let exit = ErrorExit(
      location: program.location(condition), source: program.text(condition), returns: returnedText(leaving))
    if !node.exits.contains(exit) { node.exits.append(exit) }
  }

  private func returnedText(_ cursor: Cursor) -> String? {
    if cursor.kind == .returnStatement { return cursor.children.first.map(program.text) }
    return cursor.kind == .compoundStatement ? cursor.children.last.flatMap(returnedText) : nil
  }

  private func runSwitch(_ cursor: Cursor) {
    let children = cursor.children.filter { $0.kind.isExpression || $0.kind.isStatement }
    guard state != nil, children.count >= 2, let body = children.last else { return }
    let subject = simplify(number(value(children[0])))
    let rests = pending
    decide(rests)
    guard let start = state else { return }
    var entries: [Cursor: State] = [:]
    var none = Expression.true
    var fallback: Cursor?
    for label in caseLabels([body]) {
      guard label.kind == .caseStatement, let constant = label.children.first else {
        fallback = label
        continue
      }
      let first = Expression.convert(number(value(constant)), to: subject.type)
      // `case 1 ... 5`, which GNU C has: two numbers and the statement.
      let last = label.children.count > 2 ? label.children[1] : nil
      let matches = simplify(
        last.map {
          .and(
            .compare(.greaterOrEqual, subject, first),
            .compare(.lessOrEqual, subject, .convert(number(value($0)), to: subject.type)))
        } ?? .compare(.equal, subject, first))
      let here = simplify(.and(none, matches))
      none = simplify(.and(none, .not(matches)))
      if !here.isConstantFalse { entries[label] = entering(start, here, cursor, rests) }
    }
    let rest = none.isConstantFalse ? nil : entering(start, none, cursor, rests)
    if let fallback, let rest { entries[fallback] = rest }
    activation.cases.append(entries)
    activation.breaks.append([])
    state = nil
    run(body)
    activation.cases.removeLast()
    let left = activation.breaks.popLast() ?? []
    state = merge([state] + left + (fallback == nil ? [rest] : []))
  }

  private func entering(_ start: State, _ condition: Expression, _ cursor: Cursor, _ rests: Rests) -> State {
    condition.isConstantTrue
      ? start
      : start.adding(
        condition, at: program.location(cursor), source: program.text(cursor.children[0]), rests: rests)
  }

  /// The labels of this switch, not those of one inside of it.
  private func caseLabels(_ cursors: [Cursor]) -> [Cursor] {
    cursors.flatMap { child -> [Cursor] in
      if child.kind == .switchStatement || !child.kind.isStatement { return [] }
      let own = child.kind == .caseStatement || child.kind == .defaultStatement ? [child] : []
      return own + caseLabels(child.children)
    }
  }

  private func runGoto(_ cursor: Cursor) {
    guard let label = cursor.children.first(where: { $0.kind == .labelReference })?.spelling, let leaving = state else {
      return
    }
    // A jump back changes nothing that was not left open at its label.
    if !activation.passedLabels.contains(label) { activation.gotos[label, default: []].append(leaving) }
    state = nil
  }

  private func leave(_ list: WritableKeyPath<Activation, [[State]]>) {
    if let leaving = state, !activation[keyPath: list].isEmpty {
      activation[keyPath: list][activation[keyPath: list].count - 1].append(leaving)
    }
    state = nil
  }

  private func runReturn(_ cursor: Cursor) {
    let given = cursor.children.first.map(value) ?? .none
    guard let leaving = state else { return }
    note(.returned, cursor, "", given.expression.map { [$0] } ?? [])
    if isTracked(given) { recordReturn(cursor, given) }
    activation.returns.append((leaving, given, pending))
    state = nil
  }

  /// Outputs are written; what a pointer among the inputs leads to may be.
  private func runAssembly(_ cursor: Cursor) {
    let operands = cursor.children.filter { $0.kind.isExpression && $0.kind != .stringLiteral }
    let shape = AssemblyShape(cursor)
    if mayJump(cursor, shape) { lose(.assembly, "inline assembly", "may jump to a label", at: cursor) }
    for name in shape?.names ?? [] { reachByName(name, at: cursor) }
    // What it names tells its numbers apart from those of other assembly.
    let named = operands.flatMap(Self.globals)
    let id = named.isEmpty ? "asm" : "asm(\(Set(named).sorted().joined(separator: ", ")))"
    for (position, operand) in operands.enumerated() {
      // Where the operands can't be told apart: an output is an lvalue, no conversion to a value stands around it.
      let isOutput = shape.map { position < $0.outputs } ?? operand.isNamedPlace
      if !isOutput {
        let given = value(operand)
        if operand.type.isPointer || operand.type.isArray, let reached = given.place {
          reachByAssembly(reached, operand.type, at: cursor)
        }
        continue
      }
      // A pointer that moves has written where it was.
      if operand.type.isPointer, let reached = value(operand).place {
        reachByAssembly(reached, operand.type, at: cursor)
      }
      guard let place = place(operand) else {
        add(.anything(.assembly), "inline assembly writes to \(program.text(operand))", at: cursor)
        continue
      }
      if let integer = operand.type.integer {
        let extent = Extent(offset: place.offset, width: max(integer.width, 8))
        if let old = state?.cells[place.object]?[extent]?.value.expression, isTracked(old) {
          note(Machine.assembly(program.location(cursor)))
        }
        write(.scalar(unfollowed(place, integer, id: id, after: "assembly")), extent, place)
        if !place.isLocal { addStore(path(place, bits: extent.width), at: cursor) }
      } else {
        leaveUnknown(.pointer(place), place, operand.type, at: cursor)
      }
    }
  }

  /// Variables of the kernel that are named in an expression.
  private static func globals(in cursor: Cursor) -> [String] {
    if cursor.kind == .declarationReference, let variable = cursor.referenced, variable.kind == .variableDeclaration,
      variable.isAtFileScope || variable.isExtern
    {
      return [variable.spelling]
    }
    return cursor.children.flatMap(globals)
  }

  /// `asm goto`: libclang does not tell its labels. Where a macro hides the words, a label that it names, or that stands in
  /// the same macro, is one that it may jump to.
  private func mayJump(_ cursor: Cursor, _ shape: AssemblyShape?) -> Bool {
    if let shape { return shape.isGoto }
    let text = program.text(cursor)
    if text.prefix(while: { $0 != "(" }).contains("goto") { return true }
    guard let body = node?.definition, let start = cursor.start else { return false }
    let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    func holdsLabel(_ part: Cursor) -> Bool {
      if part.kind == .labelStatement, words.contains(part.spelling) || part.start == start { return true }
      return part.kind.isStatement && part.children.contains(where: holdsLabel)
    }
    return body.children.contains(where: holdsLabel)
  }

  /// A variable that assembly names needs no operand.
  private func reachByName(_ name: String, at cursor: Cursor) {
    let file = program.file(of: cursor.unit)
    if let variable = file?.variables[name] {
      return reachByAssembly(self.variable(variable), variable.type, at: cursor, isNamed: true)
    }
    if file?.functions[name] != nil { add(.anything(.assembly), "inline assembly calls \(name)()", at: cursor) }
  }

  private func leaveUnknown(_ value: Value, _ place: Place, _ type: CType, at cursor: Cursor) {
    let bits = max((type.size ?? 8) * 8, 8)
    for cell in (state?.cells[place.object] ?? [:]).values { escape(cell.value) }
    fill(place, bits: bits, with: .filled(nil))
    if !place.isLocal { addStore(path(place, bits: bits, record: type.recordName), at: cursor) }
  }

  /// The record that a pointer leads into may hold anything by now.
  private func reachByAssembly(_ place: Place, _ type: CType, at cursor: Cursor, isNamed: Bool = false) {
    escape(.pointer(place))
    if place.isLocal { return havoc(place, by: "assembly", bits: (type.pointee.size ?? 8) * 8) }
    let start = place.lastField?.base ?? 0
    let reached = AccessPath(
      object: place.object, extent: Extent(offset: start, width: Element.far), steps: place.steps,
      record: (isNamed ? type : type.pointee).recordName, text: place.text)
    add(.reach(reached, .assembly), "inline assembly \(isNamed ? "names" : "is given") \(place.text)", at: cursor)
  }

  static func assembly(_ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.value.assembly", severity: .warning,
      summary: "Inline assembly changes the followed value; what it computes is not derivable.", location: location)
  }
}
