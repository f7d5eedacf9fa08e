import Testing
import WalkerModel
import WalkerRender

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
