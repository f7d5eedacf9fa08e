internal import Glibc
internal import Synchronization
internal import WalkerModel

/// Makes the index of a tree from what earlier ones know of its contents, reading only the files of which they know nothing.
struct IndexMaking: Sendable {
  /// A file to be indexed, as a listing of the tree knows it.
  struct Source: Sendable {
    let path: String
    /// As it lies on disk.
    var state: TreeManifest.FileState?
    /// Its content, where that is known without reading.
    var key: ContentKey?
  }

  /// A segment's name and a number in it.
  private struct Known {
    let segment: String
    let document: Int
  }

  /// The files that one thread read.
  private struct Part: Sendable {
    var files: [(source: Int, state: TreeManifest.FileState?, segment: Int, document: Int)] = []
    var segments: [IndexSegment] = []
    /// Files whose content another index knows.
    var known: [(source: Int, state: TreeManifest.FileState?, key: ContentKey)] = []
  }

  /// nil: the index is held in memory.
  let store: IndexStore?
  /// Files that changed after this, in nanoseconds since 1970, may change again unseen.
  let start = Disk.now() - Disk.clockStep

  /// Where a tree needs more segments than this, the small ones are made again, as one.
  private static let mostSegments = 48
  private static let smallSegment = 1024

  /// - Parameters:
  ///   - stamp: of the tree's state before the sources were listed.
  ///   - key: names the tree.
  ///   - previous: an earlier manifest of the same folder.
  ///   - makeReader: called on each thread.
  /// - Throws: `UserError` when a file can't be read.
  func make(
    _ sources: [Source], key: String, stamp: String, previous: TreeManifest?,
    makeReader: @Sendable () throws -> any TextReading
  ) throws -> IdentifierIndex {
    var segments = openSegments()
    let contents = contents(of: segments)
    var (entries, unknown) = find(sources, previous, contents, segments)
    let small = Set(segments.values.filter { $0.head.documents < Self.smallSegment }.map(\.name))
    if Set(entries.map(\.known.segment)).count > Self.mostSegments {
      unknown = (unknown + entries.filter { small.contains($0.known.segment) }.map(\.source)).sorted()
      entries.removeAll { small.contains($0.known.segment) }
    }
    // What is to be read again must not be found again.
    let usable = segments.count > Self.mostSegments ? contents.filter { !small.contains($0.value.segment) } : contents
    for part in try read(unknown.map { (number: $0, source: sources[$0]) }, usable, makeReader) {
      for segment in part.segments { segments[segment.name] = segment }
      for file in part.files {
        let known = Known(segment: part.segments[file.segment].name, document: file.document)
        entries.append((file.source, file.state, known))
      }
      for file in part.known {
        if let known = usable[file.key] { entries.append((file.source, file.state, known)) }
      }
    }
    return try keep(entries, of: sources, segments, key: key, stamp: stamp)
  }

  private func keep(
    _ entries: [Entry], of sources: [Source], _ segments: [String: IndexSegment], key: String, stamp: String
  ) throws -> IdentifierIndex {
    var isStable = true
    var numbers: [String: Int] = [:]
    var needed: [IndexSegment] = []
    var files: [TreeManifest.File] = []
    files.reserveCapacity(entries.count)
    for (source, read, known) in entries.sorted(by: { $0.source < $1.source }) {
      var state = read
      if let changed = read?.changed, changed > start { (state, isStable) = (nil, false) }
      if state != sources[source].state { isStable = false }
      let number = numbers[known.segment] ?? needed.count
      if number == needed.count, let segment = segments[known.segment] {
        numbers[known.segment] = number
        needed.append(segment)
      }
      files.append(
        TreeManifest.File(
          path: sources[source].path, state: state,
          place: TreeManifest.Place(segment: number, document: known.document)))
    }
    let manifest = try TreeManifest.encode(
      files: files, segments: needed.map(\.name), stamp: isStable ? stamp : "")
    if let store, needed.allSatisfy({ !$0.isInMemory }) {
      store.touch(needed)
      store.keep(manifest, key)
    }
    return try IdentifierIndex(made: manifest, needed)
  }

  // MARK: What is known

  private func openSegments() -> [String: IndexSegment] {
    guard let store else { return [:] }
    var segments: [String: IndexSegment] = [:]
    for name in store.segmentNames() { segments[name] = store.segment(name) }
    return segments
  }

  private typealias Entry = (source: Int, state: TreeManifest.FileState?, known: Known)

  /// The files that are as they were when the earlier manifest was made, or whose content an index knows; and the others.
  private func find(
    _ sources: [Source], _ previous: TreeManifest?, _ contents: [ContentKey: Known], _ segments: [String: IndexSegment]
  ) -> ([Entry], [Int]) {
    var files: [String: Int] = [:]
    if let previous { for file in 0..<previous.count { files[previous.path(file)] = file } }
    var (entries, unknown): ([Entry], [Int]) = ([], [])
    for (index, source) in sources.enumerated() {
      if let key = source.key, let known = contents[key] {
        entries.append((index, source.state, known))
      } else if let previous, let file = files[source.path], let state = source.state, previous.state(file) == state,
        case let place = previous.place(file), place.segment < previous.segments.count,
        let segment = segments[previous.segments[place.segment]], place.document < segment.head.documents
      {
        entries.append((index, state, Known(segment: segment.name, document: place.document)))
      } else {
        unknown.append(index)
      }
    }
    return (entries, unknown)
  }

  private func contents(of segments: [String: IndexSegment]) -> [ContentKey: Known] {
    var contents: [ContentKey: Known] = [:]
    // Of those that tell of the same content the largest counts.
    for (name, segment) in segments.sorted(by: { ($0.value.head.documents, $0.key) < ($1.value.head.documents, $1.key) }
    ) {
      for document in 0..<segment.head.documents {
        contents[segment.head.key(of: document)] = Known(segment: name, document: document)
      }
    }
    return contents
  }

  // MARK: What is read

  private func read(
    _ unknown: [(number: Int, source: Source)], _ contents: [ContentKey: Known],
    _ makeReader: @Sendable () throws -> any TextReading
  ) throws -> [Part] {
    let chunk = 64
    let next = Atomic(0)
    return try Parallel.map(unknown.isEmpty ? 0 : Parallel.threads) { _ in
      var part = Part()
      var writer = SegmentWriter()
      let hasher = try BlobHasher()
      let reader = try makeReader()
      while true {
        let first = next.add(chunk, ordering: .relaxed).oldValue
        if first >= unknown.count { break }
        for (number, source) in unknown[first..<min(unknown.count, first + chunk)] {
          try reader.withText(of: source.path) { bytes, status in
            let state = status.map(TreeManifest.FileState.init)
            let key = try source.key ?? hasher.key(of: bytes)
            if contents[key] != nil {
              part.known.append((number, state, key))
            } else {
              part.files.append((number, state, part.segments.count, writer.add(bytes, key)))
            }
          }
          if writer.isFull { try part.segments.append(finish(&writer)) }
        }
      }
      if !writer.isEmpty { try part.segments.append(finish(&writer)) }
      return part
    }
  }

  private func finish(_ writer: inout SegmentWriter) throws -> IndexSegment {
    let bytes = try writer.finish()
    let segment = try IndexSegment(made: bytes)
    return store?.keep(bytes, segment) ?? segment
  }
}

/// Reads the text of one file after the other, on one thread.
protocol TextReading: AnyObject {
  /// Does not call `body` when there is no such file any more. `status` is nil for what does not lie on disk as it is.
  func withText(of path: String, _ body: (UnsafeBufferPointer<UInt8>, _ status: Disk.Status?) throws -> Void) throws
}
