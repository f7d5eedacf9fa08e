/// Which part of a kernel tree a walk can need.
///
/// A path is below one of three kinds of folder: *kept* (its text may be parsed: the core of the kernel and x86), *scanned*
/// (drivers: only its initializers count, as candidates of indirect calls), or neither (documentation, tools, other
/// architectures).
enum TreeScope {
  enum Part { case kept, scanned, ignored }

  /// Top-level folders whose text is parsed or searched for definitions.
  static let keptFolders: Set<String> = [
    "block", "crypto", "fs", "include", "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "security", "virt",
  ]
  static let ignoredFolders: Set<String> = [
    "Documentation", "LICENSES", "debian", "samples", "scripts", "tools", "usr",
  ]
  static let architectures: Set<String> = ["x86", "x86_64", "i386"]
  static let licences: Set<String> = [
    "COPYING", "LICENSES/preferred/GPL-2.0", "LICENSES/exceptions/Linux-syscall-note",
  ]

  static func part(of path: String) -> Part {
    let components = path.split(separator: "/", maxSplits: 2)
    guard components.count > 1 else { return .kept }
    if components[0] == "arch" { return architectures.contains(String(components[1])) ? .kept : .ignored }
    let top = String(components[0])
    if keptFolders.contains(top) || licences.contains(path) { return .kept }
    return ignoredFolders.contains(top) || top.utf8.first == UInt8(ascii: ".") ? .ignored : .scanned
  }

  /// Whether a folder can hold anything that counts: what a listing of the tree has to enter.
  static func enters(folder: String) -> Bool {
    folder == "arch" || part(of: folder + "/x") != .ignored
  }

  /// Whether a kernel tree has this at its top, so that an archive which begins with it has no folder around the tree.
  static func isTopLevel(_ name: String) -> Bool {
    keptFolders.contains(name) || ignoredFolders.contains(name)
      || ["arch", "certs", "drivers", "firmware", "rust", "sound", "Makefile", "Kbuild"].contains(name)
  }

  static func isSource(_ path: String) -> Bool { path.hasSuffix(".c") }
  static func isHeader(_ path: String) -> Bool { path.hasSuffix(".h") }

  /// Whether the file's identifiers are indexed: a `.c` file or a header, where `FolderListing` looks for them.
  static func isIndexed(_ path: String) -> Bool {
    guard isSource(path) || isHeader(path) else { return false }
    let components = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !components.contains(where: { $0.utf8.first == UInt8(ascii: ".") }) else { return false }
    return components.count == 1 || enters(folder: components.dropLast().joined(separator: "/"))
  }

  /// Files that a tree in memory holds: what can be included, and what says how the tree is built.
  static func isKeptInMemory(_ path: String) -> Bool {
    guard part(of: path) == .kept else { return false }
    if isSource(path) || isHeader(path) || licences.contains(path) { return true }
    let name = TreePath.name(path)
    return name == "Makefile" || name.hasPrefix("Kbuild") || name.hasPrefix("Kconfig")
      || [".tbl", ".inc", ".def", ".lds"].contains { name.hasSuffix($0) }
  }

  /// Whether the file can hold answers to the query.
  static func covers(_ path: String, _ query: IndexQuery) -> Bool {
    switch query {
    case .initializer: isSource(path) && part(of: path) != .ignored
    case .systemCall: isSource(path) && part(of: path) == .kept
    // A driver may define what the rest calls.
    case .definition, .table: (isSource(path) || isHeader(path)) && part(of: path) != .ignored
    case .writer, .caller, .holder, .variable: (isSource(path) || isHeader(path)) && part(of: path) == .kept
    case .mention(_, let folder):
      (isSource(path) || isHeader(path)) && TreePath.isBelow(path, folder)
        && (!folder.isEmpty || part(of: path) == .kept)
    }
  }
}
