internal import WalkerModel

/// Collects what files mention and makes segments of it: of up to 8,192 files each, so that little is held in memory.
struct SegmentWriter: ~Copyable {
  /// A segment is full when it has this many files, or postings.
  static let documentBits = 13
  private static let fullPostings = 2 << 20

  private var scan = IdentifierScan()
  private var documents: [(key: ContentKey, continuesLiterals: Bool)] = []
  /// An identifier's hash, below it the document, below it the kinds: in the order of documents.
  private var postings: [UInt64] = []

  init() { postings.reserveCapacity(Self.fullPostings + 1 << 16) }

  var isFull: Bool { documents.count == 1 << Self.documentBits || postings.count >= Self.fullPostings }
  var isEmpty: Bool { documents.isEmpty }

  /// The file's number in the segment that is being made.
  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ key: ContentKey) -> Int {
    let document = documents.count
    scan.scan(bytes)
    documents.append((key, scan.continuesLiterals))
    let low = UInt64(document) << UInt64(MentionKinds.bits)
    for index in 0..<scan.found {
      let (hash, kinds) = scan[index]
      postings.append(hash | low | UInt64(kinds.rawValue))
    }
    return document
  }

  /// The segment of what was added since the last one. Throws `UserError` when libcrypto can't hash.
  mutating func finish() throws -> [UInt8] {
    sort()
    let made = try encode()
    documents.removeAll(keepingCapacity: true)
    postings.removeAll(keepingCapacity: true)
    return made
  }

  /// By the upper 44 bits of the hash; of equal ones the order stays. Four passes, the lowest bits first. The two bits left
  /// may tell identifiers apart whose lists then come in pieces, which a reader puts together.
  private mutating func sort() {
    let count = postings.count
    var other = [UInt64](repeating: 0, count: count)
    postings.withUnsafeMutableBufferPointer { first in
      other.withUnsafeMutableBufferPointer { second in
        var (source, target) = (first, second)
        for shift in [20, 31, 42, 53] as [UInt64] {
          let mask: UInt64 = (1 << 11) - 1
          var places = [Int](repeating: 0, count: 1 << 11)
          for value in source { places[Int(truncatingIfNeeded: (value >> shift) & mask)] &+= 1 }
          var sum = 0
          for digit in places.indices { (places[digit], sum) = (sum, sum + places[digit]) }
          places.withUnsafeMutableBufferPointer { places in
            for index in 0..<count {
              let value = source[index]
              let digit = Int(truncatingIfNeeded: (value >> shift) & mask)
              target[places[digit]] = value
              places[digit] &+= 1
            }
          }
          swap(&source, &target)
        }
      }
    }
  }

  private func encode() throws -> [UInt8] {
    let hashMask = ~((1 << IdentifierScan.spareBits) - 1) as UInt64
    var identifiers = 0
    var last: UInt64?
    for posting in postings where posting & hashMask != last {
      identifiers += 1
      last = posting & hashMask
    }
    let bits = SegmentHead.bucketBits(identifiers: identifiers)
    var offsets: [UInt32] = [0]
    offsets.reserveCapacity(1 << bits + 1)
    // No list is longer: its rest of a hash, its length, and its postings.
    let most = identifiers * (SegmentHead.restSize + PostingList.most) + postings.count * PostingList.most
    guard UInt32(exactly: most) != nil else {
      throw UserError("the index of a tree's identifiers is larger than 4 GB: give a kernel's own tree")
    }
    let body = [UInt8](unsafeUninitializedCapacity: most) { buffer, size in
      var index = 0
      for bucket in 0..<(1 << bits) {
        while index < postings.count, SegmentHead.bucket(of: postings[index], bits) == bucket {
          let hash = postings[index] & hashMask
          var end = index + 1
          while end < postings.count, postings[end] & hashMask == hash { end += 1 }
          SegmentHead.putRest(of: hash, bits, in: buffer, &size)
          PostingList.put(postings[index..<end], in: buffer, &size)
          index = end
        }
        offsets.append(UInt32(size))
      }
    }
    return try SegmentHead.encode(documents: documents, bucketBits: bits, offsets: offsets, body: body)
  }
}

/// A posting list: its length in bytes, then for each file the distance to the file before and the kinds, all as
/// variable-length numbers.
enum PostingList {
  /// The most bytes that a number takes: a document and the kinds fit into 18 bits.
  static let most = 3
  private static let kindsMask: UInt64 = (1 << UInt64(MentionKinds.bits)) - 1
  private static let documentMask: UInt64 = (1 << UInt64(SegmentWriter.documentBits)) - 1

  /// The buffer has room for `most` bytes more than there are postings, times `most`.
  static func put(_ list: ArraySlice<UInt64>, in buffer: UnsafeMutableBufferPointer<UInt8>, _ position: inout Int) {
    // Most lists are shorter than 128 bytes: their length takes one byte.
    let start = position + 1
    position = start
    var last: UInt64 = 0
    for posting in list {
      let document = (posting >> UInt64(MentionKinds.bits)) & documentMask
      put((document &- last) << UInt64(MentionKinds.bits) | (posting & kindsMask), in: buffer, &position)
      last = document
    }
    let length = position - start
    var sized = start - 1
    if length >= 0x80 {
      let extra = length < 1 << 14 ? 1 : 2
      for index in stride(from: position - 1, through: start, by: -1) { buffer[index + extra] = buffer[index] }
      position += extra
    }
    put(UInt64(length), in: buffer, &sized)
  }

  @inline(__always)
  private static func put(_ number: UInt64, in buffer: UnsafeMutableBufferPointer<UInt8>, _ position: inout Int) {
    var rest = number
    while rest >= 0x80 {
      buffer[position] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest >>= 7
      position &+= 1
    }
    buffer[position] = UInt8(truncatingIfNeeded: rest)
    position &+= 1
  }

  /// The number at `position`, which moves past it; nil when the bytes end within it.
  static func number(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Int? {
    var number = 0
    var shift = 0
    while position < bytes.count, shift < 56 {
      let byte = Int(bytes[position])
      position += 1
      number |= (byte & 0x7f) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}
