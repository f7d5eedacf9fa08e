public import WalkerModel

extension Expression {
  /// C text that computes this node's value: kernel type names, as few parentheses and casts as keep the meaning.
  ///
  /// What walker's own claim parser reads from it is provably equal to the expression.
  public var text: String { Printer().print(self) }

  /// `text` for a reader: without an outermost conversion that only renames the sign, or keeps every number.
  ///
  /// `convert(int, min((u32) size, (u32) cap))` reads `min((u32) size, (u32) cap)`.
  ///
  /// What is too long to be read is told by its size.
  public var displayText: String {
    guard printedSize(upTo: Self.readableSize) < Self.readableSize else {
      return "a formula of more than \(Self.readableSize) parts"
    }
    return Printer(dropsOutermostSign: true).print(self)
  }

  private static let readableSize = 2_000
}

/// Prints expressions as C.
public struct Printer: Sendable {
  /// The outermost conversion is left out when it changes nothing but the sign of the same width.
  public var dropsOutermostSign: Bool
  /// Operands that are printed as a name.
  public var names: [Expression: String]

  public init(dropsOutermostSign: Bool = false, names: [Expression: String] = [:]) {
    self.dropsOutermostSign = dropsOutermostSign
    self.names = names
  }

  public func print(_ expression: Expression) -> String {
    PrintRun(names: names).piece(outermost(expression)).text
  }

  func outermost(_ expression: Expression) -> Expression {
    if dropsOutermostSign, case .convert(let inner) = expression.kind,
      inner.type.width == expression.type.width
    {
      return inner
    }
    return expression
  }
}

/// One printing: the memo keeps shared operands from being printed anew for each use.
final class PrintRun {
  private let ranges = Ranges()
  private var memo: [ObjectIdentifier: Piece] = [:]
  /// Nodes that are printed as a name.
  private let names: [Expression: String]

  init(names: [Expression: String]) {
    self.names = names
  }

  func piece(_ node: Expression) -> Piece {
    if let found = memo[ObjectIdentifier(node)] { return found }
    let made =
      names[node].map { Piece(text: $0, precedence: .primary, type: node.type) } ?? print(node)
    memo[ObjectIdentifier(node)] = made
    return made
  }

  func print(_ node: Expression) -> Piece {
    switch node.kind {
    case .constant(let bits): return Piece(literal: node.type.number(fromBits: bits))
    case .input(let input):
      let text = Names.isPostfix(input.name) ? input.name : "(\(input.name))"
      return Piece(text: text, precedence: .primary, type: input.type)
    case .convert(let inner):
      let operand = piece(inner)
      if node.type == .bool {
        return Piece(text: "\(operand.inside(.equality)) != 0", precedence: .equality, type: .s32)
      }
      if operand.type == node.type || node.type.range.contains(ranges.range(of: inner)) { return operand }
      return operand.cast(to: node.type)
    case .unary(let op, let inner): return unary(op, piece(inner), node.type)
    case .binary(let op, let left, let right): return binary(op, left, right, node.type)
    case .compare(let op, let left, let right): return compare(op, left, right)
    case .select(let condition, let then, let otherwise):
      let (first, second) = agreed(then, otherwise)
      return Piece(
        text: "\(piece(condition).inside(.logicalOr)) ? \(first.text) : \(second.inside(.conditional))",
        precedence: .conditional, type: IntegerType.usual(first.type, second.type))
    case .primitive(let primitive, let operand): return self.primitive(primitive, operand)
    }
  }

  private func unary(_ op: UnaryOperator, _ operand: Piece, _ type: IntegerType) -> Piece {
    if type == .bool {
      // The only bit of a negated bit is that bit.
      if op == .negate { return operand }
      return Piece(text: "!\(operand.inside(.unary))", precedence: .unary, type: .s32)
    }
    let working = type.promoted
    let operand = operand.type.promoted == working ? operand : operand.cast(to: working)
    let sign = op == .negate ? "-" : "~"
    let separated = op == .negate && operand.text.hasPrefix("-")
    let inner = separated ? "(\(operand.text))" : operand.inside(.unary)
    return narrowed(Piece(text: sign + inner, precedence: .unary, type: working), to: type)
  }

  /// An operation on a type narrower than `int` is done in `int`; its low bits are the result.
  private func narrowed(_ piece: Piece, to type: IntegerType) -> Piece {
    piece.type == type ? piece : piece.cast(to: type)
  }

