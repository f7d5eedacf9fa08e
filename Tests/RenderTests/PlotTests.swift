import Foundation
import FoundationXML
import Testing
import WalkerFormula
import WalkerModel
import WalkerRender

private let room = Input(id: "room", name: "room", role: .tracked, type: .s32)

private func plot(columns: Int) throws -> Plot {
  func curve(_ cap: Int128) throws -> Curve {
    let value = Expression.binary(.minimum, .input(room), .constant(cap, .s32))
    return try Curve(
      Derivation(form: .stored(value), reachedWhen: .true, undefinedWhen: .false, assuming: .true), over: room,
      in: 0...8192, columns: columns, others: [:])
  }
  var panel = Plot.Panel(title: "room-limit")
  panel.add("mini", try curve(4096))
  panel.add("old", try curve(128))
  panel.add("older & <oldest>", try curve(128))
  var empty = Plot.Panel(title: "wait")
  empty.missing = ["mini: not derivable: widget_wait is written through a pointer"]
  return Plot(
    title: "How widget_open() finds room", variable: "room", range: 0...8192,
    given: ["widget.cap = 4096 in mini"], panels: [panel, empty])
}

@Test func drawsCurvesThatAreReadWithoutColour() throws {
  let options = TextOptions(width: 80, palette: .none, showsSource: true)
  let text = PlotText.render(try plot(columns: PlotText.columns(options)), options)
  try expectSnapshot(text, "plot-80.txt")
  // Kernels with the same curve share a line; each line has its letter, on it and in the legend.
  #expect(text.contains("A⠤⠤ mini\n"))
  #expect(text.contains("B⠤⠤ old, older & <oldest>\n"))
  #expect(text.split(separator: "\n").filter { $0.contains("A") }.count > 1)
}

@Test(arguments: [40, 80, 200]) func plotsKeepWithinTheWidth(_ width: Int) throws {
  let options = TextOptions(width: width, palette: .none, showsSource: true)
  let text = PlotText.render(try plot(columns: PlotText.columns(options)), options)
  for line in text.split(separator: "\n") { #expect(line.count <= max(width, 52), "\(line)") }
}

@Test func drawsAPictureThatOthersRead() throws {
  let picture = PlotSVG.render(try plot(columns: PlotSVG.columns))
  #expect(try XMLDocument(xmlString: picture).rootElement()?.name == "svg")
  let paths = picture.matches(of: /<path class="line s\d" d="([^"]*)"/).map(\.1)
  // Two lines, and one for each in the legend.
  #expect(paths.count == 4)
  #expect(picture.contains("older &amp; &lt;oldest&gt;"))
  #expect(picture.contains("prefers-color-scheme:dark"))
  // Straight lines need few points.
  for path in paths { #expect(path.count < 200, "\(path)") }
}
