internal import WalkerModel

/// What differs between two walks of one walkthrough, as sentences of Markdown.
struct KernelDifference {
  /// What a number comes to, and what it hangs on.
  let meaning: [String]
  /// The functions on the way.
  let path: [String]
  /// Where the explained places are now.
  let places: [String]

  init(from old: Walk, to new: Walk) {
    meaning = Self.results(old, new) + Self.knobs(old, new)
    path = Self.path(old, new)
    places = Self.places(old, new)
  }

  private static func results(_ old: Walk, _ new: Walk) -> [String] {
    let ids = (old.results + new.results).map(\.id).uniqued
    // What is the same stands together, and last.
    let same = ids.filter { id in
      guard let a = old.results.first(where: { $0.id == id }), let b = new.results.first(where: { $0.id == id }) else {
        return false
      }
      return a.proof == .proved && b.proof == .proved && a.era != nil && a.era == b.era
    }
    let names = same.map(MarkdownSpan.code).joined(separator: ", ")
    let of =
      same.count == ids.count ? "every result means" : same.count == 1 ? "1 result means" : "\(same.count) results mean"
    let together = same.isEmpty ? [] : ["\(of) the same, by proof: \(names)"]
    return ids.filter { !same.contains($0) }.map { id in
      let name = MarkdownSpan.code(id)
      guard let a = old.results.first(where: { $0.id == id }) else {
        return "\(name) is asked of the second kernel only"
      }
      guard let b = new.results.first(where: { $0.id == id }) else {
        return "\(name) is asked of the first kernel only"
      }
      switch (a.proof == .absent, b.proof == .absent) {
      case (true, true): return "\(name) is in neither kernel"
      case (true, false): return "**\(name) is new**: \(MarkdownSpan.code(new.formulaText(of: b)))"
      case (false, true): return "**\(name) is gone**: the second kernel has nothing of the kind"
      case (false, false): break
      }
      guard a.derivation != nil, b.derivation != nil else {
        let kernel = a.derivation == nil ? old.kernel.name : new.kernel.name
        return "\(name) can't be compared: it is not derivable in \(MarkdownSpan.plain(kernel))"
      }
      let was = "\(MarkdownSpan.code(old.formulaText(of: a))) became \(MarkdownSpan.code(new.formulaText(of: b)))"
      if let left = a.era, let right = b.era, a.proof == .proved, b.proof == .proved {
        return
          "**\(name) changed its meaning**, from the era \(MarkdownSpan.code(left)) to \(MarkdownSpan.code(right)): \(was)"
      }
      return a.formula == b.formula
        ? "\(name) has the same formula in both, without a proof of its era" : "**\(name) changed**: \(was)"
    } + together
  }

  private static func knobs(_ old: Walk, _ new: Walk) -> [String] {
    var lines: [String] = []
    for knob in new.knobs {
      let name = MarkdownSpan.code(knob.name)
      guard let before = old.knobs.first(where: { $0.name == knob.name }) else {
        lines.append("the knob \(name) is new")
        continue
      }
      if before.defaultText != knob.defaultText {
        lines.append(
          "the default of \(name) was \(MarkdownSpan.code(before.defaultText)) and is \(MarkdownSpan.code(knob.defaultText))"
        )
      }
      if before.rangeText != knob.rangeText {
        lines.append("\(name) could be \(before.rangeText) and can be \(knob.rangeText)")
      }
    }
    for knob in old.knobs where !new.knobs.contains(where: { $0.name == knob.name }) {
      lines.append("the knob \(MarkdownSpan.code(knob.name)) plays no part any more")
    }
    return lines
  }

  private static func path(_ old: Walk, _ new: Walk) -> [String] {
    var lines: [String] = []
    let (before, after) = (old.frames.map(\.function), new.frames.map(\.function))
    for function in before where !after.contains(function) {
      lines.append("\(MarkdownSpan.code(function)) is no longer on the path")
    }
    for frame in new.frames where !before.contains(frame.function) {
      lines.append("\(MarkdownSpan.code(frame.function)) is new on the path, at `\(frame.location)`")
    }
    for frame in new.frames {
      guard let twin = old.frames.first(where: { $0.function == frame.function }) else { continue }
      let name = MarkdownSpan.code(frame.function)
      if twin.location.file != frame.location.file {
        lines.append("\(name) moved from `\(twin.location.file)` to `\(frame.location.file)`")
      }
      if twin.parameter != nil, frame.parameter == nil { lines.append("\(name) no longer receives the value") }
      if twin.parameter == nil, frame.parameter != nil { lines.append("\(name) now receives the value") }
      if twin.reachedBy.table != frame.reachedBy.table {
        lines.append(
          "\(name) was reached \(MarkdownSpan.reached(twin.reachedBy) { "`\($0)`" }) and is \(MarkdownSpan.reached(frame.reachedBy) { "`\($0)`" })"
        )
      }
    }
    return lines
  }

  private static func places(_ old: Walk, _ new: Walk) -> [String] {
    let ids = (new.annotations + old.annotations).map(\.id).uniqued
    return ids.compactMap { id in
      let (a, b) = (old.annotations.first { $0.id == id }, new.annotations.first { $0.id == id })
      let title = "“\(MarkdownSpan.text(b?.title ?? a?.title ?? id))”"
      guard let a, let b else {
        return a == nil ? "\(title) speaks of the second kernel only" : "\(title) speaks of the first kernel only"
      }
      let (from, to) = (a.range.start, b.range.start)
      if a.function != b.function || from.file != to.file {
        let words = { (annotation: BoundAnnotation) in
          (annotation.function.map { MarkdownSpan.code($0) + " at " } ?? "") + "`\(annotation.range.start)`"
        }
        return "\(title) moved from \(words(a)) to \(words(b))"
      }
      return from.line == to.line ? nil : "\(title) moved from line \(from.line) to \(to.line) of `\(to.file)`"
    }
  }
}

extension Knob {
  /// As C text; a sentence where the source does not say.
  var defaultText: String { defaultValue.map { "\($0)" } ?? defaultFormula ?? "not known" }

  var rangeText: String { "\(minimum ?? type.minimum) to \(maximum ?? type.maximum)" }
}

extension Array where Element: Hashable {
  /// Each element once, where it is first.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
