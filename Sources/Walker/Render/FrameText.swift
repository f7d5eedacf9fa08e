internal import WalkerModel

/// One frame: its lines with the value's expression after each step, and the annotations beside or below them.
///
///      1  widget_open  drivers/widget/core.c:40
///         reached    by the system call widget_open
///
///         40   int widget_open(struct widget *w, int room)
///              ⋮
///         44 ①     if (room > widget_max)
///         45           room = widget_max;       ⇒ room = min(room, widget_max)
///
///         ① The cap
///         │ Nobody gets more.
struct FrameText {
  let frame: Frame
  let annotations: [BoundAnnotation]
  /// The number of an annotation, by its id.
  let numbers: [String: Int]
  /// Where the next frames are called.
  let calls: [SourceLocation]
  let options: TextOptions
  let expressions: ExpressionText
  let words: StepWords
  /// Only what the annotations speak of, rather than everything that happens to the value.
  var isExcerpt = false

  /// A line on the left, and the annotations that begin, or end, there.
  private struct Row {
    var line: StyledLine
    var begins: [BoundAnnotation] = []
    var ends: [BoundAnnotation] = []
    /// A source line without text, where no annotation begins or ends.
    var isBlank = false
  }

  func lines() -> [StyledLine] {
    let rows = options.showsSource ? sourceRows() : stepRows()
    return options.hasTwoColumns ? besides(rows) : below(rows)
  }

  // MARK: Rows

  private func sourceRows() -> [Row] {
    let source = SourceText(frame.excerpt, tabWidth: options.tabWidth)
    let runs = FrameLines.select(
      frame, source: source, annotations: annotations, calls: calls, showsSteps: !isExcerpt)
    guard let lastLine = runs.last?.upperBound else { return stepRows() }
    let gutterWidth = max(String(lastLine).count, 4)
    let column = alignment(of: runs, source, gutterWidth)
    var rows: [Row] = []
    for (position, run) in runs.enumerated() {
      if position > 0 {
        rows.append(Row(line: StyledLine(String(repeating: " ", count: gutterWidth - 1) + "⋮", .dim)))
      }
      for number in run { rows += self.rows(number, in: source, gutterWidth, column) }
    }
    return isExcerpt ? rows : rows + foreignRows(gutterWidth)
  }

  /// A source line, what the value is after its steps, and the annotations there.
  private func rows(_ number: Int, in source: SourceText, _ gutterWidth: Int, _ column: Int?) -> [Row] {
    let steps = steps(endingAt: number)
    let gutter = gutter(number, gutterWidth, isStep: !steps.isEmpty)
    let code = source.line(number)
    var lines = code.wrapped(
      to: options.sourceWidth, first: gutter,
      rest: StyledLine(String(repeating: " ", count: min(gutter.width + code.indentation + 4, options.sourceWidth / 2)))
    )
    for (position, step) in steps.enumerated() {
      if let column, lines.count == position + 1 || position > 0, column + step.width <= options.sourceWidth,
        (lines.last?.width ?? 0) < column || position > 0
      {
        var line = position == 0 ? lines.removeLast() : StyledLine()
        line.pad(to: column)
        lines.append(line.appending(step))
      } else {
        let indent = min(gutter.width + code.indentation, options.sourceWidth / 3)
        let first = StyledLine(String(repeating: " ", count: indent))
        lines += step.wrapped(to: options.sourceWidth, first: first, rest: first.appending("    "))
      }
    }
    return lines.enumerated().map { position, line in
      Row(
        line: line, begins: position == 0 ? annotations.filter { begin($0) == number } : [],
        ends: position == lines.count - 1 ? annotations.filter { end($0) == number } : [],
        isBlank: source.isBlank(number))
    }
  }

  /// The column where expressions stand, when the longest line that has one leaves room for them.
  private func alignment(of runs: [ClosedRange<Int>], _ source: SourceText, _ gutterWidth: Int) -> Int? {
    var column = 0
    for run in runs {
      for number in run {
        guard let longest = steps(endingAt: number).map(\.width).max() else { continue }
        let end = gutterWidth + 4 + source.line(number).width + 3
        if end + longest <= options.sourceWidth { column = max(column, end) }
      }
    }
    return column == 0 ? nil : column
  }

  /// Without source: the steps alone, by line.
  private func stepRows() -> [Row] {
    let own = frame.steps.filter(isOwn)
    let places = Set(annotations.map(begin) + annotations.map(end))
    let lines = places.union(isExcerpt ? [] : own.map(end)).sorted()
    let gutterWidth = max(String(lines.last ?? 0).count, 4)
    var rows: [Row] = []
    for number in lines {
      let steps = steps(endingAt: number)
      let begins = annotations.filter { begin($0) == number }
      let ends = annotations.filter { end($0) == number }
      guard !steps.isEmpty || !begins.isEmpty || !ends.isEmpty else { continue }
      let gutter = gutter(number, gutterWidth, isStep: !steps.isEmpty)
      let blank = StyledLine(String(repeating: " ", count: gutter.width))
      var lines: [StyledLine] = steps.isEmpty ? [gutter] : []
      for (position, step) in steps.enumerated() {
        lines += step.wrapped(
          to: options.sourceWidth, first: position == 0 ? gutter : blank, rest: blank.appending("    "))
      }
      for (position, line) in lines.enumerated() {
        rows.append(
          Row(line: line, begins: position == 0 ? begins : [], ends: position == lines.count - 1 ? ends : []))
      }
    }
    return rows + foreignRows(gutterWidth)
  }

