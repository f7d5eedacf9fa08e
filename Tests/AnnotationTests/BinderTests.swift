import Testing
import WalkerAnnotation
import WalkerModel

private func site(
  _ role: Anchor.Role, _ function: String?, line: Int, names: [String] = [], mentions: [String] = [],
  tracked: Bool = true
) -> AnchorSite {
  let start = SourceLocation(file: "drivers/widget/core.c", line: line, column: 3)
  return AnchorSite(
    role: role, function: function, names: names, mentions: mentions,
    range: SourceRange(start: start, endLine: line, endColumn: 20), isTracked: tracked)
}

private func anchor(
  _ role: Anchor.Role, _ function: [String], of: [String] = [], mentions: [String] = [], eras: [String] = [],
  optional: Bool = false
) -> Anchor {
  Anchor(function: function, role: role, of: of, mentions: mentions, eras: eras, results: [], isOptional: optional)
}

private let file = SourceLocation(file: "Annotations/widget/walkthrough.md", line: 9)

private func walkthrough(_ anchors: Anchor...) -> Walkthrough {
  let eras = ["wide", "narrow"].map { ResultSpecification.Era(id: $0, claim: "room", location: file) }
  return Walkthrough(
    name: "widget", title: "Widgets", entry: .syscall("widget_open"), track: "room", waypoints: [], conditions: [],
    assumptions: [],
    results: [
      ResultSpecification(
        id: "limit", title: nil, subject: .storedIn(["struct widget.room"]), eras: eras, location: file)
    ], introduction: "",
    annotations: anchors.enumerated().map { position, anchor in
      Annotation(id: "a\(position)", title: "A\(position)", anchor: anchor, prose: "Prose.", location: file)
    })
}

private func coverage(_ bound: Int, _ otherEra: Int, _ unbound: Int) -> Walk.Coverage {
  Walk.Coverage(annotations: bound + otherEra + unbound, bound: bound, otherEra: otherEra, unbound: unbound)
}

@Test func takesTheFirstFunctionThatHasAFittingPlace() throws {
  let sites = [
    site(.store, "widget_open", line: 4, names: ["struct widget.flags"]),
    site(.store, "do_widget_open", line: 14, names: ["struct widget.room", "room"]),
    site(.store, "widget_last", line: 24, names: ["struct widget.room"]),
  ]
  let anchor = anchor(.store, ["widget_open", "do_widget_open", "widget_last"], of: ["struct widget.room"])
  let binding = Binder.bind(walkthrough(anchor), to: sites, eras: [:])
  #expect(binding.bound.map(\.range.start.line) == [14])
  #expect(binding.bound.first?.function == "do_widget_open")
  #expect(binding.findings.isEmpty)
  #expect(binding.coverage == coverage(1, 0, 0))
}

@Test func prefersPlacesOfTheFollowedValue() {
  let sites = [site(.clamp, "widget_open", line: 4, tracked: false), site(.clamp, "widget_open", line: 6)]
  let binding = Binder.bind(walkthrough(anchor(.clamp, ["widget_open"])), to: sites, eras: [:])
  #expect(binding.bound.map(\.range.start.line) == [6])
}

@Test func listsThePlacesThatFitAnAmbiguousAnchor() throws {
  let sites = [site(.clamp, "widget_open", line: 4), site(.clamp, "widget_open", line: 6)]
  let binding = Binder.bind(walkthrough(anchor(.clamp, ["widget_open"])), to: sites, eras: [:])
  #expect(binding.bound.isEmpty)
  #expect(binding.coverage == coverage(0, 0, 1))
  let finding = try #require(binding.findings.first)
  #expect(finding.id == "walker.anchor.ambiguous" && finding.severity == .error && finding.location == file)
  #expect(finding.notes.contains { $0.contains("drivers/widget/core.c:4") })
  #expect(finding.notes.contains { $0.contains("drivers/widget/core.c:6") })
}

@Test func narrowsByMentions() {
  let sites = [
    site(.guardBranch, "widget_open", line: 4, mentions: ["state"]),
    site(.guardBranch, "widget_open", line: 6, mentions: ["state", "room"]),
  ]
  let anchor = anchor(.guardBranch, ["widget_open"], mentions: ["room"])
  #expect(Binder.bind(walkthrough(anchor), to: sites, eras: [:]).bound.map(\.range.start.line) == [6])
}

@Test func listsNearPlacesForAnAnchorThatFitsNone() throws {
  let sites = [
    site(.store, "widget_open", line: 4, names: ["struct widget.cap"]), site(.call, "widget_shut", line: 40),
  ]
  let anchor = anchor(.store, ["widget_open"], of: ["struct widget.room"])
  let finding = try #require(Binder.bind(walkthrough(anchor), to: sites, eras: [:]).findings.first)
  #expect(finding.id == "walker.anchor.unmatched" && finding.severity == .error)
  #expect(finding.notes.first == "store in widget_open of struct widget.cap at drivers/widget/core.c:4")
}

@Test func suggestsTheNearestWalkedFunction() throws {
  let sites = [site(.clamp, "widget_open", line: 4)]
  let finding = try #require(
    Binder.bind(walkthrough(anchor(.clamp, ["wigdet_open"])), to: sites, eras: [:]).findings.first)
  #expect(finding.notes.first?.contains("did you mean widget_open?") == true)
}

@Test func countsAnAbsentOptionalPlaceAsAnotherEra() {
  let binding = Binder.bind(walkthrough(anchor(.clamp, ["widget_open"], optional: true)), to: [], eras: [:])
  #expect(binding.findings.isEmpty)
  #expect(binding.coverage == coverage(0, 1, 0))
}

@Test func bindsByTheProvedEra() {
  let sites = [site(.clamp, "widget_open", line: 4)]
  let walkthrough = walkthrough(anchor(.clamp, ["widget_open"], eras: ["wide"]))
  #expect(Binder.bind(walkthrough, to: sites, eras: ["limit": "wide"]).coverage == coverage(1, 0, 0))
  #expect(Binder.bind(walkthrough, to: sites, eras: ["limit": "narrow"]).coverage == coverage(0, 1, 0))
  let unknown = Binder.bind(walkthrough, to: sites, eras: [:])
  #expect(unknown.coverage == coverage(0, 0, 1))
  #expect(unknown.findings.map(\.id) == ["walker.anchor.era-unknown"])
}

@Test func findsTheAnnotationsOfAStep() {
  let sites = [site(.clamp, "widget_open", line: 4)]
  let bound = Binder.bind(walkthrough(anchor(.clamp, ["widget_open"])), to: sites, eras: [:]).bound
  func step(line: Int, _ columns: Range<Int>) -> ValueStep {
    ValueStep(
      kind: .clamp,
      range: SourceRange(
        start: SourceLocation(file: "drivers/widget/core.c", line: line, column: columns.lowerBound), endLine: line,
        endColumn: columns.upperBound), value: .true, text: "true", target: nil, inputs: [], why: "")
  }
  #expect(Binder.annotations(explaining: step(line: 4, 8..<12), in: "widget_open", among: bound) == ["a0"])
  #expect(Binder.annotations(explaining: step(line: 4, 1..<30), in: "widget_open", among: bound) == ["a0"])
  #expect(Binder.annotations(explaining: step(line: 4, 8..<12), in: "widget_shut", among: bound).isEmpty)
  #expect(Binder.annotations(explaining: step(line: 5, 8..<12), in: "widget_open", among: bound).isEmpty)
}
