internal import WalkerModel

/// Which files a tree has, and where the index tells of them: path -> segment and number in it, and back.
///
/// As bytes, which are used where they lie:
///
///     mark (16) | SHA-256 of the rest (32) | files, segments, length of the stamp, length of all paths (4 each)
///     | status of each file (32) | place of each file (4) | files by place (4) | ends of the paths (4)
///     | names of the segments (32) | stamp | paths
struct TreeManifest: Sendable {
  /// What is to be compared to know that a file is the one that was read.
  struct FileState: Equatable, Sendable {
    var size: Int64 = 0
    var inode: UInt64 = 0
    var modified: Int64 = 0
    var changed: Int64 = 0
  }

  /// A file's number in a segment, and the segment's in the manifest.
  struct Place: Comparable, Sendable {
    let number: UInt32

    init(segment: Int, document: Int) { number = UInt32(segment << SegmentWriter.documentBits | document) }
    init(number: UInt32) { self.number = number }

    var segment: Int { Int(number) >> SegmentWriter.documentBits }
    var document: Int { Int(number) & ((1 << SegmentWriter.documentBits) - 1) }
    static func < (left: Place, right: Place) -> Bool { left.number < right.number }
  }

  struct File: Sendable {
    var path: String
    /// nil: it has to be read again.
    var state: FileState?
    var place: Place
  }

  private static let mark = Array("walker tree 0001".utf8)
  private static let fixedSize = 64
  private static let segmentNameSize = 32

  let count: Int
  let segments: [String]
  let stamp: String
  private let bytes: [UInt8]

  private var places: Int { Self.fixedSize + 32 * count }
  private var order: Int { places + 4 * count }
  private var ends: Int { order + 4 * count }
  private var names: Int { ends + 4 * count }

  /// nil when the bytes are not as they were written.
  init?(_ bytes: [UInt8]) throws {
    guard bytes.count >= Self.fixedSize, bytes[..<16].elementsEqual(Self.mark),
      try bytes[16..<48].elementsEqual(SHA256.digest(of: bytes[48...]))
    else { return nil }
    let counts = bytes.withUnsafeBytes { bytes in (0..<4).map { Int(SegmentHead.load(bytes, 48 + 4 * $0)) } }
    let names = Self.fixedSize + 44 * counts[0]
    let stamp = names + Self.segmentNameSize * counts[1]
    guard stamp + counts[2] + counts[3] == bytes.count else { return nil }
    count = counts[0]
    segments = (0..<counts[1]).map { index in
      String(decoding: bytes[(names + Self.segmentNameSize * index)...].prefix(Self.segmentNameSize), as: UTF8.self)
    }
    self.stamp = String(decoding: bytes[stamp..<(stamp + counts[2])], as: UTF8.self)
    self.bytes = bytes
  }

  /// `segments`: names of 32 bytes.
  static func encode(files: [File], segments: [String], stamp: String) throws -> [UInt8] {
    var rest: [UInt8] = []
    let paths = files.reduce(0) { $0 + $1.path.utf8.count }
    for number in [files.count, segments.count, stamp.utf8.count, paths] {
      guard let number = UInt32(exactly: number) else {
        throw UserError("a tree has more files than an index can hold: give a kernel's own tree")
      }
      SegmentHead.append(number, to: &rest)
    }
    for file in files {
      let state = file.state ?? FileState()
      for number in [
        UInt64(bitPattern: state.size), state.inode, UInt64(bitPattern: state.modified),
        UInt64(bitPattern: state.changed),
      ] {
        withUnsafeBytes(of: number.littleEndian) { rest.append(contentsOf: $0) }
      }
    }
    for file in files { SegmentHead.append(file.place.number, to: &rest) }
    for index in files.indices.sorted(by: { files[$0].place < files[$1].place }) {
      SegmentHead.append(UInt32(index), to: &rest)
    }
    var end = 0
    for file in files {
      end += file.path.utf8.count
      SegmentHead.append(UInt32(end), to: &rest)
    }
    for name in segments { rest += Array(name.utf8) }
    rest += Array(stamp.utf8)
    for file in files { rest += Array(file.path.utf8) }
    return mark + (try SHA256.digest(of: rest[...])) + rest
  }

  // MARK: Files

  func path(_ file: Int) -> String {
    let start = bytes.count - Int(number(ends + 4 * (count - 1)))
    let from = file == 0 ? 0 : Int(number(ends + 4 * (file - 1)))
    return String(decoding: bytes[(start + from)..<(start + Int(number(ends + 4 * file)))], as: UTF8.self)
  }

  func place(_ file: Int) -> Place { Place(number: number(places + 4 * file)) }

  /// nil when the file has to be read again.
  func state(_ file: Int) -> FileState? {
    let offset = Self.fixedSize + 32 * file
    let state = bytes.withUnsafeBytes { bytes in
      func load(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      return FileState(
        size: Int64(bitPattern: load(offset)), inode: load(offset + 8), modified: Int64(bitPattern: load(offset + 16)),
        changed: Int64(bitPattern: load(offset + 24)))
    }
    return state == FileState() ? nil : state
  }

  /// Calls `body` with every file that has this content.
  func forEach(at place: Place, _ body: (_ file: Int) -> Void) {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self.place(Int(number(order + 4 * middle))) < place { low = middle + 1 } else { high = middle }
    }
    while low < count {
      let file = Int(number(order + 4 * low))
      guard self.place(file) == place else { break }
      body(file)
      low += 1
    }
  }

  private func number(_ offset: Int) -> UInt32 { bytes.withUnsafeBytes { SegmentHead.load($0, offset) } }
}

extension TreeManifest.FileState {
  init(_ status: Disk.Status) {
    self.init(
      size: Int64(status.size), inode: status.inode, modified: status.modified, changed: status.changed)
  }
}
