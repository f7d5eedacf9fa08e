internal import WalkerModel

/// The source tree inside of an archive file, entry by entry: a tarball's own, or a `linux-source` package's, whose
/// `.deb` is an ar of a tar of a tar. All three are read in one pass.
final class KernelArchive {
  struct Package: Sendable { let name: String; let version: String }

  private let file: FileSource
  /// Outermost first; the last one holds the tree.
  private var readers: [ArchiveReader] = []
  private var strippedFolder: String??
  private(set) var package: Package?
  private var first: ArchiveReader.Entry?

  /// Throws `UserError` when the file can't be read or holds no tree.
  init(path: String, progress: (@Sendable (Int, Int) -> Void)? = nil) throws {
    file = try FileSource(path: path, progress: progress)
    let outer = try ArchiveReader(file)
    readers = [outer]
    guard let entry = try outer.next() else { throw UserError("\(file.name) is empty: give a kernel's archive") }
    if entry.path == "debian-binary" {
      try openPackage(outer)
    } else {
      first = entry
    }
  }

  private func openPackage(_ outer: ArchiveReader) throws {
    while let entry = try outer.next() {
      if entry.path.hasPrefix("control.tar") {
        package = try Self.readControl(ArchiveReader(EntrySource(name: file.name, of: outer)))
      }
      guard entry.path.hasPrefix("data.tar") else { continue }
      let data = try ArchiveReader(EntrySource(name: file.name, of: outer))
      readers.append(data)
      while let entry = try data.next() {
        let name = TreePath.name(entry.path)
        guard case .file = entry.kind, name.hasPrefix("linux-source-"), name.contains(".tar") else { continue }
        readers.append(try ArchiveReader(EntrySource(name: "\(file.name) (\(name))", of: data)))
        return
      }
    }
    throw UserError("\(file.name) holds no kernel source: give a linux-source package")
  }

  private static func readControl(_ control: ArchiveReader) throws -> Package? {
    while let entry = try control.next() {
      guard TreePath.name(entry.path) == "control", case .file = entry.kind else { continue }
      let text = String(decoding: try control.contents(of: entry), as: UTF8.self)
      let fields = ControlText.paragraphs(text).first ?? [:]
      if let name = fields["package"], let version = fields["version"] { return Package(name: name, version: version) }
    }
    return nil
  }

  /// The next entry with its path inside of the tree; links carry where they lead. Throws `UserError` for an entry that
  /// would leave the tree.
  func next() throws -> (path: String, entry: ArchiveReader.Entry)? {
    guard let reader = readers.last else { return nil }
    while true {
      let read = try first ?? reader.next()
      first = nil
      guard var entry = read else { return nil }
      guard let path = try path(of: entry) else { continue }
      switch entry.kind {
      case .link(let target):
        guard let resolved = TreePath.resolve(link: path, to: target) else {
          throw climbs(entry.path + " -> " + target)
        }
        entry.kind = .link(resolved)
      case .hardLink(let target):
        var named = entry
        named.path = target
        guard let resolved = try self.path(of: named) else { throw climbs(entry.path + " -> " + target) }
        entry.kind = .hardLink(resolved)
      default: break
      }
      return (path, entry)
    }
  }

  func contents(of entry: ArchiveReader.Entry) throws -> [UInt8] { try readers.last?.contents(of: entry) ?? [] }

  /// Reads what is left of every layer, so that a file which is cut or damaged behind the tree is noticed too, and gives
  /// the file's SHA-256.
  func finish() throws -> String {
    for reader in readers.reversed() {
      while try reader.next() != nil {}
    }
    return try file.checksum()
  }

  /// Without the leading folder that tarballs put around the tree; nil for that folder itself.
  private func path(of entry: ArchiveReader.Entry) throws -> String? {
    let components = entry.path.split(separator: "/").filter { $0 != "." }
    guard !entry.path.hasPrefix("/"), !components.contains("..") else { throw climbs(entry.path) }
    guard let top = components.first else { return nil }
    let stripped: String?
    if let known = strippedFolder {
      stripped = known
    } else {
      var isFolder = components.count > 1
      if case .folder = entry.kind { isFolder = true }
      stripped = isFolder && !TreeScope.isTopLevel(String(top)) ? String(top) : nil
      strippedFolder = .some(stripped)
    }
    guard let stripped else { return components.joined(separator: "/") }
    guard top == stripped else {
      throw UserError(
        "\(file.name) holds \(entry.path) beside the folder \(stripped): give an archive of one kernel tree")
    }
    return components.count > 1 ? components.dropFirst().joined(separator: "/") : nil
  }

  private func climbs(_ path: String) -> UserError {
    UserError(
      "\(file.name) holds \(path), which leads out of the archive: do not trust it, and get the kernel elsewhere")
  }
}
