internal import WalkerModel

/// The end of the article: results with worked numbers, knobs, where the value ends up, what differs between the
/// kernels, and where the text comes from.
struct ArticleSummary {
  let walks: [Walk]
  let options: ExportOptions

  func write(to page: inout ArticlePage) {
    guard let first = walks.first else { return }
    if !first.results.isEmpty {
      page.heading(2, "Results")
      for result in first.results { write(result, first, to: &page) }
    }
    if !first.knobs.isEmpty {
      page.heading(2, "Knobs")
      page.list(first.knobs.map { knob($0, first) })
    }
    if !first.reaches.isEmpty {
      page.heading(2, "Where the value ends up")
      for group in ReachWords.grouped(first.reaches) {
        page.list(
          group.places.map {
            "\(MarkdownSpan.code($0.field)), in \(MarkdownSpan.code($0.function)), \(link($0.location, first))"
              + ($0.onPath ? "" : ", beside the path")
          })
        page.fence("text", formula(group.formula))
      }
    }
    if !first.openEnds.isEmpty {
      page.heading(2, "Open ends")
      page.paragraph("These calls receive the value and were not entered; nothing is claimed past them.")
      page.list(
        first.openEnds.map {
          "\(MarkdownSpan.code($0.call)), \(link($0.location, first))"
            + ($0.why.isEmpty ? "" : ": \(MarkdownSpan.plain($0.why))")
        })
    }
    if !first.results.isEmpty {
      page.heading(2, "What every walk takes for granted")
      page.list(Assumption.all.map { "\(MarkdownSpan.code($0.id)): \(MarkdownSpan.plain($0.text))" })
    }
    for walk in walks.dropFirst() { writeDifference(first, walk, to: &page) }
    writeFindings(to: &page)
    writeProvenance(to: &page)
  }

  // MARK: Results

  private func write(_ result: WalkResult, _ walk: Walk, to page: inout ArticlePage) {
    page.heading(3, MarkdownSpan.code(result.id))
    if let title = result.title { page.paragraph(MarkdownSpan.text(title).capitalizedSentence) }
    let place = result.location.map { ", \(link($0, walk))" } ?? ""
    page.paragraph("\(MarkdownSpan.code(result.subject))\(place)")
    if result.hasFormula { page.fence("text", formula(walk.formulaText(of: result))) }
    page.paragraph(
      ResultWords.verdict(of: result, code: MarkdownSpan.code, text: MarkdownSpan.plain).capitalizedSentence)
    if let agreement = ResultWords.agreement(of: result, in: walk) { page.paragraph(agreement.capitalizedSentence) }
    if let example = result.counterexample {
      page.paragraph("For \(walk.counterexampleText(example, of: result)).")
    }
    if let relapse = ResultWords.relapse(of: result) { page.paragraph(relapse) }
    if let undefined = result.undefinedWhen { page.paragraph("C gives no value when \(MarkdownSpan.code(undefined)).") }
    if !result.assumptions.isEmpty {
      page.paragraph("Given:")
      page.list(ConditionWords.short(result.assumptions).map(MarkdownSpan.code))
    }
    writeRests(result, walk, to: &page)
    let numbers = WorkedNumbers.inputs(of: walk)
    let others = walks.map { other in (other, other.results.first { $0.id == result.id }) }
    page.table(
      [MarkdownSpan.code(walk.tracked.name)] + walks.map { "Linux " + MarkdownSpan.plain($0.kernel.version) },
      numbers.map { number in
        ["\(number)"]
          + others.map { other, twin in twin.map { WorkedNumbers.outcome($0, in: other, for: number) } ?? "-" }
      })
  }

  /// With names for what is long and occurs more than once, and the rare case below.
  private func formula(_ text: String) -> [String] {
    let words = FormulaWords(text)
    let definitions = words.definitions.enumerated().map { ($0 == 0 ? "where " : "and ") + $1 }
    return ([words.formula] + definitions + [words.edge].compactMap(\.self)).flatMap(wrapped)
  }

