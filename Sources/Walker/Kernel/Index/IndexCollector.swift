internal import WalkerModel

/// Makes an index in memory of files that come one by one.
struct IndexCollector: ~Copyable {
  private var writer = SegmentWriter()
  private var segments: [IndexSegment] = []
  private var files: [TreeManifest.File] = []

  mutating func add(_ path: String, _ bytes: [UInt8]) throws {
    let document = bytes.withUnsafeBufferPointer { writer.add($0, ContentKey.none) }
    files.append(
      TreeManifest.File(
        path: path, state: nil, place: TreeManifest.Place(segment: segments.count, document: document)))
    if writer.isFull { try closeSegment() }
  }

  mutating func finish() throws -> IdentifierIndex {
    if !writer.isEmpty { try closeSegment() }
    let manifest = try TreeManifest.encode(files: files, segments: segments.map(\.name), stamp: "")
    return try IdentifierIndex(made: manifest, segments)
  }

  private mutating func closeSegment() throws { segments.append(try IndexSegment(made: writer.finish())) }
}
