internal import CArchive
internal import Glibc
internal import WalkerModel

/// Bytes that an archive is read from, handed over piece by piece.
protocol ByteSource: AnyObject {
  /// For messages: the file's name.
  var name: String { get }
  /// The next piece, valid until the next call; empty at the end.
  func next() throws -> UnsafeRawBufferPointer
}

/// A file, hashed and counted as it is read.
final class FileSource: ByteSource {
  let name: String
  let size: Int
  private(set) var position = 0
  private let path: String
  private let descriptor: Int32
  private let hash = SHA256()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  private let progress: (@Sendable (Int, Int) -> Void)?

  /// `progress` receives the bytes read and the file's size. Throws `UserError` when there is no such file.
  init(path: String, progress: (@Sendable (Int, Int) -> Void)?) throws {
    guard let status = Disk.status(path) else { throw UserError("there is no file \(path): check the path") }
    guard status.kind == .file else { throw UserError("\(path) is not a file: give an archive or a folder") }
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Disk.error("read", path) }
    name = TreePath.name(path)
    size = status.size
    self.path = path
    self.progress = progress
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  func next() throws -> UnsafeRawBufferPointer {
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Disk.error("read", path) }
      let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hash.update(piece)
      position += count
      progress?(position, size)
      return piece
    }
  }

  /// The SHA-256 of the whole file; reads what is left of it.
  func checksum() throws -> String {
    while try !next().isEmpty {}
    return try hash.finish()
  }
}

/// An archive within an archive: the data of the outer one's current entry.
final class EntrySource: ByteSource {
  let name: String
  private let outer: ArchiveReader
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

  init(name: String, of outer: ArchiveReader) {
    self.name = name
    self.outer = outer
  }

  deinit { buffer.deallocate() }

  func next() throws -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[..<(try outer.read(into: buffer))])
  }
}
