internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Binary operators and assignments.
extension Machine {
  func binaryValue(_ cursor: Cursor) -> Value {
    let children = cursor.children
    guard children.count == 2 else { return unknown(cursor) }
    let (left, right) = (children[0], children[1])
    let kind = cursor.binaryOperator
    let integer = cursor.type.integer ?? .s32
    switch kind {
    case .assign:
      let given = value(right)
      guard let place = place(left) else {
        add(.anything(.alias), "a store to \(program.text(left)) could not be followed", at: cursor)
        return given
      }
      if isTracked(given) { track(left) }
      store(given, to: place, left.type, at: cursor, target: left)
      return state == nil ? .none : load(place, left.type, at: left)
    case .comma:
      _ = value(left)
      return value(right)
    case .logicalAnd:
      let (first, rests) = resting { self.truth(self.value(left)) }
      let both = choose(first, rests: rests, at: left, { .scalar(self.truth(self.value(right))) }, { .scalar(.false) })
      return .scalar(.convert(number(both), to: integer))
    case .logicalOr:
      let (first, rests) = resting { self.truth(self.value(left)) }
      let either = choose(first, rests: rests, at: left, { .scalar(.true) }, { .scalar(self.truth(self.value(right))) })
      return .scalar(.convert(number(either), to: integer))
    default: break
    }
    let (a, b) = (value(left), value(right))
    if let comparison = Self.comparisons[kind] { return .scalar(.convert(compare(comparison, a, b), to: integer)) }
    if case .pointer(let place) = a { return pointerArithmetic(kind, place, left.type, b, cursor) }
    if case .pointer(let place) = b, kind == .add { return pointerArithmetic(kind, place, right.type, a, cursor) }
    guard let op = Self.arithmetic[kind] else { return unknown(cursor) }
    return .scalar(arithmetic(op, number(a), number(b), integer))
  }

  private func compare(_ op: ComparisonOperator, _ a: Value, _ b: Value) -> Expression {
    let (left, right) = (number(a), number(b))
    if case .pointer = a, right.constantNumber == 0 { return op == .equal ? .not(truth(a)) : truth(a) }
    if case .pointer = b, left.constantNumber == 0 { return op == .equal ? .not(truth(b)) : truth(b) }
    let type = left.type == right.type ? left.type : .usual(left.type, right.type)
    return .compare(op, .convert(left, to: type), .convert(right, to: type))
  }

  private func arithmetic(_ op: BinaryOperator, _ a: Expression, _ b: Expression, _ type: IntegerType) -> Expression {
    if op == .shiftLeft || op == .shiftRight {
      let tooFar = Expression.compare(
        .greaterOrEqual, .convert(b, to: .u64), .constant(Int128(type.width), .u64))
      recordUndefined(simplify(tooFar))
      return .binary(op, .convert(a, to: type), b)
    }
    if op == .divide || op == .remainder {
      recordUndefined(simplify(.compare(.equal, .convert(b, to: type), .constant(0, type))))
    }
    return .binary(op, .convert(a, to: type), .convert(b, to: type))
  }

  /// C gives no value where `condition` holds; when it always does, this path has none.
  func recordUndefined(_ condition: Expression) {
    guard !condition.isConstantFalse, let reached = state?.condition else { return }
    undefined.append(Undefined(condition: condition, reached: reached, node: node))
    if condition.isConstantTrue { state = nil }
  }

  private func pointerArithmetic(
    _ kind: BinaryOperatorKind, _ place: Place, _ type: CType, _ other: Value, _ cursor: Cursor
  ) -> Value {
    guard kind == .add || kind == .subtract else { return unknown(cursor) }
    if case .pointer(let second) = other {
      let bits = (type.pointee.size ?? 1) * 8
      guard second.object == place.object, bits > 0 else { return unknown(cursor) }
      return .scalar(.constant(Int128((place.offset - second.offset) / bits), .s64))
    }
    let bits = (type.isArray ? type.element.size : type.pointee.size) ?? 1
    guard let count = number(other).constantNumber, abs(count) < 1 << 32 else {
      // Somewhere in the same object, or beyond: it may be any.
      escape(.pointer(place))
      return unknown(cursor)
    }
    let distance = Int(count) * max(bits, 1) * 8
    return .pointer(place.moved(by: kind == .add ? distance : -distance))
  }

  func compoundValue(_ cursor: Cursor) -> Value {
    let children = cursor.children
    guard children.count == 2, let place = place(children[0]), let op = Self.compound[cursor.binaryOperator] else {
      add(.anything(.alias), "a store to \(program.text(cursor)) could not be followed", at: cursor)
      return unknown(cursor)
    }
    let (left, right) = (children[0], children[1])
    let old = load(place, left.type, at: left)
    let given = value(right)
    if case .pointer(let target) = old {
      let kind: BinaryOperatorKind = op == .add ? .add : .subtract
      let new = pointerArithmetic(kind, target, left.type, given, cursor)
      store(new, to: place, left.type, at: cursor, target: left)
      return new
    }
    let (a, b) = (number(old), number(given))
    // C computes in the common type, then converts to the variable's.
    let type = op == .shiftLeft || op == .shiftRight ? a.type.promoted : IntegerType.usual(a.type, b.type)
    store(.scalar(arithmetic(op, a, b, type)), to: place, left.type, at: cursor, target: left)
    return state == nil ? .none : load(place, left.type, at: left)
  }

  static let comparisons: [BinaryOperatorKind: ComparisonOperator] = [
    .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
    .equal: .equal, .notEqual: .notEqual,
  ]
  static let arithmetic: [BinaryOperatorKind: BinaryOperator] = [
    .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .remainder: .remainder,
    .shiftLeft: .shiftLeft, .shiftRight: .shiftRight, .and: .and, .or: .or, .xor: .xor,
  ]
  static let compound: [BinaryOperatorKind: BinaryOperator] = [
    .addAssign: .add, .subtractAssign: .subtract, .multiplyAssign: .multiply, .divideAssign: .divide,
    .remainderAssign: .remainder, .shiftLeftAssign: .shiftLeft, .shiftRightAssign: .shiftRight,
    .andAssign: .and, .orAssign: .or, .xorAssign: .xor,
  ]
}
