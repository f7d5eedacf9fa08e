import Testing
import WalkerModel

@testable import WalkerRender

private func render(
  _ walk: Walk = MiniKernel.walk(), width: Int, palette: Palette = .none, showsSource: Bool = true
) -> String {
  WalkText.render(walk, TextOptions(width: width, palette: palette, showsSource: showsSource))
}

/// Without escape sequences.
private func stripped(_ text: String) -> String {
  text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
}

@Test func printsTheChainAt80Columns() throws {
  try expectSnapshot(render(width: 80), "walk-80.txt")
}

@Test func printsTheChainAt200Columns() throws {
  try expectSnapshot(render(width: 200), "walk-200.txt")
}

@Test func printsTheChainWithoutSource() throws {
  try expectSnapshot(render(width: 100, showsSource: false), "walk-no-source.txt")
}

@Test(arguments: [40, 60, 80, 100, 140, 200, 300])
func keepsWithinTheWidth(_ width: Int) {
  for line in render(width: width).split(separator: "\n") {
    #expect(line.count <= width, "\(line)")
  }
}

@Test(arguments: [Palette.sixteen, .many])
func coloursWithoutChangingTheText(_ palette: Palette) {
  let coloured = render(width: 120, palette: palette)
  #expect(coloured.contains("\u{1B}["))
  #expect(stripped(coloured) == render(width: 120))
}

@Test func leavesNoSourceWhereNoneIsWanted() {
  let text = render(width: 100, showsSource: false)
  for piece in ["READ_LATEST", "goto out", "WIDGET_CLOSED", "spin_lock_init", "w->state"] {
    #expect(!text.contains(piece), "\(piece)")
    #expect(piece == "goto out" || render(width: 100).contains(piece), "\(piece)")
  }
  #expect(text.contains("struct widget.room = min((u32) room, widget_max)"))
}

@Test func showsEveryAnnotationOnce() {
  for width in [80, 200] {
    let text = render(width: width)
    for annotation in MiniKernel.annotations {
      #expect(text.split(separator: annotation.title).count == 2, "\(annotation.title) at \(width)")
    }
  }
}

@Test func answersWithinTheFirstLines() {
  for width in [80, 200] {
    let lines = render(width: width).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.prefix(5).joined(separator: " ").contains("open(w, 500) on Linux 1.0.3: room for 500 gadgets"))
  }
}

@Test func printsOnlyThePartsThatAreWanted() {
  func render(_ parts: WalkTextParts) -> String {
    WalkText.render(MiniKernel.walk(), TextOptions(width: 80, palette: .none, showsSource: true), parts)
  }
  let brief = render(WalkTextParts(isBrief: true))
  #expect(brief.contains("Results") && brief.contains("Nobody") == false && brief.contains("annotations 4 of 4 bound"))
  for piece in ["Knobs", "Open ends", "rejected", "Where the value ends up"] {
    #expect(!brief.contains(piece), "\(piece)")
  }
  let all = render(WalkTextParts(listsRejected: true))
  #expect(all.contains("gizmo_raw_ops") && !render(WalkTextParts()).contains("gizmo_raw_ops"))
  let one = render(WalkTextParts(annotation: "store"))
  #expect(one.contains("Where it is stored") && one.contains("w->room = room;"))
  #expect(!one.contains("The kernel caps your number") && one.split(separator: "\n").count < 25)
  #expect(render(WalkTextParts(annotation: "constant")).contains("It was 128 once."))
}

@Test func numbersMarkersInCirclesPastTwenty() {
  #expect((1...50).map(Marker.text).allSatisfy { $0.count == 1 && DisplayWidth.of($0) >= 1 })
  #expect(Set((1...50).map(Marker.text)).count == 50)
  #expect(Marker.text(21) == "㉑" && Marker.text(36) == "㊱" && Marker.text(51) == "(51)")
}

