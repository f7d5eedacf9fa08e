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
    let frames = walk.frames + walk.sideFrames
    expressions = ExpressionText(tracked: Set([walk.tracked.name] + frames.compactMap(\.parameter)))
    var byFrame: [[BoundAnnotation]] = frames.map { _ in [] }
    var tables = byFrame
    var elsewhere: [BoundAnnotation] = []
    for annotation in walk.annotations {
      if let frame = frames.firstIndex(where: { $0.holds(annotation) }) {
        byFrame[frame].append(annotation)
      } else if let frame = frames.firstIndex(where: { $0.isReachedThrough(annotation) }) {
        tables[frame].append(annotation)
      } else {
        elsewhere.append(annotation)
      }
    }
    for index in byFrame.indices {
      byFrame[index].sort { $0.range.start < $1.range.start }
    }
    self.byFrame = byFrame
    self.tables = tables
    self.elsewhere = elsewhere
    let order = zip(tables, byFrame).flatMap { $0 + $1 } + elsewhere
    numbers = Dictionary(order.enumerated().map { ($1.id, $0 + 1) }) { first, _ in first }
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
        frame: frame, annotations: byFrame[index], numbers: numbers, calls: calls(from: frame), options: options,
        expressions: expressions
      ).lines()
    return lines + [.empty]
  }

  /// Where the frames of the chain and beside it are called in this one.
  private func calls(from frame: Frame) -> [SourceLocation] {
    (walk.frames + walk.sideFrames).map(\.reachedBy).filter { $0.kind == .direct || $0.kind == .indirect }
      .map(\.location).filter { $0.file == frame.location.file && frame.holds(line: $0.line) }
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

extension Frame {
  fileprivate func holds(line: Int) -> Bool { location.line <= line && line <= endLine }

  fileprivate func holds(_ annotation: BoundAnnotation) -> Bool {
    annotation.range.start.file == location.file && holds(line: annotation.range.start.line)
  }

  fileprivate func isReachedThrough(_ annotation: BoundAnnotation) -> Bool {
    guard let table = reachedBy.tableLocation, table.file == annotation.range.start.file else { return false }
    return annotation.range.start.line <= table.line && table.line <= annotation.range.endLine
  }
}
