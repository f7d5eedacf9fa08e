internal import Glibc

/// The kernel of this machine, as it names itself.
struct RunningKernel: Sendable {
  /// `uname -r`: `6.1.0-32-amd64`.
  let release: String
  /// `uname -v`; Debian's names the package's version there: `#1 SMP PREEMPT_DYNAMIC Debian 6.1.129-1 (2025-03-06)`.
  let build: String

  static func current() -> RunningKernel {
    var name = utsname()
    uname(&name)
    func text<Tuple>(_ field: Tuple) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return RunningKernel(release: text(name.release), build: text(name.version))
  }

  /// The version as precisely as it is known: `6.1.129`.
  var version: String {
    let words = build.words
    if let word = words.first(where: { $0.hasPrefix(series + ".") }) { return String(word.prefix { $0 != "-" }) }
    return String(release.prefix { $0.isNumber || $0 == "." })
  }

  /// What a kernel's own words say of its version, as a source's Makefile has it: `uname -r`, a space, `uname -v`.
  static func version(stated text: String) -> String {
    let parts = text.split(separator: " ", maxSplits: 1).map { String($0) }
    return RunningKernel(release: parts.first ?? "", build: parts.count > 1 ? parts[1] : "").version
  }

  /// `6.1`
  var series: String {
    release.prefix { $0.isNumber || $0 == "." }.split(separator: ".").prefix(2).joined(separator: ".")
  }

  /// Where a distribution or a build leaves the whole source.
  var folders: [String] {
    ["/lib/modules/\(release)/source", "/usr/src/linux-source-\(series)", "/usr/src/linux-\(version)"]
  }
  var archives: [String] { ["xz", "bz2", "gz", "zst"].map { "/usr/src/linux-source-\(series).tar.\($0)" } }

  /// The version that is nearest to this kernel's, newer or older, among those of `series` (empty: any).
  func nearest(of versions: [String], within series: String) -> String? {
    let numbers = Self.numbers(version)
    return versions.filter { series.isEmpty || $0 == series || $0.hasPrefix(series + ".") }.min { left, right in
      let (first, second) = (Self.distance(Self.numbers(left), numbers), Self.distance(Self.numbers(right), numbers))
      return first == second ? left < right : first.lexicographicallyPrecedes(second)
    }
  }

  private static func numbers(_ version: String) -> [Int] {
    let numbers = version.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
    return (numbers + [0, 0, 0]).prefix(3).map { $0 }
  }

  private static func distance(_ left: [Int], _ right: [Int]) -> [Int] { zip(left, right).map { abs($0 - $1) } }
}
