/// A mistake in a walkthrough with the line it stands in, and a caret below its column.
///
///     Annotations/widget-room/walkthrough.md:12:7: unknown role "clmap": did you mean "clamp"?
///        12 | role: clmap
///           |       ^
public enum MistakeText {
  /// - Parameters:
  ///   - message: one that begins with `FILE:LINE:` or `FILE:LINE:COLUMN:`; any other is returned as it is.
  ///   - text: the file's contents.
  public static func render(_ message: String, file: String, text: String) -> String {
    guard message.hasPrefix(file + ":") else { return message }
    let rest = message.dropFirst(file.count + 1)
    let parts = rest.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = parts.first, let number = Int(first), lines.indices.contains(number - 1) else { return message }
    let line = lines[number - 1].replacing("\t", with: " ")
    let column = parts.count > 1 ? Int(parts[1]) : nil
    // The text's own control characters must not reach a terminal.
    let shown = String(
      line.prefix(160).map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } ? $0 : "?" })
    let label = String(number)
    let margin = String(repeating: " ", count: max(5, label.count + 3))
    var output = [message, String(repeating: " ", count: margin.count - label.count) + label + " | " + shown]
    if let column, column >= 1, column <= 160 {
      output.append(margin + " | " + String(repeating: " ", count: column - 1) + "^")
    }
    return output.joined(separator: "\n")
  }
}
