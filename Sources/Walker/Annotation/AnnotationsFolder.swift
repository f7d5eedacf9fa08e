internal import FoundationEssentials
public import WalkerModel

/// A folder `Annotations/` with one folder for each walkthrough, and those that are looked through after it.
public struct AnnotationsFolder: Sendable, Hashable {
  public let path: String
  /// Of two walkthroughs with one name the one in the earlier folder counts.
  public let others: [String]

  /// - Parameter path: as messages show it.
  public init(path: String, others: [String] = []) {
    self.path = path
    self.others = others
  }

  /// The folders of `candidates` that exist. Throws `UserError` that lists them when none does.
  public static func first(of candidates: [String]) throws -> AnnotationsFolder {
    let present = candidates.filter { candidate in
      var isFolder = false
      return FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder) && isFolder
    }
    if let first = present.first { return AnnotationsFolder(path: first, others: Array(present.dropFirst())) }
    throw UserError(
      "there is no folder with walkthroughs (looked for \(candidates.joined(separator: ", "))): name one with --annotations",
      exitStatus: ExitStatus.unchecked)
  }

  /// The names of the walkthroughs, sorted. Throws `UserError` when a folder can't be listed.
  public func names() throws -> [String] { Set(try ([path] + others).flatMap(Self.names)).sorted() }

  /// The one to show when none is named: of the nearest folder that has any, the one that its file `first` names, else the
  /// first by name. Throws `UserError` when that file names none of the folder's.
  public func firstName() throws -> String? {
    for folder in [path] + others {
      let names = try Self.names(in: folder)
      guard !names.isEmpty else { continue }
      let file = folder + "/first"
      guard FileManager.default.fileExists(atPath: file) else { return names.first }
      let words = RegularFile.bytes(file).map {
        String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      }
      guard let words, words.count == 1, names.contains(String(words[0])) else {
        throw UserError(
          "\(file) has to name one walkthrough of its folder: write one of \(names.joined(separator: ", ")), or remove the file",
          exitStatus: ExitStatus.unchecked)
      }
      return String(words[0])
    }
    return nil
  }

  /// The names of the walkthroughs of one folder, sorted. Throws `UserError` when it can't be listed.
  public static func names(in folder: String) throws -> [String] {
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw UserError(
        "the folder \(folder) cannot be listed: name another one with --annotations", exitStatus: ExitStatus.unchecked)
    }
    return entries.filter { FileManager.default.fileExists(atPath: file(of: $0, in: folder)) }.sorted()
  }

  /// The path of a walkthrough's file, whether or not it exists.
  public func file(of name: String) -> String {
    ([path] + others).map { Self.file(of: name, in: $0) }.first(where: FileManager.default.fileExists)
      ?? Self.file(of: name, in: path)
  }

  public static func file(of name: String, in folder: String) -> String { folder + "/" + name + "/walkthrough.md" }

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
