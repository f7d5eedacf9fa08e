public import WalkerModel

/// The call path as an SVG picture that needs no other program, the kernels side by side.
public enum SVGPicture {
  private static let widest = 1200

  public static func render(_ walks: [Walk]) -> String {
    let columns = walks.map { ChainDrawing(graph: ChainGraph($0), title: "Linux \($0.kernel.version)") }
    // As many kernels beside one another as can be read on a page.
    var rows: [[ChainDrawing]] = []
    for column in columns {
      let taken = rows.last.map { $0.reduce(ChainDrawing.margin) { $0 + $1.width + ChainDrawing.margin } } ?? widest
      if taken + column.width + ChainDrawing.margin <= widest, !rows.isEmpty {
        rows[rows.count - 1].append(column)
      } else {
        rows.append([column])
      }
    }
    let width = rows.map { $0.reduce(ChainDrawing.margin) { $0 + $1.width + ChainDrawing.margin } }.max() ?? 0
    let height = rows.reduce(ChainDrawing.margin) { $0 + ($1.map(\.height).max() ?? 0) + ChainDrawing.margin }
    let title = walks.first.map {
      "\($0.title), in \(walks.map { "Linux " + $0.kernel.version }.joined(separator: ", "))"
    }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\" role=\"img\" aria-labelledby=\"title\">",
      "<title id=\"title\">\(Markup.escaped(title ?? "a walk"))</title>", style, arrowHead,
      "<rect class=\"ground\" width=\"\(width)\" height=\"\(height)\"/>",
    ]
    var top = ChainDrawing.margin
    for row in rows {
      var left = ChainDrawing.margin
      for column in row {
        lines.append("<g transform=\"translate(\(left) \(top))\">")
        lines += column.elements
        lines.append("</g>")
        left += column.width + ChainDrawing.margin
      }
      top += (row.map(\.height).max() ?? 0) + ChainDrawing.margin
    }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private static let arrowHead = """
    <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">\
    <path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
    """

  private static let style = """
    <style>
    text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #57606a }
    .title { font: 600 15px system-ui, sans-serif; fill: #1f2328 }
    .name { font-size: 13px; font-weight: 600; fill: #1f2328 }
    .value { fill: #9a4a00 }
    .ground { fill: #ffffff }
    .box { fill: #f6f8fa; stroke: #8c959f }
    .box.side { stroke-dasharray: 2 2 }
    .box.field { fill: #fff8ec; stroke: #bc6c1a }
    .box.test { fill: #eef6ff; stroke: #4a7fb5 }
    .line { fill: none; stroke: #57606a; stroke-width: 1.4 }
    .line.indirect { stroke-dasharray: 6 4 }
    .line.read { stroke: #bc6c1a; stroke-dasharray: 2 3 }
    .head { fill: #57606a }
    @media (prefers-color-scheme: dark) {
      text { fill: #9da7b3 } .title, .name { fill: #e6edf3 } .value { fill: #f0a868 } .ground { fill: #0f1419 }
      .box { fill: #1a2129; stroke: #58636e } .box.field { fill: #2a2016; stroke: #b3793d }
      .box.test { fill: #152230; stroke: #4f83b8 } .line { stroke: #8b98a5 } .head { fill: #8b98a5 }
    }
    </style>
    """
}

/// One kernel's column: the chain from top to bottom, and on its right what each function stores or enters beside it.
private struct ChainDrawing {
  static let margin = 24
  private static let gap = 56
  private static let lineHeight = 17
  private static let longest = 46

  private(set) var elements: [String] = []
  private(set) var width = 0
  private(set) var height = 0

  private struct Box {
    let lines: [(text: String, className: String)]
    let className: String
    var width: Int { (lines.map(\.text.count).max() ?? 0) * 8 + 24 }
    var height: Int { lines.count * ChainDrawing.lineHeight + 16 }
  }

