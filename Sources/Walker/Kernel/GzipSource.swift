internal import CArchive
internal import WalkerModel

/// The plain bytes of a gzip file, each of whose members is compared with its checksum and length.
final class GzipSource: ByteSource {
  static let magic: [UInt8] = [0x1f, 0x8b]

  var name: String { base.name }
  private let base: any ByteSource
  private var stream = z_stream()
  private enum State { case inMember, betweenMembers, atEnd }
  private var state = State.inMember
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

  init(_ base: any ByteSource) throws {
    self.base = base
    guard walker_gzip_decoder(&stream) == Z_OK else { throw UserError("there is no memory left to read \(base.name)") }
  }

  deinit {
    inflateEnd(&stream)
    buffer.deallocate()
  }

  func next() throws -> UnsafeRawBufferPointer {
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(buffer.count)
    while stream.avail_out > 0 && state != .atEnd {
      if stream.avail_in == 0 {
        let piece = try base.next()
        guard !piece.isEmpty else {
          guard state == .betweenMembers else { throw UserError("\(name) is truncated: get it again") }
          state = .atEnd
          break
        }
        stream.next_in = UnsafeMutablePointer(mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(piece.count)
      }
      if state == .betweenMembers { try startMember() }
      if state == .inMember { try inflatePiece() }
    }
    return UnsafeRawBufferPointer(rebasing: buffer[..<(buffer.count - Int(stream.avail_out))])
  }

  private func inflatePiece() throws {
    switch inflate(&stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .betweenMembers
    case Z_MEM_ERROR: throw UserError("there is no memory left to read \(name): end other programs")
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "no valid gzip"
      throw UserError("\(name) is damaged (\(reason)): get it again")
    }
  }

  /// Another member, or the zeros that tapes are filled up with; anything else has nothing to do there.
  private func startMember() throws {
    while stream.avail_in > 0, stream.next_in.pointee == 0 {
      stream.next_in += 1
      stream.avail_in -= 1
    }
    guard stream.avail_in > 0 else { return }
    guard stream.next_in.pointee == Self.magic[0], inflateReset(&stream) == Z_OK else {
      throw UserError("\(name) is damaged (there is something else behind its end): get it again")
    }
    state = .inMember
  }
}
