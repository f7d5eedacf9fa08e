internal import WalkerKernel
internal import WalkerModel

/// The tokens of a piece of C text as the author wrote it. Comments and white space are no tokens; preprocessor lines and
/// inactive branches are text like any other.
struct TokenText {
  let words: [String]
  /// The line of each word, from 0.
  private let lines: [Int]

  init(_ bytes: ArraySlice<UInt8>) {
    var lexer = Lexer(bytes: bytes)
    words = lexer.run()
    var (line, position) = (0, bytes.startIndex)
    lines = lexer.starts.map { start in
      line += bytes[position..<start].count { $0 == 10 }
      position = start
      return line
    }
  }

  /// The text in pieces that end with `;`, `{` or `}`.
  func pieces(without name: String) -> [TextPiece] {
    var pieces: [TextPiece] = []
    var start = 0
    for (position, word) in words.enumerated() where [";", "{", "}"].contains(word) || position == words.count - 1 {
      let piece = words[start...position].map { $0 == name ? "@" : $0 }
      pieces.append(
        TextPiece(hash: Digest.small(piece[...]) & 0xff_ffff, line: lines[start], endLine: lines[position]))
      start = position + 1
    }
    return pieces
  }

  /// Throws `UserError` when libcrypto can't hash.
  func digest(without name: String? = nil) throws -> String {
    try Digest.of(words.map { $0 == name ? "@" : $0 }.joined(separator: "\n"))
  }

  /// The 24 least hashes of runs of three words, ascending.
  func sketch(without name: String) -> [UInt32] {
    let words = words.map { $0 == name ? "@" : $0 }
    guard words.count >= 3 else { return [Digest.small(words[...])] }
    let hashes = Set((0...(words.count - 3)).map { Digest.small(words[$0..<($0 + 3)]) })
    return Array(hashes.sorted().prefix(24))
  }
}

private struct Lexer {
  let bytes: ArraySlice<UInt8>
  private var position: Int
  private var words: [String] = []
  private(set) var starts: [Int] = []

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private static let long = [
    ">>=", "<<=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=",
    "&=", "|=", "^=", "##",
  ].map { Array($0.utf8) }

  mutating func run() -> [String] {
    while position < bytes.endIndex {
      let byte = bytes[position]
      if byte <= 32 {
        position += 1
      } else if byte == UInt8(ascii: "\\"), next == 10 || next == 13 {
        position += 2
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "/") {
        skip { $0 != 10 }
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        skipComment()
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        literal(byte)
      } else if Self.isWord(byte) {
        take(while: Self.isWord)
      } else {
        punctuator()
      }
    }
    return words
  }

  private var next: UInt8? { position + 1 < bytes.endIndex ? bytes[position + 1] : nil }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= 0x80 || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      || (byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z"))
  }

  private mutating func add(from start: Int) {
    words.append(String(decoding: bytes[start..<position], as: UTF8.self))
    starts.append(start)
  }

  private mutating func skip(while holds: (UInt8) -> Bool) {
    while position < bytes.endIndex, holds(bytes[position]) { position += 1 }
  }

  private mutating func take(while holds: (UInt8) -> Bool) {
    let start = position
    skip(while: holds)
    add(from: start)
  }

  private mutating func skipComment() {
    position += 2
    while position < bytes.endIndex {
      if bytes[position] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
        position += 2
        return
      }
      position += 1
    }
  }

  private mutating func literal(_ quote: UInt8) {
    let start = position
    position += 1
    while position < bytes.endIndex, bytes[position] != quote, bytes[position] != 10 {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.endIndex)
    add(from: start)
  }

  private mutating func punctuator() {
    let start = position
    let length = Self.long.first { bytes[position...].starts(with: $0) }?.count ?? 1
    position += length
    add(from: start)
  }
}
