internal import CCMark
internal import WalkerModel

/// A walkthrough's Markdown as cmark-gfm reads it, made harmless: raw HTML is text, an image is a link to it, and a
/// link can't hold a script.
final class MarkdownDocument {
  let root: OpaquePointer?
  private var depth = 0

  init(_ text: String) {
    _ = Self.extensionsAreRegistered
    let options = CMARK_OPT_VALIDATE_UTF8
    guard let parser = cmark_parser_new(options) else {
      root = nil
      return
    }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink"] {
      if let known = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, known) }
    }
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
    }
    root = cmark_parser_finish(parser)
    for node in descendants() { Self.makeHarmless(node) }
  }

  deinit { cmark_node_free(root) }

  /// The HTML of the text, with headings from `headingLevel` on.
  func html(headingLevel: Int) -> String {
    levelHeadings(from: headingLevel)
    return taken(cmark_render_html(root, CMARK_OPT_DEFAULT, nil))
  }

  /// The text as lines of GitHub-flavoured Markdown: paragraphs wrapped to `width`, headings from `headingLevel` on.
  func markdown(headingLevel: Int, width: Int) -> [String] {
    levelHeadings(from: headingLevel)
    return root.map { lines(in: $0, width) } ?? []
  }

  /// `cmark_gfm_core_extensions_ensure_registered` is not safe to be called at the same time from two threads.
  private static let extensionsAreRegistered: Void = cmark_gfm_core_extensions_ensure_registered()

  // MARK: Changes

  private func descendants() -> [OpaquePointer] {
    guard let iterator = cmark_iter_new(root) else { return [] }
    defer { cmark_iter_free(iterator) }
    var nodes: [OpaquePointer] = []
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { return nodes }
      if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) { nodes.append(node) }
    }
  }

  private static func makeHarmless(_ node: OpaquePointer) {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HTML_INLINE:
      guard let text = cmark_node_new(CMARK_NODE_TEXT) else { return }
      cmark_node_set_literal(text, cmark_node_get_literal(node))
      replace(node, with: text)
    case CMARK_NODE_HTML_BLOCK:
      guard let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH), let text = cmark_node_new(CMARK_NODE_TEXT) else {
        return
      }
      let literal = cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
      cmark_node_set_literal(text, literal.split(separator: "\n").joined(separator: " "))
      cmark_node_append_child(paragraph, text)
      replace(node, with: paragraph)
    case CMARK_NODE_LINK where !isAddress(cmark_node_get_url(node)): unwrap(node)
    case CMARK_NODE_IMAGE where !isAddress(cmark_node_get_url(node)): unwrap(node)
    case CMARK_NODE_IMAGE:
      // To show it would be a request that leaves the page.
      guard let link = cmark_node_new(CMARK_NODE_LINK) else { return }
      cmark_node_set_url(link, cmark_node_get_url(node))
      while let child = cmark_node_first_child(node) { cmark_node_append_child(link, child) }
      replace(node, with: link)
    case CMARK_NODE_CODE_BLOCK:
      // An indented block becomes a fenced one with a language, as linters of Markdown want it.
      let info = cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
      if info.isEmpty { cmark_node_set_fence_info(node, "text") }
    default: break
    }
  }

  /// A place to go to: an address of the web or of mail, or one relative to the text; not a script or a file's content.
  private static func isAddress(_ url: UnsafePointer<CChar>?) -> Bool {
    let text = url.map { String(cString: $0) } ?? ""
    // As browsers read it: without blanks and what can't be seen.
    let plain = text.unicodeScalars.filter { $0.value > 0x20 && !VisibleText.isHidden($0) }
    let head = String(String.UnicodeScalarView(plain)).prefix { !"/?#".contains($0) }
    guard let colon = head.firstIndex(of: ":") else { return true }
    return ["http", "https", "mailto"].contains(head[..<colon].lowercased())
  }

  /// What stands in the node takes its place.
  private static func unwrap(_ node: OpaquePointer) {
    while let child = cmark_node_first_child(node) { cmark_node_insert_before(node, child) }
    cmark_node_unlink(node)
    cmark_node_free(node)
  }

  private static func replace(_ node: OpaquePointer, with other: OpaquePointer) {
    if cmark_node_replace(node, other) == 1 { cmark_node_free(node) } else { cmark_node_free(other) }
  }

  /// No level is skipped on the way down.
  private func levelHeadings(from base: Int) {
    var previous = base - 1
    var top: Int?
    for node in descendants() where cmark_node_get_type(node) == CMARK_NODE_HEADING {
      let written = Int(cmark_node_get_heading_level(node))
      let first = top ?? written
      top = first
      previous = min(max(base, base + written - first), previous + 1, 6)
      cmark_node_set_heading_level(node, Int32(previous))
    }
  }

  // MARK: Markdown

  private func lines(in parent: OpaquePointer, _ width: Int) -> [String] {
    var output: [String] = []
    var child = cmark_node_first_child(parent)
    while let node = child {
      if !output.isEmpty { output.append("") }
      output += block(node, width)
      child = cmark_node_next(node)
    }
    return output
  }

  /// Deeper than anybody nests; cmark writes what is deeper by itself.
  private static let deepest = 20

  private func block(_ node: OpaquePointer, _ width: Int) -> [String] {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepest else { return written(node) }
    switch cmark_node_get_type(node) {
    case CMARK_NODE_LIST: return list(node, width)
    case CMARK_NODE_BLOCK_QUOTE: return lines(in: node, width - 2).map { $0.isEmpty ? ">" : "> " + $0 }
    case CMARK_NODE_PARAGRAPH: return written(node).flatMap { MarkdownWrapping.wrap($0, to: width) }
    case CMARK_NODE_HEADING: return written(node).map(MarkdownWrapping.heading)
    default:
      let lines = written(node)
      let isTable = cmark_node_get_type_string(node).map { String(cString: $0) } == "table"
      // cmark writes an empty cell with two spaces, where linters want what they want around text.
      return isTable ? lines.map { $0.replacing("|  |", with: "| |").replacing("|  |", with: "| |") } : lines
    }
  }

  private func list(_ node: OpaquePointer, _ width: Int) -> [String] {
    let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
    let isTight = cmark_node_get_list_tight(node) == 1
    var number = Int(cmark_node_get_list_start(node))
    var output: [String] = []
    var child = cmark_node_first_child(node)
    while let item = child {
      let marker = isOrdered ? "\(number). " : "- "
      let indent = String(repeating: " ", count: marker.count)
      if !isTight, !output.isEmpty { output.append("") }
      var content = lines(in: item, width - marker.count)
      if isTight { content.removeAll { $0.isEmpty } }
      for (position, line) in content.enumerated() {
        output.append(position == 0 ? marker + line : line.isEmpty ? "" : indent + line)
      }
      number += 1
      child = cmark_node_next(item)
    }
    return output
  }

  /// One node as cmark writes it, without breaks of lines but hard ones.
  private func written(_ node: OpaquePointer) -> [String] {
    let text = taken(cmark_render_commonmark(node, CMARK_OPT_NOBREAKS, 0))
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    return lines
  }

  private func taken(_ text: UnsafeMutablePointer<CChar>?) -> String {
    guard let text else { return "" }
    defer { cmark_get_default_mem_allocator().pointee.free(text) }
    return String(cString: text)
  }
}

