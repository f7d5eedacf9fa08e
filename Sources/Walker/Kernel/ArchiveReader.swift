internal import CArchive
internal import WalkerModel

/// One pass over an archive's entries, by libarchive: tar or ar, under zstd, bzip2 (libarchive's), gzip, xz (ours), or nothing.
///
/// Nothing is written to disk, and no external program is started. An archive within an archive is read by a second
/// reader over an `EntrySource`.
final class ArchiveReader {
  struct Entry {
    enum Kind { case file, folder, link(String), hardLink(String), other }
    /// As the archive spells it.
    var path: String
    var kind: Kind
    var size: Int
  }

  /// Both are far above what any kernel holds; they stop archives made to exhaust the machine.
  static let largestEntry = 64 << 20
  static let largestTotal = 16 << 30

  let name: String
  private let archive: OpaquePointer
  private let input: Input
  private var total = 0
  private var entries = 0
  private var isAtEnd = false

  /// What libarchive's callback sees: the source, and the error that C code can't carry.
  private final class Input {
    let source: any ByteSource
    var error: (any Error)?
    init(_ source: any ByteSource) { self.source = source }
  }

  /// Throws `UserError` when the source is not an archive.
  init(_ source: any ByteSource) throws {
    let peeked = try PeekedSource(source)
    let plain: any ByteSource =
      if peeked.begins(with: XZSource.magic) {
        try XZSource(peeked)
      } else if peeked.begins(with: GzipSource.magic) {
        try GzipSource(peeked)
      } else {
        peeked
      }
    guard let archive = archive_read_new() else { throw UserError("there is no memory left to read \(source.name)") }
    self.archive = archive
    input = Input(plain)
    name = source.name
    archive_read_support_filter_bzip2(archive)
    archive_read_support_filter_lzma(archive)
    archive_read_support_filter_zstd(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_format_ar(archive)
    // What follows the end mark is read as well, so that whatever checks the data sees all of it.
    archive_read_set_option(archive, "tar", "read_concatenated_archives", "1")
    let opened = archive_read_open(
      archive, Unmanaged.passUnretained(input).toOpaque(), nil,
      { _, client, pointer in
        guard let client, let pointer else { return -1 }
        let input = Unmanaged<Input>.fromOpaque(client).takeUnretainedValue()
        do {
          let piece = try input.source.next()
          pointer.pointee = piece.baseAddress
          return piece.count
        } catch {
          input.error = error
          return -1
        }
      }, nil)
    if opened != ARCHIVE_OK {
      if let error = input.error { throw error }
      throw UserError("\(name) is not an archive that walker reads: give a .tar.gz, .tar.xz, .tar.zst or .deb")
    }
  }

  deinit { archive_read_free(archive) }

  /// The next entry; the rest of the last one is skipped. nil at the end. Throws `UserError` when the archive is
  /// damaged or unreasonably large.
  func next() throws -> Entry? {
    while !isAtEnd {
      var pointer: OpaquePointer?
      if entries > 0, archive_read_data_skip(archive) != ARCHIVE_OK {
        if let error = input.error { throw error }
        throw damaged()
      }
      let end = archive_filter_bytes(archive, 0)
      let status = archive_read_next_header(archive, &pointer)
      if let error = input.error { throw error }
      if status == ARCHIVE_EOF {
        // A tar ends with a block of zeros; one that was cut between two entries does not.
        let isTar = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK == ARCHIVE_FORMAT_TAR
        if isTar, entries > 0, archive_filter_bytes(archive, 0) - end < 512 { throw truncated() }
        isAtEnd = true
        break
      }
      guard status == ARCHIVE_OK || (status == ARCHIVE_WARN && isAboutNames), let pointer else { throw damaged() }
      entries += 1
      let size = Int(archive_entry_size(pointer))
      // Negative when the header says nonsense.
      guard size >= 0, size <= Self.largestTotal - total, entries < 4_000_000 else {
        throw UserError("\(name) would unpack to more than any kernel holds: give a kernel's own archive")
      }
      total += size
      guard let path = archive_entry_pathname(pointer).map({ String(cString: $0) }) else { continue }
      return Entry(path: path, kind: kind(pointer), size: size)
    }
    return nil
  }

  private func kind(_ entry: OpaquePointer) -> Entry.Kind {
    if let target = archive_entry_hardlink(entry) { return .hardLink(String(cString: target)) }
    // The kinds have the values of the system's `st_mode`.
    switch archive_entry_filetype(entry) {
    case 0o100000: return .file
    case 0o040000: return .folder
    case 0o120000: return .link(archive_entry_symlink(entry).map { String(cString: $0) } ?? "")
    default: return .other
    }
  }

  /// The current entry's bytes. Throws `UserError` when it is larger than `largestEntry` or damaged.
  func contents(of entry: Entry) throws -> [UInt8] {
    guard entry.size <= Self.largestEntry else {
      throw UserError(
        "\(name) holds \(entry.path) of \(entry.size >> 20) MB, more than any source file has: give a kernel's own archive"
      )
    }
    var thrown: (any Error)?
    let bytes = [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, count in
      do { count = try read(into: UnsafeMutableRawBufferPointer(buffer)) } catch { thrown = error }
    }
    if let thrown { throw thrown }
    guard bytes.count == entry.size else { throw damaged() }
    return bytes
  }

  /// Fills the buffer from the current entry; fewer bytes only at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < buffer.count {
      let count = archive_read_data(archive, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      if let error = input.error { throw error }
      guard count >= 0 else { throw damaged() }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// That a name is not of this machine's character set, which says nothing about what is in the archive.
  private var isAboutNames: Bool {
    archive_error_string(archive).map { String(cString: $0).contains("can't be converted") } ?? false
  }

  private func truncated() -> UserError {
    UserError("\(name) is truncated (its end mark is missing): get it again")
  }

  private func damaged() -> UserError {
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "it ends too early"
    return UserError("\(name) is truncated or damaged (\(reason)): get it again")
  }
}
