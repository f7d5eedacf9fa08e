public import WalkerModel

/// The grammar of claims, C's own with its precedences:
///
///     claim        := conditional
///     conditional  := binary [ "?" conditional ":" conditional ]
///     binary       := unary { operator unary }      "||" "&&" "|" "^" "&" "== !=" "< <= > >=" "<< >>" "+ -" "* / %"
///     unary        := ( "-" | "+" | "~" | "!" ) unary | "(" type ")" unary | primary
///     primary      := integer | name | call | "(" conditional ")" | "never"
///     call         := ("min" | "max") "(" c "," c ")" | "clamp" "(" c "," c "," c ")"
///                   | ("min_t" | "max_t") "(" type "," c "," c ")" | "clamp_t" "(" type "," c "," c "," c ")"
///                   | ("roundup_pow_of_two" | "ilog2" | "fls" | "fls64" | "ffs" | "hweight32" | "swab32" | …) "(" c ")"
///     type         := "u8" … "u64" | "s8" … "s64" | "bool" | "int" | "unsigned [int]" | "[unsigned] long" | …
///
/// `never` stands for no number at all: as the whole claim or as an arm of `?:`. Operands are converted as C does; `min`
/// and `max` of two types take their usual arithmetic conversion. A function's argument is converted to its parameter.
///
/// Why not libclang with a prelude: a claim is an expression of a dozen words. Parsed here, its errors point into the
/// claim rather than into a generated file, `never`, dotted knob names and results by name need no encoding, and
/// everything that reads a claim works where there is no libclang.
struct ClaimParser {
  /// A parsed part: a number, and where there is none.
  struct Term {
    /// nil: `never`.
    var value: Expression?
    var never: Expression
    let column: Int

    init(_ value: Expression?, never: Expression = .false, column: Int) {
      self.value = value
      self.never = never
      self.column = column
    }
  }

  let text: String
  let names: [String: Expression]
  private var tokens: [ClaimToken]
  private var position = 0
  private var depth = 0

  init(_ text: String, names: [String: Expression]) throws(ClaimError) {
    self.text = text
    self.names = names
    var lexer = ClaimLexer(text, names: names.keys)
    tokens = try lexer.tokens()
  }

  mutating func claim() throws(ClaimError) -> Claim {
    if token.kind == .end { throw error("the claim is empty") }
    let term = try conditional()
    guard token.kind == .end else { throw error("\(described(token)) is not expected here") }
    let value = term.value ?? .constant(0, .s32)
    if value.noValueWhen.simplified.isConstantTrue {
      throw ClaimError("C gives this no value: a division by zero, or a shift past the width", in: text, column: 0)
    }
    return Claim(text: text, value: value, neverWhen: term.never)
  }

  // MARK: words

  private var token: ClaimToken { tokens[position] }

  private mutating func take(_ sign: String) -> Bool {
    guard token.kind == .sign(sign) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ sign: String) throws(ClaimError) {
    if !take(sign) { throw error("`\(sign)` is expected before \(described(token))") }
  }

  private func described(_ token: ClaimToken) -> String {
    token.kind == .end ? "the end" : "`" + text.dropFirst(token.column).prefix(token.length) + "`"
  }

  private func error(_ message: String) -> ClaimError {
    ClaimError(message, in: text, column: token.column, length: token.length)
  }

  // MARK: operators

  mutating func conditional() throws(ClaimError) -> Term {
    depth += 1
    defer { depth -= 1 }
    guard depth < 100 else { throw error("the claim is nested too deeply") }
    let condition = try binary(0)
    guard take("?") else { return condition }
    let test = try number(condition).isTrue
    let then = try conditional()
    try expect(":")
    let otherwise = try conditional()
    let never = Expression.select(test, then.never, otherwise.never)
    guard let a = then.value, let b = otherwise.value else {
      return Term(then.value ?? otherwise.value, never: never, column: condition.column)
    }
    let type = IntegerType.usual(a.type, b.type)
    return Term(
      .select(test, .convert(a, to: type), .convert(b, to: type)), never: never, column: condition.column)
  }

  /// From the weakest to the strongest.
  private static let levels: [[String]] = [
    ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"],
    ["*", "/", "%"],
  ]

  private mutating func binary(_ level: Int) throws(ClaimError) -> Term {
    guard level < Self.levels.count else { return try unary() }
    var left = try binary(level + 1)
    while case .sign(let sign) = token.kind, Self.levels[level].contains(sign) {
      position += 1
      let right = try binary(level + 1)
      left = Term(Self.combined(sign, try number(left), try number(right)), column: left.column)
    }
    return left
  }

