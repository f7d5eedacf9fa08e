/// What a real kernel answered when it was asked for a result.
public struct Agreement: Sendable, Hashable, Codable {
  /// The kernel's own version: `6.12.117`.
  public let version: String
  public let result: String
  public let agree: Int
  public let differ: Int
  public let notObserved: Int

  public init(version: String, result: String, agree: Int, differ: Int, notObserved: Int) {
    self.version = version
    self.result = result
    self.agree = agree
    self.differ = differ
    self.notObserved = notObserved
  }
}
