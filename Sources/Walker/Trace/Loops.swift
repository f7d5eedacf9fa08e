internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Loops are unrolled while their condition can be told or depends on what is followed; what another loop writes is
/// left open.
extension Machine {
  private struct Loop {
    var start: Cursor?
    var condition: Cursor?
    var advance: Cursor?
    var body: Cursor?
    var testsFirst = true
  }

  /// More turns than a number of eight bits counts; a loop over the bits of a number needs fewer.
  private static let bound = 300
  /// Turns whose condition depends on numbers: what is known after each is a choice among all that went before.
  private static let symbolicBound = 80
  /// Turns of a loop without a condition, each of which asks for something that is not known.
  private static let endlessBound = 8

  func runLoop(_ cursor: Cursor) {
    guard let before = state else { return }
    guard let loop = parts(cursor) else { return leaveOpen(cursor) }
    loop.start.map(run)
    guard let start = state else { return }
    let saved = activation
    activation.breaks.append([])
    if let left = unroll(loop) {
      state = merge(left + (activation.breaks.popLast() ?? []))
      return
    }
    // It can't be followed turn by turn: what it writes is left open, and it is run once for what it reaches.
    activation = saved
    state = start
    pending = .none
    if let condition = loop.condition, isTracked(number(value(condition))) {
      note(Machine.unbounded(program.location(cursor)))
    }
    pending = .none
    leaveOpen(cursor, bodies: [loop.body, loop.advance, loop.condition])
    let open = state
    activation.breaks.append([])
    activation.continues.append([])
    loop.body.map(run)
    activation.breaks.removeLast()
    activation.continues.removeLast()
    let effects = state?.effects ?? []
    state = open ?? before
    if let known = state?.effects { state?.effects = Set(known).union(effects).sorted() }
    pending = .none
    leaveOpen(cursor, bodies: [loop.body, loop.advance, loop.condition])
  }

  /// All ways out of the loop by its condition; nil when the turns do not count towards an end that can be told.
  private func unroll(_ loop: Loop) -> [State?]? {
    var left: [State?] = []
    var known: Set<Input>?
    var last: Expression?
    // A loop that no condition ends is left from within, mostly after things that are not known.
    let isEndless = loop.condition.map { $0.evaluatedInteger() ?? 0 != 0 } ?? true
    var found: Set<Input> = []
    var turnsWithNews = 0
    var symbolicTurns = 0
    for turn in 0...Self.bound {
      guard let current = state else { return left }
      if isEndless, turn > 0 {
        let inputs = Set(current.guards.flatMap(\.expression.inputs))
        if !inputs.isSubset(of: found) { turnsWithNews += 1 }
        found.formUnion(inputs)
        if turnsWithNews > Self.endlessBound { return nil }
      }
      if loop.testsFirst || turn > 0 {
        pending = .none
        let condition = loop.condition.map { simplify(self.truth(self.value($0))) } ?? .true
        let rests = pending
        guard !isSpent else { return [] }
        if condition.constantNumber != nil { decide(rests) }
        guard let here = state else { return left }
        if condition.isConstantFalse { return left + [here] }
        if condition.constantNumber == nil {
          let inputs = condition.inputs
          symbolicTurns += 1
          guard last != condition, known.map(inputs.isSubset) ?? true, symbolicTurns <= Self.symbolicBound else {
            return nil
          }
          (known, last) = (inputs, condition)
          let place = loop.condition
          let (location, source) = (
            place.map(program.location) ?? SourceLocation(file: "", line: 0), place.map(program.text) ?? ""
          )
          left.append(here.adding(.not(condition), at: location, source: source, rests: rests))
          state = here.adding(condition, at: location, source: source, rests: rests)
        }
      }
      activation.continues.append([])
      loop.body.map(run)
      state = merge([state] + (activation.continues.popLast() ?? []))
      pending = .none
      loop.advance.map { _ = self.value($0) }
      // It may jump into the body, as a guard's scope does to leave.
      if let body = loop.body { runLabels([body]) }
    }
    return nil
  }

