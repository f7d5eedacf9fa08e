/// Several source files as one text for the parser: most of a parse's time goes into the headers, which they share.
///
/// A file may stand in it only if its text means there what it means alone, as far as its directives tell: it includes
/// headers only, it defines no macro that a header after it could see, and none that a header defines too, and the `#if`s
/// of its headers are decided as they are alone. The macros that it does define are put back after it. `pr_fmt` and `dev_fmt`, which a file defines before its includes for the
/// text of its messages (include/linux/printk.h), are blanked: the headers then give their own default.
public struct JointSource: Sendable {
  /// Lines for the end of one file, and the names that they use.
  public struct Addition: Sendable {
    let file: String
    let text: [UInt8]
    let names: [String]

    public init(file: String, text: [UInt8], names: [String]) {
      self.file = file
      self.text = text
      self.names = names
    }
  }

  /// The files that stand in it, in order; fewer than were asked for where one does not fit.
  public let files: [String]
  /// The text that includes the files, and those of them that differ from the tree's, by absolute path.
  public let unsaved: [String: [UInt8]]
  /// The text's own path. It does not exist on disk.
  public let path: String
  public let graph: IncludeGraph
  /// The addition stands in it. It does not where a macro of its names may hold a pragma, which would reach the next files.
  public let holdsAddition: Bool

  private static let messageMacros: Set<String> = ["pr_fmt", "dev_fmt"]

  /// `nil` when fewer than two of the files fit together. Throws `UserError` when one can't be read.
  public init?(
    of wanted: [String], tree: any KernelTree, environment: ParseEnvironment, adding addition: Addition? = nil
  ) throws {
    // Headers are only looked at here: a snippet set needs those that the parse opens.
    let tree = (tree as? RecordingTree)?.base ?? tree
    let parts = try wanted.compactMap { try Part($0, tree.contents(of: $0) ?? []) }
    guard parts.count > 1 else { return nil }
    graph = try IncludeGraph(of: parts.map(\.path), tree: tree, environment: environment)
    let mains = Set(wanted)
    let headerMacros = graph.definers(of: parts.flatMap(\.macros)).filter { !mains.isSuperset(of: $0.value) }
    let own = parts.filter { part in !part.macros.contains { headerMacros[$0] != nil } }
    let agreeing = Set(graph.agreeing(own.map(\.path)))
    let fitting = own.filter { agreeing.contains($0.path) }
    guard fitting.count > 1 else { return nil }

    files = fitting.map(\.path)
    path = "\(environment.prefix)/\(ParseEnvironment.generatedFolder)/joint.c"
    var text = ""
    var unsaved: [String: [UInt8]] = [:]
    var added: (file: String, text: [UInt8])?
    if let addition, files.contains(addition.file) {
      var macros = MacroReach(graph: graph, tree: tree, environment: environment)
      if try !macros.mayHoldPragma(addition.names) { added = (addition.file, addition.text) }
    }
    holdsAddition = added != nil
    for var part in fitting {
      if let added, added.file == part.path { part.append(added.text) }
      let file = environment.prefix + "/" + part.path
      text += part.macros.map { "#pragma push_macro(\"\($0)\")\n" }.joined()
      text += "#include \"\(file)\"\n"
      text += part.macros.map { "#pragma pop_macro(\"\($0)\")\n" }.joined()
      unsaved.merge(environment.virtualFiles(forParsing: part.path, bytes: part.bytes)) { own, _ in own }
      if part.isChanged { unsaved[file] = part.bytes }
    }
    unsaved[path] = Array(text.utf8)
    self.unsaved = unsaved
  }

  /// One file, if its own text allows that it stands beside others.
  private struct Part {
    let path: String
    private(set) var bytes: [UInt8]
    private(set) var isChanged: Bool
    /// Sorted.
    let macros: [String]

    mutating func append(_ text: [UInt8]) {
      bytes += text
      isChanged = true
    }

    init?(_ path: String, _ original: [UInt8]) {
      let directives = original.withUnsafeBufferPointer { Directives($0) }
      guard !original.isEmpty, directives.includes.allSatisfy({ $0.name.hasSuffix(".h") }) else { return nil }
      var bytes = original
      var macros: Set<String> = []
      for macro in directives.macros {
        let name = String(decoding: original[macro.name], as: UTF8.self)
        if JointSource.messageMacros.contains(name) {
          for position in macro.line where bytes[position] != 0x0a { bytes[position] = 0x20 }
        } else if macro.line.lowerBound < directives.lastInclude {
          return nil
        } else {
          macros.insert(name)
        }
      }
      self.path = path
      self.bytes = bytes
      self.macros = macros.sorted()
      isChanged = bytes != original
    }
  }
}
