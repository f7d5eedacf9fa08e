public import WalkerModel

/// Where a kernel lies, and the state that its text is in: known cheaply, without reading it.
public struct KernelPlace: Sendable {
  /// Names the place; for git the tree's id, which names the text itself.
  let key: String
  /// Changes whenever the text may have changed; empty where the key says it all.
  let stamp: String
  private let root: String?

  /// Throws `UserError` when there is no such kernel.
  public init(_ reference: KernelReference) throws {
    switch reference.kind {
    case .set(let folder):
      (key, root) = ("set \(folder)", folder)
      let listing = try FolderListing(root: folder, withFiles: false).stamp
      stamp = "\(listing) \(Self.stamp(folder + "/" + Provenance.fileName))"
    case .folder(let folder):
      (key, root) = ("folder \(folder)", folder)
      stamp = try FolderListing(root: folder, withFiles: false).stamp
    case .archive(let path):
      (key, stamp, root) = ("archive \(path)", Self.stamp(path), nil)
      guard stamp != "absent" else { throw UserError("there is no file \(path): check the path") }
    case .git(repository: let repository, revision: let revision):
      (key, stamp, root) = ("git-tree \(try Git.tree(of: revision, in: repository))", "", nil)
    }
  }

  /// Of files that a folder's listing does not cover.
  func stamps(of unlisted: [String]) throws -> String {
    guard let root else { return "-" }
    return try SHA256.hex(of: unlisted.map { "\($0) \(Self.stamp(root + "/" + $0))\n" }.joined())
  }

  private static func stamp(_ path: String) -> String {
    Disk.status(path).map { "\($0.size)-\($0.inode)-\($0.modified)-\($0.changed)" } ?? "absent"
  }
}