  /// The loop is not followed: what it may write to is no longer known.
  private func leaveOpen(_ cursor: Cursor, bodies: [Cursor?] = []) {
    let parts = bodies.compactMap { $0 }
    leaveOpen(parts.isEmpty ? cursor.children : parts)
  }

  /// Pointers first: what is written through one that moves is written somewhere. Twice, since a pointer may be read
  /// through another one.
  private func leaveOpen(_ parts: [Cursor]) {
    for _ in 0..<2 { for part in parts { forgetPointers(part) } }
    for part in parts { forgetWrites(part) }
  }

  private func written(_ cursor: Cursor) -> Cursor? {
    let isWrite =
      cursor.kind == .compoundAssignment || (cursor.kind == .binaryOperator && cursor.binaryOperator == .assign)
      || (cursor.kind == .unaryOperator
        && [.preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(cursor.unaryOperator))
    return isWrite ? cursor.children.first : nil
  }

  private func forgetPointers(_ cursor: Cursor) {
    if let target = written(cursor), target.type.isPointer, let place = still(target) {
      for cell in (state?.cells[place.object] ?? [:]).values { escape(cell.value) }
      let extent = Extent(offset: place.offset, width: 64)
      write(.pointer(Place(object: .summary(fresh("loop")), text: place.text)), extent, place)
      if !place.isLocal { addStore(path(place, bits: 64), at: cursor) }
    }
    cursor.children.forEach(forgetPointers)
  }

  /// The place that an lvalue names, without the changes that finding it makes.
  private func still(_ target: Cursor) -> Place? {
    let before = state
    let place = place(target)
    state = before
    return place
  }

  private func forgetWrites(_ cursor: Cursor) {
    // What is handed out by its address may be written by who gets it.
    if cursor.kind == .unaryOperator, cursor.unaryOperator == .addressOf, let target = cursor.children.first,
      let place = still(target), place.isLocal
    {
      havoc(place, by: "a loop", bits: (target.type.size ?? 0) * 8)
    }
    if let target = written(cursor), !target.type.isPointer {
      if let place = still(target) {
        forget(place, target.type, at: cursor)
      } else {
        add(.anything(.loop), "a store to \(program.text(target)) in a loop could not be followed", at: cursor)
      }
    }
    if cursor.kind == .call { forgetCall(cursor) }
    if cursor.kind == .assembly, !cursor.isBarrier {
      add(.anything(.assembly), "inline assembly in a loop", at: cursor)
    }
    cursor.children.forEach(forgetWrites)
  }

  private func forget(_ place: Place, _ type: CType, at cursor: Cursor) {
    if let integer = type.integer {
      var width = max(integer.width, 8)
      if let bits = place.bitWidth { width = bits }
      let kept = place.bitWidth.map { IntegerType(width: $0, isSigned: integer.isSigned) } ?? integer
      write(
        .scalar(unfollowed(place, kept, id: "loop", after: "a loop")), Extent(offset: place.offset, width: width), place
      )
    } else {
      fill(place, bits: (type.size ?? 0) * 8, with: .filled(nil))
    }
    if !place.isLocal { addStore(path(place, bits: (type.size ?? 8) * 8, record: type.recordName), at: cursor) }
  }

  /// A call in the loop happens before what the loop reads as well as after.
  private func forgetCall(_ cursor: Cursor) {
    let name = cursor.directName
    var arguments: [Argument] = []
    for given in cursor.arguments {
      let before = state
      let value = given.type.isPointer || given.type.isArray ? value(given) : .none
      state = before
      arguments.append(Argument(cursor: given, value: value))
      if let place = value.place, place.isLocal {
        havoc(place, by: "a loop", bits: (given.type.pointee.size ?? 0) * 8)
      }
    }
    if let name, Self.isIntrinsic(name) {
      if let target = arguments.first?.value.place {
        fill(target, bits: Self.wholeObject, with: .filled(nil))
        if !target.isLocal {
          let bits = path(target, bits: Self.wholeObject, record: arguments[0].cursor.type.pointee.recordName)
          addStore(bits, at: cursor)
        }
      } else if Self.writesMemory(name) {
        add(.anything(.loop), "\(name)() in a loop writes through a pointer that was not followed", at: cursor)
      }
      return
    }
    let definition = name.flatMap { program.file(of: cursor.unit)?.functions[$0] }
    leaveEffect(name ?? program.text(cursor), called(cursor, name), definition, cursor, arguments)
  }

  private func called(_ cursor: Cursor, _ name: String?) -> UnenteredCall.Target {
    if let name { return .function(name) }
    var callee = cursor.children.first
    while let inner = callee, inner.kind != .memberAccess, let next = inner.children.last { callee = next }
    if let callee, callee.kind == .memberAccess, let base = callee.children.first {
      let record = base.type.isPointer ? base.type.pointee : base.type
      if let name = record.recordName { return .field(record: name, field: callee.spelling) }
    }
    return .pointer(program.text(cursor))
  }

  private func parts(_ cursor: Cursor) -> Loop? {
    let children = cursor.children
    switch cursor.kind {
    case .whileStatement where children.count == 2:
      return Loop(condition: children[0], body: children[1])
    case .doStatement where children.count == 2:
      return Loop(condition: children[1], body: children[0], testsFirst: false)
    case .forStatement:
      if children.count == 4 {
        return Loop(start: children[0], condition: children[1], advance: children[2], body: children[3])
      }
      return incompleteFor(cursor, children)
    default: return nil
    }
  }

  /// libclang does not say which clause of a `for` is missing: the semicolons do.
  private func incompleteFor(_ cursor: Cursor, _ children: [Cursor]) -> Loop? {
    guard !cursor.isFromMacro, let start = cursor.start, let end = cursor.end, let body = children.last else {
      return nil
    }
    var depth = 0
    var semicolons: [Int] = []
    for token in cursor.unit.tokens(path: start.path, offsets: start.offset..<end.offset) {
      if token.spelling == "(" { depth += 1 }
      if token.spelling == ")" {
        depth -= 1
        if depth == 0 { break }
      }
      if token.spelling == ";", depth == 1 { semicolons.append(token.position.offset) }
    }
    guard semicolons.count == 2 else { return nil }
    var loop = Loop(body: body)
    for child in children.dropLast() {
      guard let offset = child.start?.offset else { return nil }
      if offset < semicolons[0] {
        loop.start = child
      } else if offset < semicolons[1] {
        loop.condition = child
      } else {
        loop.advance = child
      }
    }
    return loop
  }

  /// A label that is jumped back to begins a loop: what is written on the way to the jump is left open from here on, so
  /// that one run stands for all.
  func openRetries(_ label: Cursor) {
    guard state != nil, let start = label.start, let body = node?.definition else { return }
    guard let end = lastJump(to: label.spelling, after: start, in: body) else { return }
    var parts: [Cursor] = []
    func open(_ cursor: Cursor) {
      guard let from = cursor.start?.offset, let to = cursor.end?.offset, to > start.offset, from < end else { return }
      if from >= start.offset, to <= end {
        parts.append(cursor)
      } else {
        cursor.children.forEach(open)
      }
    }
    open(body)
    pending = .none
    leaveOpen(parts)
  }

  private func lastJump(to label: String, after start: FilePosition, in cursor: Cursor) -> Int? {
    var last: Int?
    if cursor.kind == .gotoStatement, let place = cursor.start, place.path == start.path, place.offset > start.offset,
      cursor.children.contains(where: { $0.kind == .labelReference && $0.spelling == label })
    {
      last = place.offset + 1
    }
    for child in cursor.children {
      if let found = lastJump(to: label, after: start, in: child) { last = max(last ?? 0, found) }
    }
    return last
  }

  static func unbounded(_ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.value.unbounded-loop", severity: .warning,
      summary: "A loop over the followed value has no bound that walker finds; what it writes is left open.",
      location: location)
  }
}
