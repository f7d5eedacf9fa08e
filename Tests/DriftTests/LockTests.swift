import Testing
import WalkerDrift
import WalkerModel

private let place = SourceLocation(file: "drivers/widget/core.c", line: 48)

private func baseline(_ kernel: String, text: String = "0123456789abcdef", line: Int = 48) -> Baseline {
  let place = SourceLocation(file: "drivers/widget/core.c", line: line)
  var meaning = SitePrint.Meaning(
    values: ["(min {100% of\tit u32} {cap u32})"],
    given: [
      ConditionPrint(
        text: "(!= {find_slot() u64} 0:u64)", subjects: [], location: SourceLocation(file: "", line: 0), source: "")
    ], returns: ["-22:int", ""], earlier: ["state"], later: ["get_port()"], asks: ["mode_of"])
  meaning.leaves = true
  return Baseline(
    kernel: Baseline.Kernel(name: kernel, version: "1.0.7", source: "folder:mini", configuration: "default 00"),
    way: Baseline.Way(
      given: ["(!= {find_slot() u64} 0:u64)"], tables: ["struct widget_ops.open round_ops round_open"],
      chain: ["widget_open", "round_open"], tracked: TrackedPosition(position: 1, count: 2)),
    functions: [
      FunctionFacts(
        name: "widget_open", location: place, endLine: line + 22, text: text, sketch: [7, 255],
        pieces: [TextPiece(hash: 77, line: 0, endLine: 1), TextPiece(hash: 0xff_ffff, line: 2, endLine: 2)],
        calls: ["find_slot", "round_open"], role: "path", caller: nil)
    ],
    annotations: [
      AnnotationFacts(
        id: "cap", function: "widget_open", file: place.file, line: line, endLine: line + 1, role: "clamp",
        names: ["size"], text: text, shape: "cd", meaning: meaning, before: "01", after: nil)
    ],
    results: [
      ResultFacts(
        id: "room-limit", era: "wide", proof: "proved", formula: "min((u32) size, (u32) cap)",
        subject: "struct widget.room", location: place, inputs: ["cap int", "size int"], open: ["call fput"])
    ],
    answers: [AnswerPrint(name: "mode_of", location: place, value: "{mode int}", text: "ab", asks: [])],
    knobs: [KnobFacts(name: "widget.cap", standard: "64", range: "0..", type: "int", reads: ["init_space"])],
    counters: [
      CounterPrint(
        counter: "taken", function: "widget_take", location: place, acts: ["call atomic_inc"], callers: ["widget_open"])
    ])
}

private func complaint(_ text: String) -> UserError? {
  do {
    _ = try Lock(text, file: "a/walkthrough.lock")
    return nil
  } catch {
    return error as? UserError
  }
}

@Test func aLockReadsBackAsItWasWritten() throws {
  let lock = Lock(baselines: [baseline("1.0"), baseline("my tree")])
  #expect(try Lock(lock.text, file: "walkthrough.lock") == lock)
  #expect(try Lock(lock.text, file: "walkthrough.lock").text == lock.text)
}

@Test func whatKernelsHaveInCommonStandsThereOnce() {
  let text = Lock(baselines: [baseline("1.1", line: 50), baseline("my tree")]).text
  let heads = text.split(separator: "\n").filter { !$0.hasPrefix("  ") }
  #expect(heads.first == "walker.lock/2")
  #expect(heads.last == "end")
  let stanzas = heads.dropFirst().dropLast().filter { !$0.hasPrefix("= ") }
  #expect(stanzas.elementsEqual(stanzas.sorted()))
  #expect(stanzas.count { $0 == "annotation cap" } == 1, "lines alone differ")
  #expect(text.contains("annotation cap\n= 1.1 my%20tree\n"))
  let other = Lock(baselines: [baseline("1.1"), baseline("my tree", text: "ffffffffffffffff")]).text
  #expect(other.split(separator: "\n").count { $0 == "annotation cap" } == 2)
}

@Test(arguments: [(9, "use a newer walker"), (1, "accept its kernels again")])
func aLockOfAnotherVersionIsRefused(_ version: Int, _ words: String) {
  let error = complaint("walker.lock/\(version)\n\nend\n")
  #expect(error?.exitStatus == ExitStatus.unchecked)
  #expect(error?.message.contains(words) == true)
}

@Test func aTruncatedLockIsRefusedWhereverItIsCut() {
  let text = Lock(baselines: [baseline("1.0")]).text
  for length in stride(from: 0, to: text.count - 1, by: 7) {
    #expect(complaint(String(text.prefix(length)))?.exitStatus == ExitStatus.unchecked, "cut at \(length)")
  }
}

@Test(arguments: ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"])
func conflictMarkersAreNamed(_ marker: String) {
  let text = Lock(baselines: [baseline("1.0")]).text.replacing("\nannotation", with: "\n\(marker)\nannotation")
  #expect(complaint(text)?.message.hasPrefix("a/walkthrough.lock:3: the lock has the conflict markers") == true)
}

@Test(
  arguments: [
    "  text\tabc", "annotation cap\n= 1\n  text\tabc", "annotation cap\n  text\tabc", "gadget a\n= b",
    "kernel 1\n  config\tc\n  source\ts\n  version\tv\nresult a\n= 1 1\n  proof\tp\n  formula\tf\n  subject\ts",
    "kernel 1\n  config\tc\n  source\ts\n  version\tv\nanswer a\n= 1\n  text\tt", "kernel 1", "= 1",
  ].map { "walker.lock/2\n\n\($0)\n\nend\n" })
func aDamagedLockIsRefused(_ text: String) {
  #expect(complaint(text)?.message.contains("the lock is damaged") == true)
}

@Test func acceptingOneAnnotationLeavesTheOthersAlone() throws {
  var lock = Lock(baselines: [baseline("1.0")])
  lock.accept(["room-limit"], from: baseline("1.0", text: "ffffffffffffffff"))
  #expect(lock.baselines[0].annotations[0].text == "0123456789abcdef")
  lock.accept(["cap"], from: baseline("1.0", text: "ffffffffffffffff"))
  #expect(lock.baselines[0].annotations[0].text == "ffffffffffffffff")
  lock.accept(["cap"], from: baseline("1.1"))
  #expect(lock.baselines.map(\.kernel.name) == ["1.0", "1.1"])
  #expect(lock.baselines[1].results.isEmpty)
}

@Test func namesWindowsLineEnds() {
  let found = complaint("walker-lock 1\r\nend\r\n")
  #expect(found?.message.contains("Windows line ends") == true && found?.message.contains("sed -i") == true)
}
