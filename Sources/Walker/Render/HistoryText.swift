/// A history for people: what each result was, from when to when, and what changed it.
///
///     accept-queue-limit
///       v2.6.32 .. v4.0    (u16) min((u32) room, (u32) widget_max)
///                          sixteen-bit, drivers/widget/room.c:752
///       v4.1 .. v6.12      min((u32) room, (u32) widget_max)
///                          full-width, drivers/widget/room.c:730
///                          since 0a1b2c3d4e5f "net: widen the limit"
public enum HistoryText {
  public static func render(_ history: History, _ options: TextOptions) -> String {
    var output = ""
    func write(_ lines: [StyledLine]) { for line in lines { line.write(to: &output, palette: options.palette) } }
    write([StyledLine(history.title, .title)])
    if let first = history.kernels.first, let last = history.kernels.last {
      let count = history.kernels.count
      write([StyledLine(count == 1 ? first : "\(count) kernels, \(first) to \(last)", .dim)])
    }
    let width = min(26, history.lines.flatMap(\.ranges).map { DisplayWidth.of($0.span) }.max() ?? 0)
    for line in history.lines {
      write([.empty, heading(line)])
      for range in line.ranges { write(lines(range, width, options)) }
    }
    if !history.unwalked.isEmpty {
      write([.empty, StyledLine("not walked", .heading)])
      for (kernel, why) in history.unwalked {
        let indent = StyledLine("  ")
        write(
          StyledLine(kernel + "  ", .strong).appending(why).wrapped(
            to: options.textWidth, first: indent, rest: indent.appending("  ")))
      }
    }
    return output
  }

  private static func heading(_ line: History.Line) -> StyledLine {
    let changes = line.ranges.count - 1
    let words = changes == 0 ? "no change" : changes == 1 ? "1 change" : "\(changes) changes"
    return StyledLine(line.id, .heading).appending(line.isKnob ? "  default, \(words)" : "  \(words)", .dim)
  }

  private static func lines(_ range: History.Range, _ width: Int, _ options: TextOptions) -> [StyledLine] {
    var head = StyledLine("  ")
    head.append(range.span, .strong)
    head.pad(to: width + 2)
    head.append("  ")
    if DisplayWidth.of(range.span) > width { head = StyledLine("  " + range.span + "  ", .strong) }
    let rest = StyledLine(String(repeating: " ", count: width + 4))
    var lines = StyledLine(range.text, range.isKnown ? .value : .warning).wrapped(
      to: options.textWidth, first: head, rest: rest)
    let place = [range.era, range.location].compactMap(\.self).joined(separator: ", ")
    if !place.isEmpty { lines += StyledLine(place, .dim).wrapped(to: options.textWidth, first: rest, rest: rest) }
    for cause in range.causes { lines += words(cause, range).wrapped(to: options.textWidth, first: rest, rest: rest) }
    return lines
  }

  private static func words(_ cause: History.Cause, _ range: History.Range) -> StyledLine {
    switch cause {
    case .commit(let id, let subject, let text):
      var line = StyledLine("by ", .dim).appending(String(id.prefix(12)), .marker).appending(" \"\(subject)\"")
      if text != range.text { line.append(": \(text)", .dim) }
      return line
    case .unknown(let why): return StyledLine(why, .warning)
    }
  }
}

extension History.Range {
  /// `v4.1 .. v6.12`, or the only kernel's name.
  fileprivate var span: String { count == 1 ? first : "\(first) .. \(last)" }
}
