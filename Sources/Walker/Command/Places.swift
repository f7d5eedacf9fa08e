internal import FoundationEssentials
internal import Glibc
internal import WalkerAnnotation
internal import WalkerModel

/// Where this walker finds things: its engine, walkthroughs, kernels and cache.
struct Places: Sendable {
  let engine: String
  /// The program that asks kernels.
  let guest: String
  /// The walkthroughs' folder. Throws `UserError` when there is none.
  let annotations: @Sendable () throws -> AnnotationsFolder
  /// The added kernels' folder; it may not exist yet.
  let snippets: String
  let cache: String
  let keepsWalks: Bool
  let timeout: Duration
  /// What the project's `.walker.yml` says.
  let project: ProjectFile

  init(_ arguments: PlaceArguments) throws {
    project = try ProjectFile.nearest(to: FileManager.default.currentDirectoryPath)
    let own = executableFolder()
    engine = own + "/walker-engine"
    guest =
      ([own + "/walker-guest"] + shared(".build/walker-guest", near: own)).first(where: isFile)
      ?? own + "/walker-guest"
    let candidates =
      (arguments.annotations ?? project.annotations).map { [$0] }
      ?? (["Annotations"] + shared("Annotations", near: own))
    annotations = { try AnnotationsFolder.first(of: candidates) }
    let snippetFolders = ["kernel-snippets"] + shared("kernel-snippets", near: own)
    snippets = arguments.snippets ?? snippetFolders.first(where: isFolder) ?? snippetFolders[0]
    cache = try arguments.cache ?? cacheFolder()
    keepsWalks = !arguments.noCache
    timeout = .seconds(arguments.timeout)
  }
}

private func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

func isFolder(_ path: String) -> Bool {
  var isFolder = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
}

/// Where `name` lies beside the executable: in the checkout that it was built in, or in the share folder of its installation.
private func shared(_ name: String, near folder: String) -> [String] {
  var candidates: [String] = []
  var parent = folder
  while let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
    parent = String(parent[..<slash])
    if FileManager.default.fileExists(atPath: parent + "/Package.swift") {
      candidates.append(parent + "/" + name)
      break
    }
  }
  if folder.hasSuffix("/bin") { candidates.append(folder.dropLast(3) + "share/walker/" + name) }
  return candidates
}

private func executableFolder() -> String {
  let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}

private func cacheFolder() throws -> String {
  if let base = Terminal.environment("XDG_CACHE_HOME"), base.hasPrefix("/") { return base + "/walker" }
  if let home = Terminal.environment("HOME") { return home + "/.cache/walker" }
  throw UserError(
    "there is no place for the cache, since neither XDG_CACHE_HOME nor HOME is set: name one with --cache")
}
