public import WalkerModel

/// Reads `answer:` and `example:` of a walkthrough's front matter.
///
///     answer: "open(w, {{room}}) on {{kernel}}: {{room-limit}} gadgets fit in"
///     example: 500
///
/// An example is a number for the followed value, or a mapping of inputs to numbers.
extension WalkthroughReader {
  /// Of a walkthrough whose text was read before: nothing but the front matter is looked at.
  ///
  /// Throws `UserError` as `read` does.
  public static func answer(_ text: String, file: String) throws -> Answer? {
    let parts = try WalkthroughFile(text: text, file: file)
    let root = try StrictNode(yaml: parts.frontMatter, file: file, lineOffset: 1, what: "the front matter")
    let keys = try root.mapping(WalkthroughReader.keys)
    let track = try keys["track"].map { try readTracked($0).name } ?? ""
    return try readAnswer(keys, track: track, results: keys["results"]?.pairs().map(\.name) ?? [])
  }
}

func readAnswer(_ keys: [String: StrictNode], track: String, results: [String]) throws -> Answer? {
  guard keys["answer"] != nil || keys["example"] != nil else { return nil }
  if let node = keys["answer"] {
    let known = [track, "version", "kernel"] + results
    // A knob has a dot in its name; whether the kernel has it is known when the sentence is made.
    for name in AnswerPlaceholder.names(in: try node.text()) where !known.contains(name) && !name.contains(".") {
      throw node.error("the answer has no \"{{\(name)}}\" to say: \(Spelling.hint(for: name, among: known))")
    }
  }
  return Answer(
    sentence: try keys["answer"]?.text(), example: try keys["example"].map { try readExample($0, track) } ?? [])
}

private func readExample(_ node: StrictNode, _ track: String) throws -> [Probes.Setting] {
  guard node.isMapping else { return [Probes.Setting(name: track, number: try node.number())] }
  let settings = try node.pairs().map { key, name, value in
    try checkInputName(name, key)
    return Probes.Setting(name: name, number: try value.number())
  }
  return settings.filter { $0.name == track } + settings.filter { $0.name != track }
}
