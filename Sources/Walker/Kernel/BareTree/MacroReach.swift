internal import WalkerModel

/// What macros may unfold to, from the directives of all files of a graph: every definition of a name counts.
struct MacroReach {
  let graph: IncludeGraph
  let tree: any KernelTree
  let environment: ParseEnvironment
  private var texts: [String: [String: [Set<String>]]] = [:]

  init(graph: IncludeGraph, tree: any KernelTree, environment: ParseEnvironment) {
    self.graph = graph
    self.tree = tree
    self.environment = environment
  }

  /// More names than any constant is made of.
  private static let limit = 2000

  /// Whether one of these names may unfold to a pragma, which has a meaning beyond its line. Throws `UserError` when a file
  /// can't be read.
  mutating func mayHoldPragma(_ names: [String]) throws -> Bool {
    var known = Set(names)
    var next = known
    while !next.isEmpty {
      var found: Set<String> = []
      for (name, files) in graph.definers(of: next) {
        for file in files {
          for words in try definitions(in: file)[name] ?? [] {
            if words.contains("_Pragma") || words.contains("__pragma") { return true }
            found.formUnion(words)
          }
        }
      }
      next = found.subtracting(known)
      known.formUnion(found)
      if known.count > Self.limit { return true }
    }
    return false
  }

  /// Of each macro the words of each of its definitions.
  private mutating func definitions(in file: String) throws -> [String: [Set<String>]] {
    if let known = texts[file] { return known }
    let bytes = try environment.made(file) ?? tree.contents(of: file) ?? []
    let found = bytes.withUnsafeBufferPointer { bytes in
      let text = CText(bytes: bytes)
      var found: [String: [Set<String>]] = [:]
      for macro in Directives(bytes).macros {
        var words: Set<String> = []
        var position = macro.name.upperBound
        while position < macro.line.upperBound {
          let end = text.wordEnd(from: position)
          if end > position, !CText.isDigit(text.at(position)) { words.insert(text.string(position..<end)) }
          position = max(end, position + 1)
        }
        found[text.string(macro.name), default: []].append(words)
      }
      return found
    }
    texts[file] = found
    return found
  }
}
