/// Finds what somebody probably meant.
public enum Spelling {
  /// The candidate nearest to `word`, when it is near enough to be a slip of the fingers; the first in order of two
  /// equally near ones.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, word.count / 3 + 1)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(word.lowercased(), candidate.lowercased())
      let isRelated = distance <= limit || (word.count >= 3 && candidate.contains(word))
      guard isRelated else { continue }
      if let known = best, known.distance <= distance { continue }
      best = (candidate, distance)
    }
    return best?.candidate
  }

  /// How many insertions, deletions, replacements and swaps of neighbours make `right` out of `left`.
  public static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, leftByte) in left.enumerated() {
      var current = [row + 1]
      for (column, rightByte) in right.enumerated() {
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (leftByte == rightByte ? 0 : 1))
        if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }

  /// ` (did you mean "x"?)`, or a list of what there is, or nothing.
  public static func hint(for word: String, among candidates: [String]) -> String {
    if let meant = nearest(to: word, among: candidates) { return "did you mean \"\(meant)\"?" }
    if candidates.isEmpty { return "there is none to choose from" }
    return "use one of " + candidates.joined(separator: ", ")
  }
}
