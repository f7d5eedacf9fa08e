/// What the text of a file asks the preprocessor for, in active branches or not.
struct IncludeDirectives {
  struct Name: Hashable {
    let text: String
    let isQuoted: Bool
  }

  private(set) var names: Set<Name> = []
  /// `#include MACRO`: which file is meant, the text does not say.
  private(set) var hasComputed = false
  /// Asked by `__has_include`: also what is not there, or not opened, decides.
  private(set) var asked: Set<Name> = []
  /// `#embed`: a file's bytes as numbers.
  private(set) var embeds = false

  init(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { buffer in
      let text = CText(bytes: buffer)
      var position = 0
      while let found = text.find(0x23, from: position) {
        position = found + 1
        if Self.isFirstOnLine(text, found) { addDirective(text, from: found + 1) }
      }
      let word = Array("__has_include".utf8)
      position = 0
      while let found = text.find(word, from: position) {
        position = found + word.count
        if let open = text.find(0x28, from: position), open - position < 8, let name = Self.name(text, from: open + 1) {
          asked.insert(name)
        }
      }
    }
  }

  private mutating func addDirective(_ text: CText, from start: Int) {
    let word = text.skipSpace(from: start)
    let end = text.wordEnd(from: word)
    if text.string(word..<end) == "embed" { embeds = true }
    guard ["include", "include_next", "import"].contains(text.string(word..<end)) else { return }
    if let name = Self.name(text, from: end) { names.insert(name) } else { hasComputed = true }
  }

  private static func isFirstOnLine(_ text: CText, _ position: Int) -> Bool {
    var before = position - 1
    while before >= 0, text[before] == 0x20 || text[before] == 9 { before -= 1 }
    return before < 0 || text[before] == 0x0a
  }

  private static func name(_ text: CText, from start: Int) -> Name? {
    let open = text.skipSpace(from: start)
    let close: UInt8
    switch text.at(open) {
    case 0x22: close = 0x22
    case 0x3c: close = 0x3e
    default: return nil
    }
    guard let end = text.find(close, from: open + 1), end - open < 512 else { return nil }
    return Name(text: text.string((open + 1)..<end), isQuoted: close == 0x22)
  }
}
