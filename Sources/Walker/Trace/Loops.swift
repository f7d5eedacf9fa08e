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

  /// More than any loop over the bits of a number needs.
  private static let bound = 80

  func runLoop(_ cursor: Cursor) {
    guard let before = state else { return }
    guard let loop = parts(cursor) else {
      doubtCalls(in: cursor)
      return leaveOpen(cursor)
    }
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
    if let condition = loop.condition, isTracked(number(value(condition))) {
      note(Machine.unbounded(program.location(cursor)))
    }
    doubtCalls(in: cursor)
    leaveOpen(cursor, bodies: [loop.body, loop.advance, loop.condition])
    let open = state
    activation.breaks.append([])
    activation.continues.append([])
    loop.body.map(run)
    activation.breaks.removeLast()
    activation.continues.removeLast()
    state = open ?? before
    leaveOpen(cursor, bodies: [loop.body, loop.advance, loop.condition])
  }

  /// All ways out of the loop by its condition; nil when the turns do not count towards an end that can be told.
  private func unroll(_ loop: Loop) -> [State?]? {
    var left: [State?] = []
    var known: Set<Input>?
    var last: Expression?
    for turn in 0...Self.bound {
      guard state != nil else { return left }
      if loop.testsFirst || turn > 0 {
        let condition = loop.condition.map { simplify(self.truth(self.value($0))) } ?? .true
        guard let here = state else { return left }
        if condition.isConstantFalse { return left + [here] }
        if condition.constantNumber == nil {
          let inputs = condition.inputs
          guard last != condition, known.map(inputs.isSubset) ?? true else { return nil }
          (known, last) = (inputs, condition)
          let place = loop.condition
          let (location, source) = (
            place.map(program.location) ?? SourceLocation(file: "", line: 0), place.map(program.text) ?? ""
          )
          left.append(here.adding(.not(condition), at: location, source: source))
          state = here.adding(condition, at: location, source: source)
        }
      }
      activation.continues.append([])
      loop.body.map(run)
      state = merge([state] + (activation.continues.popLast() ?? []))
      loop.advance.map { _ = self.value($0) }
    }
    return nil
  }

  /// The loop is not followed: what it may write to is no longer known.
  private func leaveOpen(_ cursor: Cursor, bodies: [Cursor?] = []) {
    for body in bodies.compactMap({ $0 }) + (bodies.isEmpty ? cursor.children : []) { forgetWrites(body) }
  }

  func forgetWrites(_ cursor: Cursor) {
    // What is handed out by its address may be written by who gets it.
    if cursor.kind == .unaryOperator, cursor.unaryOperator == .addressOf, let target = cursor.children.first,
      target.kind == .declarationReference, let place = place(target)
    {
      havoc(place, by: "a loop")
    }
    let isWrite =
      cursor.kind == .compoundAssignment || (cursor.kind == .binaryOperator && cursor.binaryOperator == .assign)
      || (cursor.kind == .unaryOperator
        && [.preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(cursor.unaryOperator))
    if isWrite, let target = cursor.children.first, let place = place(target), let type = target.type.integer {
      let extent = Extent(offset: place.offset, width: max(type.width, 8))
      write(.scalar(unfollowed(place, type, id: "loop", after: "a loop")), extent, place)
    } else if isWrite, let target = cursor.children.first, let place = place(target), target.type.isPointer {
      write(.pointer(Place(object: fresh("loop"), text: place.text)), Extent(offset: place.offset, width: 64), place)
    }
    cursor.children.forEach(forgetWrites)
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
    func open(_ cursor: Cursor) {
      guard let from = cursor.start?.offset, let to = cursor.end?.offset, to > start.offset, from < end else { return }
      if from >= start.offset, to <= end {
        doubtCalls(in: cursor)
        forgetWrites(cursor)
      } else {
        cursor.children.forEach(open)
      }
    }
    open(body)
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
