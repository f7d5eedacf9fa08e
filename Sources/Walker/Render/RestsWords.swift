internal import WalkerModel

/// What a result rests on, in words that stand beside it.
struct RestsWords {
  let result: WalkResult

  /// `This proof rests on`
  var title: String { result.proof == .proved ? "This proof rests on" : "This result rests on" }

  /// `8 effects that analysis settled, 6 that are taken on trust`; nil where nothing was left out of the walk.
  var counts: String? {
    let words: [(Obligation.State, String, String)] = [
      (.discharged, "effect that analysis settled", "effects that analysis settled"),
      (.trusted, "that is taken on trust", "that are taken on trust"),
      (.open, "that nothing settles", "that nothing settles"),
    ]
    let parts = words.compactMap { state, one, many -> String? in
      let count = result.restsOn.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
    }
    guard let first = parts.first else { return nil }
    // The noun stands once, with the first of them.
    let lead = first.contains("effect") ? first : first.replacing(" that", with: " effects that", maxReplacements: 1)
    return ([lead] + parts.dropFirst()).joined(separator: ", ")
  }

  /// The result before this one that rests on the same things, settled in the same way.
  func twin(in results: [WalkResult]) -> WalkResult? {
    guard !result.restsOn.isEmpty else { return nil }
    let own = Self.keys(result)
    return results.prefix { $0.id != result.id }.first { Self.keys($0) == own && $0.proof == result.proof }
  }

  private static func keys(_ result: WalkResult) -> [String] {
    result.restsOn.map { "\($0.kind) \($0.subject) \($0.location) \($0.state) \($0.state == .open ? $0.why : "")" }
  }

  /// What settled it, or would: `lock_sock() writes none of struct sock.a, struct sock.b and 7 more`.
  static func how(_ obligation: Obligation) -> String {
    switch obligation.state {
    case .discharged: return shortList(obligation.how.isEmpty ? obligation.why : obligation.how)
    case .trusted: return "trusted: \(obligation.how.isEmpty ? obligation.why : obligation.how)"
    case .open:
      let remedy = obligation.how.isEmpty ? "" : "; to settle it: \(obligation.how)"
      return "open: \(shortList(obligation.why))\(remedy)"
    }
  }

  /// The first two of many names; `--rests-on` and JSON have all of them.
  static func shortList(_ text: String) -> String {
    let parts = text.split(separator: ", ", omittingEmptySubsequences: false)
    guard parts.count > 3, parts.dropFirst().allSatisfy({ $0.count(where: { $0 == " " }) <= 1 }) else { return text }
    return "\(parts[0]), \(parts[1]) and \(parts.count - 2) more"
  }
}
