/// The logical lines of a Kconfig file: a backslash at the end joins the next line, help texts are passed over by
/// their indentation.
struct KconfigLines {
  private let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> ArraySlice<UInt8>? {
    guard let first = physicalLine() else { return nil }
    guard first.last == UInt8(ascii: "\\") else { return first }
    var joined = Array(first.dropLast())
    while let more = physicalLine() {
      let continues = more.last == UInt8(ascii: "\\")
      joined += [UInt8(ascii: " ")] + (continues ? more.dropLast() : more)
      if !continues { break }
    }
    return joined[...]
  }

  /// Passes over a help text: it ends before the first line indented less than its first line.
  mutating func skipHelp() {
    var wanted: Int?
    while true {
      let start = index
      guard let line = physicalLine() else { return }
      guard let column = indentation(of: line) else { continue }
      if column < (wanted ?? 1) {
        index = start
        return
      }
      wanted = wanted ?? column
    }
  }

  /// The width of the white space before the text; nil for an empty line.
  private func indentation(of line: ArraySlice<UInt8>) -> Int? {
    var column = 0
    for byte in line {
      switch byte {
      case UInt8(ascii: " "): column += 1
      case UInt8(ascii: "\t"): column = (column / 8 + 1) * 8
      case UInt8(ascii: "\r"): break
      default: return column
      }
    }
    return nil
  }

  private mutating func physicalLine() -> ArraySlice<UInt8>? {
    guard index < bytes.count else { return nil }
    let start = index
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    index = end + 1
    return bytes[start..<end]
  }
}
