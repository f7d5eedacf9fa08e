/// A content's name as an index keeps it: the 20 bytes of `ContentID.blob`.
struct ContentKey: Hashable, Sendable {
  static let size = 20
  private let first: UInt64
  private let second: UInt64
  private let third: UInt32

  /// Of a content whose name nobody asks for.
  static let none = ContentKey(first: 0, second: 0, third: 0)

  private init(first: UInt64, second: UInt64, third: UInt32) {
    (self.first, self.second, self.third) = (first, second, third)
  }

  /// nil when the text is no such name.
  init?(_ id: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    var high: UInt8?
    for digit in id.utf8 {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x61...0x66: value = digit - 0x57
      default: return nil
      }
      if let known = high {
        bytes.append(known << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard bytes.count == Self.size, high == nil else { return nil }
    self = bytes.withUnsafeBytes { ContentKey($0, at: 0) }
  }

  /// The bytes must be there.
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    first = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    second = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
    third = bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)
  }

  func append(to bytes: inout [UInt8]) {
    withUnsafeBytes(of: first) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: second) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: third) { bytes.append(contentsOf: $0) }
  }
}
