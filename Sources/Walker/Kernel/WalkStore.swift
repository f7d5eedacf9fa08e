internal import FoundationEssentials
internal import Glibc
public import WalkerModel

/// Walks that were derived before, with what they rest on: of one walkthrough, by one engine, under one configuration.
///
/// Four kinds of files, each with a checksum, each written whole or not at all; a file that is damaged counts as absent.
/// `<digest>.walk` is a walk, `<digest>.prints` its fingerprints, which only a check reads and which a walk that was made for
/// something else has not (a check makes it again), `<digest>.basis` what it rests on; `<key>.place` says which of them a kernel in a certain state has. Losing any of them costs time only, so what can't be written is not kept, and nobody is told.
public struct WalkStore: Sendable {
  public let folder: String
  private let configuration: String?
  /// A walk that nothing is compared with comes without its fingerprints: they are half of it.
  private let readsFingerprints: Bool

  /// - Parameters:
  ///   - folder: the cache's for all walks.
  ///   - key: names the engine and the walkthrough, with their contents.
  ///   - configuration: a `.config` file's path, or nil.
  /// - Throws: `UserError` when the configuration can't be read.
  public init(folder: String, key: String, configuration: String?, readsFingerprints: Bool = true) throws {
    var key = "walker walks 3\n" + key
    if let configuration { key += "\nconfiguration \(configuration) \(try SHA256.hex(ofFile: configuration))" }
    self.init(
      folder: folder + "/" + String(try SHA256.hex(of: key).prefix(32)), configuration: configuration,
      readsFingerprints: readsFingerprints)
  }

  /// The same store in another process.
  public init(folder: String, configuration: String?, readsFingerprints: Bool = true) {
    self.folder = folder
    self.configuration = configuration
    self.readsFingerprints = readsFingerprints
  }

  // MARK: By place

  /// The walk of a kernel whose text has not changed since it was kept.
  public func walk(at place: KernelPlace, _ reference: KernelReference) -> Walk? {
    guard let text = read(placeFile(place)) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count >= 6, lines[0] == place.stamp else { return nil }
    let libraries = lines[6...].filter { $0.hasPrefix(libraryMark) }.map { $0.dropFirst(libraryMark.count) }
    let unlisted = lines[6...].filter { !$0.hasPrefix(libraryMark) }
    // A store is there to save time: what can't be read or verified is walked again.
    guard (try? place.stamps(of: Array(unlisted))) == lines[1],
      LoadedLibraries.areCurrent(libraries.compactMap(library))
    else { return nil }
    guard let walk = walk(lines[2]) else { return nil }
    touch(lines[2])
    return walk.stamped(
      reference, version: lines[3], configurationSource: lines[4], configurationSHA256: lines[5])
  }

  private func library(_ text: Substring) -> WalkBasis.File? {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    return parts.count == 2 ? WalkBasis.File(path: parts[1], id: parts[0]) : nil
  }

  private func keep(
    _ walk: Walk, _ digest: String, unlisted: [String], libraries: [WalkBasis.File], at place: KernelPlace
  ) throws {
    let configuration = walk.kernel.configuration
    let lines =
      [
        place.stamp, try place.stamps(of: unlisted), digest, walk.kernel.version, configuration.source,
        configuration.sha256,
      ] + libraries.map { "\(libraryMark)\($0.id) \($0.path)" } + unlisted
    try write(lines.joined(separator: "\n"), to: placeFile(place))
  }

  /// A file to lock while the kernel is walked; its folder is made.
  public func lockFile(of place: KernelPlace) -> String {
    // Without a folder there is no lock, and nobody waits for anybody.
    try? Disk.makeFolders(folder)
    return folder + "/" + placeFile(place).dropLast(6) + ".lock"
  }

  private func placeFile(_ place: KernelPlace) -> String {
    // Whose walk it is says the stamp in the file, whatever its name.
    String(((try? SHA256.hex(of: place.key)) ?? "none").prefix(32)) + ".place"
  }

  // MARK: By content

  /// The walk of another kernel, when everything that it rests on is the same in this tree. Throws `UserError` when the
  /// tree can't be read.
  public func walk(restingOn tree: any KernelTree, _ reference: KernelReference, at place: KernelPlace?) throws -> Walk?
  {
    let known = bases()
    guard !known.isEmpty else { return nil }
    let comparison = BasisComparison(tree: tree, configurationFile: try configurationFile())
    for digest in known {
      guard let text = read(digest + ".basis"), let basis = BasisText.read(text[...]), try comparison.holds(basis),
        let found = walk(digest)
      else { continue }
      let environment = try comparison.environment()
      let walk = found.stamped(
        reference, version: try tree.version(), configurationSource: environment.configurationSource,
        configurationSHA256: environment.configurationSHA256)
      touch(digest)
      if let place {
        let unlisted = try ParseEnvironment.makeNoting(for: tree, configurationFile: configurationFile()).looked
          .filter { !FolderListing.covers($0) }
        // The walk is found by its content next time, if not by its place.
        try? keep(walk, digest, unlisted: unlisted, libraries: basis.libraries, at: place)
      }
      return walk
    }
    return nil
  }

