public import WalkerModel

/// Which parts of a walk are printed.
public struct WalkTextParts: Sendable, Hashable {
  /// Ends before the evidence.
  public var isBrief: Bool
  /// Every rejected table by name, rather than how many there are.
  public var listsRejected: Bool
  /// Only the annotation with this id.
  public var annotation: String?

  public init(isBrief: Bool = false, listsRejected: Bool = false, annotation: String? = nil) {
    self.isBrief = isBrief
    self.listsRejected = listsRejected
    self.annotation = annotation
  }
}

/// A walk as text for a terminal: the answer, the results, the chain top-down, then what all of it rests on.
public enum WalkText {
  /// - Parameter parts: an annotation that the walk has not leaves nothing to print but the answer.
  public static func render(_ walk: Walk, _ options: TextOptions, _ parts: WalkTextParts = WalkTextParts()) -> String {
    let layout = Layout(walk, options, parts)
    return options.write(parts.annotation.map(layout.annotation) ?? layout.lines())
  }
}

private struct Layout {
  let walk: Walk
  let options: TextOptions
  let parts: WalkTextParts
  let expressions: ExpressionText
  /// In the order in which the text shows them.
  let numbers: [String: Int]
  let byFrame: [[BoundAnnotation]]
  let tables: [[BoundAnnotation]]
  let elsewhere: [BoundAnnotation]

  init(_ walk: Walk, _ options: TextOptions, _ parts: WalkTextParts) {
    self.walk = walk
    self.options = options
    self.parts = parts
    expressions = ExpressionText(tracked: walk.trackedNames)
    let places = AnnotationPlaces(walk)
    byFrame = places.byFrame
    tables = places.tables
    elsewhere = places.elsewhere
    numbers = places.numbers
  }

  func lines() -> [StyledLine] {
    let prose = MarkdownText(width: options.textWidth, tracked: expressions.tracked)
    let summary = SummaryText(walk: walk, options: options, expressions: expressions)
    var lines = summary.answer() + [.empty] + summary.results() + header()
    if !walk.introduction.isEmpty { lines += [.empty] + prose.lines(walk.introduction) + [.empty] }
    for (index, frame) in walk.frames.enumerated() { lines += self.frame(frame, index, number: index + 1) }
    let sides = walk.sideFrames.enumerated().map { (index: $0.offset + walk.frames.count, frame: $0.element) }
    lines += section("Beside the path", sides.filter { $0.frame.role != .test })
    lines += section("Tests that the results rest on", sides.filter { $0.frame.role == .test })
    if !elsewhere.isEmpty {
      lines += heading("Elsewhere")
      for annotation in elsewhere { lines += standalone(annotation, showsPlace: true) }
    }
    return lines + (parts.isBrief ? summary.end() : summary.evidence() + summary.end())
  }

  /// One annotation, with the lines that it explains.
  func annotation(_ id: String) -> [StyledLine] {
    let summary = SummaryText(walk: walk, options: options, expressions: expressions).answer() + [.empty]
    for (index, frame) in walk.allFrames.enumerated() {
      guard let annotation = byFrame[index].first(where: { $0.id == id }) else { continue }
      return summary
        + FrameText(
          frame: frame, annotations: [annotation], numbers: numbers, calls: [], options: options,
          expressions: expressions, words: StepWords(walk: walk, frame: frame), isExcerpt: true
        ).lines()
    }
    guard let annotation = (tables.flatMap(\.self) + elsewhere).first(where: { $0.id == id }) else { return summary }
    return summary + standalone(annotation, showsPlace: true)
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
    let words = StepWords(walk: walk, frame: frame)
    var lines = FrameHeading(
      walk: walk, frame: frame, number: number, options: options, expressions: expressions, parts: parts, steps: words
    ).lines()
    lines.append(.empty)
    for annotation in tables[index] { lines += standalone(annotation, showsPlace: false) }
    lines +=
      FrameText(
        frame: frame, annotations: byFrame[index], numbers: numbers, calls: walk.calls(from: frame), options: options,
        expressions: expressions, words: words
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
