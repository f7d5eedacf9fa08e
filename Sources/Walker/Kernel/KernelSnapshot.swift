internal import Glibc
public import WalkerModel

/// The state of a kernel's text at one moment, to be kept beside what was derived from it: `isCurrent` says in a few
/// milliseconds whether that still holds.
///
/// Of a tree on disk it covers every folder's times (files that come, go or are replaced, as most editors and `git` do)
/// and, of the files that were looked at, size, inode and times. It does not see that a file which was never looked at
/// was edited in place; `KernelSources.stamp`, which asks for every file, does. An archive is covered by its file's state,
/// a git revision by the commit's id.
public struct KernelSnapshot: Sendable, Codable, Hashable {
  private let root: String
  /// Relative to the root, one a line.
  private let paths: String
  private let digest: String
  private let repository: String?
  private let revision: String?

  /// `files`: what the parse opened and what holds an answer, relative to the tree. Take it before the text is read: a
  /// change while reading then makes it outdated, not unseen. Throws `UserError` when the kernel is not there.
  public init(of reference: KernelReference, files: [String] = []) throws {
    var paths: [String] = []
    var (root, repository, revision): (String, String?, String?) = ("", nil, nil)
    switch reference.kind {
    case .folder(let folder), .set(let folder):
      root = folder
      paths = try FolderListing(root: folder, withFiles: false).folders
      paths += Set(files + ["Makefile", Provenance.fileName]).compactMap(TreePath.normalize).sorted()
    case .archive(let path):
      root = TreePath.parent(path) ?? "."
      paths = [TreePath.name(path)]
    case .git(repository: let path, revision: let name):
      (repository, revision) = (path, name)
    }
    (self.root, self.repository, self.revision) = (root, repository, revision)
    self.paths = paths.joined(separator: "\n")
    digest = try Self.digest(root, paths, repository, revision)
  }

  /// Whether nothing has changed since. False also when the kernel is gone.
  public var isCurrent: Bool {
    let paths = paths.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    // A kernel that is gone has changed, and the walk says what is wrong.
    return (try? Self.digest(root, self.paths.isEmpty ? [] : paths, repository, revision)) == digest
  }

  private static func digest(
    _ root: String, _ paths: [String], _ repository: String?, _ revision: String?
  ) throws -> String {
    if let repository, let revision { return try Git.resolve(revision, in: repository) }
    let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Disk.error("read the folder", root) }
    defer { close(descriptor) }
    let chunk = 256
    let parts = try Parallel.map((paths.count + chunk - 1) / chunk) { index in
      var numbers: [Int64] = []
      for path in paths[(index * chunk)..<min(paths.count, (index + 1) * chunk)] {
        guard let status = Disk.status(path.isEmpty ? "." : path, in: descriptor) else {
          numbers += [-1]
          continue
        }
        // A folder's size says nothing that its times do not.
        numbers += [
          status.kind == .folder ? 0 : Int64(status.size), Int64(bitPattern: status.inode), status.modified,
          status.changed,
        ]
      }
      return numbers
    }
    let hash = SHA256()
    for part in parts { part.withUnsafeBytes(hash.update) }
    return try hash.finish()
  }
}
