internal import Glibc
internal import WalkerModel

/// The shared libraries that this process runs with: an upgrade of libclang may change what a walk finds.
enum LoadedLibraries {
  static func all() -> [WalkBasis.File] {
    guard let file = fopen("/proc/self/maps", "re") else { return [] }
    defer { fclose(file) }
    var paths: Set<String> = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
      guard let slash = text.firstIndex(of: "/") else { continue }
      let path = text[slash...].trimmed
      if path.contains(".so") { paths.insert(path) }
    }
    return paths.sorted().map { WalkBasis.File(path: $0, id: stamp(of: $0)) }
  }

  static func areCurrent(_ libraries: [WalkBasis.File]) -> Bool { libraries.allSatisfy { stamp(of: $0.path) == $0.id } }

  private static func stamp(of path: String) -> String {
    Disk.status(path).map { "\($0.size)-\($0.inode)-\($0.modified)-\($0.changed)" } ?? "absent"
  }
}
