internal import CBytes
internal import Glibc

/// Finds the identifiers that files mention in code, outside of comments and literals, and how.
///
/// What is code is told as `CodeCursor` tells it: an identifier is found if and only if one of its mentions is code to the
/// cursor. One value serves one thread, for file after file.
struct IdentifierScan: ~Copyable {
  /// A slot holds an identifier's hash, below it the number of the file that it was found in (slots of other files count as
  /// free), below that its kinds.
  private var slots: UnsafeMutablePointer<UInt64>
  /// The slots in use, in the order of first mention.
  private var used: UnsafeMutablePointer<UInt32>
  private var capacity: Int
  private var sizeBits = 0
  private var count = 0
  private var stamp: UInt64 = 0
  private let tail = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
  /// Whether a literal of the file last scanned goes on in the next line. Searches differ about what follows in that line.
  private(set) var continuesLiterals = false

  /// The low bits of a hash that are not kept.
  static let spareBits: UInt64 = 18
  private static let hashMask: UInt64 = ~((1 << spareBits) - 1)
  private static let kindsMask: UInt64 = (1 << UInt64(MentionKinds.bits)) - 1
  private static let stampMask = ~hashMask & ~kindsMask

  init() {
    capacity = 1 << 12
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    used = .allocate(capacity: capacity)
    tail.initialize(repeating: 0, count: 64)
  }

  deinit {
    slots.deallocate()
    used.deallocate()
    tail.deallocate()
  }

  /// The number of identifiers in the file last scanned.
  var found: Int { count }

  /// The identifier's hash, whose low `spareBits` are 0, and all of its kinds.
  subscript(index: Int) -> (hash: UInt64, kinds: MentionKinds) {
    let slot = slots[Int(used[index])]
    return (slot & Self.hashMask, MentionKinds(rawValue: UInt8(truncatingIfNeeded: slot & Self.kindsMask)))
  }

