/// Whether two expressions are the same number wherever a condition holds: what a check asks the prover.
public struct MeaningQuestion: Sendable, Hashable, Codable {
  public let given: Expression
  public let left: Expression
  public let right: Expression

  public init(given: Expression, left: Expression, right: Expression) {
    self.given = given
    self.left = left
    self.right = right
  }
}

public enum MeaningAnswer: String, Sendable, Codable {
  case same
  case differs
  /// Not decided within the prover's limits.
  case unknown
}