/// Lines of Markdown that mean what the long line meant.
enum MarkdownWrapping {
  /// Breaks at spaces, also those in code spans, but never where the next word would begin a list, a quote or a heading.
  static func wrap(_ line: String, to width: Int) -> [String] {
    let isBroken = line.hasSuffix("  ")
    // A word that must not begin a line stays with the one before it.
    var pieces: [String] = []
    for word in line.split(separator: " ").map(String.init) {
      if beginsBlock(word), let last = pieces.popLast() {
        pieces.append(last + " " + word)
      } else {
        pieces.append(word)
      }
    }
    var lines: [String] = []
    var current = ""
    for word in pieces {
      if current.isEmpty {
        current = word
      } else if current.count + 1 + word.count <= width {
        current += " " + word
      } else {
        lines.append(current)
        current = word
      }
    }
    lines.append(isBroken ? current + "  " : current)
    return lines
  }

  /// Linters want no punctuation at the end of a heading.
  static func heading(_ line: String) -> String {
    var line = line
    while let last = line.last, ".,;:!".contains(last) { line.removeLast() }
    return line
  }

  private static func beginsBlock(_ word: String) -> Bool {
    let isMark = ["-", "+", "*", "1.", "1)"].contains(word) || word.hasPrefix(">") || word.hasPrefix("|")
    return isMark || word.allSatisfy { $0 == "#" } || word.allSatisfy { $0 == "=" } || word.allSatisfy { $0 == "-" }
  }
}
