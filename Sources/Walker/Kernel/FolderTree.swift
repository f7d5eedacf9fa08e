internal import Glibc
internal import Synchronization
internal import WalkerModel

/// A kernel tree as it lies in a folder.
///
/// Queries are answered by searching the text on two threads. Answers are kept in the cache folder and used again only
/// while `FolderListing.stamp` is the same, that is, while no source file has been edited, added or removed.
public final class FolderTree: KernelTree {
  public let source: String
  public let root: String?
  private let folder: String
  private let cache: String?
  private let state = Mutex<IndexCache?>(nil)

  /// `cache`: a folder for answers, or nil to keep them in memory only. Throws `UserError` when `path` is not a folder.
  public init(_ path: String, source: String? = nil, cache: String? = nil) throws {
    guard let resolved = realpath(path, nil) else {
      throw UserError(
        "there is no kernel at \(path): give a kernel's folder, an archive, or a name of `walker kernels list`")
    }
    folder = String(cString: resolved)
    free(resolved)
    guard Disk.isFolder(folder) else { throw UserError("\(path) is not a folder: give a kernel's top folder") }
    root = folder
    self.source = source ?? "folder:" + TreePath.name(folder)
    self.cache = cache
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

  public func answers(_ queries: [IndexQuery]) throws -> [[IndexHit]] {
    let index = try state.withLock { state in
      if let state { return state }
      let stamp = try FolderListing(root: folder, withFiles: false).stamp
      let made = try IndexCache(folder: cache, key: folder, stamp: stamp)
      state = made
      return made
    }
    // The files are listed after the stamp is taken: what changes in between changes the next stamp.
    return try index.answers(queries) { try search($0, in: FolderListing(root: folder, withFiles: true).files) }
  }

  private func search(_ queries: [IndexQuery], in files: [String]) throws -> [[IndexHit]] {
    let work = files.compactMap { file -> (file: String, queries: [Int])? in
      let asked = queries.indices.filter { TreeScope.covers(file, queries[$0]) }
      return asked.isEmpty ? nil : (file, asked)
    }
    let chunk = 256
    let root = folder
    let parts = try Parallel.map((work.count + chunk - 1) / chunk) { index in
      var reader = FileReader()
      var found = [[IndexHit]](repeating: [], count: queries.count)
      for (file, asked) in work[(index * chunk)..<min(work.count, (index + 1) * chunk)] {
        try reader.withBytes(of: root + "/" + file) { bytes in
          for query in asked { found[query] += TextScan.hits(of: queries[query], in: bytes, file: file) }
        }
      }
      return found
    }
    return queries.indices.map { query in parts.flatMap { $0[query] }.sorted() }
  }
}

/// Reads one file after the other into one buffer.
private struct FileReader: ~Copyable {
  private var buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)

  deinit { buffer.deallocate() }

  mutating func withBytes(of path: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw Disk.error("read", path)
    }
    defer { close(descriptor) }
    guard let status = Disk.status(of: descriptor) else { throw Disk.error("read", path) }
    guard status.kind == .file else { return }
    let size = status.size
    guard size <= FolderListing.largestSource else { throw Disk.tooLarge(path, size) }
    if size > buffer.count {
      buffer.deallocate()
      buffer = .allocate(capacity: size * 2)
    }
    let count = Disk.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<size]), from: descriptor)
    body(UnsafeBufferPointer(rebasing: buffer[..<count]))
  }
}
