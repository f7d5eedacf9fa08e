import Foundation
import Testing
import WalkerModel

/// Random changes of what parses foreign bytes: it has to end, with a value or with a `UserError`. `fuzz.py` runs many; the tests
/// a few. A round is known by its kind and its seed.
enum Fuzz {
  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  /// - Parameters:
  ///   - corpus: whole inputs, of which the rounds take turns.
  ///   - body: throws `UserError` for what it can't read.
  static func run(
    _ kind: String, _ corpus: [[UInt8]], isExpected: (any Error) -> Bool = { $0 is UserError },
    _ body: ([UInt8]) throws -> Void
  ) throws {
    let first = number("WALKER_FUZZ_SEED") ?? 1
    let rounds = number("WALKER_FUZZ_ROUNDS") ?? 60
    // Where a round that ends the process is found.
    let trace = ProcessInfo.processInfo.environment["WALKER_FUZZ_TRACE"].map { URL(filePath: "\($0)/\(kind)") }
    for seed in first..<(first + rounds) {
      var mutation = Mutation(seed: seed)
      let input = mutation.changed(corpus[Int(seed % UInt64(corpus.count))], corpus)
      if let trace { try Data("\(seed)\n".utf8).write(to: trace) }
      let start = ContinuousClock.now
      do { try body(input) } catch {
        if !isExpected(error) { Issue.record("\(kind), seed \(seed): \(error)") }
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      if seconds > 30 { Issue.record("\(kind), seed \(seed): took \(seconds) s") }
    }
    if let trace { try FileManager.default.removeItem(at: trace) }
  }
}

/// Changes of some bytes, the same for the same seed.
struct Mutation {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

  private mutating func next(_ bound: Int) -> Int {
    // SplitMix64.
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(bound, 1)))
  }

  private static let interesting: [[UInt8]] = [
    [0], [0xff], [0x80], [0x7f], Array("0".utf8), Array("-1".utf8), Array("99999999999999999999".utf8),
    Array("\n".utf8),
    Array("\r\n".utf8), Array("\t".utf8), Array("\"".utf8), Array("---\n".utf8), Array("```\n".utf8), Array("../".utf8),
    Array("/".utf8), [0xe2, 0x80, 0xae], [0xc3, 0x28], Array("((((((((".utf8), Array("[{".utf8), Array("&a *a".utf8),
    Array("!!x".utf8), Array(": ".utf8), Array("~".utf8), Array("# {#x}".utf8), [0x1b, 0x5b], Array("u64".utf8),
  ]

  mutating func changed(_ bytes: [UInt8], _ corpus: [[UInt8]]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...next(next(2) == 0 ? 2 : 12) {
      let place = next(bytes.count + 1)
      let length = min(next(next(3) == 0 ? 400 : 8) + 1, bytes.count - place)
      switch next(9) {
      case 0 where place < bytes.count: bytes[place] ^= UInt8(1 << next(8))
      case 1 where place < bytes.count: bytes[place] = UInt8(next(256))
      case 2: bytes.removeSubrange(place..<(place + length))
      case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: next(bytes.count + 1))
      case 4: bytes.insert(contentsOf: Self.interesting[next(Self.interesting.count)], at: place)
      case 5:
        let piece = bytes[place..<(place + length)]
        for _ in 0..<next(60) where bytes.count < 1 << 20 { bytes.insert(contentsOf: piece, at: place) }
      case 6:
        let other = corpus[next(corpus.count)]
        let start = next(other.count + 1)
        bytes.insert(contentsOf: other[start..<min(other.count, start + length)], at: place)
      case 7: bytes.removeLast(min(bytes.count, next(next(4) == 0 ? bytes.count + 1 : 40)))
      default:
        let word = Self.interesting[next(Self.interesting.count)]
        bytes.replaceSubrange(place..<(place + min(word.count, bytes.count - place)), with: word)
      }
    }
    return bytes
  }
}
