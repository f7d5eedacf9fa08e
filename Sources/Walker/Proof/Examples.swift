internal import WalkerFormula
internal import WalkerModel

/// Numbers that Z3 found for the inputs, kept: most of what does not follow is refuted by an example that is known, and
/// to compute a condition costs next to nothing against asking.
struct Examples {
  private var models: [[Input: Int128]] = []

  mutating func add(_ model: [Input: Int128]) { models.append(model) }

  /// One of the examples makes `condition` false while all `others` are true. Inputs that an example does not know are 0.
  func refute(_ condition: Expression, when others: [Expression]) -> Bool {
    let unknown = Dictionary(
      (others + [condition]).flatMap(\.inputs).map { ($0, Int128(0)) }, uniquingKeysWith: { first, _ in first })
    return models.contains { model in
      let numbers = unknown.merging(model) { _, known in known }
      // Where there is no number the example refutes nothing, and the prover is asked.
      return others.allSatisfy { (try? $0.evaluate(numbers)) == 1 } && (try? condition.evaluate(numbers)) == 0
    }
  }
}
