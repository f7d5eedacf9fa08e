public import WalkerModel

/// What a result observes, by the keys that `ObservationKind.all` has.
func readObservation(_ id: String, _ keys: [String: StrictNode], at key: StrictNode) throws -> Observation {
  let given = ObservationKind.all.filter { keys[$0.key] != nil }
  guard given.count == 1, let kind = given.first, let node = keys[kind.key] else {
    let names = ObservationKind.all.map { "\"\($0.key)\"" }
    throw key.error(
      "result \"\(id)\" must have one of \(names.dropLast().joined(separator: ", ")) and \(names.last ?? ""): say what of the walk it is"
    )
  }
  var arguments: [String: [String]] = [:]
  if node.isMapping {
    let values = try node.mapping(kind.parameters.map(\.name))
    for parameter in kind.parameters {
      if parameter.isRequired {
        _ = try values.required(parameter.name, in: node, example: parameter.example)
      }
      guard let value = values[parameter.name] else { continue }
      arguments[parameter.name] = try parameter.name == "assume" ? readAssumptions(value) : value.texts()
    }
  } else if let parameter = kind.shorthand, node.isGiven {
    let required = kind.parameters.filter(\.isRequired)
    if required.contains(where: { $0.name != parameter.name }) {
      let example = required.map { "\($0.name): \($0.example)" }.joined(separator: ", ")
      throw node.error("\(node.what) needs more than one thing: write {\(example)}")
    }
    arguments[parameter.name] = try node.texts()
  } else if kind.parameters.contains(where: \.isRequired) {
    let example = kind.parameters.filter(\.isRequired).map { "\($0.name): \($0.example)" }.joined(separator: ", ")
    throw node.error("\(node.what) must say more: write {\(example)}")
  }
  return Observation(kind: kind, arguments: arguments)
}

/// `track: room`, `track: [room, size]`, `track: {user: optval, as: int}`, or a list of these: the first that fits the
/// entry counts. A `name:` says what claims call the number.
func readTracked(_ node: StrictNode) throws -> (name: String, sources: [TrackedSource]) {
  var name: String?
  let entries = node.isList ? try node.list() : [node]
  let sources = try entries.map { entry -> TrackedSource in
    guard entry.isMapping else { return TrackedSource(kind: .parameter, parameter: try entry.text()) }
    let entry = entry.named("what is tracked")
    let keys = try entry.mapping(["user", "pointer", "parameter", "as", "field", "name"])
    if let given = try keys["name"]?.text() {
      guard name == nil || name == given else {
        throw entry.error("the followed number is called \(name ?? "") above and \(given) here: give it one name")
      }
      name = given
    }
    let kinds: [(TrackedSource.Kind, StrictNode?)] = [
      (.user, keys["user"]), (.pointer, keys["pointer"]), (.parameter, keys["parameter"]),
    ]
    let given = kinds.filter { $0.1 != nil }
    guard given.count == 1, let (kind, parameter) = given.first, let parameter else {
      throw entry.error(
        "what is tracked needs one of \"user\", \"pointer\" and \"parameter\": write {user: optval, as: int} for the number that a pointer into the caller's memory leads to"
      )
    }
    let type = try keys["as"]?.text()
    let field = try keys["field"]?.text()
    if kind == .parameter, type != nil || field != nil {
      throw entry.error("a parameter that is itself the number has no \"as\" and no \"field\": leave them out")
    }
    return TrackedSource(kind: kind, parameter: try parameter.text(), type: type, field: field)
  }
  guard let first = sources.first else { throw node.error("track is an empty list: name the parameter to follow") }
  return (name ?? first.name, sources)
}

extension WalkthroughReader {
  /// What `track:` says, from its text alone: `room`, `{user: optval, as: int}`. Throws `UserError` for what it can't say.
  public static func tracked(_ text: String) throws -> (name: String, sources: [TrackedSource]) {
    try readTracked(StrictNode(yaml: text, file: "--track", lineOffset: 0, what: "what is tracked"))
  }
}

/// `inputs: {mode: struct widget.mode}`.
func readInputs(_ node: StrictNode) throws -> [DeclaredInput] {
  try node.pairs().map { key, name, value in
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }), name.first?.isNumber == false
    else {
      throw key.error("\"\(name)\" is no name for an input: use letters, digits and \"_\", as in C")
    }
    return DeclaredInput(name: name, places: try value.texts())
  }
}
