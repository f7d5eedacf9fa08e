import Testing
import WalkerDrift
import WalkerModel

private let place = SourceLocation(file: "drivers/widget/core.c", line: 48)

private func baseline(_ kernel: String, text: String = "0123456789abcdef") -> Baseline {
  let condition = ConditionPrint(text: "find_slot() != 0\t", subjects: ["find_slot()"], location: place, source: "")
  return Baseline(
    kernel: Baseline.Kernel(name: kernel, version: "1.0.7", source: "folder:mini", configuration: "default 00"),
    path: Baseline.Path(
      given: [condition], exits: [condition], tables: ["struct widget_ops.open round_ops round_open"],
      reaches: ["struct widget.room"], openEnds: ["check_widget"], chain: ["widget_open", "round_open"]),
    functions: [
      FunctionFacts(
        name: "widget_open", location: place, endLine: 70, text: text, sketch: [7, 255], behaviour: "ab",
        calls: ["find_slot", "round_open"], role: "path", caller: nil)
    ],
    annotations: [
      AnnotationFacts(
        id: "cap", function: "widget_open", file: place.file, line: 48, endLine: 49, role: "clamp", names: ["size"],
        text: text, shape: "cd", expansion: "ef", uses: ["constant WIDGET_MAX 7", "field struct widget.room u32"],
        value: "min(100% of it)", given: [condition], before: "01", after: nil)
    ],
    results: [
      ResultFacts(
        id: "room-limit", era: "wide", proof: "proved", formula: "min((u32) size, (u32) cap)",
        subject: "struct widget.room", location: place, inputs: ["cap int", "size int"])
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

@Test func everyStanzaIsOneOfAKernelAndSorted() {
  let heads = Lock(baselines: [baseline("1.1"), baseline("1.0")]).text.split(separator: "\n").filter {
    !$0.hasPrefix("  ")
  }
  #expect(heads.first == "walker.lock/1")
  #expect(heads.last == "end")
  let stanzas = heads.dropFirst().dropLast()
  #expect(stanzas.elementsEqual(stanzas.sorted()))
  #expect(stanzas.contains("annotation cap 1.0"))
}

@Test func aNewerLockIsRefused() {
  let error = complaint("walker.lock/2\n\nend\n")
  #expect(error?.exitStatus == ExitStatus.unchecked)
  #expect(error?.message.contains("use a newer walker") == true)
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
  #expect(complaint(text)?.message.hasPrefix("a/walkthrough.lock:3: the lock has conflict markers") == true)
}

@Test(arguments: [
  "walker.lock/1\n\n  text\tabc\n\nend\n", "walker.lock/1\n\nannotation cap\n  text\tabc\n\nend\n",
  "walker.lock/1\n\nannotation cap 1.0\n  text\tabc\n\nend\n", "walker.lock/1\n\ngadget a b\n\nend\n",
  "walker.lock/1\n\nresult a 1\n  proof\tp\n  formula\tf\n  subject\ts\nresult a 1\n  proof\tp\n\nend\n",
])
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
