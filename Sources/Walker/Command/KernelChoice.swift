internal import FoundationEssentials
internal import WalkerKernel
internal import WalkerModel

/// From what `--kernel` says to the kernel that it means; what is not here is fetched into the cache.
enum KernelChoice {
  /// - Parameter text: nil for the newest kernel that was added.
  /// - Throws: `UserError` with what to do when there is no such kernel, or more than one.
  static func resolve(
    _ text: String?, _ places: Places, for purpose: KernelResolver.Purpose = .read
  ) async throws -> KernelReference {
    let catalog = try KernelCatalog(folder: places.snippets)
    let name = try text ?? newest(in: catalog)
    let progress = Progress("finding the kernel \(name)")
    defer { progress.finish() }
    let resolver = KernelResolver(catalog: catalog, cache: places.cache) { progress.say($0) }
    let resolution = try await resolver.resolve(name, for: purpose)
    progress.finish()
    for note in resolution.notes { StandardStreams.complain(note) }
    guard let kernel = resolution.kernels.first, resolution.kernels.count == 1 else {
      throw UserError(
        "\(name) names \(resolution.kernels.count) kernels: name one of them", exitStatus: ExitStatus.usage)
    }
    return kernel
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
    guard FileManager.default.fileExists(atPath: config), !isFolder(config) else {
      throw UserError("there is no configuration file \(config): check --config", exitStatus: ExitStatus.unchecked)
    }
    return config.hasPrefix("/") ? config : FileManager.default.currentDirectoryPath + "/" + config
  }
}
