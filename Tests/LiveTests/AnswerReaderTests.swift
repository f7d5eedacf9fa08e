import Testing

@testable import WalkerLive

/// A line as the guest program writes it.
private func line(_ number: Int, _ text: String) -> String {
  let numbered = "\(number) \(text)"
  let digits = String(crc32(numbered.utf8), radix: 16)
  return "walker \(String(repeating: "0", count: 8 - digits.count))\(digits) \(numbered)\n"
}

private func reader(_ text: String) -> AnswerReader {
  var reader = AnswerReader()
  reader.take(text.utf8)
  return reader
}

@Suite struct AnswerReaderTests {
  /// Written by the guest program itself.
  @Test func readsALineOfTheGuest() {
    let reader = reader("walker 85167590 2 2 value 3\n")
    #expect(reader.answers == ["2 value 3"])
  }

  @Test func isCompleteOnlyWithEveryNumberAndTheEnd() {
    #expect(reader(line(0, "a") + line(1, "end 1")).isComplete)
    #expect(!reader(line(0, "a")).isComplete)
    #expect(!reader(line(0, "a") + line(2, "end 2")).isComplete)
    #expect(!reader(line(0, "a") + line(1, "end 2")).isComplete)
    #expect(!reader("").isComplete)
  }

  @Test func takesNoNoiseForAnAnswer() {
    let noise = "[    1.0] BUG: soft lockup\nwalker 00000000 0 value 5\nwalker zzzzzzzz 0 value 5\n\u{0}\u{1}\n"
    let reader = reader(noise + line(0, "kernel") + noise + line(1, "end 1"))
    #expect(reader.answers == ["kernel", "end 1"])
    #expect(reader.isComplete)
    #expect(reader.noise == 8)
  }

  @Test func losesALineThatNoiseCutInHalf() {
    let cut = line(0, "1 value 5").replacing("value", with: "va[ 1.0] lue")
    let reader = reader(cut + line(1, "end 1"))
    #expect(!reader.isComplete)
    #expect(reader.answers == ["end 1"])
  }

  @Test func givesUpOnAFlood() {
    var reader = AnswerReader()
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    for _ in 0..<33 where !reader.isFlooded { reader.take(piece) }
    #expect(reader.isFlooded)
    #expect(reader.answers.isEmpty)
  }

  @Test func computesTheCommonChecksum() {
    #expect(crc32("123456789".utf8) == 0xcbf4_3926)
  }
}
