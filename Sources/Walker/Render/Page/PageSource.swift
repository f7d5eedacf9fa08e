internal import WalkerModel

/// One frame's source in one piece, its steps under their lines, and marks where a note speaks of a line.
struct PageSource {
  let walk: Walk
  let frame: Frame
  let firstStep: Int
  let annotations: [BoundAnnotation]
  let identity: PageIdentity
  let options: ExportOptions
  /// By function.
  let frameAnchors: [String: String]
  /// The number of an annotation, by its id.
  let numbers: [String: Int]
  let words: StepWords

  var html: String {
    guard options.showsSource, let all = source.lines else { return stepLines }
    let shown = FrameLines.select(
      frame, source: source, annotations: annotations, calls: walk.calls(from: frame))
    guard let first = shown.first?.lowerBound, let last = shown.last?.upperBound else { return stepLines }
    // To the function's end, so that what is left out there is marked, too.
    let end = min(max(last, frame.endLine), all.upperBound)
    return "<div class=\"lines\">" + lines(first...end, shown, PageTokens(frame.excerpt)) + foreignSteps + "</div>"
  }

  private var source: SourceText { SourceText(frame.excerpt, tabWidth: 8) }

  // MARK: Lines

  /// Lines that are not shown can be unfolded.
  private func lines(_ range: ClosedRange<Int>, _ shown: [ClosedRange<Int>], _ tokens: PageTokens) -> String {
    var html = ""
    var hidden: [Int] = []
    func closeGap() {
      guard let first = hidden.first, let last = hidden.last else { return }
      let count = last - first + 1
      html += "<details class=\"gap\"><summary>\(count == 1 ? "1 line" : "\(count) lines")</summary>"
      for number in hidden { html += line(number, tokens) }
      html += "</details>"
      hidden = []
    }
    for number in range {
      if shown.contains(where: { $0.contains(number) }) {
        closeGap()
        html += line(number, tokens)
        for (index, step) in frame.steps.enumerated() where isOwn(step) && endLine(step) == number {
          html += self.step(step, index)
        }
      } else {
        hidden.append(number)
      }
    }
    closeGap()
    return html
  }

  private func line(_ number: Int, _ tokens: PageTokens) -> String {
    var classes = "l"
    if frame.steps.contains(where: { isOwn($0) && $0.location.line <= number && number <= endLine($0) }) {
      classes += " at"
    }
    if annotations.contains(where: { $0.range.start.line <= number && number <= FrameLines.lastShown(of: $0.range) }) {
      classes += " noted"
    }
    return "<div class=\"\(classes)\" data-n=\"\(number)\"><b>\(number)\(marks(number))</b>"
      + "<span>\(tokens.html(number))</span></div>"
  }

  /// Links to the notes that begin at the line.
  private func marks(_ number: Int) -> String {
    let marks = annotations.filter { $0.range.start.line == number }.map { annotation in
      "<a class=\"marker\" href=\"#\(identity.anchor(annotation.id))\" title=\"\(Markup.escaped(annotation.title))\" "
        + "aria-label=\"Note: \(Markup.escaped(annotation.title))\">\(Marker.text(numbers[annotation.id] ?? 0))</a>"
    }
    return marks.isEmpty ? "" : "<span class=\"marks\">\(marks.joined())</span>"
  }

  private func isOwn(_ step: ValueStep) -> Bool { frame.holds(step.location) }

  private func endLine(_ step: ValueStep) -> Int {
    min(step.range.endLine, step.location.line + FrameLines.longest)
  }

  // MARK: Steps

  private func step(_ step: ValueStep, _ index: Int, place: Bool = false) -> String {
    let number = firstStep + index
    let at = place ? step.location.htmlLink(options.browser, walk.kernel) + " " : ""
    return "<div class=\"step\" id=\"\(identity.anchor("s\(number)"))\" tabindex=\"-1\">\(at)"
      + "<div class=\"what\">\(words(step))</div><output data-step=\"\(number)\" hidden></output></div>"
  }

