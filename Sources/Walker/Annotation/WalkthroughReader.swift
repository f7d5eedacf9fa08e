public import WalkerModel

/// Reads `walkthrough.md`: YAML front matter, an introduction, and one annotation for each `## Title {#id}` section.
///
///     ---
///     title: How widget_open() finds room
///     entry: {syscall: widget_open}      # or {function: [widget_open, sys_widget_open]}
///     track: room                        # or {user: request, field: room}, {user: optval, as: int}
///     waypoints: [widget_reserve]
///     when: {family: AF_WIDGET}
///     assume: ["flags == 0"]
///     results:
///       room-limit:
///         title: How much room there is
///         stored-in: struct widget.room  # or returns, refused, passed-to, threshold, …
///         eras: [{id: wide, claim: "min((u32) room, (u32) widget_max)"}]
///     ---
///     Introduction in Markdown.
///
///     ## The cap {#cap}
///     ```anchor
///     function: [widget_open, do_widget_open]
///     role: clamp
///     ```
///     Prose in Markdown.
public enum WalkthroughReader {
  /// What `format:` may say. It grows when a key changes its meaning; CHANGELOG.md then says how to upgrade.
  public static let format = 1

  /// - Parameters:
  ///   - text: the file's contents.
  ///   - name: the walkthrough's name, that of its folder.
  ///   - file: the file's path as messages and locations show it.
  /// - Throws: `UserError` for the first thing that is not as the format has it, with its line and what to do.
  public static func read(_ text: String, name: String, file: String) throws -> Walkthrough {
    let parts = try WalkthroughFile(text: text, file: file)
    let root = try StrictNode(yaml: parts.frontMatter, file: file, lineOffset: 1, what: "the front matter")
    let keys = try root.mapping(Self.keys)
    try keys["format"].map(checkFormat)
    let results = try readResults(
      keys.required("results", in: root, example: "{limit: {stored-in: struct widget.room}}"))
    let tracked = try readTracked(keys.required("track", in: root, example: "size"))
    var walkthrough = Walkthrough(
      name: name,
      title: try keys.required("title", in: root, example: "What becomes of the number").text(),
      entry: try readEntry(keys.required("entry", in: root, example: "{syscall: resize}")),
      track: tracked.name,
      waypoints: try keys["waypoints"]?.texts() ?? [],
      conditions: try keys["when"]?.pairs().flatMap { pair in
        try pair.value.texts().map { .init(field: pair.name, value: $0) }
      } ?? [],
      assumptions: try keys["assume"].map(readAssumptions) ?? [],
      results: results,
      probes: try keys["probes"].map { try readProbes($0.named("the probes"), results: results) },
      introduction: parts.introduction,
      annotations: try parts.sections.map { try readAnnotation($0, results: results) })
    walkthrough.sources = tracked.sources
    walkthrough.inputs = try keys["inputs"].map(readInputs) ?? []
    walkthrough.trust = try keys["trust"].map(readTrust) ?? []
    walkthrough.answer = try readAnswer(keys, track: walkthrough.track, results: results.map(\.id))
    return walkthrough
  }

  static let keys = [
    "format", "title", "answer", "example", "entry", "track", "inputs", "waypoints", "when", "assume", "trust",
    "results",
    "probes",
  ]
}

/// The format's number. Throws `UserError` for another than this walker's, with what to do.
private func checkFormat(_ node: StrictNode) throws {
  let text = try node.text()
  guard let number = Int(text), number >= 1 else {
    throw node.error(
      "the format is \"\(text)\", which is no number: write \"format: \(WalkthroughReader.format)\", or leave it out")
  }
  guard number <= WalkthroughReader.format else {
    throw node.error(
      "the walkthrough has format \(number), this walker reads \(WalkthroughReader.format): install a newer walker")
  }
}

private func readTrust(_ node: StrictNode) throws -> [Walkthrough.Trust] {
  try node.list().map { entry in
    let entry = entry.named("the entry of trust")
    let keys = try entry.mapping(["call", "alias", "within", "because"])
    let because = try keys.required("because", in: entry, example: "the caller holds a reference").text()
    switch (keys["call"], keys["alias"], keys["within"]) {
    case (let call?, nil, nil): return Walkthrough.Trust(what: .call(try call.text()), because: because)
    case (nil, let alias?, nil): return Walkthrough.Trust(what: .alias(try alias.text()), because: because)
    case (nil, nil, let function?): return Walkthrough.Trust(what: .within(try function.text()), because: because)
    default:
      throw entry.error(
        "an entry of trust has one of \"call\", \"alias\" and \"within\": write {call: fput, because: \"…\"}, as `walker print --rests-on` names it"
      )
    }
  }
}

private func readEntry(_ node: StrictNode) throws -> Walkthrough.Entry {
  let node = node.named("the entry")
  let keys = try node.mapping(["syscall", "function"])
  switch (keys["syscall"], keys["function"]) {
  case (let syscall?, nil): return .syscall(try syscall.text())
  case (nil, let function?): return .function(try function.texts())
  default:
    throw node.error(
      "the entry must have one of \"syscall\" and \"function\": write {syscall: resize} or {function: name}")
  }
}

private func readResults(_ node: StrictNode) throws -> [ResultSpecification] {
  let results = try node.pairs().map { key, id, value in
    guard isIdentifier(id) else {
      throw key.error("\"\(id)\" is not a result's id: use letters, digits, \"-\" and \"_\" only")
    }
    let body = value.named("result \"\(id)\"")
    let keys = try body.mapping(["title", "eras", "optional"] + ObservationKind.all.map(\.key))
    let subject = try readObservation(id, keys, at: key)
    return ResultSpecification(
      id: id, title: try keys["title"]?.text(), subject: subject, eras: try keys["eras"].map(readEras) ?? [],
      location: key.location, isOptional: try keys["optional"]?.flag() ?? false)
  }
  guard !results.isEmpty else { throw node.error("the walkthrough has no results: name at least one") }
  return results
}

func readAssumptions(_ node: StrictNode) throws -> [String] {
  let texts = try node.texts()
  for text in texts where AssumedCondition(text) == nil {
    throw node.error(
      "\"\(text)\" is not an assumption: write a name, a comparison and a number or constants of the kernel, such as \"flags == 0\", \"struct widget.state == 7\" or \"is_proven() == 0\""
    )
  }
  return texts
}

private func readEras(_ node: StrictNode) throws -> [ResultSpecification.Era] {
  var eras: [ResultSpecification.Era] = []
  for entry in try node.list() {
    let keys = try entry.mapping(["id", "claim"])
    let idNode = try keys.required("id", in: entry, example: "wide")
    let claim = try keys.required("claim", in: entry, example: "(u32) size")
    let id = try idNode.text()
    guard isIdentifier(id) else {
      throw idNode.error("\"\(id)\" is not an era's id: use letters, digits, \"-\" and \"_\" only")
    }
    if let earlier = eras.first(where: { $0.id == id }) {
      throw idNode.error("the era \"\(id)\" is that of line \(earlier.location.line) already: choose another id")
    }
    eras.append(.init(id: id, claim: try claim.text(), location: claim.location))
  }
  return eras
}
