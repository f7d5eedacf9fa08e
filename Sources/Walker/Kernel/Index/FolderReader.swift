internal import Glibc
internal import WalkerModel

/// Reads the files of a folder, one after the other, into one buffer.
final class FolderReader: TextReading {
  private let root: String
  private var buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)

  init(root: String) { self.root = root }

  deinit { buffer.deallocate() }

  func withText(of path: String, _ body: (UnsafeBufferPointer<UInt8>, _ status: Disk.Status?) throws -> Void) throws {
    let path = root + "/" + path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw Disk.error("read", path)
    }
    defer { close(descriptor) }
    guard let status = Disk.status(of: descriptor) else { throw Disk.error("read", path) }
    guard status.kind == .file else { return }
    guard status.size <= FolderListing.largestSource else { throw Disk.tooLarge(path, status.size) }
    if status.size > buffer.count {
      buffer.deallocate()
      buffer = .allocate(capacity: status.size * 2)
    }
    let count = Disk.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<status.size]), from: descriptor)
    guard count == status.size else {
      throw UserError("\(path) changed while it was read: run the command again")
    }
    try body(UnsafeBufferPointer(rebasing: buffer[..<count]), status)
  }
}
