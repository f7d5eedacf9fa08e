internal import WalkerModel

/// A walk's call path as a graph: what the pictures draw.
struct ChainGraph {
  struct Node {
    enum Kind { case path, side, test, field }

    let kind: Kind
    let title: String
    /// File and line.
    let place: String
    /// What becomes of the value there, when a result says so.
    var note: String?
  }

  struct Edge {
    let from: Int
    let to: Int
    /// The value's expression where it is handed on; nil where it is not.
    var value: String?
    /// The followed value is a parameter of what is called.
    let carriesValue: Bool
    let isIndirect: Bool
    /// The ops table of an indirect call.
    let table: String?
    /// From a stored field, or a test, to the test that reads or asks it.
    var isRead = false
  }

  let nodes: [Node]
  let edges: [Edge]
  /// `A = min((u32) size, (u32) cap)`: what the notes and values have names for, since they share it.
  let legend: [String]

  init(_ walk: Walk) {
    let frames = walk.allFrames
    var nodes = frames.map { frame in
      Node(
        kind: frame.role == .path ? .path : frame.role == .side ? .side : .test, title: frame.spelling,
        place: "\(frame.location)",
        note: walk.results.first { $0.kind == .threshold && $0.proof != .absent && $0.subject == frame.function }
          .map { "full at \($0.short)" }
      )
    }
    var edges: [Edge] = []
    for (index, frame) in frames.enumerated() {
      guard let caller = Self.caller(of: index, frames, onPath: walk.frames.count) else { continue }
      let call = frames[caller].steps.last { step in
        step.kind == .call && step.target == frame.function && step.location.line == frame.reachedBy.location.line
      }
      edges.append(
        Edge(
          from: caller, to: index, value: frame.parameter == nil ? nil : call?.text,
          carriesValue: frame.parameter != nil, isIndirect: frame.reachedBy.kind == .indirect,
          table: frame.reachedBy.table))
    }
    for result in walk.results where result.kind == .stored {
      guard let place = result.location, let writer = frames.firstIndex(where: { $0.holds(place) }) else { continue }
      nodes.append(Node(kind: .field, title: result.subject, place: "\(place)", note: "= \(result.short)"))
      edges.append(
        Edge(from: writer, to: nodes.count - 1, value: nil, carriesValue: true, isIndirect: false, table: nil))
    }
    edges += Self.reads(nodes, frames)
    let texts = nodes.map { $0.note ?? "" } + edges.map { $0.value ?? "" }
    let named = FormulaWords.naming(texts.map { $0.replacing("\n", with: " ") })
    for index in nodes.indices where nodes[index].note != nil { nodes[index].note = named.texts[index] }
    for index in edges.indices where edges[index].value != nil {
      edges[index].value = named.texts[nodes.count + index]
    }
    self.nodes = nodes
    self.edges = edges
    legend = named.definitions
  }

  /// Which test reads a stored field or asks another test, as its own text says.
  private static func reads(_ nodes: [Node], _ frames: [Frame]) -> [Edge] {
    frames.indices.filter { frames[$0].role == .test }.flatMap { test -> [Edge] in
      let words = Set(BranchReader(frames[test].excerpt).tokens.map(\.text))
      let sources = nodes.indices.filter { node in
        switch nodes[node].kind {
        case .field: nodes[node].title.split(separator: ".").last.map { words.contains(String($0)) } ?? false
        case .test: node != test && node < frames.count && words.contains(frames[node].function)
        case .path, .side: false
        }
      }
      return sources.map {
        Edge(from: $0, to: test, value: nil, carriesValue: true, isIndirect: false, table: nil, isRead: true)
      }
    }
  }

  /// The frame in which the call stands; on the chain, the one above where the call stands in a macro elsewhere.
  private static func caller(of index: Int, _ frames: [Frame], onPath count: Int) -> Int? {
    let reached = frames[index].reachedBy
    guard reached.kind == .direct || reached.kind == .indirect else { return nil }
    let above = index > 0 && index < count ? index - 1 : nil
    if let above, frames[above].holds(reached.location) { return above }
    return frames.indices.first { $0 != index && frames[$0].holds(reached.location) } ?? above
  }
}

extension WalkResult {
  /// The formula, or that there is none.
  fileprivate var short: String {
    hasFormula ? formula : "a value that is not derivable"
  }
}

extension String {
  /// At most `length` characters, the last of which says that there were more.
  func shortened(to length: Int) -> String { count <= length ? self : String(prefix(length - 1)) + "…" }
}
