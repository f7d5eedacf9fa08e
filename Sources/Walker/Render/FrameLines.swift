internal import WalkerModel

/// Which lines of a function are shown: its head, and every line that a step, an annotation or a call of the next frame
/// stands on, with two lines around each.
enum FrameLines {
  static let context = 2
  /// A longer annotated range is shown by its first lines.
  static let longest = 14

  /// The line under which an annotation of this range stands.
  static func lastShown(of range: SourceRange) -> Int { min(range.endLine, range.start.line + longest) }

  /// Runs of lines in order; between two of them lines are left out.
  static func select(
    _ frame: Frame, source: SourceText, annotations: [BoundAnnotation], calls: [SourceLocation],
    showsSteps: Bool = true
  ) -> [ClosedRange<Int>] {
    guard let all = source.lines else { return [] }
    var wanted: Set<Int> = []
    func want(_ first: Int, _ last: Int, around: Int) {
      let lower = max(first - around, all.lowerBound)
      let upper = min(min(last, first + longest) + around, all.upperBound)
      if lower <= upper { wanted.formUnion(lower...upper) }
    }
    want(frame.location.line, headEnd(of: frame, source), around: 0)
    for step in frame.steps where showsSteps && step.location.file == frame.excerpt.file {
      want(step.location.line, step.range.endLine, around: context)
    }
    for annotation in annotations {
      want(annotation.range.start.line, annotation.range.endLine, around: context)
    }
    for call in calls where call.file == frame.excerpt.file { want(call.line, call.line, around: context) }
    // A frame in which nothing happens to the value is still shown, as far as it is short.
    if wanted.count <= headEnd(of: frame, source) - frame.location.line + 1 {
      want(frame.location.line, frame.endLine, around: 0)
    }
    return runs(wanted, source)
  }

  /// The line of the opening brace, when it is near.
  private static func headEnd(of frame: Frame, _ source: SourceText) -> Int {
    let first = frame.location.line
    return (first...(first + 4)).first { source.text($0).contains("{") } ?? first
  }

  private static func runs(_ wanted: Set<Int>, _ source: SourceText) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for line in wanted.sorted() {
      // One line left out takes as much room as the sign that it is.
      if let last = runs.last, line - last.upperBound <= 2 {
        runs[runs.count - 1] = last.lowerBound...line
      } else {
        runs.append(line...line)
      }
    }
    return runs.compactMap { run in
      var (lower, upper) = (run.lowerBound, run.upperBound)
      while lower < upper, source.isBlank(lower) { lower += 1 }
      while lower < upper, source.isBlank(upper) { upper -= 1 }
      return source.isBlank(lower) ? nil : lower...upper
    }
  }
}
