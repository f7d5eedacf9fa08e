internal import Glibc
internal import WalkerKernel
internal import WalkerModel

/// A file that an export is written to: whole, or not at all.
struct OutputFile {
  private let path: String

  /// - Throws: `UserError` when something is there that is not to be replaced, or can't be.
  init(_ path: String, replaces: Bool) throws {
    self.path = path
    Leftovers.remove(of: path)
    var info = stat()
    guard stat(path, &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG where !replaces:
      throw UserError("\(path) is there already and was kept: name another file, or replace it with --force")
    case S_IFDIR: throw UserError("\(path) is a folder: name a file in it")
    default: break
    }
  }

  /// Replaces what is there. Throws `UserError` when it can't be written.
  static func write(_ text: String, to path: String) throws { try OutputFile(path, replaces: true).write(text) }

  /// - Throws: `UserError` when not everything could be written; what was there before is then as it was.
  func write(_ text: String) throws {
    var info = stat()
    // A device or a pipe takes what it is given, and is not to be replaced by a file.
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG { return try write(text, to: path) }
    let temporary = "\(path).\(getpid()).partial"
    do {
      try write(text, to: temporary)
      guard rename(temporary, path) == 0 else { throw failure() }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func write(_ text: String, to target: String) throws {
    let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var text = VisibleText.of(text)
    let isWritten = text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        done += count
      }
      return true
    }
    if !isWritten { throw failure() }
  }

  private func failure() -> UserError {
    UserError(
      "\(path) could not be written (\(String(cString: strerror(errno)))): name a file in a folder that you may write")
  }
}

/// The day on which a file was last changed, in UTC: `2026-01-31`.
enum FileDay {
  /// - Throws: `UserError` when the file is not there.
  static func lastChange(of path: String) throws -> String {
    var info = stat()
    guard stat(path, &info) == 0 else {
      throw UserError("\(path) could not be read: give the article's day with --date")
    }
    var time = info.st_mtim.tv_sec
    var parts = tm()
    gmtime_r(&time, &parts)
    func padded(_ number: Int32, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
  }
}
