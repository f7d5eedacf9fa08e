internal import Glibc
internal import WalkerModel

/// The first part of a segment's file: which contents it tells of, where its buckets lie, and their digests.
///
///     mark (16) | SHA-256 of the head (32) | head's length, documents, bucket bits (4 each)
///     | documents: content (20), flags (1) | bucket offsets (4 each, one more than buckets) | bucket digests (16 each)
///     || buckets: for each identifier the rest of its hash (5), its posting list
///
/// Identifiers are in the order of their hashes, whose upper bits are the bucket's number. Two identifiers with the same
/// hash (46 bits) share their files: a search then reads a file too much, which costs time only. All numbers are
/// little-endian.
struct SegmentHead: Sendable {
  static let mark = Array("walker segment 1".utf8)
  static let fixedSize = 60
  private static let documentSize = ContentKey.size + 1
  private static let digestSize = 16
  static let restSize = 5

  let documents: Int
  let bucketBits: Int
  /// Of the whole head.
  let size: Int
  private let bytes: [UInt8]

  private var offsetsStart: Int { Self.fixedSize + documents * Self.documentSize }
  private var digestsStart: Int { offsetsStart + 4 * ((1 << bucketBits) + 1) }

  /// How long the head is that begins so; nil when this is no segment.
  static func size(ofHead start: [UInt8]) -> Int? {
    guard start.count >= fixedSize, start[..<16].elementsEqual(mark) else { return nil }
    return start.withUnsafeBytes { Int(load($0, 48)) }
  }

  /// nil when the head is not as it was written, or another than the name says.
  init?(_ bytes: [UInt8], name: String?) throws {
    guard let size = Self.size(ofHead: bytes), size == bytes.count else { return nil }
    let digest = try SHA256.digest(of: bytes[48...])
    guard bytes[16..<48].elementsEqual(digest), name == nil || name == Self.name(digest) else { return nil }
    self.bytes = bytes
    self.size = size
    (documents, bucketBits) = bytes.withUnsafeBytes { (Int(Self.load($0, 52)), Int(Self.load($0, 56))) }
    guard bucketBits <= 24, documents <= 1 << SegmentWriter.documentBits,
      digestsStart + Self.digestSize << bucketBits == size
    else { return nil }
  }

  static func encode(
    documents: [(key: ContentKey, continuesLiterals: Bool)], bucketBits: Int, offsets: [UInt32], body: [UInt8]
  ) throws -> [UInt8] {
    var rest: [UInt8] = []
    for document in documents {
      document.key.append(to: &rest)
      rest.append(document.continuesLiterals ? 1 : 0)
    }
    for offset in offsets { append(offset, to: &rest) }
    for bucket in offsets.indices.dropLast() {
      rest += try SHA256.digest(of: body[Int(offsets[bucket])..<Int(offsets[bucket + 1])]).prefix(digestSize)
    }
    var counted: [UInt8] = []
    append(UInt32(fixedSize + rest.count), to: &counted)
    append(UInt32(documents.count), to: &counted)
    append(UInt32(bucketBits), to: &counted)
    counted += rest
    return mark + (try SHA256.digest(of: counted[...])) + counted + body
  }

  /// Segments are named by their content: the head's digest covers the buckets' digests.
  static func name(_ headDigest: some Collection<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: headDigest.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  var name: String { Self.name(bytes[16..<32]) }
  var fileSize: Int { size + offset(1 << bucketBits) }

  func key(of document: Int) -> ContentKey {
    bytes.withUnsafeBytes { ContentKey($0, at: Self.fixedSize + document * Self.documentSize) }
  }

  func continuesLiterals(_ document: Int) -> Bool {
    bytes[Self.fixedSize + document * Self.documentSize + ContentKey.size] & 1 != 0
  }

  // MARK: Buckets

  /// Some 256 identifiers a bucket: that many are read for one.
  static func bucketBits(identifiers: Int) -> Int {
    var bits = 0
    while bits < 24, identifiers >> bits > 256 { bits += 1 }
    return bits
  }

  static func bucket(of hash: UInt64, _ bits: Int) -> Int { bits == 0 ? 0 : Int(hash >> UInt64(64 - bits)) }
  func bucket(of hash: UInt64) -> Int { Self.bucket(of: hash, bucketBits) }

  /// The bits of a hash below the bucket's number.
  static func putRest(
    of hash: UInt64, _ bits: Int, in buffer: UnsafeMutableBufferPointer<UInt8>, _ position: inout Int
  ) {
    let rest = hash << UInt64(bits)
    for index in 0..<restSize {
      buffer[position &+ index] = UInt8(truncatingIfNeeded: rest >> UInt64(56 &- 8 &* index))
    }
    position &+= restSize
  }

  /// Where the bucket lies in the file.
  func range(of bucket: Int) -> Range<Int>? {
    let (start, end) = (offset(bucket), offset(bucket + 1))
    return start <= end ? (size + start)..<(size + end) : nil
  }

  func isWhole(_ bucket: Int, _ bytes: [UInt8]) throws -> Bool {
    let start = digestsStart + Self.digestSize * bucket
    return try SHA256.digest(of: bytes[...]).prefix(Self.digestSize)
      .elementsEqual(self.bytes[start..<(start + Self.digestSize)])
  }

  /// Calls `body` with each file that the bucket lists for the hash. False when the bytes can't be read as a bucket.
  func forEach(
    _ hash: UInt64, in bucket: [UInt8], _ body: (_ document: Int, _ kinds: MentionKinds) -> Void
  ) -> Bool {
    let wanted = [UInt8](unsafeUninitializedCapacity: Self.restSize) { buffer, size in
      Self.putRest(of: hash, bucketBits, in: buffer, &size)
    }
    return bucket.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        guard position + Self.restSize < bytes.count else { return false }
        let isWanted = (0..<Self.restSize).allSatisfy { bytes[position + $0] == wanted[$0] }
        position += Self.restSize
        guard let length = PostingList.number(bytes, &position), position + length <= bytes.count else { return false }
        let end = position + length
        if isWanted {
          var document = 0
          while position < end {
            guard let number = PostingList.number(bytes, &position) else { return false }
            document += number >> MentionKinds.bits
            guard document < documents else { return false }
            body(document, MentionKinds(rawValue: UInt8(number & ((1 << MentionKinds.bits) - 1))))
          }
        }
        position = end
      }
      return true
    }
  }

  private func offset(_ index: Int) -> Int { bytes.withUnsafeBytes { Int(Self.load($0, offsetsStart + 4 * index)) } }

  static func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  static func append(_ number: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
