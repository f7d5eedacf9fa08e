public import WalkerModel

/// A walk as text for a terminal: the chain top-down, then what walker derived from it.
public enum WalkText {
  public static func render(_ walk: Walk, _ options: TextOptions) -> String {
    var output = ""
    for line in Layout(walk, options).lines() { line.write(to: &output, palette: options.palette) }
    return output
  }
}

private struct Layout {
  let walk: Walk
  let options: TextOptions
  let expressions: ExpressionText
  /// In the order in which the text shows them.
  let numbers: [String: Int]
  let byFrame: [[BoundAnnotation]]
  let tables: [[BoundAnnotation]]
  let elsewhere: [BoundAnnotation]

  init(_ walk: Walk, _ options: TextOptions) {
    self.walk = walk
    self.options = options
    expressions = ExpressionText(tracked: walk.trackedNames)
    let places = AnnotationPlaces(walk)
    byFrame = places.byFrame
    tables = places.tables
    elsewhere = places.elsewhere
    numbers = places.numbers
  }

  func lines() -> [StyledLine] {
    let prose = MarkdownText(width: options.textWidth, tracked: expressions.tracked)
    var lines = header()
    if !walk.introduction.isEmpty { lines += [.empty] + prose.lines(walk.introduction) + [.empty] }
    for (index, frame) in walk.frames.enumerated() { lines += self.frame(frame, index, number: index + 1) }
    let sides = walk.sideFrames.enumerated().map { (index: $0.offset + walk.frames.count, frame: $0.element) }
    lines += section("Beside the path", sides.filter { $0.frame.role != .test })
    lines += section("Tests that the results rest on", sides.filter { $0.frame.role == .test })
    if !elsewhere.isEmpty {
      lines += heading("Elsewhere")
      for annotation in elsewhere { lines += standalone(annotation, showsPlace: true) }
    }
    return lines + SummaryText(walk: walk, options: options, expressions: expressions).lines()
  }

  private func header() -> [StyledLine] {
    let kernel = walk.kernel
    var facts = StyledLine("Linux \(kernel.version)", .strong)
    if kernel.name != kernel.version { facts.append(" (\(kernel.name))") }
    facts.append(" · \(kernel.source) · configuration \(kernel.configuration.source)", .dim)
    if !kernel.configuration.depends.isEmpty {
      facts.append(", depends on \(kernel.configuration.depends.joined(separator: ", "))", .dim)
    }
    let follows = StyledLine("follows ", .dim).appending(walk.tracked.name, .tracked)
      .appending(" (\(walk.tracked.type.name))", .dim)
    return InlineMarkdown(tracked: []).line(walk.title).over(.title).wrapped(to: options.textWidth)
      + facts.wrapped(to: options.textWidth) + [follows]
  }

  private func frame(_ frame: Frame, _ index: Int, number: Int?) -> [StyledLine] {
    var lines = FrameHeading(
      frame: frame, number: number, options: options, expressions: expressions
    ).lines()
    lines.append(.empty)
    for annotation in tables[index] { lines += standalone(annotation, showsPlace: false) }
    lines +=
      FrameText(
        frame: frame, annotations: byFrame[index], numbers: numbers, calls: walk.calls(from: frame), options: options,
        expressions: expressions
      ).lines()
    return lines + [.empty]
  }

  private func section(_ title: String, _ frames: [(index: Int, frame: Frame)]) -> [StyledLine] {
    guard !frames.isEmpty else { return [] }
    return heading(title) + frames.flatMap { frame($0.frame, $0.index, number: nil) }
  }

  private func heading(_ title: String) -> [StyledLine] {
    [StyledLine(title, .title), .empty]
  }

  private func standalone(_ annotation: BoundAnnotation, showsPlace: Bool) -> [StyledLine] {
    let width = options.hasTwoColumns ? options.textWidth - 4 : options.proseWidth
    var lines = AnnotationText.lines(
      annotation, number: numbers[annotation.id] ?? 0, width: width, tracked: expressions.tracked)
    if showsPlace { lines.insert(StyledLine("│ ", .marker).appending("\(annotation.range.start)", .dim), at: 1) }
    return lines.map { StyledLine("  ").appending($0) } + [.empty]
  }
}
