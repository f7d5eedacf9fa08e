/// Text from strangers (titles, prose, names of files, kernel source) as it may be shown: what steers a terminal, or makes text
/// look like another, is written as `\u{1b}`.
public enum VisibleText {
  /// - Parameter keepsStyles: sequences that choose colours and those around links stay, as walker writes them itself. What
  ///   they are written around has been made visible before.
  public static func of(_ text: String, keepsStyles: Bool = false) -> String {
    // Nearly all text has nothing of the kind. Beyond ASCII everything that matters begins with one of these bytes.
    let isPlain = text.utf8.allSatisfy { byte in
      (byte >= 0x20 && byte < 0x7f) || byte == 0x0a || byte == 0x09 || (byte > 0x7f && !suspicious.contains(byte))
    }
    if isPlain { return text }
    var output = ""
    output.reserveCapacity(text.utf8.count + 32)
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      if !isHidden(scalar) {
        output.unicodeScalars.append(scalar)
      } else if scalar == "\r", scalars.first == "\n" {
        // The end of a line.
        output.unicodeScalars.append(scalar)
      } else if keepsStyles, scalar == "\u{1B}", let end = styleEnd(scalars) ?? linkEnd(scalars) {
        output.unicodeScalars.append(scalar)
        output.unicodeScalars.append(contentsOf: scalars[..<end])
        scalars = scalars[end...]
      } else {
        output += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return output
  }

  /// Whether the scalar is not seen, and acts.
  public static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0a, 0x09: false
    case 0..<0x20, 0x7f..<0xa0: true
    // Marks and overrides of direction, ends of lines and of paragraphs, tags.
    case 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xe0000...0xe007f: true
    default: false
    }
  }

  /// The first bytes of those beyond ASCII, in UTF-8.
  private static let suspicious: Set<UInt8> = [0xc2, 0xd8, 0xe2, 0xf3]

  /// After `[38;5;244m`.
  private static func styleEnd(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
    guard text.first == "[" else { return nil }
    let rest = text.dropFirst()
    let end = rest.drop { ($0.value >= 0x30 && $0.value < 0x3a) || $0 == ";" }
    return end.first == "m" ? end.index(after: end.startIndex) : nil
  }

  /// After `]8;;https://example.org/\u{1b}\`; the address is nothing but what can be seen, in ASCII.
  private static func linkEnd(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
    guard text.starts(with: "]8;;".unicodeScalars) else { return nil }
    let end = text.dropFirst(4).drop { $0.value > 0x20 && $0.value < 0x7f }
    return end.starts(with: "\u{1B}\\".unicodeScalars) ? end.index(end.startIndex, offsetBy: 2) : nil
  }
}
