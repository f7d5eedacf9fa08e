internal import WalkerFormula

/// Draws a plot with Braille dots, two columns and four rows to a character.
///
///     accept-queue-limit
///      4096 ┤          ⢀⡠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
///           │      ⢀⡠⠊⠁
///         0 ┼┬─────────┬─────────┬
///            0         4096      8192  room
///
/// Lines are told apart by letters on them as well as by colour.
public enum PlotText {
  /// One more than a multiple of four, so that the ticks of a power of two lie evenly.
  private static let rows = 13

  public static func render(_ plot: Plot, _ options: TextOptions) -> String {
    var output = ""
    func write(_ line: StyledLine) { line.write(to: &output, palette: options.palette) }
    write(StyledLine(plot.title, .title))
    for given in plot.given { write(StyledLine(given, .dim)) }
    for panel in plot.panels {
      write(.empty)
      write(StyledLine(panel.title, .heading))
      for line in lines(panel, plot, options) { write(line) }
    }
    return output
  }

  /// Dot columns of the drawing at this width, for `Curve`.
  public static func columns(_ options: TextOptions) -> Int { 2 * drawingWidth(options) }

  private static func drawingWidth(_ options: TextOptions) -> Int {
    max(20, min(options.width, 120) - labelWidth - 14)
  }

  private static let labelWidth = 11

  private static func lines(_ panel: Plot.Panel, _ plot: Plot, _ options: TextOptions) -> [StyledLine] {
    var lines: [StyledLine] = []
    if !panel.lines.isEmpty {
      let canvas = Canvas(panel, rows: rows, width: drawingWidth(options))
      let ticks = Ticks.round(in: panel.numbers, count: 4)
      let labels = Dictionary(ticks.map { (canvas.row(of: $0), String($0)) }) { first, _ in first }
      for row in 0..<rows {
        let label = labels[row] ?? ""
        var line = StyledLine(String(repeating: " ", count: max(0, labelWidth - label.count)) + label, .dim)
        line.append(label.isEmpty ? " │" : " ┤", .rule)
        line.append(canvas.line(row))
        lines.append(line)
      }
      lines += axis(plot, canvas.width)
    }
    for (number, line) in panel.lines.enumerated() {
      let letter = panel.letter(number)
      var legend = StyledLine(String(repeating: " ", count: labelWidth + 2))
      legend.append(letter.isEmpty ? "⠤⠤" : "\(letter)⠤⠤", .series(number))
      legend.append(" " + line.kernels.joined(separator: ", "))
      if line.curve.hasGaps { legend.append("  gaps: no number, the test never says full or C gives no value", .dim) }
      lines.append(legend)
    }
    for missing in panel.missing {
      let indent = StyledLine(String(repeating: " ", count: labelWidth + 2))
      lines += StyledLine(missing, .warning).wrapped(to: options.textWidth, first: indent, rest: indent)
    }
    return lines
  }

  /// The rule with its ticks, and their numbers below.
  private static func axis(_ plot: Plot, _ width: Int) -> [StyledLine] {
    let length = plot.range.upperBound - plot.range.lowerBound
    var rule = [Character](repeating: "─", count: width)
    var numbers = [Character](repeating: " ", count: width + 12)
    var free = 0
    for tick in Ticks.round(in: plot.range, count: max(2, width / 14)) {
      let column = min(width - 1, Int((tick - plot.range.lowerBound) * Int128(width) / (length + 1)))
      let text = Array(String(tick))
      let start = max(0, column - text.count / 2)
      rule[column] = "┬"
      guard start >= free, start + text.count <= numbers.count else { continue }
      numbers.replaceSubrange(start..<(start + text.count), with: text)
      free = start + text.count + 1
    }
    let indent = String(repeating: " ", count: labelWidth)
    var below = StyledLine(indent + "  " + String(numbers[..<max(free, 1)]), .dim)
    below.append("  " + plot.variable, .tracked)
    return [StyledLine(indent + " └" + String(rule), .rule), below]
  }
}

/// A grid of Braille cells, each of the line that was drawn there first.
private struct Canvas {
  let width: Int
  private let rows: Int
  private let numbers: ClosedRange<Int128>
  private var dots: [UInt8]
  private var owners: [Int?]
  /// Cells that more than one line passes.
  private var isShared: [Bool]
  private var letters: [Character?]

  init(_ panel: Plot.Panel, rows: Int, width: Int) {
    self.width = width
    self.rows = rows
    numbers = panel.numbers
    dots = [UInt8](repeating: 0, count: rows * width)
    owners = [Int?](repeating: nil, count: rows * width)
    isShared = [Bool](repeating: false, count: rows * width)
    letters = [Character?](repeating: nil, count: rows * width)
    for (number, line) in panel.lines.enumerated() { draw(line.curve, number) }
    if panel.lines.count > 1 {
      for number in panel.lines.indices { mark(number, panel.letter(number), of: panel.lines.count) }
    }
  }

  /// Dots from the bottom, 0 to 4 * rows - 1.
  private func height(of number: Int128) -> Int {
    let length = numbers.upperBound - numbers.lowerBound
    return Int(((number - numbers.lowerBound) * Int128(4 * rows - 1) * 2 + length) / (length * 2))
  }

  /// The text row, from the top, in which a number lies.
  func row(of number: Int128) -> Int { rows - 1 - height(of: number) / 4 }

  private mutating func draw(_ curve: Curve, _ owner: Int) {
    var before: Int?
    for column in 0..<min(2 * width, curve.columns.count) {
      guard let values = curve.columns[column] else {
        before = nil
        continue
      }
      var (low, high) = (height(of: values.low), height(of: values.high))
      // Joined to the column before.
      if let before {
        let first = height(of: values.first)
        (low, high) = (
          min(low, first, before < first ? before + 1 : first), max(high, first, before > first ? before - 1 : first)
        )
      }
      for dot in low...high { set(column, dot, owner) }
      before = height(of: values.last)
    }
  }

  private mutating func set(_ column: Int, _ dot: Int, _ owner: Int) {
    let cell = (rows - 1 - dot / 4) * width + column / 2
    // Braille's dots are numbered down the columns; the lowest row came later.
    let bits: [[UInt8]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
    dots[cell] |= bits[column % 2][dot % 4]
    if let first = owners[cell] { isShared[cell] = isShared[cell] || first != owner } else { owners[cell] = owner }
  }

  /// Puts the line's letter on it where no other line is, a few times.
  private mutating func mark(_ owner: Int, _ letter: String, of count: Int) {
    guard let letter = letter.first else { return }
    let step = 18
    var next = 3 + owner * step / count
    for column in 0..<width where column >= next {
      guard
        let row = (0..<rows).first(where: { owners[$0 * width + column] == owner && !isShared[$0 * width + column] })
      else { continue }
      letters[row * width + column] = letter
      next = column + step
    }
  }

  func line(_ row: Int) -> StyledLine {
    var line = StyledLine()
    for column in 0..<width {
      let cell = row * width + column
      let style = owners[cell].map(Style.series) ?? .plain
      if let letter = letters[cell] {
        line.append(String(letter), style)
      } else if dots[cell] != 0, let scalar = UnicodeScalar(0x2800 + UInt32(dots[cell])) {
        line.append(String(Character(scalar)), style)
      } else {
        line.append(" ")
      }
    }
    return line
  }
}
