internal import Glibc

/// Files that people write: regular ones, of a size that a person may write.
public enum RegularFile {
  private static let most = 16 << 20

  /// The size; nil when there is no regular file.
  public static func size(_ path: String) -> Int? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(info.st_size)
  }

  /// The bytes; nil when there is no regular file that can be read, or it is larger than any that a person writes. A pipe or a
  /// device is not waited for.
  public static func bytes(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= most else { return nil }
    var bytes: [UInt8] = []
    while bytes.count <= most {
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        count = max(count, 0)
      }
      if piece.isEmpty { return bytes }
      bytes += piece
    }
    return nil
  }
}
