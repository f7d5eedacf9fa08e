internal import CArchive
internal import Glibc

/// C text as bytes, with the few questions that a search needs answered without parsing it.
///
/// Positions are offsets; the text need not be UTF-8. The buffer must outlive the value.
struct CText {
  let bytes: UnsafeBufferPointer<UInt8>

  var count: Int { bytes.count }
  subscript(position: Int) -> UInt8 { bytes[position] }

  /// The byte there, or 0 past either end.
  func at(_ position: Int) -> UInt8 { position >= 0 && position < bytes.count ? bytes[position] : 0 }

  static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5f
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

  /// Where the byte stands at or after `start`; nil when it does not.
  func find(_ byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
    let end = end ?? count
    guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), end - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  func find(_ needle: [UInt8], from start: Int) -> Int? {
    guard start < count, let base = bytes.baseAddress,
      let found = memmem(base + start, count - start, needle, needle.count)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  func lineStart(of position: Int) -> Int {
    guard position > 0, let base = bytes.baseAddress, let found = memrchr(base, 0x0a, position) else { return 0 }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
  }

  func wordEnd(from start: Int) -> Int {
    var end = start
    while end < count, Self.isWord(bytes[end]) { end += 1 }
    return end
  }

  func wordStart(before end: Int) -> Int {
    var start = end
    while start > 0, Self.isWord(bytes[start - 1]) { start -= 1 }
    return start
  }

  /// The first position at or after `start` that is neither white space, a comment, nor a continued line's backslash.
  func skipSpace(from start: Int) -> Int {
    var position = start
    while position < count {
      let byte = bytes[position]
      if Self.isSpace(byte) || (byte == 0x5c && at(position + 1) == 0x0a) {
        position += 1
      } else if byte == 0x2f && at(position + 1) == 0x2a {
        position = endOfComment(from: position)
      } else if byte == 0x2f && at(position + 1) == 0x2f {
        position = find(0x0a, from: position) ?? count
      } else {
        break
      }
    }
    return position
  }

  /// `start` is at `/*`; the position after its `*/`, or the text's end.
  func endOfComment(from start: Int) -> Int {
    // A comment has many a `*`, but few `/`.
    var position = start + 3
    while let slash = find(0x2f, from: position) {
      if bytes[slash - 1] == 0x2a { return slash + 1 }
      position = slash + 1
    }
    return count
  }

  /// `start` is at a quote; the position after the closing one. A string ends at its line's end at the latest; an
  /// apostrophe that does not close within a character constant's length counts as itself.
  func endOfLiteral(from start: Int, to end: Int) -> Int? {
    let quote = bytes[start]
    let limit = quote == 0x27 ? min(end, start + 8) : end
    var position = start + 1
    while position < limit {
      switch bytes[position] {
      case quote: return position + 1
      case 0x5c: position += 2
      case 0x0a: return quote == 0x27 ? start + 1 : position
      default: position += 1
      }
    }
    return quote == 0x27 ? start + 1 : nil
  }

  /// The position after the bracket that closes the one at `start`; nil when it is not closed within `limit` bytes.
  func endOfBrackets(from start: Int, limit: Int = 8192) -> Int? {
    var depth = 0
    var position = start
    let end = min(count, start + limit)
    while position < end {
      switch bytes[position] {
      case 0x28, 0x5b: depth += 1
      case 0x29, 0x5d:
        depth -= 1
        if depth == 0 { return position + 1 }
      case 0x22, 0x27:
        guard let after = endOfLiteral(from: position, to: end) else { return nil }
        position = after
        continue
      case 0x2f where at(position + 1) == 0x2a:
        position = endOfComment(from: position)
        continue
      case 0x2f where at(position + 1) == 0x2f:
        position = find(0x0a, from: position) ?? end
        continue
      case 0x3b, 0x7b, 0x7d: return nil
      default: break
      }
      position += 1
    }
    return nil
  }
}

/// Tells code from comments and strings, for positions asked in ascending order.
///
/// Comments are found by searching for their ends, so text between questions costs next to nothing.
struct CodeCursor {
  private let text: CText
  private var opens = 0
  private var closes = 0
  private var floor = 0

  init(_ text: CText) {
    self.text = text
    advance()
  }

  /// Whether `position` is outside of comments, strings and character constants.
  mutating func isCode(_ position: Int) -> Bool {
    while position >= closes, closes < text.count { advance() }
    return position < opens && state(at: position) == .code
  }

  /// To the next comment: `opens` and `closes` are its ends, or past the text.
  private mutating func advance() {
    floor = closes
    var start = closes
    while let found = text.find(0x2f, from: start) {
      guard text.at(found + 1) == 0x2a else {
        start = found + 1
        continue
      }
      switch state(at: found) {
      case .code:
        opens = found
        closes = text.endOfComment(from: found)
        return
      case .literal: start = found + 2
      case .lineComment: start = text.find(0x0a, from: found) ?? text.count
      }
    }
    opens = text.count
    closes = text.count
  }

  private enum State { case code, literal, lineComment }

  /// What `position` is within its own line, from the last comment's end on.
  private func state(at position: Int) -> State {
    var current = max(text.lineStart(of: position), floor)
    while current < position {
      switch text[current] {
      case 0x22, 0x27:
        guard let after = text.endOfLiteral(from: current, to: text.count) else { return .literal }
        if after > position { return .literal }
        current = after
      case 0x2f where text.at(current + 1) == 0x2f: return .lineComment
      default: current += 1
      }
    }
    return .code
  }
}