  private func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ type: IntegerType
  ) -> Piece {
    if type == .bool, let (sign, precedence) = op.logical {
      let (left, right) = (piece(left), piece(right))
      let a = left.inside(precedence)
      let b = right.inside(precedence)
      // Compilers warn about `a || b && c`; so the reader gets the parentheses, too.
      let clear = precedence == .logicalOr
      let parts = clear ? [left, right].map(Self.parenthesized) : [a, b]
      return Piece(text: "\(parts[0]) \(sign) \(parts[1])", precedence: precedence, type: .s32)
    }
    if op.isShift { return shift(op, piece(left), piece(right), type) }
    if op == .minimum || op == .maximum {
      let (a, b) = agreed(left, right)
      return Piece(
        text: "\(op == .minimum ? "min" : "max")(\(a.text), \(b.text))", precedence: .primary,
        type: IntegerType.usual(a.type, b.type))
    }
    var (sign, right) = (op.sign, piece(right))
    if op == .add, let number = right.literal,
      let subtracted = Self.subtracted(number, type)
    {
      (sign, right) = ("-", Piece(literal: subtracted))
    }
    let (a, b) = exactly(piece(left), right, type.promoted)
    let precedence = op.precedence
    // a + (b - c) needs no parentheses where a + b is computed in the same type.
    let continues = op == .add && sign == "+" && a.type.promoted == type.promoted
    let text =
      precedence < .shift
      ? "\(a.inside(.unary)) \(sign) \(b.inside(.unary))"
      : "\(a.inside(precedence)) \(sign) \(b.inside(precedence, orEqual: continues))"
    return keepsNumbers(op, type)
      ? Piece(text: text, precedence: precedence, type: type.promoted)
      : narrowed(Piece(text: text, precedence: precedence, type: type.promoted), to: type)
  }

  /// An added number that reads better subtracted: nil where it does not.
  private static func subtracted(_ number: Int128, _ type: IntegerType) -> Int128? {
    if number < 0 { return number == type.minimum ? nil : -number }
    guard !type.isSigned, number > type.maximum / 2 else { return nil }
    return type.maximum + 1 - number
  }

  private static func parenthesized(_ piece: Piece) -> String {
    piece.precedence == .logicalAnd ? "(\(piece.text))" : piece.inside(.logicalOr)
  }

  private func keepsNumbers(_ op: BinaryOperator, _ type: IntegerType) -> Bool {
    switch op {
    case .add, .subtract, .multiply, .shiftLeft: type == type.promoted
    // The smallest number of a narrow type divided by -1 is defined in `int`, and nowhere claimed.
    default: true
    }
  }

  private func shift(
    _ op: BinaryOperator, _ left: Piece, _ amount: Piece, _ type: IntegerType
  ) -> Piece {
    let fits =
      left.type.promoted == type.promoted
      || op == .shiftRight && amount.literal.map { $0 < Int128(left.type.promoted.width) } == true
    let left = fits ? left : left.cast(to: type.promoted)
    let working = left.type.promoted
    let piece = Piece(
      text: "\(left.inside(.additive, orEqual: false)) \(op == .shiftLeft ? "<<" : ">>") "
        + amount.inside(.additive, orEqual: false), precedence: .shift, type: working)
    return op == .shiftLeft ? narrowed(piece, to: type) : piece
  }

  private func compare(
    _ op: ComparisonOperator, _ left: Expression, _ right: Expression
  ) -> Piece {
    let (a, b) = agreed(left, right)
    let precedence: Precedence = op == .equal || op == .notEqual ? .equality : .relational
    return Piece(
      text: "\(a.inside(.additive)) \(op.sign) \(b.inside(.additive))", precedence: precedence,
      type: .s32)
  }

  private func primitive(_ primitive: Primitive, _ operand: Expression) -> Piece {
    let type = operand.type
    let name = primitive == .byteSwap ? "swab\(type.width)" : primitive.rawValue
    return Piece(
      text: "\(name)(\(piece(operand).text))", precedence: .primary,
      type: primitive.resultType(for: type))
  }

  /// Both so that their common type holds the numbers of both: enough for an order, a choice, an equality.
  private func agreed(_ left: Expression, _ right: Expression) -> (Piece, Piece) {
    let (a, b) = (piece(left), piece(right))
    let common = IntegerType.usual(a.type, b.type)
    let holds = common.holds(ranges.range(of: left)) && common.holds(ranges.range(of: right))
    return holds ? (a, b) : exactly(a, b, left.type.promoted)
  }

  /// Both so that C computes in `type`.
  private func exactly(_ left: Piece, _ right: Piece, _ type: IntegerType) -> (Piece, Piece) {
    if IntegerType.usual(left.type, right.type) == type { return (left, right) }
    if left.literal != nil, IntegerType.usual(type, right.type) == type { return (left.cast(to: type), right) }
    if right.literal != nil, IntegerType.usual(left.type, type) == type { return (left, right.cast(to: type)) }
    if IntegerType.usual(type, right.type) == type { return (left.cast(to: type), right) }
    if IntegerType.usual(left.type, type) == type { return (left, right.cast(to: type)) }
    return (left.cast(to: type), right.cast(to: type))
  }
}

/// How names of inputs are written.
enum Names {
  /// The text can stand as an operand without parentheses: `widget->state`, `f(a, b)`, `a[i].b`.
  static func isPostfix(_ text: String) -> Bool {
    var depth = 0
    var previous: Character = " "
    for character in text {
      if character == "(" || character == "[" { depth += 1 }
      if character == ")" || character == "]" { depth -= 1 }
      let isPlain = character.isLetter || character.isNumber || "_.()[]".contains(character)
      let isArrow = character == "-" || (character == ">" && previous == "-")
      if depth == 0, !isPlain, !isArrow { return false }
      previous = character
    }
    return !text.isEmpty
  }
}

extension ComparisonOperator {
  var sign: String {
    switch self {
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}

extension BinaryOperator {
  fileprivate var sign: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    case .shiftLeft: "<<"
    case .shiftRight: ">>"
    case .and: "&"
    case .or: "|"
    case .xor: "^"
    case .minimum: "min"
    case .maximum: "max"
    }
  }

  fileprivate var precedence: Precedence {
    switch self {
    case .add, .subtract: .additive
    case .multiply, .divide, .remainder: .multiplicative
    case .shiftLeft, .shiftRight: .shift
    case .and: .bitAnd
    case .xor: .bitXor
    case .or: .bitOr
    case .minimum, .maximum: .primary
    }
  }

  /// As written between two conditions.
  fileprivate var logical: (String, Precedence)? {
    switch self {
    case .and, .minimum, .multiply: ("&&", .logicalAnd)
    case .or, .maximum: ("||", .logicalOr)
    default: nil
    }
  }
}
