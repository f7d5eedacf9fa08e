internal import Glibc
internal import WalkerModel

/// An inverted index of up to 8,192 contents: identifier -> those that mention it. It never changes.
///
/// A bucket is read into memory of its own and its digest verified there before it is used. So neither a flipped bit nor a
/// file that another process cuts short can give a wrong answer (or a signal, as mapped memory would).
final class IndexSegment: Sendable {
  private enum Source: Sendable { case memory([UInt8]), file(String) }

  let name: String
  let head: SegmentHead
  private let source: Source

  /// Of what a `SegmentWriter` made, in memory only.
  init(made bytes: [UInt8]) throws {
    guard let size = SegmentHead.size(ofHead: bytes), size <= bytes.count,
      let head = try SegmentHead(Array(bytes[..<size]), name: nil), head.fileSize == bytes.count
    else { throw UserError("the index of a tree could not be made: run the command again") }
    (self.head, name, source) = (head, head.name, .memory(bytes))
  }

  /// nil when there is no such file, or it is not as it was written. The file is opened for each bucket that is read, so
  /// that many segments need no more descriptors than one.
  init?(_ path: String, name: String) throws {
    guard let file = try OpenFile(path), let start = file.bytes(0..<min(file.size, SegmentHead.fixedSize)),
      let size = SegmentHead.size(ofHead: start), size <= file.size, let bytes = file.bytes(0..<size),
      let head = try SegmentHead(bytes, name: name), head.fileSize == file.size
    else { return nil }
    (self.head, self.name, source) = (head, name, .file(path))
  }

  var isInMemory: Bool {
    if case .memory = source { return true }
    return false
  }

  /// Calls `body` with every content that mentions the identifier. Throws `IndexDamage` when what was read is not what was
  /// written.
  func forEach(_ hash: UInt64, _ body: (_ document: Int, _ kinds: MentionKinds) -> Void) throws {
    let bucket = head.bucket(of: hash)
    guard let range = head.range(of: bucket), let bytes = try bytes(range), try head.isWhole(bucket, bytes),
      head.forEach(hash, in: bytes, body)
    else { throw IndexDamage(segment: name) }
  }

  private func bytes(_ range: Range<Int>) throws -> [UInt8]? {
    switch source {
    case .memory(let bytes): range.upperBound <= bytes.count ? Array(bytes[range]) : nil
    case .file(let path): try OpenFile(path)?.bytes(range)
    }
  }
}

/// What an index kept is not what was written; it has to be made again.
struct IndexDamage: Error { let segment: String }

/// A regular file, closed with its owner.
private final class OpenFile {
  private let descriptor: Int32
  let size: Int

  /// nil when there is no such file. Throws `UserError` when it can't be opened.
  init?(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Disk.error("read", path)
    }
    guard let status = Disk.status(of: descriptor), status.kind == .file else {
      close(descriptor)
      return nil
    }
    size = status.size
  }

  deinit { close(descriptor) }

  /// nil when the file has no such range, or can't be read.
  func bytes(_ range: Range<Int>) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, done in
      done = 0
      while done < range.count, let base = buffer.baseAddress {
        let count = pread(descriptor, base + done, range.count - done, off_t(range.lowerBound + done))
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        done += count
      }
    }
    return bytes.count == range.count ? bytes : nil
  }
}