  private func words(_ step: ValueStep) -> String {
    let value = PageProse.foldable(step.text, as: words.text(step), tracked: walk.trackedNames)
    switch step.kind {
    case .clamp, .assign, .narrow, .store:
      return step.target.map { "⇒ \(formula($0)) = \(value)" } ?? "⇒ \(value)"
    case .guardBranch: return "⇒ decides on \(value)"
    case .returned: return "⇒ returns \(value)"
    case .call:
      let name = PageProse.code((step.target ?? "a function") + "()")
      let target = step.target.flatMap { frameAnchors[$0] }.map { "<a href=\"#\($0)\">\(name)</a>" } ?? name
      return "⇒ hands \(value) to \(target)"
    }
  }

  private func formula(_ text: String) -> String { PageProse.foldable(text, tracked: walk.trackedNames) }

  /// Steps that stand in a macro or an inline of another file.
  private var foreignSteps: String {
    frame.steps.enumerated().filter { !isOwn($1) }.map { step($1, $0, place: true) }.joined()
  }

  /// Without source: the steps alone, by line.
  private var stepLines: String {
    let own = frame.steps.enumerated().filter { isOwn($1) }
    let lines = (own.map { endLine($1) } + annotations.map(\.range.start.line)).uniqued.sorted()
    var html = ""
    for line in lines {
      let steps = own.filter { endLine($1) == line }
      html += number(line, isStep: !steps.isEmpty)
      for (index, step) in steps { html += self.step(step, index) }
    }
    html += foreignSteps
    return html.isEmpty ? "" : "<div class=\"lines\">\(html)</div>"
  }

  private func number(_ line: Int, isStep: Bool) -> String {
    "<div class=\"l\(isStep ? " at" : "")\" data-n=\"\(line)\"><b>\(line)\(marks(line))</b><span></span></div>"
  }
}

/// Lines of an excerpt as HTML, coloured by what the parse says of their tokens.
struct PageTokens {
  private let excerpt: SourceExcerpt
  private let tokens: [Int: [SourceExcerpt.Token]]

  init(_ excerpt: SourceExcerpt) {
    self.excerpt = excerpt
    tokens = Dictionary(grouping: excerpt.valueTokens, by: \.line)
  }

  private func text(_ line: Int) -> String {
    let index = line - excerpt.firstLine
    return excerpt.lines.indices.contains(index) ? excerpt.lines[index] : ""
  }

  /// Tokens name bytes, so the line is cut at bytes.
  func html(_ line: Int) -> String {
    let bytes = Array(text(line).utf8)
    var html = ""
    var position = 0
    func append(_ end: Int, _ open: String, _ close: String) {
      guard position < end else { return }
      html += open + Markup.escaped(String(decoding: bytes[position..<end], as: UTF8.self)) + close
      position = end
    }
    for token in (tokens[line] ?? []).sorted(by: { $0.column < $1.column }) {
      let start = min(max(token.column - 1, position), bytes.count)
      append(start, "", "")
      let end = min(max(token.column - 1 + token.length, start), bytes.count)
      if token.isTracked {
        append(end, "<mark>", "</mark>")
      } else if let name = token.tokenClass.shortName {
        append(end, "<i class=\"\(name)\">", "</i>")
      } else {
        append(end, "", "")
      }
    }
    append(bytes.count, "", "")
    // A line is never broken within an arrow.
    return html.replacing("-&gt;", with: "<i class=\"a\">-&gt;</i>")
  }
}

extension SourceExcerpt.TokenClass {
  /// The class in the page's style.
  fileprivate var shortName: String? {
    switch self {
    case .keyword: "k"
    case .type: "t"
    case .function: "f"
    case .macro: "m"
    case .literal: "s"
    case .comment: "c"
    case .identifier, .field, .punctuation: nil
    }
  }
}
