internal import FoundationEssentials
public import WalkerModel

/// A folder `Annotations/` with one folder for each walkthrough.
public struct AnnotationsFolder: Sendable, Hashable {
  public let path: String

  /// - Parameter path: as messages show it.
  public init(path: String) { self.path = path }

  /// The first folder of `candidates` that exists. Throws `UserError` that lists them when none does.
  public static func first(of candidates: [String]) throws -> AnnotationsFolder {
    var isFolder: Bool = false
    for candidate in candidates
    where FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder) && isFolder {
      return AnnotationsFolder(path: candidate)
    }
    throw UserError(
      "there is no folder with walkthroughs (looked for \(candidates.joined(separator: ", "))): name one with --annotations",
      exitStatus: ExitStatus.unchecked)
  }

  /// The names of the walkthroughs, sorted. Throws `UserError` when the folder can't be listed.
  public func names() throws -> [String] {
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw UserError(
        "the folder \(path) cannot be listed: name another one with --annotations", exitStatus: ExitStatus.unchecked)
    }
    return entries.filter { FileManager.default.fileExists(atPath: file(of: $0)) }.sorted()
  }

  /// The path of a walkthrough's file, whether or not it exists.
  public func file(of name: String) -> String { path + "/" + name + "/walkthrough.md" }

  /// The text of a walkthrough's file. Throws `UserError` with the nearest name when there is none.
  public func text(of name: String) throws -> String {
    let file = file(of: name)
    guard isIdentifier(name), FileManager.default.fileExists(atPath: file) else {
      throw UserError(
        "there is no walkthrough \"\(name)\" in \(path): \(Spelling.hint(for: name, among: try names()))",
        exitStatus: ExitStatus.unchecked)
    }
    guard let data = RegularFile.bytes(file) else {
      throw UserError("\(file) cannot be read: it has to be a file of at most 16 MB that you may read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw UserError("\(file) is not UTF-8 text: save it as UTF-8")
    }
    return text
  }

  /// All, by name. Throws as `walkthrough` does.
  public func walkthroughs() throws -> [Walkthrough] { try names().map(walkthrough) }

  /// Throws `UserError` as `text(of:)` and `WalkthroughReader` do.
  public func walkthrough(_ name: String) throws -> Walkthrough {
    try WalkthroughReader.read(try text(of: name), name: name, file: file(of: name))
  }
}
