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
    guard state != nil else { return }
    guard let loop = parts(cursor) else { return leaveOpen(cursor) }
    loop.start.map(run)
    activation.breaks.append([])
    var left: [State?] = []
    var turns = 0
    var isFirst = true
    while state != nil {
      if turns == Self.bound { break }
      if loop.testsFirst || !isFirst {
        let condition = loop.condition.map { simplify(self.truth(self.value($0))) } ?? .true
        guard let here = state else { break }
        if condition.isConstantFalse {
          left.append(state)
          state = nil
          break
        }
        if condition.constantNumber == nil {
          let place = loop.condition ?? cursor
          guard isTracked(condition) || turns > 0 && isBounded else {
            left.append(here)
            leaveOpen(cursor, bodies: [loop.body, loop.advance])
            left.append(state)
            state = nil
            break
          }
          left.append(here.adding(.not(condition), at: program.location(place), source: program.text(place)))
          state = here.adding(condition, at: program.location(place), source: program.text(place))
        }
      }
      isFirst = false
      activation.continues.append([])
      loop.body.map(run)
      state = merge([state] + (activation.continues.popLast() ?? []))
      loop.advance.map { _ = self.value($0) }
      turns += 1
    }
    if state != nil {
      note(Machine.unbounded(program.location(cursor)))
      leaveOpen(cursor, bodies: [loop.body, loop.advance])
      left.append(state)
    }
    state = merge(left + (activation.breaks.popLast() ?? []))
  }

  private var isBounded: Bool { false }

  /// The loop is not followed: what it may write to is no longer known.
  private func leaveOpen(_ cursor: Cursor, bodies: [Cursor?] = []) {
    for body in bodies.compactMap({ $0 }) + (bodies.isEmpty ? cursor.children : []) { forgetWrites(body) }
  }

  private func forgetWrites(_ cursor: Cursor) {
    let isWrite =
      cursor.kind == .compoundAssignment || (cursor.kind == .binaryOperator && cursor.binaryOperator == .assign)
      || (cursor.kind == .unaryOperator
        && [.preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(cursor.unaryOperator))
    if isWrite, let target = cursor.children.first, let place = place(target), let type = target.type.integer {
      let extent = Extent(offset: place.offset, width: max(type.width, 8))
      write(.scalar(.input(Input(id: fresh("loop"), name: place.text, role: .opaque, type: type))), extent, place)
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
    guard !cursor.isFromMacro, let start = cursor.start, let end = cursor.end, let body = children.last else { return nil }
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
      if offset < semicolons[0] { loop.start = child } else if offset < semicolons[1] { loop.condition = child } else { loop.advance = child }
    }
    return loop
  }

  static func unbounded(_ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.value.unbounded-loop", severity: .warning,
      summary: "A loop over the followed value has no bound that walker finds; what it writes is left open.", location: location)
  }
}
