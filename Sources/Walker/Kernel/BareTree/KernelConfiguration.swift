internal import CCrypto
internal import WalkerModel

/// The `CONFIG_` symbols in force.
struct KernelConfiguration {
  /// "default", or the file as the user named it.
  let source: String
  /// Lower-case hexadecimal: of the file, or of the default configuration's `autoconf.h`.
  let sha256: String
  /// By full name (`CONFIG_INET`): `y`, `m`, a number, or a string in its quotes.
  let symbols: [String: String]

  /// The default configuration for the tree: `DefaultConfiguration`'s answers to its Kconfig files.
  static func standard(for tree: any KernelTree, _ layout: ArchitectureLayout) throws -> KernelConfiguration {
    var reader = KconfigReader(tree: tree, architecture: layout.kconfigName)
    // The first sources all others where it is there; a tree that was cut down may lack it.
    let roots = ["Kconfig", "arch/\(layout.kconfigName)/Kconfig"]
    let others = ["init", "kernel", "mm", "block", "net", "fs", "security", "crypto", "lib"].map { "\($0)/Kconfig" }
    for root in roots + others { try reader.read(root) }
    if !reader.hasRead("arch/Kconfig"), reader.symbols.contains(where: \.isDeclared) {
      try reader.read(Array(DefaultConfiguration.standInForArch.utf8))
    }
    var answers = DefaultConfiguration.answers
    if layout.is32Bit { answers.merge(DefaultConfiguration.answers32) { $1 } }
    var symbols: [String: String] = [:]
    for (name, value) in DefaultConfiguration.assumed where value != "n" { symbols[name] = value }
    if reader.symbols.contains(where: \.isDeclared) {
      var solver = KconfigSolver(reader: reader, answers: answers, pinned: DefaultConfiguration.assumed)
      symbols.merge(solver.solve()) { $1 }
    } else {
      for (name, value) in answers where value != "n" { symbols[name] = value }
    }
    var named: [String: String] = [:]
    for (name, value) in symbols { named["CONFIG_\(name)"] = quotedIfText(value) }
    let text = header(of: named)
    return KernelConfiguration(source: DefaultConfiguration.name, sha256: sha256(Array(text.utf8)), symbols: named)
  }

  /// A real `.config`. Throws `UserError` when it is none.
  static func file(name: String, bytes: [UInt8]) throws -> KernelConfiguration {
    if bytes.starts(with: [0x1f, 0x8b]) {
      throw UserError("\(name): this configuration is compressed; unpack it (zcat) and name the result.")
    }
    var symbols: [String: String] = [:]
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line, as: UTF8.self).trimmed
      if text.isEmpty || text.hasPrefix("#") { continue }
      guard text.hasPrefix("CONFIG_"), let equals = text.firstIndex(of: "=") else {
        throw UserError(
          "\(name):\(index + 1): not a line of a kernel configuration; give a file with CONFIG_X=y lines.")
      }
      let value = String(text[text.index(after: equals)...])
      if value != "n" { symbols[String(text[..<equals])] = value }
    }
    guard symbols["CONFIG_X86_64"] == "y" || symbols["CONFIG_X86_32"] == "y" || symbols["CONFIG_X86"] == "y" else {
      throw UserError("\(name): not the configuration of an x86 kernel (no CONFIG_X86=y); give one of x86_64.")
    }
    // The compiler is libclang, whatever built the kernel: its headers choose by these.
    for symbol in ["CC_IS_CLANG", "CC_IS_GCC", "CLANG_VERSION", "GCC_VERSION"] {
      let value = DefaultConfiguration.assumed[symbol]
      symbols["CONFIG_\(symbol)"] = value == "n" ? nil : value
    }
    return KernelConfiguration(source: name, sha256: sha256(bytes), symbols: symbols)
  }

  /// y or m.
  func isEnabled(_ name: String) -> Bool { symbols[name] == "y" || symbols[name] == "m" }

  func integer(_ name: String) -> Int? {
    symbols[name].flatMap { $0.hasPrefix("0x") ? Int($0.dropFirst(2), radix: 16) : Int($0) }
  }

  /// `include/generated/autoconf.h`, sorted by name.
  var autoconfHeader: String { Self.header(of: symbols) }

  private static func header(of symbols: [String: String]) -> String {
    var text = "#define AUTOCONF_INCLUDED\n"
    for (name, value) in symbols.sorted(by: { $0.key < $1.key }) {
      switch value {
      case "y": text += "#define \(name) 1\n"
      case "m": text += "#define \(name)_MODULE 1\n"
      default: text += "#define \(name) \(value)\n"
      }
    }
    return text
  }

  /// Numbers and tristates stay as they are; other text gets quotes, as in a `.config`.
  private static func quotedIfText(_ value: String) -> String {
    let digits = value.hasPrefix("0x") ? UInt64(value.dropFirst(2), radix: 16) : nil
    let isPlain = value == "y" || value == "m" || Int(value) != nil || digits != nil
    return isPlain || value.hasPrefix("\"") ? value : "\"\(value)\""
  }

  private static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1 else { return "" }
    return digest.map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
  }
}
