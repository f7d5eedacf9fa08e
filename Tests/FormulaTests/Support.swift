import WalkerFormula
import WalkerModel

/// Inputs and shapes that several tests speak of.
enum Sample {
  static func input(_ name: String, _ type: IntegerType, _ role: Input.Role = .opaque) -> Expression {
    .input(Input(id: name, name: name, role: role, type: type))
  }

  static let backlog = input("backlog", .s32, .tracked)
  static let somaxconn = input("somaxconn", .s32, .knob)
  static let knob = input("max_syn_backlog", .s32, .knob)

  /// `if ((unsigned) backlog > somaxconn) backlog = somaxconn;`
  static let clamped = Expression.select(
    .compare(.greater, .convert(backlog, to: .u32), .convert(somaxconn, to: .u32)), somaxconn, backlog)

  /// What `for (k = first; (1 << k) < n; k++)` leaves in k, unrolled up to `last`.
  static func ladder(_ n: Expression, from first: Int, to last: Int, type: IntegerType) -> Expression {
    var value = Expression.constant(Int128(last), type)
    for k in (first..<last).reversed() {
      let power = Expression.binary(.shiftLeft, .constant(1, .s32), .constant(Int128(k), type))
      value = .select(
        .compare(.less, .convert(power, to: n.type), n), value, .constant(Int128(k), type))
    }
    return value
  }
}