  /// Long formulas at spaces.
  private func wrapped(_ formula: String) -> [String] { MarkdownWrapping.wrap(formula, to: MarkdownArticle.width) }

  private func writeRests(_ result: WalkResult, _ walk: Walk, to page: inout ArticlePage) {
    let words = RestsWords(result: result)
    guard let counts = words.counts else { return }
    if let twin = words.twin(in: walk.results) {
      page.paragraph("\(words.title) the same as that of \(MarkdownSpan.code(twin.id)): \(counts).")
      return
    }
    page.paragraph("\(words.title) \(counts):")
    page.list(
      result.restsOn.map { obligation in
        let place = obligation.location.file.isEmpty ? "" : ", \(link(obligation.location, walk))"
        return "\(MarkdownSpan.code(obligation.subject))\(place): \(MarkdownSpan.plain(RestsWords.how(obligation)))"
      })
  }

  private func knob(_ knob: Knob, _ walk: Walk) -> String {
    var text = MarkdownSpan.code(knob.name)
    if !knob.name.hasSuffix("." + knob.variable) { text += ", \(MarkdownSpan.code(knob.variable)) in formulas" }
    if let value = knob.defaultValue {
      text += ": default \(value)"
    } else if let formula = knob.defaultFormula {
      text += ": its default is computed at boot, \(MarkdownSpan.code(formula))"
    } else {
      text += ": its default is not known"
    }
    return text + ", range \(knob.rangeText), \(link(knob.location, walk))"
  }

  // MARK: Differences

  private func writeDifference(_ first: Walk, _ other: Walk, to page: inout ArticlePage) {
    let difference = KernelDifference(from: first, to: other)
    let (from, to) = (MarkdownSpan.plain(first.kernel.version), MarkdownSpan.plain(other.kernel.version))
    page.heading(2, "From Linux \(from) to \(to)")
    for (title, lines) in [
      ("What changed in meaning", difference.meaning), ("The path", difference.path), ("What moved", difference.places),
    ] where !lines.isEmpty {
      page.paragraph("\(title):")
      page.list(lines)
    }
    for annotation in other.annotations where !first.annotations.contains(where: { $0.id == annotation.id }) {
      page.heading(3, "\(MarkdownSpan.text(annotation.title)) (Linux \(to))")
      page.paragraph("At \(link(annotation.range.start, other))")
      page.add(MarkdownDocument(annotation.prose).markdown(headingLevel: 4, width: MarkdownArticle.width))
    }
  }

  // MARK: The end

  private func writeFindings(to page: inout ArticlePage) {
    let lines = walks.flatMap { walk in
      walk.findings.map { finding in
        let place = finding.location.map { ", \(link($0, walk))" } ?? ""
        let kernel = walks.count > 1 ? "Linux \(MarkdownSpan.plain(walk.kernel.version)): " : ""
        return "\(kernel)\(finding.severity.rawValue): \(MarkdownSpan.plain(finding.summary))\(place)"
      }
    }
    guard !lines.isEmpty else { return }
    page.heading(2, "Findings")
    page.list(lines)
  }

  private func writeProvenance(to page: inout ArticlePage) {
    page.heading(2, "Where this comes from")
    page.paragraph("Derived by walker from the source of these kernels, and proved under these configurations:")
    page.list(walks.map(ProvenanceWords.kernel).map(MarkdownSpan.plain))
    for walk in walks {
      page.paragraph(MarkdownSpan.plain(ProvenanceWords.coverage(walk, isNamed: walks.count > 1)))
    }
    if options.showsSource { page.paragraph(MarkdownSpan.plain(ProvenanceWords.licence)) }
    if options.browser != nil { page.paragraph(MarkdownSpan.plain(ProvenanceWords.links)) }
  }

  private func link(_ place: SourceLocation, _ walk: Walk) -> String {
    place.markdownLink(options.browser, walk.kernel)
  }
}
