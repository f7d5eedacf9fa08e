/// A value as C computes it: an immutable, shared graph of operations in which every node has its C type.
///
/// Conversions are nodes of their own, so nothing about width or sign is left to the reader. Two expressions are equal
/// when they have the same structure. Arithmetic wraps at the width of the type (the kernel is built with
/// `-fno-strict-overflow`); division by zero and shifts past the width have no value, and the conditions under which
/// they happen are kept beside a result, never inside the expression.
public final class Expression: Sendable, Hashable {
  public indirect enum Kind: Sendable, Hashable {
    /// The bits of a constant, masked to the type's width.
    case constant(UInt64)
    case input(Input)
    /// The operand converted to this node's type, as C's integer conversions do; to `bool`: `!= 0`.
    case convert(Expression)
    case unary(UnaryOperator, Expression)
    /// Both operands have this node's type, except the right one of a shift.
    case binary(BinaryOperator, Expression, Expression)
    /// Both operands have one type, whose sign decides the order; this node's type is `bool`.
    case compare(ComparisonOperator, Expression, Expression)
    /// `condition ? then : else`; the condition is `bool`, the arms have this node's type.
    case select(Expression, Expression, Expression)
    case primitive(Primitive, Expression)
  }

  public let kind: Kind
  public let type: IntegerType
  private let digest: Int

  public init(_ kind: Kind, _ type: IntegerType) {
    self.kind = kind
    self.type = type
    var hasher = Hasher()
    hasher.combine(type)
    hasher.combine(kind)
    digest = hasher.finalize()
  }

  public static func == (left: Expression, right: Expression) -> Bool {
    if left === right { return true }
    return left.digest == right.digest && left.type == right.type && left.kind == right.kind
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  public static func constant(_ number: Int128, _ type: IntegerType) -> Expression {
    Expression(.constant(type.bits(of: number)), type)
  }

  public static func input(_ input: Input) -> Expression { Expression(.input(input), input.type) }

  public static let `true` = Expression.constant(1, .bool)
  public static let `false` = Expression.constant(0, .bool)

  /// The number, when this is a constant.
  public var constantNumber: Int128? {
    if case .constant(let bits) = kind { type.number(fromBits: bits) } else { nil }
  }

  public var children: [Expression] {
    switch kind {
    case .constant, .input: []
    case .convert(let operand), .unary(_, let operand), .primitive(_, let operand): [operand]
    case .binary(_, let left, let right), .compare(_, let left, let right): [left, right]
    case .select(let condition, let then, let otherwise): [condition, then, otherwise]
    }
  }
}

public enum UnaryOperator: String, Sendable, Hashable, Codable {
  case negate
  /// `~`; on `bool` it is the logical not.
  case complement
}

public enum BinaryOperator: String, Sendable, Hashable, Codable {
  case add, subtract, multiply, divide, remainder
  /// The right operand counts as a number of its own type; a negative one, or one not below the width, has no value.
  case shiftLeft, shiftRight
  /// Bitwise; on `bool` the logical `&&`, `||` and `!=` of operands without side effects.
  case and, or, xor
  /// By the order of the node's type.
  case minimum, maximum
}

public enum ComparisonOperator: String, Sendable, Hashable, Codable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// The bit operations that kernels write in inline assembly, with the meaning that `asm-generic` gives them in C.
///
/// Each takes one operand and is defined for every input; where the kernel's own is not (`__ffs(0)`), the walk adds the
/// condition to what is undefined.
public enum Primitive: String, Sendable, Hashable, Codable, CaseIterable {
  /// Operand `u32`: the position of the highest set bit counted from 1; 0 for 0. Result `int`.
  case fls
  /// As `fls`, operand `u64`.
  case fls64
  /// Operand `u32`: the position of the lowest set bit counted from 1; 0 for 0. Result `int`.
  case ffs
  /// As `ffs`, operand `u64`.
  case ffs64
  /// Operand `u32`: how many bits are set. Result `int`.
  case hweight32
  /// As `hweight32`, operand `u64`.
  case hweight64
  /// Operand `u16`, `u32` or `u64`: its bytes in the opposite order. Result of the operand's type.
  case byteSwap
  /// Operand `u64`: `1 << fls64(n - 1)`, where 0 for that shift past the width. Result `u64`. Only the simplifier makes it.
  case roundUpPowerOfTwo = "roundup_pow_of_two"
  /// Operand `u64`: `fls64(n) - 1`, so -1 for 0. Result `int`. Only the simplifier makes it.
  case log2 = "ilog2"
}

/// A value that comes from outside of the walk: the tracked parameter, a knob, a counter, or anything that the walk
/// did not look into.
///
/// Two inputs are the same exactly when their `id` is.
public struct Input: Sendable, Hashable, Codable {
  public enum Role: String, Sendable, Codable {
    /// The tracked parameter of the entry.
    case tracked
    /// A variable that a `ctl_table` exposes.
    case knob
    /// State that the walkthrough gave a name (`inputs:`).
    case state
    /// The counter that a threshold test runs over.
    case counter
    /// Read or returned by something that the walk did not enter; its value is not known.
    case opaque
  }

  public let id: String
  /// As formulas, claims and `--set` write it: `size`, `cap`; for an opaque one the C text, `widget->state`.
  public let name: String
  public let role: Role
  public let type: IntegerType

  public init(id: String, name: String, role: Role, type: IntegerType) {
    self.id = id
    self.name = name
    self.role = role
    self.type = type
  }

  public static func == (left: Input, right: Input) -> Bool {
    left.id == right.id && left.type == right.type
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(type)
  }
}
