internal import CCrypto
internal import Glibc
internal import WalkerModel

/// SHA-256 by libcrypto: `SHA256.hex(of: bytes)`, or piece by piece with `update` and `finish`.
public final class SHA256 {
  private let context: OpaquePointer?
  private var isGood: Bool

  public init() {
    context = EVP_MD_CTX_new()
    isGood = context != nil && EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
  }

  deinit { EVP_MD_CTX_free(context) }

  public func update(_ bytes: UnsafeRawBufferPointer) {
    guard isGood, let base = bytes.baseAddress else { return }
    isGood = EVP_DigestUpdate(context, base, bytes.count) == 1
  }

  /// 64 lower-case hexadecimal digits. To be called once. Throws `UserError` when libcrypto can't hash.
  public func finish() throws -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: try digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The 32 bytes. To be called once. Throws `UserError` when libcrypto can't hash.
  func digest() throws -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard isGood, EVP_DigestFinal_ex(context, &digest, &length) == 1, length == 32 else {
      throw UserError("libcrypto can't compute SHA-256: check the machine's OpenSSL configuration")
    }
    isGood = false
    return digest
  }

  /// Throws `UserError` when libcrypto can't hash.
  static func digest(of bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    let hash = SHA256()
    bytes.withUnsafeBytes(hash.update)
    return try hash.digest()
  }

  /// Throws `UserError` when libcrypto can't hash.
  public static func hex(of bytes: [UInt8]) throws -> String {
    let hash = SHA256()
    bytes.withUnsafeBytes(hash.update)
    return try hash.finish()
  }

  /// Throws `UserError` when libcrypto can't hash.
  public static func hex(of text: String) throws -> String { try hex(of: Array(text.utf8)) }

  /// The hash of a file's bytes, read in pieces. Throws `UserError` when it can't be read.
  public static func hex(ofFile path: String) throws -> String {
    let hash = SHA256()
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Disk.error("read", path) }
    defer { close(descriptor) }
    guard Disk.status(of: descriptor)?.kind == .file else { throw UserError("\(path) is not a file: name a file") }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Disk.error("read", path) }
      if count == 0 { return try hash.finish() }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
