/// A mistake in a walkthrough with the line it stands in, and a caret below what it is about.
///
///     Annotations/widget-room/walkthrough.md:12: unknown role "clmap": did you mean "clamp"?
///        12 | role: clmap
///           |       ^~~~~
public enum MistakeText {
  /// A longer line is cut.
  private static let longest = 160

  /// - Parameters:
  ///   - message: one that begins with `FILE:LINE:`; any other is returned as it is. What it quotes is looked for in the line.
  ///   - text: the file's contents.
  public static func render(_ message: String, file: String, text: String) -> String {
    guard message.hasPrefix(file + ":") else { return message }
    let parts = message.dropFirst(file.count + 1).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard let first = parts.first, let number = Int(first), lines.indices.contains(number - 1) else { return message }
    // The text's own control characters must not reach a terminal.
    let line = String(
      lines[number - 1].prefix(longest).map { character in
        if character == "\t" { return " " }
        return character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } ? character : "?"
      })
    let label = String(number)
    let margin = String(repeating: " ", count: max(5, label.count + 3))
    let output = [message, margin.dropLast(label.count) + label + " | " + line]
    guard parts.count > 1, let place = place(of: parts[1], in: line) else { return output.joined(separator: "\n") }
    let before = String(repeating: " ", count: DisplayWidth.of(String(line[..<place.lowerBound])))
    let tail = String(repeating: "~", count: max(0, DisplayWidth.of(String(line[place])) - 1))
    return (output + [margin + " | " + before + "^" + tail]).joined(separator: "\n")
  }

  /// The first thing in quotation marks that stands in the line; else the line's first word.
  private static func place(of message: Substring, in line: String) -> Range<String.Index>? {
    let quoted = message.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    for (position, word) in quoted where position % 2 == 1 && !word.isEmpty {
      if let range = line.firstRange(of: word) { return range }
    }
    guard let start = line.firstIndex(where: { !$0.isWhitespace }) else { return nil }
    return start..<(line[start...].firstIndex(where: \.isWhitespace) ?? line.endIndex)
  }
}
