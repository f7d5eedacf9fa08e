internal import Glibc

/// Which words stand in a text as words of their own.
enum WordSearch {
  static func found(_ words: Set<String>, in bytes: [UInt8]) -> Set<String> {
    bytes.withUnsafeBytes { text in words.filter { stands($0, in: text) } }
  }

  private static func stands(_ word: String, in text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress else { return false }
    return Array(word.utf8).withUnsafeBytes { needle in
      guard let wanted = needle.baseAddress, needle.count > 0 else { return false }
      var start = 0
      while start + needle.count <= text.count,
        let hit = memchr(base + start, Int32(needle[0]), text.count - start - needle.count + 1)
      {
        let position = UnsafeRawPointer(hit) - base
        let end = position + needle.count
        if memcmp(hit, wanted, needle.count) == 0, position == 0 || !isPart(text[position - 1]),
          end == text.count || !isPart(text[end])
        {
          return true
        }
        start = position + 1
      }
      return false
    }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    byte == 95 || (48...57).contains(byte) || (97...122).contains(byte | 32)
  }
}
