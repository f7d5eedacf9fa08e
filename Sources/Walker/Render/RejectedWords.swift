internal import WalkerModel

/// Tables that an indirect call does not go through, and why.
enum RejectedWords {
  /// In the order in which the reasons first occur.
  static func byReason(_ candidates: [RejectedCandidate]) -> [(why: String, tables: [String])] {
    var reasons: [(why: String, tables: [String])] = []
    for candidate in candidates {
      if let known = reasons.firstIndex(where: { $0.why == candidate.why }) {
        reasons[known].tables.append(candidate.table)
      } else {
        reasons.append((candidate.why, [candidate.table]))
      }
    }
    return reasons
  }

  /// `77 others: 70 by family, 6 by type, 1 by protocol`
  static func counts(_ candidates: [RejectedCandidate]) -> String {
    var counts: [(field: String, count: Int)] = []
    for candidate in candidates {
      let field = field(candidate.why)
      if let known = counts.firstIndex(where: { $0.field == field }) {
        counts[known].count += 1
      } else {
        counts.append((field, 1))
      }
    }
    let others = candidates.count == 1 ? "1 other" : "\(candidates.count) others"
    let words = counts.sorted { ($1.count, $0.field) < ($0.count, $1.field) }.map { "\($0.count) \($0.field)" }
    return words.count == 1 ? "\(others), \(counts[0].field)" : "\(others): \(words.joined(separator: ", "))"
  }

  /// By what it was rejected: `its family is PF_X, not AF_Y`, `x_protosw registers it for type …`.
  private static func field(_ why: String) -> String {
    why.firstMatch(of: #/^(?:its |.* registers it for |)(\w+) (?:is |[A-Z])/#).map { "by \($0.1)" }
      ?? "for another reason"
  }
}
