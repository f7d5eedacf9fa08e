public import WalkerModel

/// A walk as a tour for VS Code's CodeTour extension, to be opened on the kernel's own tree.
///
///     {"$schema": "https://aka.ms/codetour-schema", "title": …, "ref": "v6.12", "steps": [{"file": …, "line": …, …}]}
public enum CodeTour {
  /// - Parameter showsSource: steps carry their line's text as a pattern, too, by which they survive edits of the file.
  public static func render(_ walk: Walk, showsSource: Bool) -> JSONText {
    .members([
      "$schema": .text("https://aka.ms/codetour-schema"),
      "title": .text(walk.title),
      "description": .text(
        "Linux \(walk.kernel.version), \(walk.kernel.source). What is followed: \(walk.tracked.name)."),
      "ref": ref(of: walk.kernel).map(JSONText.text),
      "steps": .list(Tour(walk, showsSource: showsSource).steps()),
    ])
  }

  /// The revision that was asked for, or the release's tag; nil where upstream has none.
  static func ref(of kernel: KernelIdentity) -> String? {
    if kernel.source.hasPrefix("git:"), let at = kernel.source.lastIndex(of: "@") {
      return String(kernel.source[kernel.source.index(after: at)...])
    }
    return KernelBrowser.tag(of: kernel.version)
  }
}

private struct Tour {
  let walk: Walk
  let showsSource: Bool
  let places: AnnotationPlaces

  init(_ walk: Walk, showsSource: Bool) {
    self.walk = walk
    self.showsSource = showsSource
    places = AnnotationPlaces(walk)
  }

  /// In the order of the path; within a function by line.
  func steps() -> [JSONText] {
    var steps: [JSONText] = []
    for (index, frame) in walk.allFrames.enumerated() {
      steps += places.tables[index].map { step($0.range.start, [prose($0)], title: $0.title) }
      steps.append(step(frame.location, [heading(frame)], title: frame.spelling))
      let words = StepWords(walk: walk, frame: frame)
      var byLine: [Int: [String]] = [:]
      var titles: [Int: String] = [:]
      for annotation in places.byFrame[index] {
        byLine[annotation.range.start.line, default: []].append(prose(annotation))
        titles[annotation.range.start.line] = titles[annotation.range.start.line] ?? annotation.title
      }
      for step in frame.steps where frame.holds(step.location) {
        byLine[step.location.line, default: []].append(MarkdownSpan.step(step, words))
      }
      for line in byLine.keys.sorted() {
        let place = SourceLocation(file: frame.location.file, line: line)
        steps.append(self.step(place, byLine[line] ?? [], title: titles[line]))
      }
      for step in frame.steps where !frame.holds(step.location) {
        steps.append(self.step(step.location, [MarkdownSpan.step(step, words)], title: nil))
      }
    }
    return steps + places.elsewhere.map { step($0.range.start, [prose($0)], title: $0.title) }
  }

  private func step(_ place: SourceLocation, _ texts: [String], title: String?) -> JSONText {
    .members([
      "file": .text(place.file), "line": .number(place.line),
      "pattern": showsSource ? pattern(place).map(JSONText.text) : nil,
      "title": title.map { .text($0) }, "description": .text(texts.joined(separator: "\n\n")),
    ])
  }

  /// A regular expression for the place's line, where no other line that is shown has the same text.
  private func pattern(_ place: SourceLocation) -> String? {
    let frame = walk.allFrames.first { $0.excerpt.file == place.file && $0.holds(place) }
    guard let excerpt = frame?.excerpt, excerpt.lines.indices.contains(place.line - excerpt.firstLine) else {
      return nil
    }
    let line = excerpt.lines[place.line - excerpt.firstLine]
    guard excerpt.lines.count(where: { $0 == line }) == 1, line.contains(where: { $0.isLetter }) else { return nil }
    var pattern = "^"
    for character in line {
      switch character {
      case " ", "\t": if !pattern.hasSuffix("\\s*") { pattern += "\\s*" }
      case _ where "\\^$.|?*+()[]{}/".contains(character): pattern += "\\" + String(character)
      default: pattern.append(character)
      }
    }
    return pattern + "$"
  }

  private func prose(_ annotation: BoundAnnotation) -> String {
    let text = MarkdownDocument(annotation.prose).markdown(headingLevel: 4, width: .max / 2).joined(separator: "\n")
    return "### \(MarkdownSpan.text(annotation.title))\n\n\(text)"
  }

  private func heading(_ frame: Frame) -> String {
    var parts = ["`\(frame.spelling)` is reached \(MarkdownSpan.reached(frame.reachedBy) { "`\($0)`" })."]
    if let left = frame.leftBehind { parts.append(MarkdownSpan.text(left) + ".") }
    let given = ConditionWords(walk: walk, showsSource: showsSource).given(frame)
    if !given.isEmpty {
      parts.append(
        "Given:\n\n"
          + given.map { "- \(MarkdownSpan.code($0.text))" }
          .joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }
}