@Test func linksPlacesOfTheWalkOnATerminal() throws {
  var options = TextOptions(width: 80, palette: .none, showsSource: true)
  let walk = MiniKernel.walk(kernel: MiniKernel.kernel(version: "6.12.3"))
  let browser = try KernelBrowser(template: "https://example.org/{tag}/{file}#L{line}")
  options.links = SourceLinks(walk, browser: browser, folder: nil)
  let link =
    "\u{1B}]8;;https://example.org/v6.12.3/drivers/widget/core.c#L39\u{1B}\\drivers/widget/core.c:39\u{1B}]8;;\u{1B}\\"
  #expect(WalkText.render(walk, options).contains(link))
  options.links = SourceLinks(MiniKernel.walk(), browser: nil, folder: "/k ernel")
  #expect(WalkText.render(MiniKernel.walk(), options).contains("file:///k%20ernel/drivers/widget/core.c"))
}

@Test func keepsEscapeSequencesOfTitlesAndProseFromTheTerminal() {
  let evil = BoundAnnotation(
    id: "cap", title: "Title\u{1B}]0;x\u{7}", prose: "Prose\u{1B}[2J\u{9B}31m \u{202E}turned", function: "widget_open",
    range: MiniKernel.annotations[0].range, results: [])
  let text = render(MiniKernel.walk(annotations: [evil]), width: 100)
  #expect(text.contains("Title\\u{1b}]0;x\\u{7}") && text.contains("turned"))
  #expect(!text.unicodeScalars.contains { [0x1b, 7, 0x9b, 0x202e].contains($0.value) })
}

@Test func tellsWhatIsWrong() {
  let finding = Finding(
    id: "walker.anchor.unmatched", severity: .error, summary: "annotation \"cap\" fits no place",
    location: SourceLocation(file: "Annotations/widget-room/walkthrough.md", line: 20),
    notes: ["guard in widget_open at drivers/widget/core.c:44"])
  let text = render(MiniKernel.walk(annotations: [], findings: [finding]), width: 100)
  #expect(text.contains("error: annotation \"cap\" fits no place"))
  #expect(text.contains("Annotations/widget-room/walkthrough.md:20"))
  #expect(text.contains("guard in widget_open at drivers/widget/core.c:44"))
  #expect(text.contains("annotations 0 of 0 bound"))
}

@Test func keepsControlCharactersOfTheSourceFromTheTerminal() {
  let walk = MiniKernel.walk()
  let frame = walk.frames[0]
  let lines = frame.excerpt.lines.map { $0 + "\u{1B}[31m\u{7}" }
  let evil = Frame(
    role: frame.role, function: frame.function, spelling: frame.spelling, location: frame.location,
    endLine: frame.endLine, parameter: frame.parameter, leftBehind: nil, reachedBy: frame.reachedBy,
    steps: frame.steps, pathCondition: [], exits: [],
    excerpt: SourceExcerpt(
      file: frame.excerpt.file, firstLine: frame.excerpt.firstLine, lines: lines, tokens: frame.excerpt.tokens))
  let text = render(
    Walk(
      walkthrough: walk.walkthrough, title: walk.title, kernel: walk.kernel, tracked: walk.tracked, frames: [evil],
      sideFrames: [], reaches: [], results: [], openEnds: [], knobs: [], annotations: [], introduction: "",
      findings: [], coverage: walk.coverage, files: []), width: 80)
  #expect(text.contains("int widget_open"))
  #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
}

@Test func writesASCIIForATerminalThatShowsNothingElse() {
  let options = TextOptions(width: 80, palette: .none, showsSource: true)
  let text = WalkText.render(MiniKernel.walk(), options)
  let plain = PlainText.of(text)
  #expect(plain.utf8.allSatisfy { $0 < 0x80 } && !plain.contains("?  "))
  #expect(plain.hasPrefix("? open(w, 500)") || plain.hasPrefix("+ open(w, 500)"))
  // Every sign that walker draws itself has a counterpart.
  let drawn = text.unicodeScalars.filter { !$0.isASCII }.map { PlainText.of(String($0)) }
  #expect(!drawn.isEmpty && !drawn.contains("?"), "\(Set(text.unicodeScalars.filter { !$0.isASCII }))")
  #expect(PlainText.of("①⑳㉑㊿ é e\u{301}") == "(1)(20)(21)(50) ? e")
}
