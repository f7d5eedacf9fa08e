internal import WalkerModel

/// A tarball from the web, kept in the cache and asked for again only when the server has a newer one.
enum Download {
  /// The file's path. Throws `UserError` when it can't be had.
  static func fetch(_ address: String, cache: String, progress: @escaping ProgressHandler) async throws -> String {
    guard address.hasPrefix("https://") else {
      throw UserError("\(address) is not secure: give an https:// address", exitStatus: ExitStatus.usage)
    }
    let name = TreePath.name(String(address.prefix { $0 != "?" && $0 != "#" }))
    guard !name.isEmpty, name != "." && name != ".." else {
      throw UserError("\(address) names no file: give the address of a tarball", exitStatus: ExitStatus.usage)
    }
    let folder = "\(cache)/downloads/\(try SHA256.hex(of: address).prefix(16))"
    let target = folder + "/" + name
    try Disk.makeFolders(folder)
    let temporary = try Disk.makeTemporaryFolder(for: target)
    defer { try? Disk.remove(temporary) }
    let part = temporary + "/part"
    let isKept = Disk.isFile(target)
    progress(.phase("downloading \(name)"))
    let outcome = try await Program.run(
      "curl",
      [
        "--silent", "--show-error", "--fail", "--location", "--proto", "=https", "--connect-timeout", "30",
        "--speed-limit", "1000", "--speed-time", "60", "--remote-time", "--output", part,
      ] + (isKept ? ["--time-cond", target] : []) + ["--", address]
    ) {
      progress(.bytes(Disk.status(part)?.size ?? 0, of: nil))
    }
    if outcome.isSuccess, Disk.isFile(part), Disk.status(part)?.size != 0 || !isKept {
      try Disk.rename(part, to: target)
    } else if !isKept {
      throw UserError("can't download \(address) (\(outcome.reason)): check the address, the network and the disk")
    }
    return target
  }
}
