internal import Glibc
public import WalkerModel

/// From the text after `--kernel` to kernels that are here, fetching into the cache what is not.
public struct KernelResolver: Sendable {
  public enum Purpose: Sendable {
    /// A name stands for its snippet set, which has to be there.
    case read
    /// A name stands for the kernel that its set is to be made from.
    case add
  }

  public struct Resolution: Sendable {
    /// More than one only for `git:PATH@PATTERN`, oldest first; never empty.
    public let kernels: [KernelReference]
    /// What the person should know: which kernel stands in for the running one.
    public let notes: [String]
  }

  public let catalog: KernelCatalog
  public let cache: String
  private let progress: ProgressHandler

  public init(catalog: KernelCatalog, cache: String, progress: @escaping ProgressHandler = { _ in }) {
    self.catalog = catalog
    self.cache = cache
    self.progress = progress
  }

  /// Throws `UserError`: exit status 64 for a text that can't be a kernel, 1 for one that is not to be had.
  public func resolve(_ text: String, for purpose: Purpose = .read) async throws -> Resolution {
    if text == "running" { return try await running() }
    return Resolution(kernels: try await references(text, for: purpose), notes: [])
  }

  private func references(_ text: String, for purpose: Purpose) async throws -> [KernelReference] {
    if text.hasPrefix("apt:") { return [try await package(String(text.dropFirst(4)))] }
    if text.hasPrefix("git:") { return try revisions(String(text.dropFirst(4))) }
    if text.contains("://") {
      let path = try await Download.fetch(text, cache: cache, progress: progress)
      return [KernelReference(name: Self.name(ofArchive: path), kind: .archive(path), source: text)]
    }
    if let known = try await named(text, for: purpose) { return known }
    return [try file(text)]
  }

  private func named(_ name: String, for purpose: Purpose) async throws -> [KernelReference]? {
    let plan = catalog.known.first { $0.name == name }
    switch purpose {
    case .read where catalog.isPresent(name):
      let folder = catalog.path(of: name)
      // A damaged set says so when it is opened.
      let source = (try? SnippetSet.provenance(of: folder).source) ?? "set:" + name
      return [KernelReference(name: name, kind: .set(folder), source: source)]
    case .read where plan != nil && !Disk.isFolder(name):
      throw UserError("the kernel \(name) is not here yet: run `walker kernels add \(name)`")
    case .add where plan != nil:
      guard let plan else { return nil }
      return try await references(plan.source(onRelease: KernelCatalog.release), for: .add)
    case .add where catalog.isPresent(name) && !Disk.isFolder(name):
      // A set of the user's own: made again from where it came from.
      let source = try SnippetSet.provenance(of: catalog.path(of: name)).source
      guard ["apt:", "https://"].contains(where: { source.hasPrefix($0) }) else {
        throw UserError(
          "the set \(name) was made from \(source), which says no more than that: run `walker kernels add KERNEL --name \(name)`"
        )
      }
      return try await references(source, for: .add)
    default: return nil
    }
  }

  private func package(_ text: String) async throws -> KernelReference {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
    guard let name = parts.first, name.hasPrefix("linux-source") else {
      throw UserError(
        "apt:\(text) names no linux-source package: give one as in apt:linux-source-6.12", exitStatus: ExitStatus.usage)
    }
    let suite = parts.count > 1 ? parts[1] : nil
    let archive = try await AptArchive.ofMachine(suite: suite, cache: cache, progress: progress)
    let (package, path) = try await archive.fetch(name)
    return KernelReference(
      name: String(package.name.dropFirst("linux-source-".count)), kind: .archive(path),
      source: "apt:" + package.name + (suite.map { "@" + $0 } ?? ""))
  }

  private func revisions(_ text: String) throws -> [KernelReference] {
    guard let at = text.lastIndex(of: "@"), at != text.startIndex, text.index(after: at) != text.endIndex else {
      throw UserError("git:\(text) lacks a path or a revision: give git:PATH@REVISION", exitStatus: ExitStatus.usage)
    }
    let repository = absolute(String(text[..<at]))
    guard Disk.isFolder(repository) else {
      throw UserError("there is no git clone at \(repository): give git:PATH@REVISION with the path of a local clone")
    }
    let revision = String(text[text.index(after: at)...])
    let isPattern = revision.contains { "*?[".contains($0) }
    let names = isPattern ? try Git.tags(matching: revision, in: repository) : [revision]
    guard !names.isEmpty else {
      throw UserError("the clone \(repository) has no tag that matches \(revision): see `git tag` there")
    }
    if !isPattern { _ = try Git.resolve(revision, in: repository) }
    return names.map { name in
      KernelReference(
        name: name, kind: .git(repository: repository, revision: name),
        source: "git:\(TreePath.name(repository))@\(name)")
    }
  }

