internal import WalkerModel
internal import Yams

/// A piece of YAML with its place in the file, read strictly: what is not expected is an error that says where.
///
/// `what` names the piece in messages: `result "limit"`.
struct StrictNode {
  let node: Node
  let what: String
  let place: Place

  /// Where a piece of YAML stands in its file.
  struct Place {
    let file: String
    /// Added to the line numbers that Yams counts within the piece.
    let lineOffset: Int

    func location(_ mark: Mark?) -> SourceLocation {
      SourceLocation(file: file, line: (mark?.line ?? 1) + lineOffset, column: mark?.column ?? 1)
    }
  }

  var location: SourceLocation { place.location(node.mark) }

  /// Reads `yaml`, whose first line is line `lineOffset + 1` of `file`. Throws `UserError` with the place of what is not YAML.
  init(yaml: String, file: String, lineOffset: Int, what: String) throws {
    place = Place(file: file, lineOffset: lineOffset)
    self.what = what
    do {
      guard let root = try compose(yaml: yaml, .basic) else {
        throw UserError("\(file):\(max(lineOffset, 1)): \(what) is empty: write its keys as \"key: value\" lines")
      }
      node = root
    } catch let error as YamlError {
      throw notYAML(error, what: what, place: place)
    }
  }

  private init(node: Node, what: String, place: Place) {
    self.node = node
    self.what = what
    self.place = place
  }

  func error(_ message: String) -> UserError {
    UserError("\(location): \(message)")
  }

  private func child(_ node: Node, _ what: String) -> StrictNode {
    StrictNode(node: node, what: what, place: place)
  }

  /// The keys and values in order, each value with what it is called. Throws `UserError` when this is not a mapping.
  func pairs() throws -> [(key: StrictNode, name: String, value: StrictNode)] {
    guard case .mapping(let mapping) = node else {
      throw error("\(what) must be a mapping of \"key: value\" lines, not \(kindOf(node))")
    }
    var seen: Set<String> = []
    return try mapping.map { key, value in
      let keyNode = child(key, "a key of \(what)")
      let name = try keyNode.text()
      guard seen.insert(name).inserted else {
        throw keyNode.error("\"\(name)\" stands twice in \(what): keep one of them")
      }
      return (keyNode, name, child(value, "\"\(name)\" of \(what)"))
    }
  }

  /// The values by key. Throws `UserError` for a key that is not `allowed`, with the nearest that is.
  func mapping(_ allowed: [String]) throws -> [String: StrictNode] {
    var values: [String: StrictNode] = [:]
    for (key, name, value) in try pairs() {
      guard allowed.contains(name) else {
        throw key.error("unknown key \"\(name)\" in \(what): \(Spelling.hint(for: name, among: allowed))")
      }
      values[name] = value
    }
    return values
  }

  /// A scalar's text. Throws `UserError` when this is not a scalar, or empty.
  func text() throws -> String {
    guard case .scalar(let scalar) = node else {
      throw error("\(what) must be one value, not \(kindOf(node))")
    }
    guard !scalar.string.allSatisfy(\.isWhitespace) else { throw error("\(what) is empty: give it a value") }
    return scalar.string
  }

  /// One value, or a list of them.
  func texts() throws -> [String] {
    guard case .sequence = node else { return [try text()] }
    let texts = try list().map { try $0.text() }
    guard !texts.isEmpty else { throw error("\(what) is an empty list: name at least one, or leave the key out") }
    return texts
  }

  func list() throws -> [StrictNode] {
    guard case .sequence(let sequence) = node else {
      throw error("\(what) must be a list, not \(kindOf(node))")
    }
    return sequence.map { child($0, "an entry of \(what)") }
  }

  /// `true` or `false`, unquoted.
  func flag() throws -> Bool {
    switch try text() {
    case "true": return true
    case "false": return false
    case let other: throw error("\(what) must be true or false, not \"\(other)\"")
    }
  }

  var isMapping: Bool { if case .mapping = node { true } else { false } }
  var isList: Bool { if case .sequence = node { true } else { false } }
  /// Something stands there, be it only an empty text in quotes.
  var isGiven: Bool {
    guard case .scalar(let scalar) = node else { return true }
    return scalar.style != .plain || !["", "~", "null"].contains(scalar.string)
  }

  func named(_ what: String) -> StrictNode { child(node, what) }
}

extension [String: StrictNode] {
  /// The value of a key that has to be there.
  func required(_ key: String, in parent: StrictNode, example: String) throws -> StrictNode {
    guard let value = self[key] else {
      throw parent.error("\(parent.what) lacks \"\(key)\": add a line such as \"\(key): \(example)\"")
    }
    return value
  }
}

private func kindOf(_ node: Node) -> String {
  switch node {
  case .mapping: "a mapping"
  case .sequence: "a list"
  case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "the single value \"\(scalar.string)\""
  case .alias: "an alias"
  }
}

private func notYAML(_ error: YamlError, what: String, place: StrictNode.Place) -> UserError {
  func message(_ problem: String, _ mark: Mark?) -> UserError {
    UserError("\(place.location(mark)): \(what) is not YAML: \(problem)")
  }
  switch error {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    return message(
      "\(problem); indent with spaces, and quote values that hold \": \" or begin with a special sign", mark)
  case .duplicatedKeysInMapping(let duplicates, let context):
    let names = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
    return UserError("\(place.location(context.mark)): \(names) stands twice in \(what): keep one of them")
  case .reader(let problem, _, _, _): return message("\(problem); save it as UTF-8 text", nil)
  default: return message("it cannot be read; compare it with another walkthrough's", nil)
  }
}
