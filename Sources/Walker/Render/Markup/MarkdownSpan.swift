internal import WalkerModel

/// Short pieces of Markdown that walker writes itself.
enum MarkdownSpan {
  /// A code span, whatever stands in it.
  static func code(_ text: String) -> String {
    let line = text.replacing("\n", with: " ")
    var longest = 0
    var run = 0
    for character in line {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let needsSpace = line.hasPrefix("`") || line.hasSuffix("`")
    return needsSpace ? "\(fence) \(line) \(fence)" : fence + line + fence
  }

  /// A title or a sentence of a walk: Markdown within one line, with what would be raw HTML made into text.
  static func text(_ text: String) -> String {
    MarkdownDocument(text.replacing("\n", with: " ")).markdown(headingLevel: 6, width: .max / 2).joined(separator: " ")
  }

  /// Words that are not Markdown.
  static func plain(_ text: String) -> String {
    var output = ""
    for character in text {
      if "\\`*_[]<>#|~&!".contains(character) { output.append("\\") }
      output.append(character == "\n" ? " " : character)
    }
    return output
  }

  /// `` `size` = `min((u32) size, (u32) cap)` ``
  static func step(_ step: ValueStep, _ words: StepWords) -> String {
    let value = code(words.text(step))
    switch step.kind {
    case .clamp, .assign, .narrow, .store: return step.target.map { "\(code($0)) = \(value)" } ?? value
    case .guardBranch: return "decides on \(value)"
    case .returned: return "returns \(value)"
    case .call: return "hands \(value) to " + (step.target.map { code($0 + "()") } ?? "a function")
    }
  }

  /// How a frame is reached, as the rest of a sentence; `place` writes a place.
  static func reached(_ reached: ReachedBy, place: (SourceLocation) -> String) -> String {
    switch reached.kind {
    case .entry: "as the walk's entry"
    case .test: "as a test that a result rests on"
    case .direct: "by a call at \(place(reached.location))"
    case .indirect:
      "through \(reached.through.map(code) ?? "a pointer") at \(place(reached.location))"
        + (reached.table.map { ", by the table \(code($0))" } ?? "")
        + (reached.tableLocation.map { " at \(place($0))" } ?? "")
    }
  }
}
