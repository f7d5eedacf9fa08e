internal import FoundationEssentials
internal import Glibc
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel

/// From what `--kernel` says to the kernel that it means; what is not here is fetched into the cache.
enum KernelChoice {
  /// - Parameter text: nil for the newest kernel that was added.
  /// - Throws: `UserError` with what to do when there is no such kernel, or more than one.
  static func resolve(
    _ text: String?, _ places: Places, for purpose: KernelResolver.Purpose = .read
  ) async throws -> KernelReference {
    let catalog = try places.catalog()
    let name = try text ?? places.project.kernels.first ?? newest(in: catalog)
    let kernels = try await kernels(name, catalog, places, purpose)
    guard let kernel = kernels.first, kernels.count == 1 else {
      throw UserError("\(name) names \(kernels.count) kernels: name one of them", exitStatus: ExitStatus.usage)
    }
    return kernel
  }

  /// Every kernel that a name or a pattern fits. Throws `UserError` when it fits none.
  static func all(_ text: String, _ places: Places) async throws -> [KernelReference] {
    let catalog = try places.catalog()
    var found: [KernelReference] = []
    for name in try expanded(text, catalog) { found += try await kernels(name, catalog, places, .read) }
    guard !found.isEmpty else {
      throw UserError("\(text) fits no kernel: see `walker kernels list`", exitStatus: ExitStatus.unchecked)
    }
    return found
  }

  /// Every kernel of several texts, each once; without a text, the newest kernel that was added. Throws as `all` does.
  static func resolve(all texts: [String], _ places: Places) async throws -> [KernelReference] {
    let texts = texts.isEmpty ? places.project.kernels : texts
    guard !texts.isEmpty else { return [try await resolve(nil, places)] }
    var kernels: [KernelReference] = []
    for text in texts { kernels += try await all(text, places) }
    var seen: Set<KernelReference> = []
    return kernels.filter { seen.insert($0).inserted }
  }

  /// The package that a set was made from, which tells what the set was never asked.
  /// - Parameter command: what to say with `--kernel` behind it, for the message.
  /// - Throws: `UserError` when the cache no longer has it.
  static func whole(_ kernel: KernelReference, _ places: Places, command: String) throws -> KernelReference {
    if case .set(let folder) = kernel.kind,
      let archive = try SnippetSet.keptArchive(of: folder, cache: places.cache)
    {
      return archive
    }
    throw UserError(
      "the kernel \(kernel.name) is here in part, for the walkthroughs alone: name its whole source, as in `\(command) --kernel \(kernel.source)`",
      exitStatus: ExitStatus.unchecked)
  }

  /// `*` and `?` in a name stand for added kernels, in a path for folders and archives; a revision's are git's.
  private static func expanded(_ text: String, _ catalog: KernelCatalog) throws -> [String] {
    guard text.contains("*") || text.contains("?"), !text.hasPrefix("git:") else { return [text] }
    if text.contains("/") { return paths(text) }
    return try catalog.list().filter { $0.isPresent && $0.problem == nil && fnmatch(text, $0.name, 0) == 0 }.map(\.name)
  }

  private static func paths(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }

  private static func kernels(
    _ name: String, _ catalog: KernelCatalog, _ places: Places, _ purpose: KernelResolver.Purpose
  ) async throws -> [KernelReference] {
    let progress = Progress("finding the kernel \(name)")
    defer { progress.finish() }
    let resolver = KernelResolver(catalog: catalog, cache: places.cache) { progress.say($0) }
    let resolution = try await resolver.resolve(name, for: purpose)
    progress.finish()
    for note in resolution.notes { StandardStreams.complain(note) }
    return resolution.kernels
  }

  /// The name of the kernel that is meant when none is named; nil: none was added.
  static func usual(_ places: Places) throws -> String? {
    try places.project.kernels.first
      ?? places.catalog().list().last { $0.isPresent && $0.problem == nil }?.name
  }

  private static func newest(in catalog: KernelCatalog) throws -> String {
    let entries = try catalog.list()
    if let newest = entries.last(where: { $0.isPresent && $0.problem == nil }) { return newest.name }
    let example = entries.last?.name ?? "apt:linux-source"
    throw UserError(
      "no kernel was added yet: run \"walker kernels add \(example)\", or name a source tree with --kernel",
      exitStatus: ExitStatus.unchecked)
  }
}

extension KernelArguments {
  /// The `.config` file's absolute path. Throws `UserError` when there is no such file.
  func configuration() throws -> String? { try Self.configuration(config) }

  static func configuration(_ config: String?) throws -> String? {
    guard let config else { return nil }
    guard let size = RegularFile.size(config) else {
      throw UserError("there is no configuration file \(config): check --config", exitStatus: ExitStatus.unchecked)
    }
    guard size <= 16 << 20 else {
      throw UserError(
        "\(config) has \(size >> 20) MB, more than any configuration: check --config", exitStatus: ExitStatus.unchecked)
    }
    return config.hasPrefix("/") ? config : FileManager.default.currentDirectoryPath + "/" + config
  }
}
