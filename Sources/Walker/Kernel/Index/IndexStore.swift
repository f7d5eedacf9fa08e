internal import Glibc
internal import WalkerModel

/// Indexes on disk: segments, each told by its content, and a manifest for each tree.
///
/// A file is written beside its place and renamed into it, and carries its digest: one that is damaged counts as absent and
/// is removed. Processes may read and write at the same time. Losing a file costs time only.
struct IndexStore: Sendable {
  let folder: String
  private static let segmentSuffix = ".segment"
  private static let treeSuffix = ".tree"
  /// Beyond these, what was not used for longest goes.
  private static let mostTrees = 32
  private static let mostSegments = 512
  private static let mostBytes = 2 << 30

  /// `cache`: the folder of all that is kept.
  init(cache: String) { folder = cache + "/index" }

  // MARK: Segments

  func segmentNames() -> [String] { names(Self.segmentSuffix) }

  /// nil when there is none, or a damaged one, which is then removed.
  func segment(_ name: String) -> IndexSegment? {
    let path = folder + "/" + name + Self.segmentSuffix
    // The index only saves time: what can't be read or verified is made again from the tree.
    if let segment = try? IndexSegment(path, name: name) { return segment }
    removeSegment(name)
    return nil
  }

  /// Notes that a tree needs them.
  func touch(_ segments: [IndexSegment]) {
    for segment in segments { touch(folder + "/" + segment.name + Self.segmentSuffix) }
  }

  func removeSegment(_ name: String) { unlink(folder + "/" + name + Self.segmentSuffix) }

  /// The segment as it can be read from now on; in memory when it can't be written.
  func keep(_ bytes: [UInt8], _ segment: IndexSegment) -> IndexSegment {
    do {
      try write(bytes, to: segment.name + Self.segmentSuffix)
    } catch {
      // A full disk, a folder that can't be written: the next run makes it again.
      return segment
    }
    return self.segment(segment.name) ?? segment
  }

  // MARK: Trees

  func tree(_ key: String) -> TreeManifest? {
    // As above.
    guard let path = treeFile(key), let bytes = try? Disk.read(path), let tree = try? TreeManifest(bytes) else {
      return nil
    }
    touch(path)
    return tree
  }

  /// The index of a tree; nil when a segment of it is gone or damaged.
  func index(_ tree: TreeManifest) -> IdentifierIndex? {
    var segments: [String: IndexSegment] = [:]
    for name in tree.segments { segments[name] = segment(name) }
    guard let index = IdentifierIndex(tree, segments: segments) else { return nil }
    touch(index.segments)
    return index
  }

  func keep(_ tree: [UInt8], _ key: String) {
    guard let path = treeFile(key) else { return }
    // A full disk: the next run makes it again.
    try? write(tree, to: TreePath.name(path))
    removeOldest()
  }

  private func treeFile(_ key: String) -> String? {
    // Without a name nothing is kept.
    (try? SHA256.hex(of: key)).map { folder + "/" + $0.prefix(32) + Self.treeSuffix }
  }

  // MARK: Files

  private func names(_ suffix: String) -> [String] {
    // As if nothing were kept.
    guard Disk.isFolder(folder), let names = try? Disk.names(in: folder) else { return [] }
    return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.map { String($0.dropLast(suffix.count)) }
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let path = folder + "/" + name
    try Disk.makeFolders(folder)
    let temporary = "\(folder)/\(Disk.temporaryPrefix(for: path))\(getpid())-\(UInt32.random(in: 0 ... .max))"
    do {
      try Disk.write(bytes, to: temporary)
      try Disk.rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func touch(_ path: String) { utimes(path, nil) }

  /// What killed processes left, what an older walker kept here, and what was not used for longest.
  private func removeOldest() {
    // To tidy up is no part of the answer.
    for name in (try? Disk.names(in: folder)) ?? [] {
      let path = folder + "/" + name
      if name.hasSuffix(".json") || Leftovers.isAbandoned(name) { unlink(path) }
    }
    func byUse(_ suffix: String) -> [(path: String, size: Int)] {
      names(suffix).map { folder + "/" + $0 + suffix }
        .map { ($0, Disk.status($0)?.modified ?? 0, Disk.status($0)?.size ?? 0) }
        .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map { ($0.0, $0.2) }
    }
    for tree in byUse(Self.treeSuffix).dropFirst(Self.mostTrees) { unlink(tree.path) }
    var sum = 0
    for (rank, segment) in byUse(Self.segmentSuffix).enumerated() {
      sum += segment.size
      if rank >= Self.mostSegments || sum > Self.mostBytes { unlink(segment.path) }
    }
  }
}
