/// Reads what a guest writes, and takes only what is certainly an answer.
///
/// A line is `walker CHECKSUM NUMBER TEXT`: the CRC-32 of what follows it, and a number that counts up from 0. Anything else
/// on the same port, a kernel's message or a line cut in half, is noise and is dropped.
struct AnswerReader {
  /// Well above what any run needs; more is a flood.
  static let mostBytes = 32 << 20
  private static let longestLine = 4096

  private var line: [UInt8] = []
  private var isTooLong = false
  private var bytes = 0
  /// Answers by their numbers.
  private var texts: [Int: String] = [:]
  private(set) var noise = 0

  var isFlooded: Bool { bytes > Self.mostBytes }

  /// The answers before the last one are all there, and the last one says so.
  var isComplete: Bool {
    guard let last = texts.keys.max(), texts[last] == "end \(last)" else { return false }
    return texts.count == last + 1
  }

  /// In order of their numbers.
  var answers: [String] { texts.sorted { $0.key < $1.key }.map(\.value) }

  mutating func take(_ piece: some Sequence<UInt8>) {
    for byte in piece {
      bytes += 1
      if isFlooded { return }
      if byte == UInt8(ascii: "\n") {
        endLine()
      } else if line.count < Self.longestLine {
        line.append(byte)
      } else {
        isTooLong = true
      }
    }
  }

  private mutating func endLine() {
    defer {
      line.removeAll(keepingCapacity: true)
      isTooLong = false
    }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard !isTooLong, let (number, text) = Self.answer(in: line) else {
      if !line.isEmpty { noise += 1 }
      return
    }
    texts[number] = text
  }

  /// The number and the text of a line that is whole.
  static func answer(in line: [UInt8]) -> (number: Int, text: String)? {
    let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, Array(parts[0]) == Array("walker".utf8), parts[1].count == 8,
      let checksum = UInt32(String(decoding: parts[1], as: UTF8.self), radix: 16), checksum == crc32(parts[2])
    else { return nil }
    let words = parts[2].split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let number = Int(String(decoding: words[0], as: UTF8.self)), number >= 0 else { return nil }
    return (number, String(decoding: words[1], as: UTF8.self))
  }
}

/// zlib's: the polynomial 0x04c11db7, reflected.
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
}
