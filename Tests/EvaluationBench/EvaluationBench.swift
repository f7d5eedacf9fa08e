// For the C library's own rounding, which `rounded()` calls.
internal import Glibc
internal import WalkerFormula
internal import WalkerModel

/// How many inputs a second a formula is computed for, compiled once, and as many times what the walk over its tree does.
///
///     swift run -c release walker-bench
@main
enum EvaluationBench {
  static let size = Input(id: "size", name: "size", role: .tracked, type: .s32)
  static let cap = Input(id: "cap", name: "cap", role: .knob, type: .s32)
  static let limit = Input(id: "limit", name: "limit", role: .knob, type: .s32)

  /// A limit, a stored field of 16 bits, a table's size, and a threshold with its closed form.
  static var formulas: [(name: String, derivation: Derivation)] {
    let capped = Expression.binary(
      .minimum, .convert(.input(size), to: .u32), .convert(.input(cap), to: .u32))
    let entries = Expression.binary(
      .add, .binary(.maximum, .binary(.minimum, capped, .convert(.input(limit), to: .u32)), .constant(8, .u32)),
      .constant(1, .u32))
    let table = Expression(.primitive(.roundUpPowerOfTwo, .convert(entries, to: .u64)), .u64)
    let counter = Input(id: "length", name: "length", role: .counter, type: .u32)
    return [
      ("limit", stored(capped)), ("16 bits", stored(.convert(capped, to: .u16))), ("table", stored(table)),
      (
        "threshold",
        Derivation(
          form: .threshold(counter: counter, test: .compare(.greater, .input(counter), capped)), reachedWhen: .true,
          undefinedWhen: .false, assuming: .true,
          closedForm: .binary(.add, capped, .constant(1, .u32)),
          neverWhen: .compare(.equal, capped, .constant(0xffff_ffff, .u32)))
      ),
    ]
  }

  static func stored(_ value: Expression) -> Derivation {
    Derivation(form: .stored(value), reachedWhen: .true, undefinedWhen: .false, assuming: .true)
  }

  static func main() {
    for (name, derivation) in formulas {
      guard let compiled = CompiledDerivation(derivation) else { continue }
      let (fast, slow) = (speed(10_000_000) { run(compiled, $0) }, speed(100_000) { walk(derivation, $0) })
      print(
        "\(name): 10 million inputs in \(milliseconds(10_000_000 / fast)) ms, \(Int(fast / slow)) times the tree's speed"
      )
    }
  }

  /// Inputs a second.
  static func speed(_ count: Int, _ body: (Int) -> Int128) -> Double {
    let clock = ContinuousClock()
    var sum: Int128 = 0
    let time = clock.measure { sum = body(count) }
    // So that nothing of it is left out.
    if sum == 1 { print("") }
    return Double(count) / (Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
  }

  static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }

  static func run(_ compiled: CompiledDerivation, _ count: Int) -> Int128 {
    var sum: Int128 = 0
    for start in stride(from: 0, to: count, by: 1 << 16) {
      let rows = min(1 << 16, count - start)
      let outcomes = compiled.run(count: rows) { input in
        input == size ? .range(first: Int128(start), step: 1) : .fixed(4096)
      }
      for case .number(let number) in outcomes { sum &+= number }
    }
    return sum
  }

  static func walk(_ derivation: Derivation, _ count: Int) -> Int128 {
    var sum: Int128 = 0
    for number in 0..<count {
      sum &+= (try? derivation.evaluate([size: Int128(number), cap: 4096, limit: 4096]))?.flatMap { $0 } ?? 0
    }
    return sum
  }
}
