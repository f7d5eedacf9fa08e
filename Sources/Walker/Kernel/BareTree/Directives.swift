/// What the directives of one file's text include, define and ask for, whatever branch they stand in.
struct Directives: Sendable {
  struct Include: Sendable, Hashable {
    let name: String
    let isQuoted: Bool
  }

  struct Macro: Sendable {
    let name: Range<Int>
    /// The whole directive with its continued lines, without the last line's end.
    let line: Range<Int>
  }

  /// `#include` of a name; one that a macro names is left out.
  private(set) var includes: [Include] = []
  /// `#define` and `#undef`, in order.
  private(set) var macros: [Macro] = []
  private(set) var lastInclude = -1
  /// What `#if`, `#ifdef` and their kin ask for: the words of their lines, some of them more than once.
  private(set) var conditions: [Range<Int>] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = CText(bytes: bytes)
    var position = 0
    while let hash = text.find(0x23, from: position) {
      position = hash + 1
      guard Self.isFirst(hash, in: text) else { continue }
      let word = Self.blank(after: hash + 1, in: text)
      let end = text.wordEnd(from: word)
      let line = Self.lineEnd(from: hash, in: text)
      position = line
      switch text.string(word..<end) {
      case "include": include(text, from: end, to: line, at: hash)
      case "define", "undef":
        let start = Self.blank(after: end, in: text)
        let name = start..<text.wordEnd(from: start)
        if !name.isEmpty { macros.append(Macro(name: name, line: hash..<line)) }
      case "if", "ifdef", "ifndef", "elif": condition(text, from: end, to: line)
      default: break
      }
    }
  }

  private mutating func include(_ text: CText, from start: Int, to end: Int, at hash: Int) {
    lastInclude = hash
    let open = Self.blank(after: start, in: text)
    let isQuoted = text.at(open) == 0x22
    guard isQuoted || text.at(open) == 0x3c, let close = text.find(isQuoted ? 0x22 : 0x3e, from: open + 1, to: end)
    else { return }
    includes.append(Include(name: text.string((open + 1)..<close), isQuoted: isQuoted))
  }

  private mutating func condition(_ text: CText, from start: Int, to end: Int) {
    var position = start
    while position < end {
      let word = position..<text.wordEnd(from: position)
      if !word.isEmpty, !CText.isDigit(text.at(position)) { conditions.append(word) }
      position = max(word.upperBound, position + 1)
    }
  }

  private static func isFirst(_ hash: Int, in text: CText) -> Bool {
    var before = hash - 1
    while text.at(before) == 0x20 || text.at(before) == 0x09 { before -= 1 }
    return before < 0 || text.at(before) == 0x0a
  }

  private static func blank(after start: Int, in text: CText) -> Int {
    var position = start
    while text.at(position) == 0x20 || text.at(position) == 0x09 { position += 1 }
    return position
  }

  /// Where the directive ends: its line's end, after the lines that a backslash continues.
  private static func lineEnd(from start: Int, in text: CText) -> Int {
    var position = start
    while let end = text.find(0x0a, from: position) {
      guard text.at(end - 1) == 0x5c || (text.at(end - 1) == 0x0d && text.at(end - 2) == 0x5c) else { return end }
      position = end + 1
    }
    return text.count
  }
}
