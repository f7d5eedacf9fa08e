public import WalkerModel

/// A derivation compiled once, to be evaluated over many rows of inputs.
public struct CompiledDerivation: Sendable {
  public enum Outcome: Sendable, Hashable {
    case number(Int128)
    /// The threshold is not reached.
    case never
    /// Nothing is stored.
    case notReached
    /// C gives no value.
    case undefined
  }

  private let compiled: CompiledExpression

  public var inputs: [Input] { compiled.inputs }

  /// nil: a threshold without closed form, which `Derivation.evaluate` searches for each row.
  public init?(_ derivation: Derivation) {
    let value: Expression
    var never = Expression.false
    switch derivation.form {
    case .stored(let stored): value = stored
    case .threshold(let counter, _):
      guard let closedForm = derivation.closedForm, let neverWhen = derivation.neverWhen else { return nil }
      (value, never) = (closedForm, neverWhen)
      if [derivation.reachedWhen, derivation.undefinedWhen].contains(where: { $0.inputs.contains(counter) }) {
        return nil
      }
    }
    let undefined = Expression.or(derivation.undefinedWhen, .and(.not(never), value.noValueWhen))
    compiled = CompiledExpression([value, never, .not(derivation.reachedWhen), undefined])
  }

  /// One outcome a row.
  public func run(count: Int, column: (Input) -> CompiledExpression.Column) -> [Outcome] {
    let lanes = compiled.run(count: count, column: column)
    let type = compiled.types[0]
    return (0..<max(0, count)).map { row in
      if lanes[3][row] != 0 { return .undefined }
      if lanes[2][row] != 0 { return .notReached }
      return lanes[1][row] != 0 ? .never : .number(type.number(fromLane: lanes[0][row]))
    }
  }
}
