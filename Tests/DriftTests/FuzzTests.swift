import Testing
import WalkerDrift
import WalkerModel

@Test func fuzzedLocks() throws {
  let text = """
    \(Lock(baselines: []).text.split(separator: "\n").first ?? "")

    kernel 1.0
      version\t1.0.7
      source\tfolder:mini
      configuration\tdefault 00

    path - 1.0
      given\tfind_slot() != 0\tfind_slot()
      chain\twidget_open
      chain\tround_open

    function widget_open 1.0
      place\tdrivers/widget/core.c:48-70
      text\t0123456789abcdef
      sketch\t7 ff

    annotation cap 1.0
      function\twidget_open
      text\t0123456789abcdef
      value\tmin(100%25 of it)

    result room-limit 1.0
      proof\tproved
      formula\tmin((u32) size, (u32) cap)
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
      path: Baseline.Path(given: [], exits: [], tables: ["struct a.b c d"], reaches: ["x"], openEnds: [], chain: ["f"]),
      functions: [
        FunctionFacts(
          name: "f", location: place, endLine: 70, text: "00", sketch: [7, 255], behaviour: "ab", calls: ["g"],
          role: "path", caller: nil)
      ], annotations: [],
      results: [
        ResultFacts(
          id: "r", era: "wide", proof: "proved", formula: "min(a, b)", subject: "s", location: place, inputs: ["a int"])
      ])
  ])
}
