internal import Glibc

/// What changes when a file changes, cheap to read: its size, its number and its times in nanoseconds. The time of
/// change cannot be set back by `touch`.
struct FileStamp: Hashable, CustomStringConvertible {
  let description: String

  /// A file that is not there has a stamp as well.
  init(_ path: String) {
    var info = stat()
    guard stat(path, &info) == 0 else {
      description = "absent"
      return
    }
    let (modified, changed) = (info.st_mtim, info.st_ctim)
    description =
      "\(info.st_size) \(info.st_ino) \(modified.tv_sec).\(modified.tv_nsec) \(changed.tv_sec).\(changed.tv_nsec)"
  }
}
