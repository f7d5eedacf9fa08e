internal import WalkerModel

/// Which files some files may include, and which macros each of them defines, read from their directives without
/// preprocessing: a branch that the configuration leaves out counts as well. Paths are relative to the environment's
/// prefix.
public struct IncludeGraph: Sendable {
  private struct Node: Sendable {
    var includes: [String] = []
    /// FNV-1a of the names: a kernel's headers define tens of thousands of macros.
    var macros: [UInt64] = []
    /// What its `#if`s ask for, in the same way.
    var conditions: Set<UInt64> = []
  }

  private var nodes: [String: Node] = [:]
  private let always: [String]

  /// The graph of `files`. What can't be read counts as empty. Throws never for a file that is missing.
  init(of files: [String], tree: any KernelTree, environment: ParseEnvironment) throws {
    var finder = IncludeFinder(tree: tree, environment: environment)
    always = finder.always
    var level = files + always
    var seen = Set(level)
    while !level.isEmpty {
      let paths = level
      let source = finder.source
      let chunk = 16
      let parts = try Parallel.map((paths.count + chunk - 1) / chunk) { part in
        try paths[(part * chunk)..<min(paths.count, (part + 1) * chunk)].map { path in
          (try source.bytes(of: path) ?? []).withUnsafeBufferPointer { bytes in
            let directives = Directives(bytes)
            return (
              directives.includes, directives.macros.map { Self.hash(bytes[$0.name]) },
              Set(directives.conditions.map { Self.hash(bytes[$0]) })
            )
          }
        }
      }
      level = []
      for (path, (includes, macros, conditions)) in zip(paths, parts.flatMap { $0 }) {
        let found = includes.compactMap { finder.find($0, from: path) }
        nodes[path] = Node(includes: found, macros: macros, conditions: conditions)
        for path in found where seen.insert(path).inserted { level.append(path) }
      }
    }
  }

  /// The file itself, what the compiler's arguments include before it, and all that these may include.
  public func reach(from file: String) -> Set<String> {
    var reached: Set<String> = []
    var open = [file] + always
    while let path = open.popLast() {
      if reached.insert(path).inserted { open += nodes[path]?.includes ?? [] }
    }
    return reached
  }

  public func knows(_ file: String) -> Bool { nodes[file] != nil }

  /// Of `names`, those that are macros somewhere, with the files that define or undefine them.
  public func definers(of names: some Sequence<String>) -> [String: Set<String>] {
    var wanted: [UInt64: String] = [:]
    for name in names { wanted[Self.hash(name.utf8)] = name }
    var found: [String: Set<String>] = [:]
    for (path, node) in nodes {
      for macro in node.macros { if let name = wanted[macro] { found[name, default: []].insert(path) } }
    }
    return found
  }

  /// Of `files`, those that can be parsed one after the other: every `#if` of a header of theirs that asks for a macro
  /// of another header finds it defined or not as it does when the file is parsed alone. The first one always is.
  func agreeing(_ files: [String]) -> [String] {
    var definers: [UInt64: [String]] = [:]
    let asked = nodes.values.reduce(into: Set<UInt64>()) { $0.formUnion($1.conditions) }
    let sources = Set(files)
    for (path, node) in nodes where !sources.contains(path) {
      for macro in node.macros where asked.contains(macro) { definers[macro, default: []].append(path) }
    }
    var accepted: [String] = []
    var before: Set<String> = []
    for file in files {
      let own = reach(from: file)
      let together = before.union(own)
      func agrees(_ header: String, _ macro: UInt64) -> Bool {
        guard let places = definers[macro] else { return true }
        let context = before.contains(header) ? before : together
        return places.contains(where: own.contains) == places.contains(where: context.contains)
      }
      let isSame = own.allSatisfy { header in
        nodes[header]?.conditions.allSatisfy { agrees(header, $0) } ?? true
      }
      guard accepted.isEmpty || isSame else { continue }
      accepted.append(file)
      before = together
    }
    return accepted
  }

  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }
}

/// Finds included files as the compiler does, in the folders that the arguments name.
private struct IncludeFinder {
  struct Source: Sendable {
    let tree: any KernelTree
    let environment: ParseEnvironment

    func bytes(of path: String) throws -> [UInt8]? {
      try environment.virtualFiles[environment.prefix + "/" + path] ?? tree.contents(of: path)
    }

    func contains(_ path: String) -> Bool {
      environment.virtualFiles[environment.prefix + "/" + path] != nil || tree.contains(path)
    }
  }

  let source: Source
  /// What `-include` names.
  private(set) var always: [String] = []
  private var folders: [String] = []
  private var known: [String: String?] = [:]

  init(tree: any KernelTree, environment: ParseEnvironment) {
    source = Source(tree: tree, environment: environment)
    let prefix = environment.prefix + "/"
    var systemFolders: [String] = []
    for (position, argument) in environment.arguments.enumerated() {
      let next = environment.arguments.dropFirst(position + 1).first ?? ""
      if argument.hasPrefix("-I\(prefix)") { folders.append(String(argument.dropFirst(2 + prefix.count))) }
      if argument == "-isystem", next.hasPrefix(prefix) { systemFolders.append(String(next.dropFirst(prefix.count))) }
      if argument == "-include", next.hasPrefix(prefix) { always.append(String(next.dropFirst(prefix.count))) }
    }
    folders += systemFolders
  }

  mutating func find(_ include: Directives.Include, from includer: String) -> String? {
    if include.isQuoted {
      let folder = TreePath.parent(includer) ?? ""
      if let found = existing(folder.isEmpty ? include.name : folder + "/" + include.name) { return found }
    }
    if let answer = known[include.name] { return answer }
    let finder = self
    let answer = folders.lazy.compactMap { finder.existing($0 + "/" + include.name) }.first
    known[include.name] = .some(answer)
    return answer
  }

  private func existing(_ path: String) -> String? {
    guard let path = TreePath.normalize(path), source.contains(path) else { return nil }
    return path
  }
}
