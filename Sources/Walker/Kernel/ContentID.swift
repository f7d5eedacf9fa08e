internal import CCrypto
internal import WalkerModel

/// Names of contents: equal names mean equal bytes.
enum ContentID {
  /// As git names a blob, so that a file in a clone is known without being read. Throws `UserError` when libcrypto can't
  /// hash.
  static func blob(_ bytes: [UInt8]) throws -> String {
    let head = Array("blob \(bytes.count)\0".utf8)
    guard let context = EVP_MD_CTX_new() else { throw cannotHash() }
    defer { EVP_MD_CTX_free(context) }
    var digest = [UInt8](repeating: 0, count: 20)
    var length: UInt32 = 0
    guard EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1, EVP_DigestUpdate(context, head, head.count) == 1,
      EVP_DigestUpdate(context, bytes, bytes.count) == 1, EVP_DigestFinal_ex(context, &digest, &length) == 1,
      length == 20
    else { throw cannotHash() }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Whether a git object's id is one that `blob` would give, not of a repository with longer names.
  static func isBlob(_ id: String) -> Bool { id.utf8.count == 40 }

  fileprivate static func cannotHash() -> UserError {
    UserError("libcrypto can't compute SHA-1: check the machine's OpenSSL configuration")
  }
}

/// `ContentID.blob` of one content after the other, as keys of an index.
final class BlobHasher {
  private let context: OpaquePointer

  /// Throws `UserError` when libcrypto can't hash.
  init() throws {
    guard let context = EVP_MD_CTX_new() else { throw ContentID.cannotHash() }
    self.context = context
    guard EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1 else { throw ContentID.cannotHash() }
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Throws `UserError` when libcrypto can't hash.
  func key(of bytes: UnsafeBufferPointer<UInt8>) throws -> ContentKey {
    let head = Array("blob \(bytes.count)\0".utf8)
    var digest = (UInt64(0), UInt64(0), UInt64(0))
    // Without an algorithm the context takes the one that it has: looking it up takes longer than hashing a small file.
    let isDone = withUnsafeMutableBytes(of: &digest) { digest in
      EVP_DigestInit_ex(context, nil, nil) == 1 && EVP_DigestUpdate(context, head, head.count) == 1
        && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        && EVP_DigestFinal_ex(context, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
    }
    guard isDone else { throw ContentID.cannotHash() }
    return withUnsafeBytes(of: digest) { ContentKey($0, at: 0) }
  }
}
