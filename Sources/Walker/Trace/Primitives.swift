internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// The one place that knows kernel functions by name: bit operations that the architecture writes in inline assembly,
/// with the meaning that the kernel's own `asm-generic` C gives them, and the compiler's builtins.
extension Machine {
  func primitiveValue(_ name: String, _ arguments: [Value], _ type: CType) -> Value? {
    if name == "array_index_mask_nospec", arguments.count == 2, let integer = type.integer {
      // include/linux/nospec.h: all bits where the index is within the size, none elsewhere.
      let isWithin = Expression.compare(
        .less, .convert(number(arguments[0]), to: .u64), .convert(number(arguments[1]), to: .u64))
      return .scalar(.select(isWithin, .constant(-1, integer), .constant(0, integer)))
    }
    guard arguments.count == 1, let integer = type.integer, case .scalar(let operand) = arguments[0] else { return nil }
    let long = Expression.convert(operand, to: .u64)
    let result: Expression
    switch name {
    // Of zero these have none, in the kernel's words as in the processor's instructions.
    case "__fls", "variable___fls", "__ffs", "variable___ffs": recordNoBits(long)
    default: break
    }
    switch name {
    case "fls", "variable_fls", "generic_fls": result = .primitive(.fls, .convert(operand, to: .u32))
    case "fls64", "fls_long": result = .primitive(.fls64, long)
    case "__fls", "variable___fls": result = .binary(.subtract, .primitive(.fls64, long), .constant(1, .s32))
    case "ffs", "variable_ffs": result = .primitive(.ffs, .convert(operand, to: .u32))
    case "__ffs", "variable___ffs": result = .binary(.subtract, .primitive(.ffs64, long), .constant(1, .s32))
    case "__arch_hweight32", "__sw_hweight32": result = .primitive(.hweight32, .convert(operand, to: .u32))
    case "__arch_hweight64", "__sw_hweight64": result = .primitive(.hweight64, long)
    default: return nil
    }
    return .scalar(.convert(result, to: integer))
  }

  /// The place of a bit in a number that has none.
  private func recordNoBits(_ number: Expression) {
    recordUndefined(simplify(.compare(.equal, number, .constant(0, number.type))))
  }

  /// The compiler's builtins, as far as values go through them; nil for an ordinary function.
  func builtinValue(_ name: String, _ cursor: Cursor) -> Value? {
    guard name.hasPrefix("__builtin_") else { return nil }
    let arguments = cursor.arguments
    switch name {
    case "__builtin_expect", "__builtin_expect_with_probability", "__builtin_assume_aligned":
      return arguments.first.map { convert(value($0), to: cursor.type) }
    case "__builtin_constant_p":
      // What the optimizer might find out is not known here: only what is written as a constant is one.
      let isConstant = arguments.first?.evaluatedInteger() != nil
      return .scalar(.constant(isConstant ? 1 : 0, .s32))
    case "__builtin_unreachable", "__builtin_trap":
      state = nil
      return Value.none
    case "__builtin_clz", "__builtin_clzl", "__builtin_clzll":
      guard let operand = arguments.first.map({ number(value($0)) }) else { return nil }
      let isLong = name != "__builtin_clz"
      recordNoBits(.convert(operand, to: isLong ? .u64 : .u32))
      return .scalar(
        .binary(
          .subtract, .constant(isLong ? 64 : 32, .s32),
          isLong ? .primitive(.fls64, .convert(operand, to: .u64)) : .primitive(.fls, .convert(operand, to: .u32))))
    case "__builtin_ctz", "__builtin_ctzl", "__builtin_ctzll":
      guard let operand = arguments.first.map({ number(value($0)) }) else { return nil }
      let isLong = name != "__builtin_ctz"
      let wide = Expression.convert(operand, to: isLong ? .u64 : .u32)
      recordNoBits(wide)
      return .scalar(.binary(.subtract, .primitive(isLong ? .ffs64 : .ffs, wide), .constant(1, .s32)))
    case "__builtin_popcount":
      return arguments.first.map { .scalar(.primitive(.hweight32, .convert(number(value($0)), to: .u32))) }
    case "__builtin_popcountl", "__builtin_popcountll":
      return arguments.first.map { .scalar(.primitive(.hweight64, .convert(number(value($0)), to: .u64))) }
    case "__builtin_ffs":
      return arguments.first.map { .scalar(.primitive(.ffs, .convert(number(value($0)), to: .u32))) }
    case "__builtin_ffsl", "__builtin_ffsll":
      return arguments.first.map { .scalar(.primitive(.ffs64, .convert(number(value($0)), to: .u64))) }
    case "__builtin_bswap16", "__builtin_bswap32", "__builtin_bswap64":
      let type: IntegerType = name.hasSuffix("16") ? .u16 : name.hasSuffix("32") ? .u32 : .u64
      return arguments.first.map { .scalar(.primitive(.byteSwap, .convert(number(value($0)), to: type))) }
    default:
      if let constant = constant(cursor) { return constant }
      for argument in arguments { leaveUnknown(value(argument), argument.type, by: name, at: cursor) }
      return unknown(cursor)
    }
  }
}
