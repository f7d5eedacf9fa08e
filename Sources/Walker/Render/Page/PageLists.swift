internal import WalkerModel

/// What follows the chain in the page: where the value ends up, knobs, open ends, findings.
struct PageLists {
  let walk: Walk
  let browser: KernelBrowser?

  var contexts: [[String: Any]] {
    [
      list("Where the value ends up", nil, ReachWords.grouped(walk.reaches).map(reach)),
      list("Knobs", nil, walk.knobs.map(knob)),
      list(
        "Open ends", "These calls receive the value and were not entered; nothing is claimed past them.",
        walk.openEnds.map(openEnd)),
      list("Findings", nil, walk.findings.map(finding)),
    ].compactMap(\.self)
  }

  private func list(_ title: String, _ lead: String?, _ items: [String]) -> [String: Any]? {
    items.isEmpty
      ? nil
      : ["title": title, "hasLead": lead != nil, "lead": lead ?? "", "items": items.map { ["text": $0] }]
  }

  private func reach(_ group: ReachWords) -> String {
    let places = group.places.map { reach in
      "\(PageProse.code(reach.field)), in \(PageProse.code(reach.function)) " + place(reach.location)
        + (reach.onPath ? "" : ", beside the path")
    }
    return places.joined(separator: "<br>") + "<br>= " + PageProse.foldable(group.formula, tracked: walk.trackedNames)
  }

  private func knob(_ knob: Knob) -> String {
    var text = PageProse.code(knob.name)
    if !knob.name.hasSuffix("." + knob.variable) { text += " (\(PageProse.code(knob.variable)) in formulas)" }
    if knob.defaultValue != nil {
      text += ": default \(knob.defaultText)"
    } else if knob.defaultFormula != nil {
      text += ": default computed at boot, \(PageProse.code(knob.defaultText))"
    } else {
      text += ": default not known"
    }
    return text + ", range \(knob.rangeText) " + place(knob.location)
  }

  private func openEnd(_ end: OpenEnd) -> String {
    PageProse.code(end.call + "()") + " " + place(end.location)
      + (end.why.isEmpty ? "" : ": \(Markup.escaped(end.why))")
  }

  private func finding(_ finding: Finding) -> String {
    let notes = finding.notes.map { "<br>\(Markup.escaped($0))" }.joined()
    return "<b>\(finding.severity.rawValue)</b>: \(Markup.escaped(finding.summary)) "
      + (finding.location.map(place) ?? "") + notes
  }

  private func place(_ place: SourceLocation) -> String { place.htmlLink(browser, walk.kernel) }
}
