import Testing
import WalkerModel

@testable import WalkerLive

@Test func fuzzedAnswers() throws {
  let texts = [
    "kernel 6.12.1 #1 SMP", "namespace 1", "a.0.limit value 128", "a.1.limit at-least 70", "a.2.limit failed input 22",
    "t root widget_open", "t recorded some", "t caller gadget_open widget_open", "t call 0 widget_open",
    "t call 1 gadget_open",
    "t calls 2", "s.0 symbol traceable",
  ]
  var wire = ""
  for (number, text) in (texts + ["end \(texts.count)"]).enumerated() {
    let numbered = "\(number) \(text)"
    let digits = String(crc32(numbered.utf8), radix: 16)
    wire += "walker \(String(repeating: "0", count: 8 - digits.count))\(digits) \(numbered)\n"
  }
  let plain = texts.joined(separator: "\n")
  let inquiry = ChainInquiry(walk: MiniKernel.walk(), entry: .function(["widget_open"]), input: .listen)
  try Fuzz.run("answers", [Array(wire.utf8), Array(plain.utf8)]) { bytes in
    var reader = AnswerReader()
    reader.take(bytes)
    // What passes the checksum, and what would if somebody made it pass.
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    for answers in [reader.answers, lines] {
      let given = AnswersByQuestion(answers)
      for id in ["a.0.limit", "a.1.limit", "a.2.limit"] { _ = given.reading(id) }
      _ = inquiry.verification(given, failure: nil)
    }
  }
}
