import WalkerFormula
import WalkerModel

/// Formulas of the kind that a walk of a queue limit gives.
enum ListenSample {
  static let backlog = Input(id: "parameter backlog", name: "backlog", role: .tracked, type: .s32)
  static let somaxconn = Input(id: "knob somaxconn", name: "somaxconn", role: .knob, type: .s32)
  static let synBacklog = Input(id: "knob syn", name: "max_syn_backlog", role: .knob, type: .s32)
  static let length = Input(id: "field length", name: "qlen", role: .counter, type: .u32)
  static let shortLength = Input(id: "field short", name: "qlen", role: .counter, type: .u16)
  static let signedLength = Input(id: "field signed", name: "qlen", role: .counter, type: .s32)

  static let (b, s, m) = (Expression.input(backlog), Expression.input(somaxconn), Expression.input(synBacklog))

  static let names: [String: Expression] = [
    "backlog": b, "somaxconn": s, "net.core.somaxconn": s, "max_syn_backlog": m,
  ]

  /// `if ((unsigned) backlog > somaxconn) backlog = somaxconn;`
  static let clamped = Expression.select(
    .compare(.greater, .convert(b, to: .u32), .convert(s, to: .u32)), s, b)

  static func stored(_ type: IntegerType) -> Derivation {
    derivation(.stored(.convert(clamped, to: type)))
  }

  static func derivation(_ form: Derivation.Form, undefinedWhen: Expression = .false) -> Derivation {
    Derivation(form: form, reachedWhen: .true, undefinedWhen: undefinedWhen, assuming: .true)
  }

  static func threshold(
    _ counter: Input, _ op: ComparisonOperator, _ limit: Expression
  ) -> Derivation {
    let type = IntegerType.usual(counter.type, limit.type)
    return derivation(
      .threshold(
        counter: counter,
        test: .compare(op, .convert(.input(counter), to: type), .convert(limit, to: type))))
  }

  /// The table's number of entries before it is rounded.
  static let entries = Expression.binary(
    .add, .maximum(.minimum(.convert(clamped, to: .u32), .convert(m, to: .u32)), .constant(8, .u32)),
    .constant(1, .u32))

  /// `n = roundup_pow_of_two(n); for (k = 3; (1 << k) < n; k++);` and the test `qlen >> k`.
  static func table(unrolled: Bool) -> Derivation {
    let shift = Expression.primitive(
      .fls64, .binary(.subtract, .convert(entries, to: .u64), .constant(1, .u64)))
    let size = Expression.convert(.binary(.shiftLeft, .constant(1, .u64), shift), to: .u32)
    var k = Expression.constant(31, .u8)
    for step in (3..<31).reversed() {
      let power = Expression.constant(Int128(1) << Int128(step), .u32)
      k = .select(.compare(.less, power, size), k, .constant(Int128(step), .u8))
    }
    if !unrolled {
      k = .convert(.primitive(.log2, .convert(size, to: .u64)), to: .u8)
    }
    let test = Expression.binary(.shiftRight, .input(signedLength), .convert(k, to: .s32)).isTrue
    let overflows = Expression.or(
      .compare(.equal, entries, .constant(0, .u32)),
      .compare(.greater, entries, .constant(Int128(1) << 30, .u32)))
    return derivation(.threshold(counter: signedLength, test: test), undefinedWhen: overflows)
  }
}
