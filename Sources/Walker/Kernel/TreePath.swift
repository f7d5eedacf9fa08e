/// Paths inside of a tree: relative, with `/`, without `.` and `..`.
enum TreePath {
  /// The same path without `.`, `..` and empty components; nil when it is absolute or climbs out of the tree.
  static func normalize(_ path: String) -> String? {
    if path.utf8.first == UInt8(ascii: "/") { return nil }
    if isPlain(path) { return path }
    var kept: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
      if component == ".." {
        guard kept.popLast() != nil else { return nil }
      } else {
        kept.append(component)
      }
    }
    return kept.joined(separator: "/")
  }

  /// Where a link at `path` with the text `target` leads; nil when that is outside of the tree.
  static func resolve(link path: String, to target: String) -> String? {
    if target.utf8.first == UInt8(ascii: "/") { return nil }
    let folder = parent(path) ?? ""
    return normalize(folder.isEmpty ? target : folder + "/" + target)
  }

  static func name(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// nil when the path has no `/`.
  static func parent(_ path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return String(path[..<slash])
  }

  static func isBelow(_ path: String, _ folder: String) -> Bool {
    folder.isEmpty || (path.hasPrefix(folder) && path.utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/"))
  }

  /// No component is empty, `.` or `..`.
  private static func isPlain(_ path: String) -> Bool {
    var length = 0
    var dots = 0
    for byte in path.utf8 {
      if byte == UInt8(ascii: "/") {
        if length == 0 || (length == dots && length <= 2) { return false }
        length = 0
        dots = 0
      } else {
        length += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return length > 0 && !(length == dots && length <= 2)
  }
}