  private func file(_ text: String) throws -> KernelReference {
    let path = absolute(text)
    guard let status = Disk.status(path) else {
      // A hint of a message that is an error already.
      let names = (try? catalog.list().map(\.name)) ?? []
      let hint = names.isEmpty ? "" : " (known by name: \(names.joined(separator: ", ")))"
      throw UserError("there is no kernel \(text)\(hint): give a name, a folder, an archive, apt:, git: or https://")
    }
    guard status.kind == .folder else {
      return KernelReference(
        name: Self.name(ofArchive: path), kind: .archive(path), source: "archive:" + TreePath.name(path))
    }
    let name = TreePath.name(path)
    if Disk.isFile(path + "/" + Provenance.fileName) {
      let source = try SnippetSet.provenance(of: path).source
      return KernelReference(name: name, kind: .set(path), source: source)
    }
    guard Disk.isFile(path + "/Makefile") || Disk.isFolder(path + "/include") else {
      throw UserError("\(path) holds no kernel (no Makefile, no include): give a kernel's top folder")
    }
    return KernelReference(name: name, kind: .folder(path), source: "folder:" + name)
  }

  /// The running kernel's source, or what is nearest to it.
  private func running() async throws -> Resolution {
    let running = RunningKernel.current()
    let own = "the running kernel is \(running.release)"
    for folder in running.folders where Disk.isFile(folder + "/init/main.c") {
      let reference = try file(folder)
      return Resolution(kernels: [reference], notes: ["\(own); its source is \(folder)"])
    }
    for path in running.archives where Disk.isFile(path) {
      return Resolution(kernels: [try file(path)], notes: ["\(own); the nearest source at hand is \(path)"])
    }
    let present = try catalog.list().filter { $0.isPresent && $0.problem == nil }
    if let nearest = running.nearest(of: present.compactMap(\.kernelVersion), within: running.series),
      let entry = present.first(where: { $0.kernelVersion == nearest })
    {
      return try await standIn(entry, "\(own); the nearest source at hand is \(entry.name) (\(nearest))")
    }
    // Where there is no such package, or no network, something less near is taken, and it is said what.
    if let reference = try? await package("linux-source-\(running.series)") {
      return Resolution(kernels: [reference], notes: ["\(own); the nearest source to be had is \(reference.source)"])
    }
    guard let nearest = running.nearest(of: present.compactMap(\.kernelVersion), within: ""),
      let entry = present.first(where: { $0.kernelVersion == nearest })
    else {
      throw UserError("\(own), and no source near it is to be had: give its folder, or run `walker kernels add`")
    }
    return try await standIn(
      entry, "\(own), of another series than any source at hand; the nearest is \(entry.name) (\(nearest))")
  }

  private func standIn(_ entry: KernelCatalog.Entry, _ note: String) async throws -> Resolution {
    Resolution(kernels: try await references(entry.name, for: .read), notes: [note])
  }

  private func absolute(_ path: String) -> String {
    var path = path
    if path.hasPrefix("~/"), let home = getenv("HOME") { path = String(cString: home) + path.dropFirst() }
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// `6.12.3` of `linux-6.12.3.tar.xz`, `6.12` of `linux-source-6.12_6.12.117-1_all.deb`.
  static func name(ofArchive path: String) -> String {
    var name = TreePath.name(path)[...]
    for prefix in ["linux-source-", "linux-"] where name.hasPrefix(prefix) && name.count > prefix.count {
      name = name.dropFirst(prefix.count)
      break
    }
    if name.hasSuffix(".deb") { name = name.dropLast(4).prefix { $0 != "_" } }
    for suffix in [".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz", ".txz", ".tar"] where name.hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
      break
    }
    return String(name)
  }
}
