internal import FoundationEssentials
internal import Glibc
internal import WalkerAnnotation
internal import WalkerDrift
internal import WalkerKernel
internal import WalkerModel

/// The lock on disk: read whole or not at all, replaced by a rename so that a killed or failed run leaves the old one.
struct LockFile {
  let path: String

  init(walkthrough: String) { path = walkthrough.replacing("/walkthrough.md", with: "/walkthrough.lock") }

  /// Nil when there is none. Throws `UserError` when it can't be read, or is no whole lock of this version.
  func read() throws -> Lock? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = RegularFile.bytes(path), let text = String(validating: data, as: UTF8.self)
    else {
      throw UserError("\(path) cannot be read: check its permissions, or restore it", exitStatus: ExitStatus.unchecked)
    }
    return try Lock(text, file: path)
  }

  /// Reads the lock, changes it and writes it, while no other walker does the same.
  func update(_ change: (inout Lock) throws -> Void) throws {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unwritable() }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw unwritable() }
    var lock = try read() ?? Lock()
    try change(&lock)
    try write(lock.text)
  }

  private func write(_ text: String) throws {
    Leftovers.remove(of: path)
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw unwritable() }
    var isWhole = writeAll(text, to: descriptor)
    isWhole = fsync(descriptor) == 0 && isWhole
    let failure = errno
    close(descriptor)
    guard isWhole, rename(temporary, path) == 0 else {
      let reason = isWhole ? errno : failure
      unlink(temporary)
      throw unwritable(reason)
    }
  }

  private func unwritable(_ reason: Int32 = errno) -> UserError {
    UserError(
      "\(path) cannot be written (\(String(cString: strerror(reason)))): make the folder writable and room on its disk; the lock is as it was"
    )
  }
}

/// False when not everything could be written.
func writeAll(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { bytes in
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      done += count
    }
    return true
  }
}
