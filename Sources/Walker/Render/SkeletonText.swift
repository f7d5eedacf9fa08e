internal import WalkerFormula
public import WalkerModel

/// A walkthrough to begin with: the front matter with a result for every place that the value reaches, and a section for
/// every step that an author will want to explain.
///
///     ---
///     title: "What becomes of room"
///     entry: {syscall: widget_open}
///     track: room
///     results:
///       widget-room:
///         stored-in: struct widget.room
///         eras:
///           - id: first
///             claim: "min((u32) room, widget_max)"
///     ---
public enum SkeletonText {
  /// What there is to ask, from a walk that asked for what is returned alone: every field that the value reaches, what is
  /// returned, and each error among that.
  public static func questions(_ walk: Walk, returned: ResultSpecification) -> [ResultSpecification] {
    var names = Names()
    func ask(_ id: String, _ subject: Observation) -> ResultSpecification {
      ResultSpecification(
        id: id, title: nil, subject: subject, eras: [], location: SourceLocation(file: "", line: 0))
    }
    var fields: Set<String> = []
    var asked = walk.reaches.filter { $0.onPath && fields.insert($0.field).inserted }
      .map { ask(names.unique($0.field), .storedIn([$0.field])) }
    guard let result = walk.results.first(where: { $0.id == returned.id }), result.derivation != nil else {
      return asked
    }
    asked.append(returned)
    asked += walk.errorWords(of: result).map { error in
      let name = String(error.name.dropFirst())
      return ask(
        names.unique("refused-" + name), Observation(kind: .refused, arguments: ["error": [name]]))
    }
    return asked
  }

  /// - Parameters:
  ///   - walk: the walk that these were asked of, without annotations.
  ///   - track: as the walkthrough has it.
  public static func render(
    _ walk: Walk, entry: Walkthrough.Entry, track: String, assuming: [String] = []
  ) -> String {
    var names = Names()
    let results = walk.results.flatMap { result in
      [
        "  \(names.unique(result.id)):", "    \(observed(result))",
      ] + claim(of: result, in: walk)
    }
    let head =
      [
        "---", "title: \(quoted("What becomes of " + walk.tracked.name))", "entry: \(text(of: entry))",
        "track: \(track)",
      ] + (assuming.isEmpty ? [] : ["assume: [\(assuming.map(quoted).joined(separator: ", "))]"]) + ["results:"]
    var sections: [String] = []
    for frame in walk.frames { sections += Self.sections(of: frame, &names) }
    let lines =
      head
      + (results.isEmpty
        ? [
          "  # Nothing is stored or returned that the walk follows: name what you ask about instead, a field that receives",
          "  # the value, what a call is handed (passed-to), or a threshold.", "  returned:", "    returns:",
        ] : results)
      + ["---", "", "What the reader will learn.", ""] + sections
    return lines.joined(separator: "\n")
  }

  private static func observed(_ result: WalkResult) -> String {
    switch result.kind.measure {
    case .isError: "refused: \(result.id.hasPrefix("refused-") ? String(result.id.dropFirst(8)) : result.id)"
    case .returned: "returns:"
    case .contents, .argument, .length: "\(result.kind.key): \(result.subject)"
    }
  }

  /// The derived formula as an era's claim, where a claim can say it; else why it can't, as a comment.
  private static func claim(of result: WalkResult, in walk: Walk) -> [String] {
    guard let derivation = result.derivation, case .stored(let value) = derivation.form else {
      return ["    # \(oneLine(result.formula))"]
    }
    let unknown = Set((value.inputs + derivation.reachedWhen.inputs).filter { $0.role == .opaque && !$0.isVariable })
    guard unknown.isEmpty else {
      let names = Set(unknown.map(\.name)).sorted().joined(separator: ", ")
      return [
        "    # \(oneLine(result.formula))",
        "    # It depends on \(oneLine(names)): take it as given by `assume`, or name it by `inputs`, then write a claim.",
      ]
    }
    let reached = derivation.reachedWhen
    let claim = reached.isConstantTrue ? value.text : "\(reached.text) ? \(value.text) : never"
    return ["    eras:", "      - id: first", "        claim: \(quoted(claim))"]
      + result.openObligations.prefix(3).map { "    # not settled: \(oneLine("\($0.subject) \($0.why)"))" }
  }

  private static func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 300 ? line.prefix(297) + "…" : line
  }

  private static func sections(of frame: Frame, _ names: inout Names) -> [String] {
    var lines = section(
      "\(frame.function)() is entered", names.unique(frame.function), ["function: \(frame.function)", "role: entry"])
    var seen: Set<String> = []
    for step in frame.steps {
      guard let (title, anchor) = describe(step, in: frame), seen.insert(anchor.joined()).inserted else { continue }
      lines += section(title, names.unique("\(step.kind.rawValue)-\(step.target ?? frame.function)"), anchor)
    }
    return lines
  }

  private static func describe(_ step: ValueStep, in frame: Frame) -> (title: String, anchor: [String])? {
    let function = "function: \(frame.function)"
    switch (step.kind, step.target) {
    case (.clamp, _): return ("The value is limited in \(frame.function)()", [function, "role: clamp"])
    case (.store, let field?): return ("\(field) receives it", [function, "role: store", "field: \(field)"])
    case (.call, let callee?): return ("\(callee)() receives it", [function, "role: call", "callee: \(callee)"])
    default: return nil
    }
  }

  private static func section(_ title: String, _ id: String, _ anchor: [String]) -> [String] {
    ["## \(title) {#\(id)}", "", "```anchor"] + anchor + ["```", "", "Why.", ""]
  }

  private static func text(of entry: Walkthrough.Entry) -> String {
    switch entry {
    case .syscall(let name): "{syscall: \(name)}"
    case .function(let names): "{function: [\(names.joined(separator: ", "))]}"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

/// Ids that are used once.
private struct Names {
  private var used: Set<String> = []

  mutating func unique(_ text: String) -> String {
    let plain = text.hasPrefix("struct ") ? String(text.dropFirst("struct ".count)) : text
    let base = String(plain.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    var name = base
    var number = 2
    while !used.insert(name).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }
}

extension Input {
  /// A variable of the kernel, which claims can name.
  fileprivate var isVariable: Bool {
    id.hasPrefix("g") && !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}
