internal import CCMark

/// cmark-gfm's tree as blocks for a terminal: code, strong, emphasis and links have their style, all else is text.
struct MarkdownTree {
  /// Names that stand out as the followed value when a code span is just that name.
  let tracked: Set<String>
  /// Deeper nesting is shown as plain text: no author writes it, and a stranger may.
  private static let deepest = 24

  func blocks(in parent: OpaquePointer, depth: Int = 0) -> [MarkdownBlock] {
    children(of: parent).flatMap { block($0, depth) }
  }

  private func block(_ node: OpaquePointer, _ depth: Int) -> [MarkdownBlock] {
    guard depth < Self.deepest else { return [.paragraph([StyledLine(plainText(node))])] }
    switch cmark_node_get_type(node) {
    case CMARK_NODE_PARAGRAPH: return [.paragraph(lines(in: node))]
    case CMARK_NODE_HEADING: return [.heading(line(in: node))]
    case CMARK_NODE_THEMATIC_BREAK: return [.rule]
    case CMARK_NODE_BLOCK_QUOTE: return [.quote(blocks(in: node, depth: depth + 1))]
    case CMARK_NODE_LIST: return list(node, depth)
    case CMARK_NODE_CODE_BLOCK:
      var lines = literal(node).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return [.code(lines)]
    default:
      guard typeName(node) == "table" else { return [.paragraph([StyledLine(plainText(node))])] }
      return [.table(children(of: node).map { row in children(of: row).map { line(in: $0) } })]
    }
  }

  private func list(_ node: OpaquePointer, _ depth: Int) -> [MarkdownBlock] {
    let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
    let mark = cmark_node_get_list_delim(node) == CMARK_PAREN_DELIM ? ")" : "."
    let start = Int(cmark_node_get_list_start(node))
    return children(of: node).enumerated().map { position, item in
      .item(marker: isOrdered ? "\(start + position)\(mark)" : "•", blocks(in: item, depth: depth + 1))
    }
  }

  // MARK: Within a line

  func line(in node: OpaquePointer) -> StyledLine {
    var line = StyledLine()
    for (position, part) in lines(in: node).enumerated() {
      if position > 0 { line.append(" ") }
      line.append(part)
    }
    return line
  }

  private func lines(in node: OpaquePointer) -> [StyledLine] {
    var lines = [StyledLine()]
    for child in children(of: node) { add(child, .plain, 0, to: &lines) }
    return lines
  }

  private func add(_ node: OpaquePointer, _ style: Style, _ depth: Int, to lines: inout [StyledLine]) {
    func append(_ text: String, _ style: Style) { lines[lines.count - 1].append(text, style) }
    func addChildren(_ style: Style) {
      guard depth < Self.deepest else { return append(plainText(node), style) }
      for child in children(of: node) { add(child, style, depth + 1, to: &lines) }
    }
    switch cmark_node_get_type(node) {
    case CMARK_NODE_TEXT: append(literal(node), style)
    case CMARK_NODE_SOFTBREAK: append(" ", style)
    case CMARK_NODE_LINEBREAK: lines.append(StyledLine())
    case CMARK_NODE_CODE: append(literal(node), tracked.contains(literal(node)) ? .tracked : .code)
    case CMARK_NODE_EMPH: addChildren(style == .strong ? .strong : .emphasis)
    case CMARK_NODE_STRONG: addChildren(.strong)
    case CMARK_NODE_LINK:
      let target = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
      let label = plainText(node)
      addChildren(.link)
      if !target.hasPrefix("#"), target != label, !target.isEmpty { append(" (\(target))", .dim) }
    default: addChildren(style)
    }
  }

  // MARK: Nodes

  private func children(of node: OpaquePointer) -> [OpaquePointer] {
    var children: [OpaquePointer] = []
    var next = cmark_node_first_child(node)
    while let child = next {
      children.append(child)
      next = cmark_node_next(child)
    }
    return children
  }

  private func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
  }

  private func typeName(_ node: OpaquePointer) -> String {
    cmark_node_get_type_string(node).map { String(cString: $0) } ?? ""
  }

  /// The text of all that is within, however deep.
  private func plainText(_ node: OpaquePointer) -> String {
    guard let iterator = cmark_iter_new(node) else { return "" }
    defer { cmark_iter_free(iterator) }
    var text = ""
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { return text }
      guard event == CMARK_EVENT_ENTER, let inner = cmark_iter_get_node(iterator) else { continue }
      switch cmark_node_get_type(inner) {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_CODE_BLOCK: text += literal(inner)
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      default: break
      }
    }
  }
}

extension MarkdownDocument {
  /// - Parameter tracked: names that stand out as the followed value.
  func blocks(tracked: Set<String>) -> [MarkdownBlock] {
    root.map { MarkdownTree(tracked: tracked).blocks(in: $0) } ?? []
  }
}