  init(graph: ChainGraph, title: String) {
    let boxes = graph.nodes.map(Self.box)
    let path = graph.nodes.indices.filter { graph.nodes[$0].kind == .path }
    let pathWidth = path.map { boxes[$0].width }.max() ?? 0
    let right = pathWidth + Self.gap
    var isPlaced = Set(path)
    var places: [Int: (x: Int, y: Int, width: Int)] = [:]
    var lines: [String] = []
    var shapes: [String] = []
    var top = 30
    for (position, node) in path.enumerated() {
      shapes.append(Self.draw(boxes[node], x: 0, y: top, width: pathWidth))
      var sideTop = top
      for edge in graph.edges
      where edge.from == node && !edge.isRead && graph.nodes[edge.to].kind != .path && !isPlaced.contains(edge.to) {
        isPlaced.insert(edge.to)
        let box = boxes[edge.to]
        lines.append(
          Self.arrow(
            "M\(pathWidth) \(top + 20)H\(right - 28)V\(sideTop + 20)H\(right - 2)", isIndirect: edge.isIndirect))
        shapes.append(Self.draw(box, x: right, y: sideTop, width: box.width))
        places[edge.to] = (right, sideTop, box.width)
        width = max(width, right + box.width)
        sideTop += box.height + 14
        for inner in graph.edges where inner.from == edge.to && !inner.isRead && !isPlaced.contains(inner.to) {
          isPlaced.insert(inner.to)
          let deeper = boxes[inner.to]
          lines.append(
            Self.arrow("M\(right + 14) \(sideTop - 14)V\(sideTop + 20)H\(right + 26)", isIndirect: inner.isIndirect))
          shapes.append(Self.draw(deeper, x: right + 28, y: sideTop, width: deeper.width))
          places[inner.to] = (right + 28, sideTop, deeper.width)
          width = max(width, right + 28 + deeper.width)
          sideTop += deeper.height + 14
        }
      }
      let bottom = top + boxes[node].height
      top = max(bottom, sideTop - 14)
      guard position + 1 < path.count else { continue }
      let edge = graph.edges.first { $0.to == path[position + 1] }
      let label = Self.label(edge)
      let space = max(Self.gap, label.count * Self.lineHeight + 26)
      lines.append(
        Self.arrow("M24 \(bottom)V\(top + space - 2)", isIndirect: edge?.isIndirect ?? false))
      for (row, part) in label.enumerated() {
        shapes.append(Self.text(part.text, part.className, x: 38, y: top + 23 + row * Self.lineHeight))
        width = max(width, 38 + part.text.count * 8)
      }
      top += space
    }
    for node in graph.nodes.indices where !isPlaced.contains(node) {
      top += 18
      shapes.append(Self.draw(boxes[node], x: 0, y: top, width: boxes[node].width))
      places[node] = (0, top, boxes[node].width)
      width = max(width, boxes[node].width)
      top += boxes[node].height
    }
    width = max(width, pathWidth, title.count * 9)
    // What reads a stored field stands below: the lines go down on the right, one lane for each thing that is read.
    let read = graph.edges.filter(\.isRead)
    let lanes = read.map(\.from).uniqued
    for edge in read {
      guard let from = places[edge.from], let to = places[edge.to], let lane = lanes.firstIndex(of: edge.from) else {
        continue
      }
      let x = width + 14 + lane * 12
      lines.append(
        "<path class=\"line read\" d=\"M\(from.x + from.width) \(from.y + 26)H\(x)V\(to.y + 18)H\(to.x + to.width + 2)\" marker-end=\"url(#head)\"/>"
      )
    }
    if !lanes.isEmpty { width += 14 + lanes.count * 12 }
    for definition in graph.legend {
      for (row, part) in Self.wrapped(definition, length: max(Self.longest, width / 8 - 4)).enumerated() {
        top += row == 0 ? 26 : Self.lineHeight
        shapes.append(Self.text(part, "value", x: row == 0 ? 0 : 24, y: top))
        width = max(width, part.count * 8 + 24)
      }
    }
    height = top + (graph.legend.isEmpty ? 0 : 8)
    elements = [Self.text(title, "title", x: 0, y: 14)] + lines + shapes
  }

  private static func box(_ node: ChainGraph.Node) -> Box {
    var lines = [(node.title.shortened(to: 60), "name"), (node.place, "place")]
    if let note = node.note { lines += wrapped(note).map { ($0, "value") } }
    let className =
      switch node.kind {
      case .path: "path"
      case .side: "side"
      case .test: "test"
      case .field: "field"
      }
    return Box(lines: lines, className: className)
  }

  private static func label(_ edge: ChainGraph.Edge?) -> [(text: String, className: String)] {
    guard let edge else { return [] }
    let table = edge.table.map { [("through \($0)", "table")] } ?? []
    let value = edge.value.map { wrapped($0).map { ($0, "value") } } ?? []
    return table + (edge.carriesValue ? value : [("without the value", "table")])
  }

  /// At spaces. Nothing is left out: half a formula says something else.
  private static func wrapped(_ text: String, length: Int = longest) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = String(word)
      } else if lines[lines.count - 1].count + word.count < length {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private static func draw(_ box: Box, x: Int, y: Int, width: Int) -> String {
    let texts = box.lines.enumerated().map { row, line in
      text(line.text, line.className, x: x + 12, y: y + 22 + row * lineHeight)
    }
    return
      "<rect class=\"box \(box.className)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(box.height)\" rx=\"6\"/>"
      + texts.joined()
  }

  private static func text(_ text: String, _ className: String, x: Int, y: Int) -> String {
    "<text class=\"\(className)\" x=\"\(x)\" y=\"\(y)\">\(Markup.escaped(text))</text>"
  }

  private static func arrow(_ path: String, isIndirect: Bool) -> String {
    "<path class=\"line\(isIndirect ? " indirect" : "")\" d=\"\(path)\" marker-end=\"url(#head)\"/>"
  }
}
