/// What is wrong with a claim, and where in it.
public struct ClaimError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence without a place: "`capp` is not known; did you mean `cap`?"
  public let message: String
  public let claim: String
  /// From 1, in characters.
  public let column: Int
  /// How many characters it is about, at least 1.
  public let length: Int

  init(_ message: String, in claim: String, column: Int, length: Int = 1) {
    self.message = message
    self.claim = claim
    self.column = column + 1
    self.length = max(1, length)
  }

  /// One line: what, and the column.
  public var description: String { "column \(column): \(message)" }

  /// Three lines: the message, the claim, and a caret under the place.
  ///
  ///     `capp` is not known; did you mean `cap`?
  ///       min(size, capp)
  ///                    ^~~~~~~~
  public var diagram: String {
    let line = claim.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined()
    let marks = String(repeating: " ", count: column - 1) + "^" + String(repeating: "~", count: length - 1)
    return "\(message)\n  \(line)\n  \(marks)"
  }
}

/// The nearest of several names, for "did you mean".
public enum Suggestion {
  /// nil: none is near.
  public static func nearest(to name: String, among names: some Sequence<String>) -> String? {
    let limit = max(1, name.count / 3)
    let ranked = names.map { (distance(name, $0), $0) }.filter { $0.0 <= limit }
    if let best = ranked.min(by: { $0 < $1 }) { return best.1 }
    // `cap` for `widget.cap`, and the other way round.
    return names.filter { $0.hasSuffix("." + name) || name.hasSuffix("." + $0) }.min()
  }

  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let changed = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}

extension ClaimError {
  /// The name that the claim uses and nobody knows; nil when something else is wrong.
  public var unknownName: String? {
    guard message.contains("is not known") else { return nil }
    return String(claim.dropFirst(column - 1).prefix(length))
  }
}
