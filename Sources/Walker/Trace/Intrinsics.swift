internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Functions that have a meaning of their own, by name: the compiler's builtins, memory as bytes, atomics. Each says what it
/// writes; a function that is not here is code, or a call that was not entered.
extension Machine {
  /// The value of an intrinsic's call, with what it writes written; nil for an ordinary function.
  func intrinsicValue(_ name: String, _ cursor: Cursor) -> Value? {
    for handler in Self.handlers { if let value = handler(self, name, cursor) { return value } }
    if let overflow = Self.overflowing[name] { return overflowValue(overflow, cursor) }
    if name.hasPrefix("__sync_") || name.hasPrefix("__atomic_") || name.hasPrefix("__c11_atomic_") {
      return atomicValue(cursor, cursor.arguments)
    }
    return builtinValue(name, cursor)
  }

  /// Each gives the value of a call that it knows, and nil for every other one; the first that knows it counts.
  private static let handlers: [@Sendable (Machine, String, Cursor) -> Value?] = [
    { $0.memoryValue($1, $2) },
    { $0.userCopyValue($1, $2) },
    { $0.staticKeyValue($1, $2) },
    { $0.currentValue($1, $2) },
  ]

  static func isIntrinsic(_ name: String) -> Bool { writesMemory(name) || name.hasPrefix("__builtin_") }

  static func writesMemory(_ name: String) -> Bool {
    writesBytes(name) || ["__sync_", "__atomic_", "__c11_atomic_"].contains(where: name.hasPrefix)
      || overflowing[name] != nil
  }

  private static let overflowing: [String: BinaryOperator] = [
    "__builtin_add_overflow": .add, "__builtin_sub_overflow": .subtract, "__builtin_mul_overflow": .multiply,
    "__builtin_uadd_overflow": .add, "__builtin_usub_overflow": .subtract, "__builtin_umul_overflow": .multiply,
  ]

  /// An expression that libclang has no kind for, and that is an atomic access: a pointer, and what it points to.
  func isAtomic(_ cursor: Cursor, _ operands: [Cursor]) -> Bool {
    guard operands.count >= 2, let first = operands.first, first.type.isPointer else { return false }
    if cursor.type.isVoid { return true }
    let target = first.type.pointee
    if let integer = target.integer { return cursor.type.integer == integer || cursor.type.integer == .bool }
    return target.isPointer && cursor.type.isPointer && first.type.canonical.spelling != cursor.type.canonical.spelling
  }

  /// What an atomic access leaves: a load reads, everything else leaves its target unknown. A store's number is known.
  func atomicValue(_ cursor: Cursor, _ operands: [Cursor]) -> Value {
    guard let first = operands.first else { return unknown(cursor) }
    let values = operands.map { value($0) }
    let text = program.text(cursor)
    guard case .pointer(let target)? = values.first else {
      add(.anything(.alias), "an atomic access through a pointer that was not followed", at: cursor)
      return unknown(cursor)
    }
    let type = first.type.pointee
    if text.hasPrefix("__atomic_load_n") { return load(target, type, at: cursor) }
    for (operand, value) in zip(operands, values).dropFirst() {
      leaveUnknown(value, operand.type, by: "an atomic access", at: cursor)
    }
    // The order of the operands is libclang's: pointer, memory order, value.
    if text.hasPrefix("__atomic_store_n"), let stored = values.last, let operand = operands.last {
      _ = operand
      store(stored, to: target, type, at: cursor, target: first)
      return .none
    }
    leaveUnknown(.pointer(target), first.type, by: "an atomic access", at: cursor)
    return unknown(cursor)
  }

  /// `*result = a op b`, and whether that did not fit.
  private func overflowValue(_ op: BinaryOperator, _ cursor: Cursor) -> Value {
    let arguments = cursor.arguments
    guard arguments.count == 3 else { return unknown(cursor) }
    let (a, b) = (number(value(arguments[0])), number(value(arguments[1])))
    guard case .pointer(let target) = value(arguments[2]), let type = arguments[2].type.pointee.integer else {
      add(.anything(.alias), "a checked operation writes through a pointer that was not followed", at: cursor)
      return unknown(cursor)
    }
    let (left, right) = (Expression.convert(a, to: type), Expression.convert(b, to: type))
    let result = Expression.binary(op, left, right)
    store(.scalar(result), to: target, arguments[2].type.pointee, at: cursor, target: nil)
    guard !type.isSigned, a.type == type, b.type == type, op != .multiply else { return unknown(cursor) }
    let overflows: Expression =
      op == .add ? .compare(.less, result, left) : .compare(.less, left, right)
    return .scalar(.convert(overflows, to: cursor.type.integer ?? .bool))
  }

  /// What the pointer leads to may hold anything from here on.
  func leaveUnknown(_ value: Value, _ type: CType, by name: String, at cursor: Cursor) {
    guard case .pointer(let place) = value else { return }
    let bits = (type.pointee.size ?? 0) * 8
    escape(value)
    if place.isLocal { return havoc(place, by: name, bits: bits) }
    if let integer = type.pointee.integer {
      let extent = Extent(offset: place.offset, width: max(integer.width, 8))
      write(.scalar(unfollowed(place, integer, id: "out", after: name)), extent, place)
    } else {
      fill(place, bits: max(bits, 8), with: .filled(nil))
    }
    addStore(path(place, bits: max(bits, 8), record: type.pointee.recordName), at: cursor)
  }
}
