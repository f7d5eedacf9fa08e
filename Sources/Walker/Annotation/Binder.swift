public import WalkerModel

/// Binds a walkthrough's annotations to the places of one kernel.
///
/// An anchor is matched so:
/// - of its functions the first one counts in which a place fits; within it, of its names (`of`) the first that fits;
/// - a place fits when it has the anchor's role and mentions every identifier that the anchor lists;
/// - where several fit and some have to do with the followed value, only those count.
///
/// An annotation that is limited to eras is bound when the proved era of *any* result is one of them. When none is but
/// some result that knows such an era has no era in this kernel, it cannot be told: the annotation is then unbound, with
/// a warning. Otherwise, and when an optional place is absent, it belongs to another era.
public enum Binder {
  public struct Binding: Sendable, Hashable {
    /// In the walkthrough's order.
    public let bound: [BoundAnnotation]
    public let findings: [Finding]
    public let coverage: Walk.Coverage
  }

  /// - Parameters:
  ///   - sites: the places of the walked functions, in any order.
  ///   - eras: for each result whose era was decided by proof, the era's id.
  public static func bind(_ walkthrough: Walkthrough, to sites: [AnchorSite], eras: [String: String]) -> Binding {
    let sites = sites.sorted { $0.range.start < $1.range.start }
    var bound: [BoundAnnotation] = []
    var findings: [Finding] = []
    var otherEra = 0
    for annotation in walkthrough.annotations {
      switch standing(of: annotation, in: walkthrough, eras: eras) {
      case .other:
        otherEra += 1
        continue
      case .undecided(let results):
        findings.append(eraUnknown(annotation, results))
        continue
      case .here: break
      }
      let matches = matches(of: annotation.anchor, in: sites)
      if matches.count == 1 {
        bound.append(
          BoundAnnotation(
            id: annotation.id, title: annotation.title, prose: annotation.prose, function: matches[0].function,
            range: matches[0].range, results: annotation.anchor.results))
      } else if !matches.isEmpty {
        findings.append(ambiguous(annotation, matches))
      } else if annotation.anchor.isOptional {
        otherEra += 1
      } else {
        findings.append(unmatched(annotation, sites))
      }
    }
    let total = walkthrough.annotations.count
    return Binding(
      bound: bound, findings: findings,
      coverage: Walk.Coverage(
        annotations: total, bound: bound.count, otherEra: otherEra, unbound: total - bound.count - otherEra))
  }

  /// The ids of the annotations that explain a step: those in the step's function of whose places one holds the other.
  public static func annotations(explaining step: ValueStep, in function: String, among bound: [BoundAnnotation])
    -> [String]
  {
    bound.filter { $0.function == function && ($0.range.holds(step.range) || step.range.holds($0.range)) }.map(\.id)
  }
}

extension SourceRange {
  fileprivate func holds(_ other: SourceRange) -> Bool {
    start.file == other.start.file
      && (start.line, start.column) <= (other.start.line, other.start.column)
      && (other.endLine, other.endColumn) <= (endLine, endColumn)
  }
}

private enum Standing {
  case here, other
  /// These results could tell, and have no era.
  case undecided([String])
}

private func standing(of annotation: Annotation, in walkthrough: Walkthrough, eras: [String: String]) -> Standing {
  let wanted = annotation.anchor.eras
  guard !wanted.isEmpty else { return .here }
  let knowing = walkthrough.results.filter { $0.eras.contains { wanted.contains($0.id) } }
  if knowing.contains(where: { eras[$0.id].map(wanted.contains) == true }) { return .here }
  let undecided = knowing.map(\.id).filter { eras[$0] == nil }
  return undecided.isEmpty ? .other : .undecided(undecided)
}

private func matches(of anchor: Anchor, in sites: [AnchorSite]) -> [AnchorSite] {
  let fitting = sites.filter { site in site.role == anchor.role && anchor.mentions.allSatisfy(site.mentions.contains) }
  let functions: [String?] = anchor.function.isEmpty ? [nil] : anchor.function
  for function in functions {
    let inFunction = fitting.filter { function == nil || $0.function == function }
    for name in anchor.of.isEmpty ? [nil] : anchor.of.map(Optional.some) {
      var matches = inFunction.filter { site in name.map(site.names.contains) ?? true }
      if matches.contains(where: \.isTracked) { matches.removeAll { !$0.isTracked } }
      if !matches.isEmpty { return distinct(matches) }
    }
  }
  return []
}

