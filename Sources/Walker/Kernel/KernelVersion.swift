internal import WalkerModel

extension KernelTree {
  /// The version that the tree's own Makefile states: `6.12.117`, `6.0.0-rc1`, `2.6.20`. Throws `UserError` when the
  /// Makefile is missing or states none.
  public func version() throws -> String {
    guard let bytes = try contents(of: "Makefile") else {
      throw UserError("\(source) has no Makefile, so it is no kernel tree: give a kernel's top folder or archive")
    }
    guard let version = KernelVersion.parse(makefile: String(decoding: bytes, as: UTF8.self)) else {
      throw UserError("the Makefile of \(source) states no VERSION: give a kernel's top folder or archive")
    }
    return version
  }
}

/// Kernel version numbers.
public enum KernelVersion {
  /// `VERSION.PATCHLEVEL.SUBLEVELEXTRAVERSION`, as the kernel's build joins them; nil when there is no VERSION.
  public static func parse(makefile text: String) -> String? {
    var values: [String: String] = [:]
    for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).prefix(200) {
      guard let equals = line.firstIndex(of: "=") else { continue }
      let name = line[..<equals].trimmed
      guard ["VERSION", "PATCHLEVEL", "SUBLEVEL", "EXTRAVERSION"].contains(name), values[name] == nil else { continue }
      values[name] = line[line.index(after: equals)...].trimmed
    }
    guard let version = values["VERSION"], Int(version) != nil else { return nil }
    let numbers = [version, values["PATCHLEVEL"] ?? "", values["SUBLEVEL"] ?? ""].filter { !$0.isEmpty }
    return numbers.joined(separator: ".") + (values["EXTRAVERSION"] ?? "")
  }

  /// Whether a kernel that calls itself so (`uname -r`, a space, `uname -v`) was built from a source of this version.
  public static func isBuilt(_ stated: String, from version: String) -> Bool {
    let (left, right) = (RunningKernel.version(stated: stated), version.prefix { $0.isNumber || $0 == "." })
    return !left.isEmpty && key(left) == key(String(right))
  }

  /// Whether one version is older than another: numbers by value, and `-rc` before the release itself.
  public static func isOlder(_ left: String, than right: String) -> Bool {
    key(left).lexicographicallyPrecedes(key(right))
  }

  /// 6.12-rc3 is [6, 12, 0, -1, 3]; 6.12 is [6, 12, 0, 0]; 6.12.4 is [6, 12, 4, 0].
  private static func key(_ version: String) -> [Int] {
    let text = version.hasPrefix("v") ? version.dropFirst() : Substring(version)
    let parts = text.split(separator: "-", maxSplits: 1)
    var key = (parts.first ?? "").split(separator: ".").map { Int($0) ?? 0 }
    while key.count < 4 { key.append(0) }
    if parts.count > 1, parts[1].hasPrefix("rc"), let number = Int(parts[1].dropFirst(2).prefix { $0.isNumber }) {
      return key + [-1, number]
    }
    return key + [0]
  }
}
