internal import FoundationEssentials
internal import Glibc
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

/// Where this walker finds things: its engine, walkthroughs, kernels and cache.
struct Places: Sendable {
  let engine: String
  /// The program that asks kernels.
  let guest: String
  let walkthroughs: SearchPath
  let kernels: SearchPath
  /// Where a kernel that is added goes; it may not exist yet.
  var snippets: String { kernels.home }
  let cache: String
  let keepsWalks: Bool
  let bounds: Bounds
  /// What the project's `.walker.yml` says.
  let project: ProjectFile

  /// - Parameter boundsEachWalk: the command goes on until it is ended, so its time is that of each walk.
  init(_ arguments: PlaceArguments, boundsEachWalk: Bool = false) throws {
    project = try ProjectFile.nearest(to: FileManager.default.currentDirectoryPath)
    let installation = Installation()
    engine = installation.helper("walker-engine")
    guest = installation.helper("walker-guest", inCheckout: ".build/walker-guest")
    walkthroughs = SearchPath(
      "Annotations", given: arguments.annotations ?? project.annotations, installation: installation)
    kernels = SearchPath("kernel-snippets", given: arguments.snippets, installation: installation)
    cache = try arguments.cache ?? cacheFolder()
    keepsWalks = !arguments.noCache
    bounds = Bounds(arguments, eachWalk: boundsEachWalk)
    Ending.bound(bounds)
    Program.launcher.set(guest)
    Leftovers.remove(inCache: cache)
    Leftovers.remove(in: [snippets])
  }

  /// Throws `UserError` when there is no folder with walkthroughs.
  func annotations() throws -> AnnotationsFolder { try AnnotationsFolder.first(of: walkthroughs.folders.map(\.path)) }

  /// Throws `UserError` when `catalog.json` is damaged.
  func catalog() throws -> KernelCatalog { try KernelCatalog(folder: snippets, others: kernels.present) }

  /// Where places are linked to: as given, else as the project or the catalog says; nil where nobody does, or `none` is said.
  func browser(_ given: String?) throws -> String? {
    let template = try given ?? project.browser ?? catalog().browser
    return template == "none" ? nil : template
  }
}

func isFolder(_ path: String) -> Bool {
  var isFolder = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
}

private func cacheFolder() throws -> String {
  if let base = Terminal.environment("XDG_CACHE_HOME"), base.hasPrefix("/") { return base + "/walker" }
  if let home = Terminal.environment("HOME") { return home + "/.cache/walker" }
  throw UserError(
    "there is no place for the cache, since neither XDG_CACHE_HOME nor HOME is set: name one with --cache")
}