private func distinct(_ sites: [AnchorSite]) -> [AnchorSite] {
  var seen: Set<SourceRange> = []
  return sites.filter { seen.insert($0.range).inserted }
}

// MARK: - Findings

private func eraUnknown(_ annotation: Annotation, _ results: [String]) -> Finding {
  let names = results.joined(separator: ", ")
  return Finding(
    id: "walker.anchor.era-unknown", severity: .warning,
    summary:
      "annotation \"\(annotation.id)\" is limited to an era, and the era of \(names) is not known in this kernel",
    location: annotation.location, notes: ["see why the result has no era, or add the era's claim to the walkthrough"])
}

private func ambiguous(_ annotation: Annotation, _ matches: [AnchorSite]) -> Finding {
  Finding(
    id: "walker.anchor.ambiguous", severity: .error,
    summary: "annotation \"\(annotation.id)\" fits \(matches.count) places: \(describe(annotation.anchor))",
    location: annotation.location,
    notes: matches.map(describe) + ["narrow the anchor with \"of\" or \"mentions\" until one place is left"])
}

private func unmatched(_ annotation: Annotation, _ sites: [AnchorSite]) -> Finding {
  let anchor = annotation.anchor
  let inFunction = sites.filter { $0.function.map(anchor.function.contains) ?? false }
  var notes: [String] = []
  if !anchor.function.isEmpty, inFunction.isEmpty {
    let walked = Set(sites.compactMap(\.function)).sorted()
    let nearest = anchor.function.lazy.compactMap { Spelling.nearest(to: $0, among: walked) }.first
    notes.append(
      "no function \(anchor.function.joined(separator: " or ")) is walked in this kernel"
        + (nearest.map { "; did you mean \($0)?" } ?? ""))
  }
  notes += nearest(to: anchor, among: sites).map(describe)
  notes.append("change the anchor to one of these, or mark it \"optional: true\" when not every kernel has the place")
  return Finding(
    id: "walker.anchor.unmatched", severity: .error,
    summary: "annotation \"\(annotation.id)\" fits no place: \(describe(anchor))",
    location: annotation.location, notes: notes)
}

/// Up to eight places that the author may have meant, the likeliest first.
private func nearest(to anchor: Anchor, among sites: [AnchorSite]) -> [AnchorSite] {
  func distance(_ site: AnchorSite) -> Int {
    let isInFunction = anchor.function.isEmpty || site.function.map(anchor.function.contains) == true
    let hasName = anchor.of.isEmpty || !Set(anchor.of).isDisjoint(with: site.names)
    let missing = anchor.mentions.count { !site.mentions.contains($0) }
    return (site.role == anchor.role ? 0 : 5) + (isInFunction ? 0 : 4) + (hasName ? 0 : 3) + missing
      + (site.isTracked ? 0 : 1)
  }
  let ranked = distinct(sites).map { (site: $0, distance: distance($0)) }.filter { $0.distance < 10 }
  return ranked.sorted { ($0.distance, $0.site.range.start) < ($1.distance, $1.site.range.start) }.prefix(8).map(\.site)
}

private func describe(_ anchor: Anchor) -> String {
  var words = "role \(anchor.role.rawValue)"
  if !anchor.function.isEmpty { words += " in \(anchor.function.joined(separator: " or "))" }
  if !anchor.of.isEmpty { words += " of \(anchor.of.joined(separator: " or "))" }
  if !anchor.mentions.isEmpty { words += " that mentions \(anchor.mentions.joined(separator: ", "))" }
  return words
}

private func describe(_ site: AnchorSite) -> String {
  var words = site.role.rawValue
  if let function = site.function { words += " in \(function)" }
  if let name = site.names.first { words += " of \(name)" }
  if !site.mentions.isEmpty { words += " mentioning \(site.mentions.joined(separator: ", "))" }
  return words + " at \(site.range.start)"
}
