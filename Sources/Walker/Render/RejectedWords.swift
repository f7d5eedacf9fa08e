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
    // By hand: there is one for every table of the kernel, and an expression is compiled each time.
    let mark = " registers it for "
    var starts = why.hasPrefix("its ") ? [why.dropFirst("its ".count)] : []
    starts += why.ranges(of: mark).reversed().map { why[$0.upperBound...] }
    starts.append(why[...])
    return starts.lazy.compactMap(subject).first.map { "by \($0)" } ?? "for another reason"
  }

  /// The word that the text begins with, where `is` or a constant follows.
  private static func subject(_ text: Substring) -> Substring? {
    let word = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let rest = text[word.endIndex...]
    guard !word.isEmpty, rest.first == " " else { return nil }
    let next = rest.dropFirst()
    return next.hasPrefix("is ") || next.first.map { ("A"..."Z").contains($0) } == true ? word : nil
  }
}
