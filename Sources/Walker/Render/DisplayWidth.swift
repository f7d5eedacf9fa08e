/// How many columns of a terminal text takes, by the East Asian Width property of Unicode; what a terminal draws nothing
/// for takes none.
enum DisplayWidth {
  static func of(_ text: some StringProtocol) -> Int {
    // Nearly all text here is ASCII, where a byte is a column.
    if text.utf8.allSatisfy({ $0 < 0x80 && $0 >= 0x20 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  static func of(_ character: Character) -> Int {
    if let ascii = character.asciiValue { return ascii < 0x20 || ascii == 0x7f ? 0 : 1 }
    guard let first = character.unicodeScalars.first else { return 0 }
    let asksForPicture = character.unicodeScalars.contains { $0.value == 0xfe0f }
    if asksForPicture || wide.contains(where: { $0.contains(first.value) }) { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return 1
    }
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x231a...0x231b, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
    0xa000...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
    0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x20000...0x3fffd,
  ]
}