  // MARK: Text

  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
    begin(size: bytes.count)
    guard let base = bytes.baseAddress else { return }
    let text = CText(bytes: bytes)
    let end = bytes.count
    var position = 0
    while position < end {
      let masks = masks(base, position, end)
      // A word that reaches the last byte is left to the next round, which begins with it.
      let open = (~masks.words).leadingZeroBitCount
      if open == 64 {
        position = addLongWord(text, base, from: position, end)
        continue
      }
      let limit = 64 &- open
      let below: UInt64 = limit == 64 ? ~0 : (1 << UInt64(limit)) &- 1
      var events = ((masks.words & ~(masks.words << 1) & ~masks.digits) | masks.marks) & below
      var next = position &+ limit
      while events != 0 {
        let bit = events.trailingZeroBitCount
        let start = position &+ bit
        if (masks.marks >> UInt64(bit)) & 1 != 0 {
          let after = skipMark(text, base, at: start, end)
          guard after &- position < limit else {
            next = after
            break
          }
          events &= ~0 << UInt64(after &- position)
        } else {
          let wordEnd = start &+ (~(masks.words >> UInt64(bit))).trailingZeroBitCount
          let kinds = kinds(text, base, start, wordEnd, masks.spaces, position, end)
          insert(Self.hash(base + start, wordEnd &- start, readable: end &- start), kinds)
          events &= events &- 1
        }
      }
      position = next
    }
  }

  private func masks(_ base: UnsafePointer<UInt8>, _ position: Int, _ end: Int) -> walker_masks {
    if position &+ 64 <= end { return walker_masks(base + position) }
    tail.update(repeating: 0, count: 64)
    tail.update(from: base + position, count: end &- position)
    return walker_masks(tail)
  }

  /// A run of 64 word bytes and more, as generated names are.
  private mutating func addLongWord(_ text: CText, _ base: UnsafePointer<UInt8>, from start: Int, _ size: Int) -> Int {
    var end = start &+ 64
    while end < size {
      let length = (~masks(base, end, size).words).trailingZeroBitCount
      end &+= length
      if length < 64 { break }
    }
    if !CText.isDigit(base[start]) {
      let kinds = kinds(text, base, start, end, 0, start, size)
      insert(Self.hash(base + start, end &- start, readable: size &- start), kinds)
    }
    return end
  }

  /// The position after the comment or literal that begins at `start`; after the byte, where none does.
  private mutating func skipMark(_ text: CText, _ base: UnsafePointer<UInt8>, at start: Int, _ end: Int) -> Int {
    switch base[start] {
    case 0x2f:
      switch text.at(start &+ 1) {
      case 0x2a: return text.endOfComment(from: start)
      case 0x2f: return text.find(0x0a, from: start) ?? end
      default: return start &+ 1
      }
    case 0x22:
      var position = start &+ 1
      while position < end {
        switch base[position] {
        case 0x22: return position &+ 1
        case 0x0a: return position
        case 0x5c:
          if text.at(position &+ 1) == 0x0a {
            // The next line counts as one of its own.
            continuesLiterals = true
            return position &+ 2
          }
          position &+= 2
        default: position &+= 1
        }
      }
      return end
    default:
      guard let after = text.endOfLiteral(from: start, to: end) else { return start &+ 1 }
      if after > start &+ 2, let line = text.find(0x0a, from: start, to: after) {
        continuesLiterals = true
        return line &+ 1
      }
      return after
    }
  }

  /// - Parameters:
  ///   - spaces: of the 64 bytes from `block` on.
  @inline(__always)
  private func kinds(
    _ text: CText, _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ spaces: UInt64, _ block: Int, _ size: Int
  ) -> MentionKinds {
    var next = end
    let ahead = end &- block < 64 ? ~spaces >> UInt64(end &- block) : 0
    if ahead != 0 {
      next = end &+ ahead.trailingZeroBitCount
    } else {
      next = text.endOfSpace(from: max(end, block &+ 64))
    }
    var after = next < size ? base[next] : 0
    if after == 0x2f || after == 0x5c {
      next = text.skipSpace(from: end)
      after = text.at(next)
    }
    var last = start &- 1
    let behind = ~spaces & ((1 << UInt64(start &- block)) &- 1)
    if behind != 0 {
      last = block &+ 63 &- behind.leadingZeroBitCount
    } else {
      while last >= 0, CText.isSpace(base[last]) { last &-= 1 }
    }
    let before = last >= 0 ? base[last] : 0
    var kinds: UInt8 = 0
    if before == 0x2e {
      if text.at(last &- 1) != 0x2e {
        kinds = MentionKinds.member.rawValue
      }
      if after == 0x3d, last == start &- 1, text.at(next &+ 1) != 0x3d {
        kinds |= MentionKinds.designator.rawValue
      }
    } else if before == 0x3e, text.at(last &- 1) == 0x2d {
      kinds = MentionKinds.member.rawValue
    }
    switch after {
    case 0x28:
      kinds |= MentionKinds.call.rawValue
      if CText.isWord(before) || before == 0x2a || !CText.isSpace(text.at(text.lineStart(of: start))),
        text.isDefinition(from: start, to: end)
      {
        kinds |= MentionKinds.definition.rawValue
      }
    case 0x2c, 0x29, 0x7d, 0x3b:
      if before == 0x3d || before == 0x26 {
        if after != 0x29 { kinds |= MentionKinds.given.rawValue }
      } else if before == 0x28, after == 0x2c || after == 0x29, CText.isWord(text.at(last &- 1)),
        !CText.isSpace(text.at(text.lineStart(of: last))), text.isDefinition(from: start, to: end)
      {
        kinds |= MentionKinds.definition.rawValue
      }
    default: break
    }
    return MentionKinds(rawValue: kinds)
  }

  // MARK: Hashes

  /// The hash that the scan gives the word; nil when it is no identifier.
  static func hash(_ word: String) -> UInt64? {
    let bytes = Array(word.utf8)
    guard let first = bytes.first, !CText.isDigit(first), bytes.allSatisfy(CText.isWord) else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { hash($0, buffer.count, readable: buffer.count) & hashMask }
    }
  }

  /// - Parameter readable: how many bytes may be read from `word` on.
  @inline(__always)
  private static func hash(_ word: UnsafePointer<UInt8>, _ length: Int, readable: Int) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: length) &* 0xc2b2_ae3d_27d4_eb4f
    var done = 0
    while done &+ 8 <= length {
      hash = mix(hash, UnsafeRawPointer(word + done).loadUnaligned(as: UInt64.self))
      done &+= 8
    }
    let rest = length &- done
    if rest > 0 {
      var piece: UInt64 = 0
      if done &+ 8 <= readable {
        piece = UnsafeRawPointer(word + done).loadUnaligned(as: UInt64.self).littleEndian
        piece &= (1 << UInt64(rest &* 8)) &- 1
      } else {
        for index in 0..<rest { piece |= UInt64(word[done &+ index]) << UInt64(8 &* index) }
      }
      hash = mix(hash, piece.littleEndian)
    }
    return hash &* 0xd6e8_feb8_6659_fd93
  }

  @inline(__always)
  private static func mix(_ hash: UInt64, _ piece: UInt64) -> UInt64 {
    let product = (hash ^ piece.littleEndian) &* 0x9e37_79b9_7f4a_7c15
    return product ^ (product >> 32)
  }

  // MARK: Slots

  private mutating func begin(size: Int) {
    continuesLiterals = false
    count = 0
    sizeBits = 9
    while sizeBits < 18, 1 << sizeBits < size / 32 { sizeBits += 1 }
    reserve()
    advanceStamp()
  }

  private mutating func advanceStamp() {
    stamp &+= 1 << UInt64(MentionKinds.bits)
    if stamp > Self.stampMask {
      stamp = 1 << UInt64(MentionKinds.bits)
      slots.update(repeating: 0, count: capacity)
    }
  }

  private mutating func reserve() {
    guard capacity < 1 << sizeBits else { return }
    slots.deallocate()
    used.deallocate()
    capacity = 1 << sizeBits
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    used = .allocate(capacity: capacity)
  }

  @inline(__always)
  private mutating func insert(_ hash: UInt64, _ kinds: MentionKinds) {
    let key = (hash & Self.hashMask) | stamp | UInt64(kinds.rawValue)
    let mask = (1 << sizeBits) &- 1
    var slot = Int(truncatingIfNeeded: hash >> UInt64(64 &- sizeBits))
    while true {
      let known = slots[slot]
      if known ^ key <= Self.kindsMask {
        slots[slot] = known | key
        return
      }
      if known & Self.stampMask != stamp { break }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = key
    used[count] = UInt32(truncatingIfNeeded: slot)
    count &+= 1
    if count &* 4 > 3 << sizeBits { grow() }
  }

  private mutating func grow() {
    let known = (0..<count).map { self[$0] }
    sizeBits += 1
    count = 0
    reserve()
    advanceStamp()
    for (hash, kinds) in known { insert(hash, kinds) }
  }
}

extension CText {
  /// The first position at or after `start` that is no white space.
  func endOfSpace(from start: Int) -> Int {
    var position = start
    while position < count, Self.isSpace(bytes[position]) { position += 1 }
    return position
  }
}
