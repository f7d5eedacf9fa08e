internal import CArchive
internal import WalkerModel

/// The file system that a booted kernel starts from: an uncompressed cpio archive in memory.
public enum Initramfs {
  public struct File: Sendable {
    let path: String
    let bytes: [UInt8]
    let isExecutable: Bool

    public init(path: String, bytes: [UInt8], isExecutable: Bool) {
      self.path = path
      self.bytes = bytes
      self.isExecutable = isExecutable
    }
  }

  /// Empty folders, then files, in the order given. Throws `UserError` when there is no memory for it.
  public static func archive(folders: [String], files: [File]) throws -> [UInt8] {
    let size = files.reduce(64 << 10) { $0 + $1.bytes.count + 4096 }
    guard let archive = archive_write_new() else { throw failed() }
    defer { archive_write_free(archive) }
    var used = 0
    var thrown: (any Error)?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do {
        // libarchive keeps the address of `used` until the archive is closed, within this call.
        try withUnsafeMutablePointer(to: &used) { used in
          guard archive_write_set_format_cpio_newc(archive) == ARCHIVE_OK,
            archive_write_open_memory(archive, buffer.baseAddress, buffer.count, used) == ARCHIVE_OK
          else { throw failed() }
          for folder in folders { try write(archive, folder, kind: 0o040000, mode: 0o755, []) }
          for file in files {
            try write(archive, file.path, kind: 0o100000, mode: file.isExecutable ? 0o755 : 0o644, file.bytes)
          }
          guard archive_write_close(archive) == ARCHIVE_OK else { throw failed() }
        }
      } catch { thrown = error }
      count = used
    }
    if let thrown { throw thrown }
    return bytes
  }

  private static func write(
    _ archive: OpaquePointer, _ path: String, kind: UInt32, mode: UInt32, _ bytes: [UInt8]
  ) throws {
    guard let entry = archive_entry_new() else { throw failed() }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, path)
    archive_entry_set_filetype(entry, kind)
    archive_entry_set_perm(entry, mode)
    archive_entry_set_size(entry, Int64(bytes.count))
    guard archive_write_header(archive, entry) == ARCHIVE_OK,
      archive_write_data(archive, bytes, bytes.count) == bytes.count
    else { throw failed() }
  }

  private static func failed() -> UserError { UserError("there is no memory left for a guest: end other programs") }
}
