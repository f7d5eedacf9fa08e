internal import CArchive
internal import Glibc
internal import WalkerModel

/// Files on disk, by the system's own calls: small, exact about errors, and the same on every thread.
enum Disk {
  struct Status: Equatable, Sendable {
    enum Kind: Sendable { case file, folder, link, other }
    var kind: Kind
    var size: Int
    /// Nanoseconds. The change time can't be set back by `touch`.
    var modified: Int64
    var changed: Int64
    var inode: UInt64
  }

  /// The time of change is taken from a clock that steps every 4 to 10 ms: what changed within this time, in nanoseconds,
  /// may change again without a trace.
  static let clockStep: Int64 = 20_000_000

  /// In nanoseconds since 1970, as files' times are.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  static func status(_ path: String, following: Bool = true) -> Status? {
    var info = stat()
    guard (following ? stat(path, &info) : lstat(path, &info)) == 0 else { return nil }
    return Status(info)
  }

  /// Of an open file.
  static func status(of descriptor: Int32) -> Status? {
    var info = stat()
    return fstat(descriptor, &info) == 0 ? Status(info) : nil
  }

  /// Of a name in an open folder.
  static func status(_ name: UnsafePointer<CChar>, in descriptor: Int32, following: Bool = true) -> Status? {
    var info = stat()
    return fstatat(descriptor, name, &info, following ? 0 : AT_SYMLINK_NOFOLLOW) == 0 ? Status(info) : nil
  }

  static func isFolder(_ path: String) -> Bool { status(path)?.kind == .folder }
  static func isFile(_ path: String) -> Bool { status(path)?.kind == .file }

  /// More than any file has that walker reads whole.
  static let largestFile = 256 << 20

  /// nil when there is no such regular file. Throws `UserError` for one that is too large to be what is looked for, or, with
  /// a `root` (without links), for one that a link leads to outside of that folder.
  static func read(_ path: String, within root: String? = nil) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw error("read", path)
    }
    defer { close(descriptor) }
    guard let status = status(of: descriptor) else { throw error("read", path) }
    guard status.kind == .file else { return nil }
    if let root, let place = place(of: descriptor), !place.hasPrefix(root + "/") { throw leadsOut(path, place) }
    guard status.size <= largestFile else { throw tooLarge(path, status.size) }
    var failed = false
    let size = status.size
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fill(buffer, from: descriptor)
      failed = count < size
    }
    if failed { throw UserError("\(path) changed while it was read: run the command again") }
    return bytes
  }

  /// Where an open file lies, without links.
  private static func place(of descriptor: Int32) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count - 1)
    return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  static func leadsOut(_ path: String, _ place: String) -> UserError {
    UserError(
      "\(path) leads out of the kernel's tree to \(place), which a kernel's own files do not: do not trust this tree, or copy it with `cp -rL`"
    )
  }

  static func tooLarge(_ path: String, _ size: Int) -> UserError {
    UserError("\(path) has \(size >> 20) MB, more than any file that walker reads: name another, or remove it")
  }

  /// Reads into `buffer` until it is full or the file ends; the number of bytes read.
  static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, from descriptor: Int32) -> Int {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = Glibc.read(descriptor, base + done, buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      done += count
    }
    return done
  }

  /// Writes a new file and hands it to the disk, so that a rename after it never uncovers an empty one.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw error("write", path) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw error("write", path) }
      done += count
    }
  }

  /// Writes beside `path` and renames: a reader sees the old file or the new one, whole.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let temporary = "\(path).\(getpid()).partial"
    do {
      try write(bytes, to: temporary)
      try rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  static func rename(_ old: String, to new: String) throws {
    guard Glibc.rename(old, new) == 0 else { throw error("rename \(old) to", new) }
  }

  static func makeFolders(_ path: String) throws {
    if isFolder(path) { return }
    if let parent = TreePath.parent(path), !parent.isEmpty { try makeFolders(parent) }
    guard mkdir(path, 0o755) == 0 || (errno == EEXIST && isFolder(path)) else { throw error("make the folder", path) }
  }

  /// Temporary names say which process made them, so that what a killed one left can be told from a running one's.
  static func temporaryPrefix(for path: String) -> String { ".partial-\(TreePath.name(path))-" }

  /// A new folder beside `path`, for what is to be renamed to it.
  static func makeTemporaryFolder(for path: String) throws -> String {
    let parent = TreePath.parent(path) ?? "."
    try makeFolders(parent)
    let made = "\(parent)/\(temporaryPrefix(for: path))\(getpid())-\(UInt32.random(in: 0 ... .max))"
    guard mkdir(made, 0o755) == 0 else { throw error("make a folder in", parent) }
    return made
  }

  /// Puts the folder `new` at `path`; an older one there is exchanged in one step, then removed.
  static func exchange(_ new: String, into path: String) throws {
    if status(path, following: false) == nil {
      try rename(new, to: path)
    } else if renameat2(AT_FDCWD, new, AT_FDCWD, path, UInt32(WALKER_RENAME_EXCHANGE)) == 0 {
      try remove(new)
    } else {
      // Some file systems can't exchange: then the old one steps aside first.
      let old = new + "-old"
      try rename(path, to: old)
      do { try rename(new, to: path) } catch let failed {
        do { try rename(old, to: path) } catch {
          throw UserError("\(failed); what was at \(path) is now \(old): put it back by hand")
        }
        throw failed
      }
      try remove(old)
    }
  }

  /// Removes a file or a whole folder, links as links; nothing when it is not there.
  static func remove(_ path: String) throws {
    guard let status = status(path, following: false) else { return }
    if status.kind == .folder {
      for name in try names(in: path) { try remove(path + "/" + name) }
      guard rmdir(path) == 0 else { throw error("remove", path) }
    } else {
      guard unlink(path) == 0 else { throw error("remove", path) }
    }
  }

  /// The names in a folder, sorted, without `.` and `..`.
  static func names(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { throw error("read the folder", folder) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Together, in bytes; 0 when the folder can't be read.
  static func sizeOfFiles(in folder: String) -> Int {
    ((try? names(in: folder)) ?? []).reduce(0) { $0 + (status(folder + "/" + $1)?.size ?? 0) }
  }

  /// What the last failed call says of `path`.
  static func error(_ action: String, _ path: String) -> UserError {
    let code = errno
    let reason = String(cString: strerror(code))
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "make room on the disk"
      case EACCES, EPERM, EROFS: "check its permissions"
      case ENOENT, ENOTDIR: "check the path"
      default: "check the disk"
      }
    return UserError("can't \(action) \(path) (\(reason)): \(remedy)")
  }
}

extension Disk.Status {
  init(_ info: stat) {
    switch info.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    size = Int(info.st_size)
    modified = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
    changed = Int64(info.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_ctim.tv_nsec)
    inode = UInt64(info.st_ino)
  }
}
