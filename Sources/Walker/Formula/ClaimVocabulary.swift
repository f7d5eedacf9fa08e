public import WalkerModel

/// The type names that claims know.
enum ClaimTypes {
  static func named(_ name: String) -> IntegerType? {
    switch name {
    case "bool", "_Bool": return .bool
    case "int": return .s32
    case "unsigned": return .u32
    case "long", "ssize_t": return .s64
    case "size_t": return .u64
    case "short": return .s16
    default: break
    }
    // `u32`, `__u32`, and for a bit-field its width: `u4`.
    let short = name.hasPrefix("__") ? name.dropFirst(2) : name[...]
    guard let sign = short.first, sign == "u" || sign == "s", let width = Int(short.dropFirst()),
      (1...64).contains(width), String(width) == short.dropFirst()
    else { return nil }
    return IntegerType(width: width, isSigned: sign == "s")
  }

  /// The type at the start of `tokens`, and of how many words it is.
  static func type(
    _ tokens: ArraySlice<ClaimToken>, names: [String: Expression]
  ) -> (IntegerType, Int)? {
    var words: [String] = []
    for token in tokens {
      guard case .name(let word) = token.kind, names[word] == nil else { break }
      words.append(word)
    }
    guard !words.isEmpty else { return nil }
    if words.count == 1 { return named(words[0]).map { ($0, 1) } }
    var (width, isSigned, longs) = (32, true, 0)
    for word in words {
      switch word {
      case "unsigned": isSigned = false
      case "signed", "int": break
      case "long": longs += 1
      case "short": width = 16
      case "char": width = 8
      default: return nil
      }
    }
    return (IntegerType(width: longs > 0 ? 64 : width, isSigned: isSigned), words.count)
  }
}

/// The functions that claims can call: the kernel's own macros and bit operations.
struct ClaimFunction {
  let count: Int
  var takesType = false
  /// Arguments and, where a type is given, that type.
  let apply: ([Expression], IntegerType?) -> Expression

  static let names =
    ["clamp", "clamp_t", "max", "max_t", "min", "min_t", "swab16", "swab32", "swab64"]
    + Primitive.allCases.filter { $0 != .byteSwap }.map(\.rawValue).sorted()

  static func named(_ name: String) -> ClaimFunction? {
    switch name {
    case "min": ClaimFunction(count: 2) { extremum(.minimum, $0[0], $0[1], $1) }
    case "max": ClaimFunction(count: 2) { extremum(.maximum, $0[0], $0[1], $1) }
    case "min_t": ClaimFunction(count: 2, takesType: true) { extremum(.minimum, $0[0], $0[1], $1) }
    case "max_t": ClaimFunction(count: 2, takesType: true) { extremum(.maximum, $0[0], $0[1], $1) }
    case "clamp": ClaimFunction(count: 3) { clamp($0, $1) }
    case "clamp_t": ClaimFunction(count: 3, takesType: true) { clamp($0, $1) }
    case "swab16": swap(.u16)
    case "swab32": swap(.u32)
    case "swab64": swap(.u64)
    default:
      Primitive(rawValue: name).flatMap { primitive in
        primitive == .byteSwap ? nil : ClaimFunction(count: 1) { arguments, _ in .primitive(primitive, arguments[0]) }
      }
    }
  }

  private static func swap(_ type: IntegerType) -> ClaimFunction {
    ClaimFunction(count: 1) { arguments, _ in .primitive(.byteSwap, .convert(arguments[0], to: type)) }
  }

  private static func extremum(
    _ op: BinaryOperator, _ a: Expression, _ b: Expression, _ type: IntegerType?
  ) -> Expression {
    let type = type ?? IntegerType.usual(a.type, b.type)
    return .binary(op, .convert(a, to: type), .convert(b, to: type))
  }

  /// The kernel's `clamp(x, low, high)`: `min(max(x, low), high)`.
  private static func clamp(_ arguments: [Expression], _ type: IntegerType?) -> Expression {
    extremum(.minimum, extremum(.maximum, arguments[0], arguments[1], type), arguments[2], type)
  }
}

extension IntegerType {
  /// The type of a name as C has it: `int`, `unsigned long`, `__u32`; nil for any other text.
  public static func named(_ text: String) -> IntegerType? {
    let words = text.split(separator: " ").map { ClaimToken(kind: .name(String($0)), column: 0, length: 1) }
    return ClaimTypes.type(words[...], names: [:])?.0
  }
}