  private static func combined(_ sign: String, _ left: Expression, _ right: Expression) -> Expression {
    if sign == "||" { return .or(left, right) }
    if sign == "&&" { return .and(left, right) }
    if let op: BinaryOperator = ["<<": .shiftLeft, ">>": .shiftRight][sign] {
      return .binary(op, .convert(left, to: left.type.promoted), right)
    }
    let type = IntegerType.usual(left.type, right.type)
    let (a, b) = (Expression.convert(left, to: type), Expression.convert(right, to: type))
    let comparisons: [String: ComparisonOperator] = [
      "==": .equal, "!=": .notEqual, "<": .less, "<=": .lessOrEqual, ">": .greater, ">=": .greaterOrEqual,
    ]
    if let op = comparisons[sign] { return .compare(op, a, b) }
    let operators: [String: BinaryOperator] = [
      "+": .add, "-": .subtract, "*": .multiply, "/": .divide, "%": .remainder, "&": .and, "|": .or, "^": .xor,
    ]
    return operators[sign].map { .binary($0, a, b) } ?? a
  }

  /// The term's number; `never` has none to compute with.
  private func number(_ term: Term) throws(ClaimError) -> Expression {
    guard let value = term.value, term.never.isConstantFalse else {
      throw ClaimError(
        "`never` can only be the whole claim or an arm of `?:`, nothing can be computed from it", in: text,
        column: term.column)
    }
    return value
  }

  private mutating func unary() throws(ClaimError) -> Term {
    let column = token.column
    depth += 1
    defer { depth -= 1 }
    guard depth < 100 else { throw error("the claim is nested too deeply") }
    for sign in ["-", "+", "~", "!"] where take(sign) {
      let operand = try number(try unary())
      let promoted = Expression.convert(operand, to: operand.type.promoted)
      let value: Expression =
        switch sign {
        case "-": .negate(promoted)
        case "~": .complement(promoted)
        case "!": .not(operand.isTrue)
        default: promoted
        }
      return Term(value, column: column)
    }
    if token.kind == .sign("("), let (type, length) = ClaimTypes.type(tokens[(position + 1)...], names: names),
      tokens[position + 1 + length].kind == .sign(")")
    {
      position += length + 2
      return Term(.convert(try number(try unary()), to: type), column: column)
    }
    return try primary()
  }

  private mutating func primary() throws(ClaimError) -> Term {
    let start = token
    switch start.kind {
    case .literal(let number, let type):
      position += 1
      return Term(.constant(number, type), column: start.column)
    case .name(let name):
      if let value = names[name] {
        position += 1
        return Term(value, column: start.column)
      }
      position += 1
      if name == "never" { return Term(nil, never: .true, column: start.column) }
      if token.kind == .sign("(") { return try call(name, start) }
      position -= 1
      throw unknown(name, start)
    case .sign("("):
      position += 1
      var inner = try conditional()
      try expect(")")
      inner = Term(inner.value, never: inner.never, column: start.column)
      return inner
    default: throw error("a number, a name or `(` is expected before \(described(start))")
    }
  }

  private func unknown(_ name: String, _ token: ClaimToken) -> ClaimError {
    if let type = ClaimTypes.named(name) {
      return ClaimError(
        "`\(name)` is a type; a conversion is written `(\(type.name)) x`", in: text, column: token.column,
        length: token.length)
    }
    let known = names.keys.sorted()
    let hint =
      Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
      ?? (known.isEmpty ? "no names are known here" : "known are " + known.map { "`\($0)`" }.joined(separator: ", "))
    return ClaimError("`\(name)` is not known; \(hint)", in: text, column: token.column, length: token.length)
  }

  // MARK: calls

  private mutating func call(_ name: String, _ start: ClaimToken) throws(ClaimError) -> Term {
    guard let function = ClaimFunction.named(name) else {
      let hint =
        Suggestion.nearest(to: name, among: ClaimFunction.names).map { "did you mean `\($0)`?" }
        ?? "known are \(ClaimFunction.names.joined(separator: ", "))"
      throw ClaimError(
        "the function `\(name)` is not known; \(hint)", in: text, column: start.column, length: start.length)
    }
    try expect("(")
    var type: IntegerType?
    if function.takesType {
      guard let (found, length) = ClaimTypes.type(tokens[position...], names: [:]) else {
        throw error("`\(name)` takes a type first, as in `\(name)(u32, a, b)`")
      }
      type = found
      position += length
      try expect(",")
    }
    var arguments: [Expression] = []
    repeat {
      arguments.append(try number(try conditional()))
    } while take(",")
    guard arguments.count == function.count else {
      throw ClaimError(
        "`\(name)` takes \(function.count) \(function.count == 1 ? "number" : "numbers"), here are \(arguments.count)",
        in: text, column: start.column, length: start.length)
    }
    try expect(")")
    return Term(function.apply(arguments, type), column: start.column)
  }
}

extension Claim {
  /// Reads a claim. `names` gives what may be spoken of: inputs, knobs by either of their names, other results, and
  /// definitions.
  public static func parse(_ text: String, names: [String: Expression]) throws(ClaimError) -> Claim {
    var parser = try ClaimParser(text, names: names)
    return try parser.claim()
  }
}
