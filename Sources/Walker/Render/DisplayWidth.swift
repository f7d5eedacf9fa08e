internal import CUTF8Proc

/// How many columns of a terminal text takes, by utf8proc's table of Unicode; what a terminal draws nothing for takes none.
enum DisplayWidth {
  static func of(_ text: some StringProtocol) -> Int {
    // Nearly all text here is ASCII, where a byte is a column.
    if text.utf8.allSatisfy({ $0 < 0x80 && $0 >= 0x20 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  static func of(_ character: Character) -> Int {
    if let ascii = character.asciiValue { return ascii < 0x20 || ascii == 0x7f ? 0 : 1 }
    // A cluster is drawn in the cell of its base; a picture's selector asks for two columns.
    let widths = character.unicodeScalars.map { Int(utf8proc_charwidth(utf8proc_int32_t($0.value))) }
    return character.unicodeScalars.contains("\u{FE0F}") ? 2 : widths.max() ?? 0
  }
}
