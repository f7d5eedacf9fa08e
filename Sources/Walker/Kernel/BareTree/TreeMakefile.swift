/// What the tree's top-level Makefile says about itself: its version, and the C dialect that its code is written in.
struct TreeMakefile {
  private(set) var version = 0
  private(set) var patchLevel = 0
  private(set) var subLevel = 0
  private(set) var extraVersion = ""
  /// `gnu89` or `gnu11`; nil when the kernel leaves it to its compilers (gnu89 in those days).
  private(set) var standard: String?
  private(set) var hasUnsignedChar = false
  private(set) var hasMicrosoftExtensions = false
  private(set) var isPresent = false

  init(tree: any KernelTree) throws {
    guard let bytes = try tree.contents(of: "Makefile") else { return }
    isPresent = true
    var lines = KconfigLines(bytes: bytes)
    while let bytes = lines.next() {
      // Most lines are rules; only assignments matter.
      guard let first = bytes.first, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first else { continue }
      let line = String(decoding: bytes, as: UTF8.self)
      guard let equals = line.firstIndex(of: "=") else { continue }
      let name = line[..<equals].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      let value = line[line.index(after: equals)...].trimmed
      switch name {
      case "VERSION": version = Int(value) ?? 0
      case "PATCHLEVEL": patchLevel = Int(value) ?? 0
      case "SUBLEVEL": subLevel = Int(value) ?? 0
      case "EXTRAVERSION": extraVersion = value
      case "CFLAGS", "KBUILD_CFLAGS", "CC_FLAGS_DIALECT":
        for flag in value.split(whereSeparator: \.isWhitespace) {
          if flag.hasPrefix("-std=") { standard = String(flag.dropFirst(5)) }
          if flag == "-funsigned-char" { hasUnsignedChar = true }
          if flag.hasPrefix("-fms-") || flag.contains("MS_EXTENSIONS") { hasMicrosoftExtensions = true }
        }
      default: break
      }
    }
  }

  /// `6.12.117-rc1`; 2.6 trees have four parts, the last in EXTRAVERSION.
  var release: String { "\(version).\(patchLevel).\(subLevel)\(extraVersion)" }

  /// `LINUX_VERSION_CODE`.
  var versionCode: Int { version << 16 + patchLevel << 8 + min(subLevel, 255) }
}
