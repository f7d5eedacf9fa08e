internal import FoundationEssentials
internal import WalkerModel

/// Snippet sets on disk: `kernel-snippets/<name>/`, the verbatim files that walkthroughs need, with `PROVENANCE.json`.
public enum SnippetSet {
  public static let licence = "GPL-2.0-only"

  /// Writes the files that were read through `recording`, and its answers, to `folder`.
  ///
  /// All is written to a new folder beside it and renamed into place at the end: a killed or failed run leaves the old
  /// set, or none, and never a part of one. Throws `UserError` when the disk is full or the tree can't be read.
  @discardableResult
  public static func write(
    _ recording: RecordingTree, name: String, walkthroughs: [String], maker: Provenance.Maker? = nil, to folder: String
  ) throws -> Provenance {
    let tree = recording.base
    let wanted = Set(recording.reads).union(TreeScope.licences.filter(tree.contains)).union(["Makefile"])
    let version = try tree.version()
    if let parent = TreePath.parent(folder) { Leftovers.remove(in: [parent]) }
    let temporary = try Disk.makeTemporaryFolder(for: folder)
    do {
      var files: [Provenance.File] = []
      for path in wanted.sorted() {
        guard let bytes = try tree.contents(of: path) else {
          throw UserError("\(path) vanished from \(tree.source) while it was read: run `walker kernels add` again")
        }
        let target = temporary + "/" + path
        if let parent = TreePath.parent(target) { try Disk.makeFolders(parent) }
        try Disk.write(bytes, to: target)
        files.append(Provenance.File(path: path, size: bytes.count, sha256: try SHA256.hex(of: bytes)))
      }
      let memory = tree as? MemoryTree
      let provenance = Provenance(
        format: Provenance.currentFormat, name: name, source: tree.source, kernelVersion: version,
        package: memory?.package.map { Provenance.Package(name: $0.name, version: $0.version) },
        archive: memory.map { Provenance.Archive(name: $0.archiveName, sha256: $0.archiveSHA256) },
        commit: (tree as? GitTree)?.commit, licence: licence, walkthroughs: walkthroughs.sorted(), files: files,
        index: recording.recordedAnswers, maker: maker)
      try Disk.write(provenance.encoded(), to: temporary + "/" + Provenance.fileName)
      try Disk.exchange(temporary, into: folder)
      return provenance
    } catch {
      // The error that is thrown on counts; what stays behind is removed by a later run.
      try? Disk.remove(temporary)
      throw error
    }
  }

  /// Throws `UserError` when there is no set, or one that this walker can't read.
  public static func provenance(of folder: String) throws -> Provenance {
    let path = folder + "/" + Provenance.fileName
    guard let bytes = try Disk.read(path) else {
      throw UserError("\(folder) is no snippet set (\(Provenance.fileName) is missing): run `walker kernels add`")
    }
    // The message says all that a person can do, whatever is wrong with it.
    guard let provenance = try? JSONDecoder().decode(Provenance.self, from: Data(bytes)) else {
      throw UserError(
        "\(path) is damaged or of another walker: run `walker kernels add \(TreePath.name(folder))` again")
    }
    guard provenance.format == Provenance.currentFormat else {
      throw UserError(
        "\(path) has format \(provenance.format), this walker reads \(Provenance.currentFormat): run `walker kernels add \(TreePath.name(folder))` again"
      )
    }
    return provenance
  }

  /// What differs from `PROVENANCE.json`, sorted by path; empty when the set is whole and unchanged.
  public static func verify(_ folder: String) throws -> [SnippetProblem] {
    try verify(folder, provenance(of: folder))
  }

  static func verify(_ folder: String, _ provenance: Provenance) throws -> [SnippetProblem] {
    var problems: [SnippetProblem] = []
    for file in provenance.files {
      let path = folder + "/" + file.path
      guard TreePath.normalize(file.path) == file.path, Disk.status(path, following: false)?.kind == .file else {
        problems.append(SnippetProblem(kind: .missing, path: file.path))
        continue
      }
      if try SHA256.hex(ofFile: path) != file.sha256 {
        problems.append(SnippetProblem(kind: .changed, path: file.path))
      }
    }
    let known = Set(provenance.files.map(\.path) + [Provenance.fileName])
    for path in try everything(below: folder) where !known.contains(path) {
      problems.append(SnippetProblem(kind: .extra, path: path))
    }
    return problems.sorted { $0.path < $1.path }
  }

  private static func everything(below folder: String, _ prefix: String = "") throws -> [String] {
    var found: [String] = []
    for name in try Disk.names(in: folder) {
      let path = folder + "/" + name
      if Disk.status(path, following: false)?.kind == .folder {
        found += try everything(below: path, prefix + name + "/")
      } else {
        found.append(prefix + name)
      }
    }
    return found
  }
}

/// How a set's file differs from what `PROVENANCE.json` says.
public struct SnippetProblem: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable { case changed, missing, extra }
  public let kind: Kind
  public let path: String

  public var description: String { "\(path): \(kind.rawValue)" }
}
