public import WalkerModel

/// The call path as a Mermaid flowchart, one subgraph a kernel.
///
///     flowchart TD
///       k0n0["widget_open<br/>core.c:39"]
///       k0n0 -.->|"gadget_ops: min((u32) room, widget_max)"| k0n1
public enum MermaidPicture {
  /// Mermaid draws no text that is longer, and not more edges.
  static let longestText = 50_000
  static let mostEdges = 500

  public static func render(_ walks: [Walk]) -> String {
    let graphs = walks.map(ChainGraph.init)
    // A formula is whole, or left out: half of one says something else.
    for (length, showsValues) in [(100, true), (60, false)] {
      let text = render(walks, graphs, names: length, showsValues: showsValues, onlyPath: false)
      if fits(text, graphs.map(\.edges.count).reduce(0, +)) { return text }
    }
    let paths = graphs.map(\.edges.count).reduce(0) { $0 + min($1, mostEdges / max(1, walks.count)) }
    let text = render(walks, graphs, names: 30, showsValues: false, onlyPath: true)
    return fits(text, paths) ? text : "flowchart TD\n  tooLarge[\"more than Mermaid can draw\"]\n"
  }

  private static func fits(_ text: String, _ edges: Int) -> Bool {
    text.unicodeScalars.count < longestText && edges <= mostEdges
  }

  private static func render(_ walks: [Walk], _ graphs: [ChainGraph], names: Int, showsValues: Bool, onlyPath: Bool)
    -> String
  {
    var lines = ["flowchart TD"]
    for (index, graph) in graphs.enumerated() {
      let indent = walks.count > 1 ? "    " : "  "
      if walks.count > 1 { lines.append("  subgraph k\(index)[\"Linux \(quoted(walks[index].kernel.version))\"]") }
      let shown = graph.nodes.indices.filter { !onlyPath || graph.nodes[$0].kind == .path }
      for node in shown { lines.append(indent + self.node(graph.nodes[node], "k\(index)n\(node)", names, showsValues)) }
      for edge in graph.edges where shown.contains(edge.from) && shown.contains(edge.to) {
        lines.append(indent + self.edge(edge, "k\(index)n", names, showsValues))
      }
      if showsValues, !graph.legend.isEmpty {
        let legend = graph.legend.map(quoted).joined(separator: "<br/>")
        lines.append("\(indent)k\(index)legend>\"\(legend)\"]")
      }
      if walks.count > 1 { lines.append("  end") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func node(_ node: ChainGraph.Node, _ id: String, _ length: Int, _ showsValues: Bool) -> String {
    let texts = [node.title.shortened(to: length), node.place] + (showsValues ? node.note.map { [$0] } ?? [] : [])
    let label = texts.map(quoted).joined(separator: "<br/>")
    return switch node.kind {
    case .path: "\(id)[\"\(label)\"]"
    case .side: "\(id)(\"\(label)\")"
    case .test: "\(id){{\"\(label)\"}}"
    case .field: "\(id)[(\"\(label)\")]"
    }
  }

  private static func edge(_ edge: ChainGraph.Edge, _ prefix: String, _ length: Int, _ showsValues: Bool) -> String {
    let arrow = edge.isIndirect || edge.isRead ? "-.->" : "-->"
    let words = edge.isRead ? "is read by" : edge.table?.shortened(to: length)
    let label = [words, showsValues ? edge.value : nil].compactMap(\.self).joined(separator: ": ")
    let text = label.isEmpty ? "" : "|\"\(quoted(label))\"|"
    return "\(prefix)\(edge.from) \(arrow)\(text) \(prefix)\(edge.to)"
  }

  /// Text within quotation marks: what Mermaid or its HTML would read is written as its own `#…;`.
  static func quoted(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "#", "&", "<", ">", "`", ";", "\\": output += "#\(scalar.value);"
      case _ where scalar.value < 0x20: output += " "
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
