internal import WalkerModel

/// Collects what files mention and makes segments of it: of up to 8,192 files each, so that little is held in memory.
struct SegmentWriter: ~Copyable {
  /// A segment is full when it has this many files, or postings.
  static let documentBits = 13
  private static let fullPostings = 4 << 20

  private var scan = IdentifierScan()
  private var documents: [(key: ContentKey, continuesLiterals: Bool)] = []
  /// An identifier's hash, below it the document, below it the kinds: in the order of documents.
  private var postings: [UInt64] = []

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

  /// By hash; of equal ones the order stays. Four passes over the bits of the hash, the lowest first.
  private mutating func sort() {
    let count = postings.count
    var other = [UInt64](repeating: 0, count: count)
    postings.withUnsafeMutableBufferPointer { first in
      other.withUnsafeMutableBufferPointer { second in
        var (source, target) = (first, second)
        for (shift, width) in [(18, 12), (30, 12), (42, 11), (53, 11)] as [(UInt64, Int)] {
          let mask: UInt64 = (1 << UInt64(width)) - 1
          var places = [Int](repeating: 0, count: 1 << width)
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
    let hashMask = ~((1 << IdentifierScan.stampBits) - 1) as UInt64
    var identifiers = 0
    var last: UInt64?
    for posting in postings where posting & hashMask != last {
      identifiers += 1
      last = posting & hashMask
    }
    let bits = SegmentHead.bucketBits(identifiers: identifiers)
    var body: [UInt8] = []
    body.reserveCapacity(identifiers * 9 + postings.count)
    var offsets: [UInt32] = [0]
    var index = 0
    for bucket in 0..<(1 << bits) {
      while index < postings.count, SegmentHead.bucket(of: postings[index], bits) == bucket {
        let hash = postings[index] & hashMask
        var end = index
        while end < postings.count, postings[end] & hashMask == hash { end += 1 }
        SegmentHead.appendRest(of: hash, bits, to: &body)
        Postings.append(postings[index..<end], to: &body)
        index = end
      }
      guard let offset = UInt32(exactly: body.count) else {
        throw UserError("the index of a tree's identifiers is larger than 4 GB: give a kernel's own tree")
      }
      offsets.append(offset)
    }
    return try SegmentHead.encode(documents: documents, bucketBits: bits, offsets: offsets, body: body)
  }
}

/// A posting list: its length in bytes, then for each file the distance to the file before and the kinds, all as
/// variable-length numbers.
enum Postings {
  private static let low: UInt64 = (1 << (UInt64(SegmentWriter.documentBits) + UInt64(MentionKinds.bits))) - 1

  static func append(_ list: ArraySlice<UInt64>, to bytes: inout [UInt8]) {
    let start = bytes.count
    var last: UInt64 = 0
    for posting in list {
      let document = (posting & low) >> UInt64(MentionKinds.bits)
      let kinds = posting & ((1 << UInt64(MentionKinds.bits)) - 1)
      append((document - last) << UInt64(MentionKinds.bits) | kinds, to: &bytes)
      last = document
    }
    // Most lists are shorter than 128 bytes: the length goes in front of them at the cost of a short move.
    var length: [UInt8] = []
    append(UInt64(bytes.count - start), to: &length)
    bytes.insert(contentsOf: length, at: start)
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
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
