/// Debian's control format: paragraphs of `Field: value` lines, continued by indented ones (also apt's `.sources`).
enum ControlText {
  /// Field names in lower case; a continued value keeps its line ends.
  static func paragraphs(_ text: String) -> [[String: String]] {
    var paragraphs: [[String: String]] = []
    var current: [String: String] = [:]
    var field: String?
    func close() {
      if !current.isEmpty { paragraphs.append(current) }
      current = [:]
      field = nil
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.first == "#" { continue }
      if line.allSatisfy(\.isWhitespace) {
        close()
      } else if let first = line.first, first == " " || first == "\t" {
        if let field { current[field, default: ""] += "\n" + line.drop { $0.isWhitespace } }
      } else if let colon = line.firstIndex(of: ":") {
        let name = line[..<colon].lowercased()
        field = name
        current[name] = line[line.index(after: colon)...].trimmed
      }
    }
    close()
    return paragraphs
  }
}

extension StringProtocol {
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[first...last])
  }

  /// Split at any white space.
  var words: [String] { split(omittingEmptySubsequences: true) { $0.isWhitespace }.map { String($0) } }
}
