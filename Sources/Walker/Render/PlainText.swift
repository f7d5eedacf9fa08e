/// Text for a terminal that shows nothing but ASCII: signs and lines that walker draws have a plain counterpart of the same
/// width, where there is one; what has none is a question mark.
public enum PlainText {
  public static func of(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var output = ""
    output.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.isASCII { output.unicodeScalars.append(scalar) } else { output += counterpart(scalar) }
    }
    return output
  }

  private static func counterpart(_ scalar: Unicode.Scalar) -> String {
    if let known = signs[scalar] { return known }
    switch scalar.value {
    case 0x2460...0x2473: return "(\(scalar.value - 0x245F))"
    case 0x3251...0x325F: return "(\(scalar.value - 0x3251 + 21))"
    case 0x32B1...0x32BF: return "(\(scalar.value - 0x32B1 + 36))"
    // Lines: whatever has no name below is a corner.
    case 0x2500...0x257F: return "+"
    // Blocks and dots of a curve.
    case 0x2580...0x259F, 0x2800...0x28FF: return "*"
    // What joins to the sign before it has no width of its own.
    case 0x0300...0x036F, 0xFE00...0xFE0F, 0x200D: return ""
    default: return "?"
    }
  }

  private static let signs: [Unicode.Scalar: String] = [
    "✓": "+", "✗": "x", "–": "-", "—": "-", "·": "-", "•": "*", "…": ".", "⋮": ":", "⇒": ">", "→": ">", "←": "<",
    "−": "-",
    "│": "|", "┃": "|", "─": "-", "━": "-", "═": "=", "║": "|", "╌": "-", "╎": "|", "×": "x", "≤": "<", "≥": ">",
    "≠": "#",
    "‘": "'", "’": "'", "“": "\"", "”": "\"", "\u{A0}": " ", "\u{2003}": " ", "Δ": "d",
  ]
}