  /// Steps that stand in another file than the function: in a macro or an inline of a header.
  private func foreignRows(_ gutterWidth: Int) -> [Row] {
    frame.steps.filter { !isOwn($0) }.flatMap { step in
      let indent = StyledLine(String(repeating: " ", count: gutterWidth + 4))
      return indent.appending("\(step.location) ", .dim).appending(expressions.step(step, words))
        .wrapped(to: options.sourceWidth, rest: indent.appending("    ")).map { Row(line: $0) }
    }
  }

  private func steps(endingAt line: Int) -> [StyledLine] {
    frame.steps.filter { isOwn($0) && end($0) == line }.map { expressions.step($0, words) }
  }

  private func isOwn(_ step: ValueStep) -> Bool {
    step.location.file == frame.location.file
      && (frame.location.line...max(frame.location.line, frame.endLine)).contains(step.location.line)
  }

  private func begin(_ annotation: BoundAnnotation) -> Int { annotation.range.start.line }
  private func end(_ annotation: BoundAnnotation) -> Int { end(annotation.range) }
  private func end(_ step: ValueStep) -> Int { end(step.range) }
  private func end(_ range: SourceRange) -> Int { min(range.endLine, range.start.line + FrameLines.longest) }

  private func gutter(_ number: Int, _ width: Int, isStep: Bool) -> StyledLine {
    let digits = String(number)
    var gutter = StyledLine(String(repeating: " ", count: width - min(digits.count, width)))
    gutter.append(digits, isStep ? .strong : .dim)
    gutter.append(" ")
    for annotation in annotations where begin(annotation) == number {
      gutter.append(Marker.text(numbers[annotation.id] ?? 0), .marker)
    }
    gutter.pad(to: width + 4)
    return gutter
  }

  // MARK: Annotations

  private func below(_ rows: [Row]) -> [StyledLine] {
    var output: [StyledLine] = []
    for (position, row) in rows.enumerated() {
      // An empty source line next to an annotation's own empty line is one too many.
      if row.isBlank, position > 0, !rows[position - 1].ends.isEmpty { continue }
      output.append(row.line)
      for annotation in row.ends {
        output.append(.empty)
        output += AnnotationText.lines(
          annotation, number: numbers[annotation.id] ?? 0, width: options.proseWidth, tracked: expressions.tracked
        ).map { StyledLine("  ").appending($0) }
      }
      if !row.ends.isEmpty, position + 1 < rows.count { output.append(.empty) }
    }
    return output
  }

  /// Each annotation begins beside the line where its place begins, or under the one before it.
  private func besides(_ rows: [Row]) -> [StyledLine] {
    var right: [StyledLine] = []
    for (position, row) in rows.enumerated() {
      for annotation in row.begins {
        if !right.isEmpty { right.append(.empty) }
        while right.count < position { right.append(.empty) }
        right += AnnotationText.lines(
          annotation, number: numbers[annotation.id] ?? 0, width: options.proseWidth, tracked: expressions.tracked)
      }
    }
    return (0..<max(rows.count, right.count)).map { index in
      var line = index < rows.count ? rows[index].line : .empty
      guard index < right.count, !right[index].isEmpty else { return line }
      line.pad(to: options.sourceWidth + 3)
      return line.appending(right[index])
    }
  }
}

/// An annotation: its number and title, and its prose behind a bar.
enum AnnotationText {
  static func lines(_ annotation: BoundAnnotation, number: Int, width: Int, tracked: Set<String>) -> [StyledLine] {
    let marker = StyledLine(Marker.text(number) + " ", .marker)
    let indent = StyledLine(String(repeating: " ", count: marker.width))
    let title = InlineMarkdown(tracked: tracked).line(annotation.title).over(.title)
    let prose = MarkdownText(width: width - 2, tracked: tracked).lines(annotation.prose)
    return title.wrapped(to: width, first: marker, rest: indent)
      + prose.map { StyledLine("│ ", .marker).appending($0) }
  }
}

/// The sign that joins a line with its annotation.
enum Marker {
  static func text(_ number: Int) -> String {
    // Unicode has circles for 1 to 20, 21 to 35 and 36 to 50, in three blocks.
    let first: Int
    switch number {
    case 1...20: first = 0x2460 - 1
    case 21...35: first = 0x3251 - 21
    case 36...50: first = 0x32B1 - 36
    default: return "(\(number))"
    }
    guard let scalar = Unicode.Scalar(UInt32(first + number)) else { return "(\(number))" }
    return String(Character(scalar))
  }
}

extension StyledLine {
  /// The columns of space that the line begins with.
  fileprivate var indentation: Int {
    spans.first.map { $0.text.prefix { $0 == " " }.count } ?? 0
  }
}
