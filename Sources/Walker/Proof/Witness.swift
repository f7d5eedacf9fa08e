internal import WalkerFormula
internal import WalkerModel

/// From some input that refutes a claim to one that tells a reader something: typical and small numbers first, then
/// numbers next to a power of two, then whatever the solver says. An input that makes no difference is not shown.
struct Witness {
  let solver: Solver
  let refutation: [Expression]
  let counter: Input?
  let typical: [Input: Int128]

  struct Found {
    let inputs: [Input: Int128]
    let shown: [Counterexample.NamedNumber]

    var named: String {
      shown.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    }
  }

  func minimized(from model: [Input: Int128]) -> Found {
    var numbers = model
    var fixed: [(Input, Int128)] = []
    guard let session = solver.session(refutation) else { return found(numbers, session: nil) }
    for input in session.inputs.sorted(by: Self.isBefore) {
      for candidate in candidates(input) {
        if numbers[input] == candidate { break }
        if case .possible(let better) = session.check(fixing: fixed + [(input, candidate)]) {
          numbers = better
          break
        }
      }
      fixed.append((input, numbers[input] ?? 0))
    }
    return found(numbers, session: session)
  }

  /// Knobs first, so that they keep their typical numbers; then the tracked parameter; the counter is no input, last.
  private static func isBefore(_ left: Input, _ right: Input) -> Bool {
    let order: [Input.Role] = [.knob, .tracked, .opaque, .counter]
    let (a, b) = (order.firstIndex(of: left.role) ?? 0, order.firstIndex(of: right.role) ?? 0)
    return (a, left.name, left.id) < (b, right.name, right.id)
  }

  private func candidates(_ input: Input) -> [Int128] {
    let type = input.type
    var numbers: [Int128] = typical[input].map { [$0] } ?? []
    numbers +=
      input.role == .knob
      ? [128, 4096, 0, 1, -1, 511, 65535, 65536] : [0, 1, -1, 5, 128, 511, 4096, 65535, 65536]
    for bit in 1..<Int128(type.width) {
      let power = Int128(1) << bit
      numbers += [power - 1, power, power + 1]
    }
    numbers.append(type.minimum)
    var seen: Set<Int128> = []
    return numbers.filter { type.minimum <= $0 && $0 <= type.maximum && seen.insert($0).inserted }
  }

  private func found(_ numbers: [Input: Int128], session: Solver.Session?) -> Found {
    let inputs = numbers.filter { $0.key != counter }
    let ordered = inputs.keys.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    let shown = ordered.filter { input in
      input.role != .opaque || matters(input, numbers)
    }
    return Found(
      inputs: inputs,
      shown: shown.map { Counterexample.NamedNumber(name: $0.name, number: inputs[$0] ?? 0) })
  }

  /// With all other inputs as they are, some number of this one would not refute.
  private func matters(_ input: Input, _ numbers: [Input: Int128]) -> Bool {
    var fixed: [Input: Expression] = [:]
    for (other, number) in numbers where other != input { fixed[other] = .constant(number, other.type) }
    let refuted = Expression.and(refutation.map { $0.substituting(fixed).isTrue })
    if case .impossible = solver.check([.not(refuted)]) { return false }
    return true
  }
}
