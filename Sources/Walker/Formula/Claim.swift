public import WalkerModel

/// What a walkthrough says a result is: a C expression over the inputs, with `never` for a threshold that is not reached.
public struct Claim: Sendable, Hashable {
  /// As the author wrote it.
  public let text: String
  /// The claimed number; of no meaning where `neverWhen` is true.
  public let value: Expression
  /// `bool`: where the claim says `never`; false where it does not occur.
  public let neverWhen: Expression

  public init(text: String, value: Expression, neverWhen: Expression = .false) {
    self.text = text
    self.value = value
    self.neverWhen = neverWhen
  }

  /// What the claim says for these inputs; nil: never.
  public func evaluate(_ inputs: [Input: Int128]) throws(EvaluationError) -> Int128? {
    if try neverWhen.evaluate(inputs) != 0 { return nil }
    return try value.evaluate(inputs)
  }
}
