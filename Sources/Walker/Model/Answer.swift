/// How a walkthrough answers in one sentence, and for which inputs it does when nobody names others.
public struct Answer: Sendable, Hashable, Codable {
  /// With `{{…}}` where a number stands: an input's name, a result's id, `version` or `kernel`; nil: none is written.
  public let sentence: String?
  /// The followed value first, where it is given at all.
  public let example: [Probes.Setting]

  public init(sentence: String?, example: [Probes.Setting]) {
    self.sentence = sentence
    self.example = example
  }
}
