internal import CClang

/// What walker parses with.
public enum ClangVersion {
  /// `libclang 19.1.7 (Debian)`
  public static var text: String {
    let version = clang_getClangVersion()
    defer { clang_disposeString(version) }
    let words = clang_getCString(version).map { String(cString: $0) } ?? "of an unknown version"
    let number = words.firstMatch(of: /version ([0-9][^ ]*)/).map { String($0.1) }
    return "libclang \(number ?? words)"
  }
}
