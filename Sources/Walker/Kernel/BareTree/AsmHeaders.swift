/// The `asm/` headers that do not lie in the tree as such: wrappers of `asm-generic`, or (in trees where `asm` is a link
/// that the build makes) forwards into the architecture's folder.
struct AsmHeaders {
  let tree: any KernelTree
  let layout: ArchitectureLayout

  /// By path below the generated folder's `include`.
  func all() throws -> [String: String] {
    switch layout {
    case .unified: try wrappers()
    case .linked(let folder, _): try forwards(to: folder)
    case .missing: [:]
    }
  }

  private func forwards(to folder: String) throws -> [String: String] {
    var headers: [String: String] = [:]
    let start = "include/\(folder)/"
    for path in try tree.files(below: "include/\(folder)") where path.hasPrefix(start) && path.hasSuffix(".h") {
      let name = path.dropFirst(start.count)
      headers["asm/\(name)"] = "#include <\(folder)/\(name)>\n"
    }
    // Made by the build from arch/*/kernel/asm-offsets.c; only assembly needs its values.
    headers["asm/asm-offsets.h"] = ""
    return headers
  }

  /// `generic-y` of the architecture, and `mandatory-y` where it has no such header.
  private func wrappers() throws -> [String: String] {
    let ours = "arch/x86/include/asm"
    let oursUser = "arch/x86/include/uapi/asm"
    let kernel = try names("generic-y", in: "\(ours)/Kbuild") + names("mandatory-y", in: "include/asm-generic/Kbuild")
    let user =
      try names("generic-y", in: "\(oursUser)/Kbuild") + names("mandatory-y", in: "include/uapi/asm-generic/Kbuild")
      + names("mandatory-y", in: "include/uapi/asm-generic/Kbuild.asm")
    var headers: [String: String] = [:]
    for name in Set(user) where !tree.contains("\(oursUser)/\(name)") {
      let wrapper = "#include <asm-generic/\(name)>\n"
      headers["uapi/asm/\(name)"] = wrapper
      if !tree.contains("\(ours)/\(name)") { headers["asm/\(name)"] = wrapper }
    }
    for name in Set(kernel) where !tree.contains("\(ours)/\(name)") && !tree.contains("\(oursUser)/\(name)") {
      headers["asm/\(name)"] = "#include <asm-generic/\(name)>\n"
    }
    return headers
  }

  /// The values of `variable += a.h b.h` in a Kbuild file.
  private func names(_ variable: String, in path: String) throws -> [String] {
    guard let bytes = try tree.contents(of: path) else { return [] }
    var lines = KconfigLines(bytes: bytes)
    var names: [String] = []
    while let line = lines.next() {
      let words = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
        .split { $0.isWhitespace || $0 == "=" || $0 == "+" || $0 == ":" }
      if words.first.map({ $0 == variable }) ?? false { names += words.dropFirst().map(String.init) }
    }
    return names.filter { $0.hasSuffix(".h") }
  }
}
