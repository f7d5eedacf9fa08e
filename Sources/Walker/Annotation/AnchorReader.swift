internal import WalkerModel
internal import Yams

/// The names under which an anchor block may give `Anchor.of`.
private let aliases = ["of", "field", "callee", "variable", "name"]

/// Reads a section with its anchor block. Throws `UserError` for what the format does not know, and for eras and
/// results that the front matter does not have.
func readAnnotation(_ section: WalkthroughFile.Section, results: [ResultSpecification]) throws -> Annotation {
  let node = try StrictNode(
    yaml: section.anchor, file: section.location.file, lineOffset: section.anchorLineOffset,
    what: "the anchor of \"\(section.id)\"")
  let keys = try node.mapping(
    ["function", "role"] + aliases + ["mentions", "era", "eras", "results", "optional", "holds"])

  let roleNode = try keys.required("role", in: node, example: "clamp")
  let roleName = try roleNode.text()
  guard let role = Anchor.Role(rawValue: roleName) else {
    let roles = Anchor.Role.allCases.map(\.rawValue)
    throw roleNode.error("unknown role \"\(roleName)\": \(Spelling.hint(for: roleName, among: roles))")
  }
  let function = try keys["function"]?.texts() ?? []
  if function.isEmpty, ![.table, .declaration, .macro].contains(role) {
    _ = try keys.required("function", in: node, example: "widget_open")
  }
  let of = try readNames(keys, in: node)
  if of.isEmpty, function.isEmpty {
    throw node.error("\(node.what) names no \(roleName): add a line such as \"name: widget_ops\"")
  }
  let eras = try readKnown(
    try single(["era", "eras"], keys, in: node), kind: "era", known: unique(results.flatMap { $0.eras.map(\.id) }))
  let about = try readKnown(keys["results"], kind: "result", known: results.map(\.id))
  var annotation = Annotation(
    id: section.id, title: section.title,
    anchor: Anchor(
      function: function, role: role, of: of, mentions: try keys["mentions"]?.texts() ?? [], eras: eras,
      results: about, isOptional: try keys["optional"]?.flag() ?? false),
    prose: ProseNames.unmarked(section.prose), location: section.location)
  annotation.names = ProseNames.read(section)
  annotation.holds = try readHolds(keys["holds"])
  return annotation
}

/// One sentence, or a list of them; what they say is read where they are held against a kernel.
private func readHolds(_ node: StrictNode?) throws -> [StatedFact] {
  guard let node else { return [] }
  if case .sequence = node.node {
    return try node.list().map { StatedFact(text: try $0.text(), location: $0.location) }
  }
  return [StatedFact(text: try node.text(), location: node.location)]
}

private func readNames(_ keys: [String: StrictNode], in node: StrictNode) throws -> [String] {
  try single(aliases, keys, in: node)?.texts() ?? []
}

/// The value of the one key of `names` that is there.
private func single(_ names: [String], _ keys: [String: StrictNode], in node: StrictNode) throws -> StrictNode? {
  let present = names.filter { keys[$0] != nil }
  guard present.count < 2 else {
    let list = present.map { "\"\($0)\"" }.joined(separator: " and ")
    throw node.error("\(node.what) has \(list), which mean the same: keep one of them")
  }
  return present.first.flatMap { keys[$0] }
}

private func readKnown(_ node: StrictNode?, kind: String, known: [String]) throws -> [String] {
  guard let node else { return [] }
  let ids = try node.texts()
  for id in ids where !known.contains(id) {
    throw node.error("unknown \(kind) \"\(id)\": \(Spelling.hint(for: id, among: known))")
  }
  return ids
}

private func unique(_ words: [String]) -> [String] {
  var seen: Set<String> = []
  return words.filter { seen.insert($0).inserted }
}
