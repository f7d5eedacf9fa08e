internal import FoundationEssentials
public import WalkerModel

/// A kernel that can be booted.
public struct KernelImage: Sendable, Hashable {
  /// A bzImage's path.
  public let path: String
  /// The `.config` that it was built with, where that is known.
  public let configuration: String?
  /// Where it came from: `linux-image-6.12.117-cloud-amd64 6.12.117-1`, or the file's name.
  public let source: String
}

/// Finds, for a kernel's source, the image that the same distribution built from it.
public struct KernelImages: Sendable {
  let catalog: KernelCatalog
  let cache: String
  let progress: ProgressHandler

  public init(catalog: KernelCatalog, cache: String, progress: @escaping ProgressHandler) {
    self.catalog = catalog
    self.cache = cache
    self.progress = progress
  }

  /// Fetches the image package of the same version into the cache, unless it is there.
  /// Throws `UserError` when there is none to be had.
  public func image(for kernel: KernelReference) async throws -> KernelImage {
    let wanted = try version(of: kernel)
    if let known = try unpacked(version: wanted) { return known }
    let archive = try await AptArchive.ofMachine(suite: suite(of: kernel), cache: cache, progress: progress)
    let (package, path) = try await archive.fetchImage(of: wanted)
    return try unpacked(path, "\(package.name) \(package.version)")
  }

  /// A file given by hand. Throws `UserError` when there is none.
  public static func file(_ path: String) throws -> KernelImage {
    guard Disk.isFile(path) else { throw UserError("there is no kernel image \(path): give a vmlinuz file") }
    return KernelImage(path: path, configuration: nil, source: TreePath.name(path))
  }

  /// The source package's version where it came from one, else the tree's: `6.12.117-1`, `6.12.117`.
  private func version(of kernel: KernelReference) throws -> String {
    switch kernel.kind {
    case .set(let folder):
      let provenance = try SnippetSet.provenance(of: folder)
      return provenance.package?.version ?? provenance.kernelVersion
    case .archive(let path):
      return try KernelArchive(path: path).package?.version
        ?? KernelSources.open(kernel, cache: nil).version()
    case .folder, .git: return try KernelSources.open(kernel, cache: nil).version()
    }
  }

  private func suite(of kernel: KernelReference) -> String? {
    let parts = kernel.source.split(separator: "@", maxSplits: 1)
    if kernel.source.hasPrefix("apt:") { return parts.count > 1 ? String(parts[1]) : nil }
    let known = catalog.known.first { $0.name == kernel.name }?.suite
    return known == KernelCatalog.release ? nil : known
  }

  /// What was unpacked before of just that package version: the archive need not be asked again.
  private func unpacked(version: String) throws -> KernelImage? {
    guard version.contains("-"), Disk.isFolder("\(cache)/images") else { return nil }
    let names = try Disk.names(in: "\(cache)/images").filter { $0.hasSuffix("_" + version) }
    let folders = try names.map { "\(cache)/images/\($0)" }.filter(isWhole)
    // Of a signed image and the unsigned one the first has the shorter name.
    guard let folder = folders.min(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) else { return nil }
    return image(in: folder, TreePath.name(folder).replacing("_", with: " "))
  }

  /// Whether an unpacked image is as it was unpacked.
  private func isWhole(_ folder: String) throws -> Bool {
    guard let known = try Disk.read(folder + "/" + Self.digestsFile) else { return false }
    return try Array(digests(in: folder).utf8) == known
  }

  private static let digestsFile = "SHA256SUMS"

  private func digests(in folder: String) throws -> String {
    try ["vmlinuz", "config"].filter { Disk.isFile(folder + "/" + $0) }.map {
      "\(try SHA256.hex(ofFile: folder + "/" + $0))  \($0)\n"
    }.joined()
  }

  private func image(in folder: String, _ source: String) -> KernelImage {
    let configuration = folder + "/config"
    return KernelImage(
      path: folder + "/vmlinuz", configuration: Disk.isFile(configuration) ? configuration : nil, source: source)
  }

  /// The image and its configuration out of a package, each once.
  private func unpacked(_ package: String, _ source: String) throws -> KernelImage {
    let folder = "\(cache)/images/\(TreePath.name(package).dropLast(".deb".count))"
    if try !isWhole(folder) {
      progress(.phase("unpacking \(source)"))
      let temporary = try Disk.makeTemporaryFolder(for: folder)
      do {
        try unpack(package, into: temporary)
        try Disk.write(Array(digests(in: temporary).utf8), to: temporary + "/" + Self.digestsFile)
        try Disk.exchange(temporary, into: folder)
      } catch {
        // The error that is thrown on counts; what stays behind is removed by a later run.
        try? Disk.remove(temporary)
        throw error
      }
    }
    return image(in: folder, source)
  }

  private func unpack(_ package: String, into folder: String) throws {
    let outer = try ArchiveReader(FileSource(path: package, progress: nil))
    var found: Set<String> = []
    while let part = try outer.next() {
      guard part.path.hasPrefix("data.tar") else { continue }
      let data = try ArchiveReader(EntrySource(name: TreePath.name(package), of: outer))
      while let entry = try data.next(), found.count < 2 {
        guard case .file = entry.kind else { continue }
        let name = TreePath.name(entry.path)
        for wanted in ["vmlinuz", "config"] where name == wanted || name.hasPrefix(wanted + "-") {
          try Disk.write(try data.contents(of: entry), to: folder + "/" + wanted)
          found.insert(wanted)
        }
      }
      break
    }
    guard found.contains("vmlinuz") else {
      throw UserError("\(TreePath.name(package)) holds no kernel image: give one with --image")
    }
  }
}
