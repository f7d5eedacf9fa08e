internal import WalkerModel

/// A tarball from the web, kept in the cache and asked for again only when the server has another one.
enum Download {
  /// The file's path. Throws `UserError` when it can't be had, or is no archive.
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
    // What was kept is what was fetched, or it is fetched again.
    let known = try Disk.read(folder + "/answer").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let isKept = try Disk.isFile(target) && known.hasPrefix("sha256: \(SHA256.hex(ofFile: target))\n")
    progress(.phase(isKept ? "asking for a newer \(name)" : "downloading \(name)"))
    if isKept {
      let asked = try await curl(["--head"], address)
      if asked.isSuccess, let answer = validators(asked.output), known.hasSuffix("\n" + answer) { return target }
      // The server was not reached: what was fetched before is at hand. What it answers otherwise counts.
      if !asked.isSuccess, asked.status != refused { return target }
    }
    let temporary = try Disk.makeTemporaryFolder(for: target)
    // What stays behind is removed by a later run, once this process is gone (`Leftovers`).
    defer { try? Disk.remove(temporary) }
    let part = temporary + "/" + name
    let outcome = try await curl(["--remote-time", "--dump-header", "-", "--output", part], address) {
      progress(.bytes(Disk.status(part)?.size ?? 0, of: nil))
    }
    guard outcome.isSuccess, Disk.isFile(part) else { throw failure(address, outcome) }
    try checkArchive(part, address)
    let answer = "sha256: \(try SHA256.hex(ofFile: part))\n\(validators(outcome.output) ?? "")"
    try Disk.rename(part, to: target)
    try Disk.replace(folder + "/answer", with: Array(answer.utf8))
    return target
  }

  private static func curl(
    _ options: [String], _ address: String, poll: (@Sendable () -> Void)? = nil
  ) async throws -> Program.Outcome {
    let arguments =
      [
        "--disable", "--silent", "--show-error", "--fail", "--location", "--proto", "=https", "--connect-timeout", "30",
        "--speed-limit", "1000", "--speed-time", "60", "--max-filesize", "\(ArchiveReader.largestTotal)",
      ] + options + ["--", address]
    guard let poll else { return try await Program.run("curl", arguments) }
    return try await Program.run("curl", arguments, poll: poll)
  }

  /// curl's: the server answered with an error.
  private static let refused: Int32 = 22

  private static func failure(_ address: String, _ outcome: Program.Outcome) -> UserError {
    let remedy =
      switch outcome.status {
      case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91:
        "its certificate is none that this machine trusts (self-signed, expired, or of another name): fetch the file by other means and give its path"
      default: "check the address, the network and the disk"
      }
    return UserError("can't download \(address) (\(outcome.reason)): \(remedy)")
  }

  /// What tells one state of the file from another, in the headers of the last answer; nil when nothing does.
  static func validators(_ headers: String) -> String? {
    let blocks = headers.replacing("\r\n", with: "\n").split(separator: "\n\n")
    guard let last = blocks.last else { return nil }
    var fields: [String: String] = [:]
    for line in last.split(separator: "\n").dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmed
    }
    guard fields["etag"] != nil || (fields["last-modified"] != nil && fields["content-length"] != nil) else {
      return nil
    }
    return ["etag", "last-modified", "content-length"].map { "\($0): \(fields[$0] ?? "")\n" }.joined()
  }

  /// A page that asks for a password comes with status 200, too.
  private static func checkArchive(_ path: String, _ address: String) throws {
    do { _ = try KernelArchive(path: path) } catch {
      let first = try FileSource(path: path, progress: nil).next().prefix(512)
      let text = String(decoding: first, as: UTF8.self).lowercased()
      let isPage = text.contains("<!doctype html") || text.contains("<html")
      let what = isPage ? "a web page" : "something else"
      throw UserError(
        "\(address) gave \(what) instead of an archive, which was not kept: check the address, or fetch the file by other means and give its path"
      )
    }
  }
}
