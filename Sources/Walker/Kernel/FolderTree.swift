internal import Glibc
internal import WalkerModel

/// A kernel tree as it lies in a folder.
///
/// Which files to search for an answer an index of their identifiers says. It is kept in the cache folder and used again
/// while `FolderListing.stamp` is the same, that is, while no source file has been edited, added or removed; then only the
/// files that differ are read.
public final class FolderTree: KernelTree {
  public let source: String
  public let root: String?
  private let folder: String
  private let search: IndexedSearch

  /// `cache`: a folder for the index, or nil to hold it in memory only. Throws `UserError` when `path` is not a folder.
  public init(_ path: String, source: String? = nil, cache: String? = nil) throws {
    guard let resolved = realpath(path, nil) else {
      throw UserError(
        "there is no kernel at \(path): give a kernel's folder, an archive, or a name of `walker kernels list`")
    }
    let folder = String(cString: resolved)
    free(resolved)
    guard Disk.isFolder(folder) else { throw UserError("\(path) is not a folder: give a kernel's top folder") }
    self.folder = folder
    root = folder
    self.source = source ?? "folder:" + TreePath.name(folder)
    let store = cache.map(IndexStore.init(cache:))
    search = IndexedSearch(
      makeIndex: { try Self.index(of: folder, store) }, discard: { store?.removeSegment($0) },
      makeReader: { FolderReader(root: folder) })
  }

  public func contents(of path: String) throws -> [UInt8]? {
    guard let path = TreePath.normalize(path) else { return nil }
    return try Disk.read(folder + "/" + path, within: folder)
  }

  public func contains(_ path: String) -> Bool {
    guard let path = TreePath.normalize(path) else { return false }
    return Disk.isFile(folder + "/" + path)
  }

  public func files(below start: String) throws -> [String] {
    guard let start = TreePath.normalize(start), Disk.isFolder(folder + "/" + start) else { return [] }
    var files: [String] = []
    var folders = [start]
    while let current = folders.popLast() {
      for name in try Disk.names(in: folder + "/" + current) {
        let path = current.isEmpty ? name : current + "/" + name
        switch Disk.status(folder + "/" + path, following: false)?.kind {
        case .folder: folders.append(path)
        case .file: files.append(path)
        case .link where Disk.isFile(folder + "/" + path): files.append(path)
        default: break
        }
      }
    }
    return files.sorted()
  }

  public func answer(_ query: IndexQuery) throws -> [IndexHit] { try answers([query]).first ?? [] }
  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] { try search.answers(queries) }
  public func answer(_ query: IndexQuery, naming value: String) throws -> [IndexHit] {
    try search.answer(query, naming: value)
  }
  public func files(mentioning word: String) throws -> [String] { try search.files(mentioning: word) }

  private static func index(of folder: String, _ store: IndexStore?) throws -> IdentifierIndex {
    let key = "folder:" + folder
    let previous = store?.tree(key)
    if let store, let previous, previous.stamp == (try FolderListing(root: folder, withFiles: false).stamp),
      let index = store.index(previous)
    {
      return index
    }
    let making = IndexMaking(store: store)
    let listing = try FolderListing(root: folder, withFiles: true)
    // The files are read after the stamp is taken: what changes in between changes the next stamp.
    let sources = listing.files.map { IndexMaking.Source(path: $0.path, state: TreeManifest.FileState($0.status)) }
    return try making.make(sources, key: key, stamp: listing.stamp, previous: previous) { FolderReader(root: folder) }
  }
}