  private func configurationFile() throws -> (name: String, bytes: [UInt8])? {
    guard let configuration, let bytes = try Disk.read(configuration) else { return nil }
    return (TreePath.name(configuration), bytes)
  }

  /// Keeps a walk, when its basis is known, and that this kernel has it.
  public func keep(_ walk: Walk, _ basis: WalkBasis, at place: KernelPlace) {
    do {
      let text = BasisText.write(basis)
      let digest = String(try SHA256.hex(of: text).prefix(40))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try Disk.makeFolders(folder)
      // Before the walk that has them: with its basis it is complete.
      if readsFingerprints {
        try write(String(decoding: encoder.encode(walk.fingerprints), as: UTF8.self), to: digest + ".prints")
      }
      try write(
        String(decoding: encoder.encode(walk.with(fingerprints: Fingerprints.none)), as: UTF8.self),
        to: digest + ".walk")
      try write(text, to: digest + ".basis")
      try keep(walk, digest, unlisted: basis.unlisted, libraries: basis.libraries, at: place)
      removeOldest()
    } catch {
      // A full disk, a folder that can't be written: the walk is there all the same.
    }
  }

  // MARK: Files

  /// Digests of what is kept, the last used first.
  private func bases() -> [String] {
    // As if nothing were kept: then the walk is made.
    guard Disk.isFolder(folder), let names = try? Disk.names(in: folder) else { return [] }
    return names.filter { $0.hasSuffix(".basis") }
      .map { (String($0.dropLast(6)), Disk.status(folder + "/" + $0)?.modified ?? 0) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
  }

  private func walk(_ digest: String) -> Walk? {
    guard let walk: Walk = decoded(digest + ".walk") else { return nil }
    guard readsFingerprints else { return walk }
    return decoded(digest + ".prints").map { walk.with(fingerprints: $0) }
  }

  private func decoded<Kept: Decodable>(_ name: String) -> Kept? {
    // A walk of another version of walker: it is made again.
    read(name).flatMap { try? JSONDecoder().decode(Kept.self, from: Data($0.utf8)) }
  }

  /// The text after the checksum; nil when there is no such file, or not as it was written.
  private func read(_ name: String) -> String? {
    guard let bytes = try? Disk.read(folder + "/" + name), let end = bytes.firstIndex(of: 0x0a), end == 64 else {
      return nil
    }
    let body = Array(bytes[(end + 1)...])
    // What can't be verified is not used, and made again.
    guard let sum = try? SHA256.hex(of: body), bytes[..<end].elementsEqual(sum.utf8) else { return nil }
    return String(validating: body, as: UTF8.self)
  }

  private func write(_ text: String, to name: String) throws {
    try Disk.replace(folder + "/" + name, with: Array((try SHA256.hex(of: text) + "\n" + text).utf8))
  }

  private func touch(_ digest: String) { utimes(folder + "/" + digest + ".basis", nil) }

  /// What was not used for longest goes.
  private func removeOldest() {
    for digest in bases().dropFirst(1000) {
      for suffix in [".basis", ".walk", ".prints"] { unlink("\(folder)/\(digest)\(suffix)") }
    }
    let old = Int64(time(nil) - 86_400) * 1_000_000_000
    // To tidy up is no part of the answer.
    for name in (try? Disk.names(in: folder)) ?? []
    where name.hasSuffix(".lock") {
      if let status = Disk.status(folder + "/" + name), status.modified < old { unlink(folder + "/" + name) }
    }
  }
}

/// No path in a tree begins so.
private let libraryMark = "//library "

extension Walk {
  /// The same walk, of a kernel whose text is the same where it matters.
  func stamped(
    _ reference: KernelReference, version: String, configurationSource: String, configurationSHA256: String
  ) -> Walk {
    let identity = KernelIdentity(
      name: reference.name, version: version, source: reference.source,
      configuration: KernelIdentity.Configuration(
        source: configurationSource, sha256: configurationSHA256, depends: kernel.configuration.depends))
    return with(kernel: identity)
  }
}
