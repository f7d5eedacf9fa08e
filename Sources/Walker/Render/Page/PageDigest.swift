internal import CCrypto
internal import WalkerModel

/// The SHA-256 of a text as a content security policy writes it: `sha256-…`, in base64.
enum PageDigest {
  /// - Throws: `UserError` when libcrypto can't hash.
  static func of(_ text: String) throws -> String {
    let bytes = Array(text.utf8)
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else {
      throw UserError("libcrypto can't compute SHA-256: check the machine's OpenSSL configuration")
    }
    // Four characters for three bytes, and a zero byte.
    var encoded = [UInt8](repeating: 0, count: 45)
    let count = EVP_EncodeBlock(&encoded, digest, 32)
    return "sha256-" + String(decoding: encoded.prefix(max(0, Int(count))), as: UTF8.self)
  }
}
