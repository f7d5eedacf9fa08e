internal import FoundationEssentials
internal import WalkerAnnotation
internal import WalkerModel

/// From what `--kernel` says to the kernel that it means. Nothing is downloaded here.
enum KernelChoice {
  /// - Parameter text: nil for the newest kernel that was added.
  /// - Throws: `UserError` with what to do when there is no such kernel.
  static func resolve(_ text: String?, snippets: String) throws -> KernelReference {
    let added = names(in: snippets)
    guard let text else {
      guard let newest = added.last else {
        throw UserError(
          "no kernel was added yet: run \"walker kernels add apt:linux-source-6.12\", or name a source tree with --kernel",
          exitStatus: ExitStatus.unchecked)
      }
      return set(newest, in: snippets)
    }
    if added.contains(text) { return set(text, in: snippets) }
    if text.hasPrefix("git:") { return try git(text) }
    if isFolder(text) {
      return KernelReference(name: name(of: text), kind: .folder(absolute(text)), source: "folder:\(name(of: text))")
    }
    if FileManager.default.fileExists(atPath: text) {
      return KernelReference(name: name(of: text), kind: .archive(absolute(text)), source: "archive:\(name(of: text))")
    }
    throw UserError(
      "there is no kernel \"\(text)\": it is neither a folder, nor an archive, nor one that was added (\(hint(text, added)))",
      exitStatus: ExitStatus.unchecked)
  }

  /// The kernels that were added, the oldest version first.
  static func names(in snippets: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: snippets)) ?? []
    let sets = entries.filter { FileManager.default.fileExists(atPath: "\(snippets)/\($0)/PROVENANCE.json") }
    return sets.sorted { isOlder($0, $1) }
  }

  static func set(_ name: String, in snippets: String) -> KernelReference {
    KernelReference(name: name, kind: .set(absolute(snippets + "/" + name)), source: "set:\(name)")
  }

  private static func git(_ text: String) throws -> KernelReference {
    let parts = text.dropFirst("git:".count)
    guard let at = parts.lastIndex(of: "@"), at > parts.startIndex, parts.index(after: at) < parts.endIndex else {
      throw UserError("\"\(text)\" names no revision: write git:PATH@REVISION", exitStatus: ExitStatus.usage)
    }
    let (path, revision) = (String(parts[..<at]), String(parts[parts.index(after: at)...]))
    guard isFolder(path) else {
      throw UserError("there is no folder \(path): name a local git clone", exitStatus: ExitStatus.unchecked)
    }
    return KernelReference(
      name: revision, kind: .git(repository: absolute(path), revision: revision),
      source: "git:\(name(of: path))@\(revision)")
  }

  private static func hint(_ text: String, _ added: [String]) -> String {
    if let nearest = Spelling.nearest(to: text, among: added) { return "did you mean \(nearest)?" }
    return added.isEmpty ? "none was; run \"walker kernels add\"" : "these were: \(added.joined(separator: ", "))"
  }

  private static func name(of path: String) -> String {
    absolute(path).split(separator: "/").last.map(String.init) ?? path
  }

  private static func absolute(_ path: String) -> String {
    let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(filePath: full).standardizedFileURL.path(percentEncoded: false).trimmingSlash
  }

  /// Numbers within names count as numbers: 6.1, 6.12, 7.2.
  private static func isOlder(_ left: String, _ right: String) -> Bool {
    func parts(_ name: String) -> [Int] { name.split { !$0.isNumber }.map { Int($0) ?? 0 } }
    let (first, second) = (parts(left), parts(right))
    return first == second ? left < right : first.lexicographicallyPrecedes(second)
  }
}

extension String {
  fileprivate var trimmingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
