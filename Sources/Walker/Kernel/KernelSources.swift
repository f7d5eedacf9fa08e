public import WalkerModel

/// Opens what a `KernelReference` names.
public enum KernelSources {
  /// `cache`: a folder for answers to queries. `progress` receives the bytes of an archive that are read, and its size.
  /// Throws `UserError` when the kernel is not there or can't be read.
  public static func open(
    _ reference: KernelReference, cache: String?, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws -> any KernelTree {
    switch reference.kind {
    case .set(let folder): try SetTree(folder)
    case .folder(let folder): try FolderTree(folder, source: reference.source, cache: cache)
    case .archive(let path): try MemoryTree(archive: path, source: reference.source, progress: progress)
    case .git(repository: let repository, revision: let revision):
      try GitTree(repository: repository, revision: revision, source: reference.source, cache: cache)
    }
  }

  /// A text that changes whenever the kernel's text may have changed, cheap to compute: what a derived walk is kept under.
  ///
  /// A folder: every source file's path, size, inode and times, and the Makefile's; a set: the same, and `PROVENANCE.json`; an
  /// archive: the file's size, inode and times; git: the commit. Throws `UserError` when the kernel is not there.
  public static func stamp(of reference: KernelReference) throws -> String {
    switch reference.kind {
    case .set(let folder):
      "set:\(folder):\(try FolderListing(root: folder, withFiles: false).stamp):\(try status(folder + "/" + Provenance.fileName))"
    case .folder(let folder):
      // No Makefile is a state of the folder like another; a walk says that it needs one.
      "folder:\(folder):\(try FolderListing(root: folder, withFiles: false).stamp):\((try? status(folder + "/Makefile")) ?? "-")"
    case .archive(let path): "archive:\(path):\(try status(path))"
    case .git(repository: let repository, revision: let revision): "git:\(try Git.resolve(revision, in: repository))"
    }
  }

  private static func status(_ path: String) throws -> String {
    guard let status = Disk.status(path) else { throw UserError("there is no file \(path): check the path") }
    return "\(status.size)-\(status.inode)-\(status.modified)-\(status.changed)"
  }
}
