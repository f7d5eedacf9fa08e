internal import Glibc
internal import WalkerModel

/// What killed runs left behind: files and folders that are not whole, whose names say which process was making them.
public enum Leftovers {
  /// Removes those in these folders whose process is gone; what can't be removed stays.
  public static func remove(in folders: [String]) {
    for folder in folders {
      // It is tried again by every later run.
      for name in partial(in: folder) where isAbandoned(name) { try? Disk.remove(folder + "/" + name) }
    }
  }

  /// Of one file in a folder that is not walker's own.
  public static func remove(of path: String) {
    let folder = TreePath.parent(path) ?? "."
    let name = TreePath.name(path) + "."
    for found in partial(in: folder) where found.hasPrefix(name) && found.hasSuffix(".partial") && isAbandoned(found) {
      unlink(folder + "/" + found)
    }
  }

  /// Of a cache: its folders that temporary files are made in.
  public static func remove(inCache cache: String) {
    let below = ["walks", "downloads"].flatMap { part in
      // A folder that is not there has nothing left in it.
      ((try? Disk.names(in: "\(cache)/\(part)")) ?? []).map { "\(cache)/\(part)/\($0)" }
    }
    remove(in: ["index", "summaries", "packages", "images"].map { "\(cache)/\($0)" } + below)
  }

  /// `.partial-NAME-PROCESS-NUMBER`, or `NAME.PROCESS.partial`.
  static func isAbandoned(_ name: String) -> Bool {
    let parts: [Substring]
    if name.hasPrefix(".partial-") {
      parts = name.split(separator: "-").suffix(2).dropLast()
    } else if name.hasSuffix(".partial") {
      parts = name.split(separator: ".").suffix(2).dropLast()
    } else {
      return false
    }
    guard let process = parts.first.flatMap({ pid_t($0) }), process > 0 else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// A cache holds thousands of names, few of which matter.
  private static func partial(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) {
          if strstr($0, ".partial") != nil { names.append(String(cString: $0)) }
        }
      }
    }
    return names
  }
}
