public import WalkerModel

/// The call path for Graphviz, one cluster a kernel.
public enum DotPicture {
  public static func render(_ walks: [Walk]) -> String {
    var lines = [
      "digraph walk {", "  rankdir=TB;", "  graph [fontname=\"sans-serif\", nodesep=0.5];",
      "  node [shape=box, fontname=\"monospace\", fontsize=11];", "  edge [fontname=\"monospace\", fontsize=10];",
    ]
    for (index, walk) in walks.enumerated() {
      let graph = ChainGraph(walk)
      lines.append("  subgraph cluster_\(index) {")
      lines.append("    label=\(quoted("Linux \(walk.kernel.version)"));")
      for (number, node) in graph.nodes.enumerated() {
        let label = [node.title, node.place] + (node.note.map { MarkdownWrapping.wrap($0, to: 60) } ?? [])
        lines.append("    k\(index)n\(number) [label=\(quoted(label.joined(separator: "\n")))\(shape(node.kind))];")
      }
      for edge in graph.edges {
        let value = edge.value.map { MarkdownWrapping.wrap($0, to: 60) } ?? []
        let label = edge.isRead ? ["is read by"] : [edge.table].compactMap(\.self) + value
        let style = edge.isRead ? ", style=dotted" : edge.isIndirect ? ", style=dashed" : ""
        lines.append(
          "    k\(index)n\(edge.from) -> k\(index)n\(edge.to) [label=\(quoted(label.joined(separator: "\n")))\(style)];"
        )
      }
      if !graph.legend.isEmpty {
        let legend = quoted(graph.legend.joined(separator: "\n"))
        lines.append("    k\(index)legend [label=\(legend), shape=note];")
      }
      lines.append("  }")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func shape(_ kind: ChainGraph.Node.Kind) -> String {
    switch kind {
    case .path: ""
    case .side: ", style=rounded"
    case .test: ", shape=hexagon"
    case .field: ", shape=cylinder"
    }
  }

  static func quoted(_ text: String) -> String {
    "\""
      + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      .filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } } + "\""
  }
}
