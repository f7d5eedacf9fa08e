internal import CArchive
internal import Glibc
internal import WalkerModel

/// The plain bytes of an xz file, decoded on every core: distributions compress kernels in blocks that are independent.
final class XZSource: ByteSource {
  static let magic: [UInt8] = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
  /// More than any kernel's archive asks for; a larger demand is refused.
  private static let memory: UInt64 = 1 << 30

  var name: String { base.name }
  private let base: any ByteSource
  private var stream = lzma_stream()
  private var isAtInputEnd = false
  private var isAtEnd = false
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

  init(_ base: any ByteSource) throws {
    self.base = base
    let threads = UInt32(min(4, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    guard walker_xz_decoder(&stream, threads, Self.memory) == LZMA_OK else {
      throw UserError("there is no memory left to read \(base.name)")
    }
  }

  deinit {
    lzma_end(&stream)
    buffer.deallocate()
  }

  func next() throws -> UnsafeRawBufferPointer {
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = buffer.count
    while stream.avail_out > 0 && !isAtEnd {
      if stream.avail_in == 0 && !isAtInputEnd {
        let piece = try base.next()
        isAtInputEnd = piece.isEmpty
        stream.next_in = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = piece.count
      }
      switch lzma_code(&stream, isAtInputEnd ? LZMA_FINISH : LZMA_RUN) {
      case LZMA_OK: break
      case LZMA_STREAM_END: isAtEnd = true
      case LZMA_MEMLIMIT_ERROR:
        throw UserError("\(name) asks for more memory than any kernel's archive: give a kernel's own archive")
      case LZMA_MEM_ERROR: throw UserError("there is no memory left to read \(name): end other programs")
      case LZMA_BUF_ERROR: throw UserError("\(name) is truncated: get it again")
      default: throw UserError("\(name) is damaged: get it again")
      }
    }
    return UnsafeRawBufferPointer(rebasing: buffer[..<(buffer.count - stream.avail_out)])
  }
}

/// A source with its first piece read ahead, to tell what it holds.
final class PeekedSource: ByteSource {
  let name: String
  private let base: any ByteSource
  private var first: UnsafeRawBufferPointer?

  init(_ base: any ByteSource) throws {
    self.base = base
    name = base.name
    first = try base.next()
  }

  func begins(with bytes: [UInt8]) -> Bool { first?.starts(with: bytes) ?? false }

  func next() throws -> UnsafeRawBufferPointer {
    if let piece = first {
      first = nil
      return piece
    }
    return try base.next()
  }
}
