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
  /// - Parameter walk: a walk without results and annotations.
  public static func render(_ walk: Walk, entry: Walkthrough.Entry) -> String {
    var names = Names()
    let results = walk.reaches.filter(\.onPath).flatMap { reach in
      [
        "  \(names.unique(reach.field)):", "    stored-in: \(reach.field)", "    eras:", "      - id: first",
        "        claim: \(quoted(reach.formula))",
      ]
    }
    let head = [
      "---", "title: \(quoted("What becomes of " + walk.tracked.name))", "entry: \(text(of: entry))",
      "track: \(walk.tracked.name)", "results:",
    ]
    var sections: [String] = []
    for frame in walk.frames { sections += Self.sections(of: frame, &names) }
    let lines =
      head
      + (results.isEmpty ? ["  # name what you ask about: a field that receives the value, or a threshold"] : results)
      + ["---", "", "What the reader will learn.", ""] + sections
    return lines.joined(separator: "\n")
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
