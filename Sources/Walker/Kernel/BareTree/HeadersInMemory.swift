/// The headers of a tree that is not on disk, as libclang finds them.
enum HeadersInMemory {
  /// Where the tree appears to lie.
  static let prefix = "/walker/tree"

  /// Everything that a file of the kernel proper may include. Drivers are left out: the code walked includes none of
  /// their headers, and they are more than all others together.
  static func headers(of tree: any KernelTree) throws -> [String: [UInt8]] {
    let folders = [
      "include", "arch/x86", "net", "fs", "mm", "kernel", "security", "block", "crypto", "lib", "ipc", "init",
      "io_uring", "virt",
    ]
    var files: [String: [UInt8]] = [:]
    for folder in folders {
      for path in try tree.files(below: folder) where path.hasSuffix(".h") && !isOfOtherArchitecture(path) {
        if let bytes = try tree.contents(of: path) { files["\(prefix)/\(path)"] = bytes }
      }
    }
    for (path, bytes) in files {
      files.merge(climbingIncludes(of: path, bytes, in: files)) { file, _ in file }
    }
    return files
  }

  /// Of old trees' include/asm-*, only the generic and the x86 ones are wanted.
  private static func isOfOtherArchitecture(_ path: String) -> Bool {
    path.hasPrefix("include/asm-")
      && !["include/asm-generic/", "include/asm-x86", "include/asm-i386/"].contains(where: path.hasPrefix)
  }

  /// The files that `path` includes by a name with `..`, by the path that libclang asks for: it joins the includer's
  /// folder and the name, and knows a file in memory by that very text.
  static func climbingIncludes(
    of path: String, _ bytes: [UInt8], in files: [String: [UInt8]]
  ) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    var traceFolder: String?
    var traceFile: String?
    for start in directives(in: bytes) {
      let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        .map { String(decoding: $0, as: UTF8.self) }
      if words.count > 1, words[0] == "#include", words[1].hasPrefix("\"../") || words[1].contains("/../") {
        let name = words[1].split(separator: "\"").first.map(String.init) ?? ""
        add("\(folder(of: path))/\(name)", to: &found, from: files)
      } else if words.count > 2, words[0] == "#define" {
        if words[1] == "TRACE_INCLUDE_PATH" { traceFolder = words[2] }
        if words[1] == "TRACE_INCLUDE_FILE" { traceFile = words[2] }
      }
    }
    // linux/tracepoint.h's helper includes "TRACE_INCLUDE_PATH/TRACE_INCLUDE_FILE.h".
    if let traceFolder, traceFolder.hasPrefix("..") {
      let file = traceFile ?? path.split(separator: "/").last.map { String($0.dropLast(2)) } ?? ""
      add("\(prefix)/include/trace/\(traceFolder)/\(file).h", to: &found, from: files)
    }
    return found
  }

  /// The starts of the lines that may include something or say where trace headers lie: directives with `..`, and
  /// `#define T…`.
  private static func directives(in bytes: [UInt8]) -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      var starts: [Int] = []
      var index = 0
      while index < bytes.count {
        let isDirective = bytes[index] == UInt8(ascii: "#")
        let start = index
        var isWanted = false
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
          if bytes[index] == UInt8(ascii: "."), index > start, bytes[index - 1] == bytes[index] { isWanted = true }
          if isDirective, bytes[index] == UInt8(ascii: "T"), index - start == 8 { isWanted = true }
          index += 1
        }
        if isDirective, isWanted { starts.append(start) }
        index += 1
      }
      return starts
    }
  }

  private static func add(
    _ asked: String, to found: inout [String: [UInt8]], from files: [String: [UInt8]]
  ) {
    var parts: [Substring] = []
    for part in asked.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    if let bytes = files["/" + parts.joined(separator: "/")] { found[asked] = bytes }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }
}
