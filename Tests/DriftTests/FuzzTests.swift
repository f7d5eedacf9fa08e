import Testing
import WalkerDrift
import WalkerModel

@Test func fuzzedLocks() throws {
  let text = """
    \(Lock(baselines: []).text.split(separator: "\n").first ?? "")

    annotation cap
    = 1.0
      function\twidget_open
      means\tleaves
      role\tguard
      text\t0123456789abcdef
      value\t(min {100%25 of it u32} {cap u32})

    function widget_open
    = 1.0
      pieces\tab.0 cd.1-2
      sketch\t7 ff
      text\t0123456789abcdef

    kernel 1.0
      config\tdefault 00
      source\tfolder:mini
      version\t1.0.7
      place\tannotation cap\tdrivers/widget/core.c\t48\t49
      place\tfunction widget_open\tdrivers/widget/core.c\t30\t70

    result room-limit
    = 1.0
      formula\tmin((u32) size, (u32) cap)
      proof\tproved
      subject\tstruct widget.room

    end

    """
  try Fuzz.run("locks", [Array(text.utf8), Array(fuzzedLock().text.utf8)]) { bytes in
    let lock = try Lock(String(decoding: bytes, as: UTF8.self), file: "a/walkthrough.lock")
    #expect(try Lock(lock.text, file: "b/walkthrough.lock") == lock)
  }
}

/// One that walker wrote.
private func fuzzedLock() -> Lock {
  let place = SourceLocation(file: "a.c", line: 4)
  return Lock(baselines: [
    Baseline(
      kernel: Baseline.Kernel(name: "1.0", version: "1.0.7", source: "folder:mini", configuration: "default 00"),
      way: Baseline.Way(given: ["{a bool}"], tables: ["struct a.b c d"], chain: ["f"]),
      functions: [
        FunctionFacts(
          name: "f", location: place, endLine: 70, text: "00", sketch: [7, 255],
          pieces: [TextPiece(hash: 9, line: 0, endLine: 3)], calls: ["g"], role: "path", caller: nil)
      ], annotations: [],
      results: [
        ResultFacts(
          id: "r", era: "wide", proof: "proved", formula: "min(a, b)", subject: "s", location: place, inputs: ["a int"])
      ])
  ])
}
