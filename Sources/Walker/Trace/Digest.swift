internal import WalkerKernel

/// A short hash: 16 hexadecimal digits of SHA-256.
enum Digest {
  /// Throws `UserError` when libcrypto can't hash.
  static func of(_ text: String) throws -> String { String(try SHA256.hex(of: text).prefix(16)) }

  /// FNV-1a, where speed matters and a clash costs nothing.
  static func small(_ words: ArraySlice<String>) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for word in words {
      for byte in word.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
      hash = (hash ^ 10) &* 16_777_619
    }
    return hash
  }
}
