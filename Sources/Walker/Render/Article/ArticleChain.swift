internal import WalkerModel

/// The middle of the article: the chain as a picture, then one section a frame.
struct ArticleChain {
  let walk: Walk
  let options: ExportOptions
  private let places: AnnotationPlaces

  init(walk: Walk, options: ExportOptions) {
    self.walk = walk
    self.options = options
    places = AnnotationPlaces(walk)
  }

  func write(to page: inout ArticlePage) {
    page.heading(2, "The way of the value")
    page.paragraph(
      "In Linux \(MarkdownSpan.plain(walk.kernel.version)) \(MarkdownSpan.code(walk.tracked.name)) takes this way. "
        + "A dashed arrow is a call through a table of function pointers.")
    page.fence(
      "mermaid",
      MermaidPicture.render([walk]).split(separator: "\n", omittingEmptySubsequences: true).map(String.init))
    for (index, frame) in walk.allFrames.enumerated() {
      let name = MarkdownSpan.code(frame.spelling)
      switch frame.role {
      case .path: page.heading(2, "\(index + 1). \(name)")
      case .side: page.heading(2, "Beside the path: \(name)")
      case .test: page.heading(2, "The test \(name)")
      }
      write(frame, index, to: &page)
    }
    guard !places.elsewhere.isEmpty else { return }
    page.heading(2, "Elsewhere")
    for annotation in places.elsewhere { write(annotation, to: &page) }
  }

  private func write(_ frame: Frame, _ index: Int, to page: inout ArticlePage) {
    page.paragraph(
      "At \(link(frame.location)), reached \(MarkdownSpan.reached(frame.reachedBy, place: link)).")
    if let left = frame.leftBehind { page.paragraph("No value here: \(MarkdownSpan.plain(left)).") }
    if !frame.reachedBy.evidence.isEmpty {
      page.paragraph("Why this one:")
      page.list(frame.reachedBy.evidence.map(MarkdownSpan.plain))
    }
    if !frame.reachedBy.rejected.isEmpty { page.paragraph(rejected(frame.reachedBy.rejected)) }
    let given = ConditionWords(walk: walk, showsSource: options.showsSource).given(frame)
    if !given.isEmpty {
      page.paragraph("To get here, this had to be true:")
      page.list(given.map { MarkdownSpan.code($0.text) + ($0.location.map { ", \(link($0))" } ?? "") })
    }
    for annotation in places.tables[index] { write(annotation, to: &page) }
    guard options.showsSource, !frame.excerpt.lines.isEmpty else {
      writeSteps(frame, index, to: &page)
      return
    }
    writeSource(frame, index, to: &page)
  }

  private func rejected(_ candidates: [RejectedCandidate]) -> String {
    let others = candidates.count == 1 ? "One other was" : "\(candidates.count) others were"
    let words = RejectedWords.byReason(candidates).map { reason in
      reason.tables.map(MarkdownSpan.code).joined(separator: ", ") + " (\(MarkdownSpan.plain(reason.why)))"
    }
    return "\(others) rejected: \(words.joined(separator: "; "))."
  }

  // MARK: Source

  /// The lines that matter, cut where an annotation ends, each annotation under its lines.
  private func writeSource(_ frame: Frame, _ index: Int, to page: inout ArticlePage) {
    let annotations = places.byFrame[index]
    let source = SourceText(frame.excerpt, tabWidth: 8)
    let words = StepWords(walk: walk, frame: frame)
    let runs = FrameLines.select(
      frame, source: source, annotations: annotations, calls: walk.calls(from: frame))
    let width = String(frame.endLine).count
    var block: [String] = []
    func flush() {
      if !block.isEmpty { page.fence("c", block) }
      block = []
    }
    for (position, run) in runs.enumerated() {
      if position > 0, !block.isEmpty { block.append("") }
      for number in run {
        let digits = String(number)
        let gutter = String(repeating: " ", count: width - min(width, digits.count)) + digits
        let code = source.plain(number)
        block.append(code.isEmpty ? gutter : "\(gutter)  \(code)")
        let indent = String(repeating: " ", count: width + 2 + code.prefix { $0 == " " }.count)
        for step in frame.steps where frame.holds(step.location) && step.range.endLine == number {
          block.append("\(indent)// ⇒ \(StepText.plain(step, words))")
        }
        let ending = annotations.filter { FrameLines.lastShown(of: $0.range) == number }
        guard !ending.isEmpty else { continue }
        flush()
        for annotation in ending { write(annotation, to: &page) }
      }
    }
    flush()
    let foreign = frame.steps.filter { !frame.holds($0.location) }
    if !foreign.isEmpty {
      page.paragraph("In macros and functions that stand elsewhere:")
      page.list(foreign.map { "\(link($0.location)): \(MarkdownSpan.step($0, words))" })
    }
  }

  private func writeSteps(_ frame: Frame, _ index: Int, to page: inout ArticlePage) {
    let steps = frame.steps.sorted { $0.location < $1.location }
    let words = StepWords(walk: walk, frame: frame)
    page.list(steps.map { "\(link($0.location)): \(MarkdownSpan.step($0, words))" })
    for annotation in places.byFrame[index] { write(annotation, to: &page) }
  }

  private func write(_ annotation: BoundAnnotation, to page: inout ArticlePage) {
    page.heading(3, MarkdownSpan.text(annotation.title))
    page.paragraph("At \(link(annotation.range.start))")
    page.add(MarkdownDocument(annotation.prose).markdown(headingLevel: 4, width: MarkdownArticle.width))
  }

  private func link(_ place: SourceLocation) -> String { place.markdownLink(options.browser, walk.kernel) }
}

extension SourceLocation {
  /// `[fs/file.c:12](https://…)`, or the place alone.
  func markdownLink(_ browser: KernelBrowser?, _ kernel: KernelIdentity) -> String {
    guard let url = browser?.link(self, in: kernel) else { return MarkdownSpan.code(description) }
    return "[\(MarkdownSpan.plain(description))](\(url))"
  }
}

extension String {
  /// With a capital at the beginning and a full stop at the end.
  var capitalizedSentence: String {
    guard let first else { return "" }
    return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }
}
