public import WalkerModel

/// The places of a function as anchor blocks that an author can paste.
///
///     drivers/widget/core.c:48 (the followed value)
///
///     ```anchor
///     function: widget_open
///     role: clamp
///     mentions: [most, room]
///     ```
public enum AnchorText {
  public static func render(_ sites: [AnchorSite]) -> String {
    sites.sorted { $0.range.start < $1.range.start }.map { block($0, among: sites) }.joined(separator: "\n")
  }

  private static func block(_ site: AnchorSite, among sites: [AnchorSite]) -> String {
    var lines = ["\(site.range.start)" + (site.isTracked ? " (the followed value)" : ""), "", "```anchor"]
    if let function = site.function { lines.append("function: \(scalar(function))") }
    lines.append("role: \(site.role.rawValue)")
    if let name = site.names.first { lines.append("\(key(of: site.role)): \(scalar(name))") }
    let twins = sites.filter {
      $0.role == site.role && $0.function == site.function && $0.names.first == site.names.first
    }
    // What else a twin does not mention tells them apart; one place alone needs no more words.
    let telling = site.mentions.filter { mention in twins.contains { !$0.mentions.contains(mention) } }
    if twins.count > 1, !telling.isEmpty { lines.append("mentions: [\(telling.map(scalar).joined(separator: ", "))]") }
    return (lines + ["```", ""]).joined(separator: "\n")
  }

  private static func key(of role: Anchor.Role) -> String {
    switch role {
    case .store: "field"
    case .call: "callee"
    case .assign: "variable"
    case .table, .declaration, .macro: "name"
    case .entry, .clamp, .guardBranch, .returned: "of"
    }
  }

  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.allSatisfy { $0.isLetter || $0.isNumber || "_. ->".contains($0) } && text.first?.isLetter != false
    return isPlain ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
