internal import Glibc
internal import WalkerModel

/// What a parse may read: the files below one folder, and those that are served from memory. A kernel includes nothing from
/// elsewhere; text that does could show any file of this machine, and a walk that rests on it would not notice when it changes.
struct Confinement {
  private let folder: String
  private let real: String?
  private let served: Set<String>
  private var folders: [String: String?] = [:]

  /// Nil where the arguments name no folder: then nothing is confined.
  init?(_ arguments: [String], _ unsavedFiles: [UnsavedFile]) {
    guard let folder = Self.folder(arguments) else { return nil }
    self.folder = folder
    real = Self.real(folder)
    served = Set(unsavedFiles.map(\.path))
  }

  static func folder(_ arguments: [String]) -> String? {
    arguments.last { $0.hasPrefix(TranslationUnit.confining) }.map {
      String($0.dropFirst(TranslationUnit.confining.count))
    }
  }

  /// Throws `UserError` for the first file that lies elsewhere.
  mutating func check(_ files: [String]) throws {
    for file in files where !served.contains(file) {
      guard let real, let place = place(of: file), place.hasPrefix(real + "/") else {
        let name = file.hasPrefix(folder + "/") ? String(file.dropFirst(folder.count + 1)) : file
        throw UserError(
          "\(name) was included and lies outside of the kernel's tree, which a kernel's own text does not do: do not trust this tree, or copy the file into it"
        )
      }
    }
  }

  /// Without links. A folder is asked for once.
  private mutating func place(of file: String) -> String? {
    guard let slash = file.lastIndex(of: "/") else { return nil }
    var info = stat()
    guard lstat(file, &info) == 0 else { return nil }
    if info.st_mode & S_IFMT == S_IFLNK { return Self.real(file) }
    let parent = String(file[..<slash])
    let known = folders[parent] ?? Self.real(parent)
    folders[parent] = .some(known)
    return known.map { $0 + file[slash...] }
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
