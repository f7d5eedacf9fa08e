internal import FoundationEssentials
internal import Glibc
internal import WalkerModel

/// A file that the user asked for: there whole, or as it was.
enum OutputFile {
  /// Throws `UserError` when it can't be written.
  static func write(_ text: String, to path: String) throws {
    let temporary = "\(path).\(getpid()).partial"
    do {
      try Data(text.utf8).write(to: URL(filePath: temporary))
    } catch {
      unlink(temporary)
      throw UserError("\(path) cannot be written: check the folder's permissions and the room on its disk")
    }
    guard rename(temporary, path) == 0 else {
      unlink(temporary)
      throw UserError("\(path) cannot be replaced: check the folder's permissions")
    }
  }
}
