internal import WalkerFormula

/// A plot as a picture: panels below one another, a labelled line a kernel, for light and dark pages.
///
/// The text is the reader's own font, so nothing is drawn closer together than a wide one needs. Lines differ in
/// colour, in dashes, and in the letter at their end.
public enum PlotSVG {
  private static let (width, left, right, panelHeight, drawing) = (760.0, 84.0, 40.0, 300.0, 190.0)
  /// Dot columns of the drawing, for `Curve`: two a unit.
  public static let columns = 1272

  public static func render(_ plot: Plot) -> String {
    let head = 46.0 + 18.0 * Double(plot.given.count)
    let height = plot.panels.reduce(head + 16) { $0 + extent($1) }
    var body = text(16, 26, plot.title, "title")
    for (line, given) in plot.given.enumerated() { body += text(16, 46 + 18 * Double(line), given, "note") }
    var top = head
    for panel in plot.panels {
      body += self.panel(panel, plot, top)
      top += extent(panel)
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" width="\(number(width))" \
      height="\(number(height))" role="img" aria-labelledby="title">
      <title id="title">\(escaped(plot.title))</title>
      <style>\(style)</style>
      <rect class="page" width="100%" height="100%"/>
      \(body)</svg>

      """
  }

  private static func extent(_ panel: Plot.Panel) -> Double {
    (panel.lines.isEmpty ? 58 : panelHeight) + 20 * Double(panel.lines.count + panel.missing.count)
  }

  private static func panel(_ panel: Plot.Panel, _ plot: Plot, _ top: Double) -> String {
    let (first, last) = (top + 34, top + 34 + drawing)
    let end = width - right
    var body = text(16, top + 18, panel.title, "heading")
    var below = last + 44
    if !panel.lines.isEmpty {
      let numbers = panel.numbers
      func y(_ value: Int128) -> Double {
        last - Double(value - numbers.lowerBound) / Double(numbers.upperBound - numbers.lowerBound) * drawing
      }
      func x(_ value: Int128) -> Double {
        left + Double(value - plot.range.lowerBound) / Double(plot.range.upperBound - plot.range.lowerBound)
          * (end - left)
      }
      for tick in Ticks.round(in: numbers, count: 5) {
        body += "<path class=\"grid\" d=\"M\(number(left)) \(number(y(tick)))H\(number(end))\"/>\n"
        body += text(left - 8, y(tick) + 4, String(tick), "tick end")
      }
      for tick in Ticks.round(in: plot.range, count: 6) {
        body += "<path class=\"axis\" d=\"M\(number(x(tick))) \(number(last))v5\"/>\n"
        body += text(x(tick), last + 20, String(tick), "tick middle")
      }
      body += "<path class=\"axis\" d=\"M\(number(left)) \(number(first))V\(number(last))H\(number(end))\"/>\n"
      body += text((left + end) / 2, last + 38, plot.variable, "label middle")
      for (index, line) in panel.lines.enumerated() {
        let path = self.path(line.curve, from: left, to: end, y)
        body += "<path class=\"line s\(index % 8)\" d=\"\(path.text)\"/>\n"
        if let tip = path.end, panel.lines.count > 1 {
          body += text(tip.x + 6, tip.y + 4 + 12 * Double(index), panel.letter(index), "letter s\(index % 8)")
        }
      }
    } else {
      below = top + 18
    }
    for (index, line) in panel.lines.enumerated() {
      below += 20
      let letter = panel.letter(index)
      body += "<path class=\"line s\(index % 8)\" d=\"M\(number(left)) \(number(below - 4))h36\"/>\n"
      let gaps = line.curve.hasGaps ? " (gaps: the test never says full, or C gives no value)" : ""
      body += text(
        left + 44, below, (letter.isEmpty ? "" : letter + "  ") + line.kernels.joined(separator: ", ") + gaps, "legend")
    }
    for missing in panel.missing {
      below += 20
      body += text(left, below, missing, "note")
    }
    return body
  }

  private struct Point {
    let x: Double
    let y: Double
  }

  /// Straight where the curve is: a point that lies on the line through its neighbours is left out.
  private static func path(
    _ curve: Curve, from left: Double, to right: Double, _ y: (Int128) -> Double
  ) -> (text: String, end: Point?) {
    var text = ""
    var run: [Point] = []
    var tip: Point?
    func finish() {
      for (position, point) in thinned(run).enumerated() {
        text += "\(position == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
      }
      tip = run.last ?? tip
      run = []
    }
    let width = (right - left) / Double(curve.columns.count)
    for (index, column) in curve.columns.enumerated() {
      guard let column else {
        finish()
        continue
      }
      let start = left + Double(index) * width
      run.append(Point(x: start, y: y(column.first)))
      if column.low < min(column.first, column.last) { run.append(Point(x: start + width / 2, y: y(column.low))) }
      if column.high > max(column.first, column.last) { run.append(Point(x: start + width / 2, y: y(column.high))) }
      run.append(Point(x: start + width, y: y(column.last)))
    }
    finish()
    return (text, tip)
  }

  private static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 2, let start = points.first else { return points }
    var kept = [start]
    var skipped: [Point] = []
    for (position, point) in points.enumerated().dropFirst() {
      let base = kept[kept.count - 1]
      let isStraight = skipped.allSatisfy { middle in
        guard point.x > base.x else { return false }
        let share = (middle.x - base.x) / (point.x - base.x)
        return abs(base.y + share * (point.y - base.y) - middle.y) < 0.3
      }
      if !isStraight, let last = skipped.last {
        kept.append(last)
        skipped = []
      }
      skipped.append(point)
      if position == points.count - 1 { kept.append(point) }
    }
    return kept
  }

  /// Two decimals at most, with a point, whatever the machine's language.
  private static func number(_ value: Double) -> String {
    let hundredths = (value * 100).rounded()
    guard hundredths.isFinite, abs(hundredths) < 1e15 else { return "0" }
    let whole = Int64(hundredths)
    let (units, rest) = (abs(whole) / 100, abs(whole) % 100)
    let sign = whole < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(units)" }
    if rest % 10 == 0 { return "\(sign)\(units).\(rest / 10)" }
    return "\(sign)\(units).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func text(_ x: Double, _ y: Double, _ words: String, _ kind: String) -> String {
    "<text class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\">\(escaped(words))</text>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// Middle tones with enough contrast on their own page; dashes tell lines apart without colour.
  private static var style: String {
    func lines(_ colours: [String]) -> String {
      colours.enumerated().map { ".s\($0){--c:\($1)}" }.joined()
    }
    let dashes = ["none", "9 4", "2 3", "12 4 2 4", "5 5", "1 4", "14 6", "4 2 1 2"]
    return """
      .page{fill:#fff}text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-size:17px;font-weight:600}\
      .heading{font-weight:600}.note,.tick{fill:#57606a;font-size:12px}.end{text-anchor:end}.middle{text-anchor:middle}\
      .label{font-family:ui-monospace,monospace}.grid{stroke:#d8dee4;fill:none}.axis{stroke:#57606a;fill:none}\
      .line{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round}.letter{fill:var(--c);font-weight:700}\
      \(lines(["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#9a6700", "#1b7c83", "#cf222e", "#6e7781"]))\
      \(dashes.enumerated().map { ".line.s\($0){stroke-dasharray:\($1)}" }.joined())\
      @media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#e6edf3}.note,.tick{fill:#9198a1}\
      .grid{stroke:#30363d}.axis{stroke:#9198a1}\
      \(lines(["#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#d29922", "#39c5cf", "#ff7b72", "#9198a1"]))}
      """
  }
}
