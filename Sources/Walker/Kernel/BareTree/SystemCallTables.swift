/// The headers made from arch/x86's `syscall_64.tbl` and `syscall_32.tbl` (since 3.3; before, the tree holds them).
struct SystemCallTables {
  let tree: any KernelTree

  private struct Call {
    let number: Int
    let abi: String
    let name: String
    let entry: String?
  }

  func addHeaders(to headers: inout [String: String]) throws {
    let calls64 = try table("syscall_64.tbl")
    let calls32 = try table("syscall_32.tbl")
    let common64 = calls64.filter { $0.abi == "common" || $0.abi == "64" }
    var offsets = ""
    if !calls64.isEmpty {
      for folder in ["asm", "uapi/asm"] {
        headers["\(folder)/unistd_64.h"] = numbers(common64)
        headers["\(folder)/unistd_x32.h"] = numbers(
          calls64.filter { $0.abi == "common" || $0.abi == "x32" }, offset: "__X32_SYSCALL_BIT + ")
        headers["\(folder)/unistd_32.h"] = numbers(calls32)
      }
      headers["asm/unistd_64_x32.h"] = numbers(calls64.filter { $0.abi == "x32" }, prefix: "x32_")
      headers["asm/unistd_32_ia32.h"] = numbers(calls32, prefix: "ia32_")
      headers["asm/syscalls_64.h"] = entries(common64)
      headers["asm/syscalls_32.h"] = entries(calls32)
      headers["asm/syscalls_x32.h"] = ""
      offsets += "#define __NR_syscall_max \(common64.map(\.number).max() ?? 0)\n"
      offsets += "#define NR_syscalls \((common64.map(\.number).max() ?? 0) + 1)\n"
      offsets += "#define IA32_NR_syscalls \((calls32.map(\.number).max() ?? 0) + 1)\n"
    }
    headers["generated/asm-offsets.h"] = offsets
    headers["asm/xen-hypercalls.h"] = ""
    headers["asm/orc_hash.h"] = ""
  }

  /// arch/x86/entry/syscalls since 4.2, arch/x86/syscalls before.
  private func table(_ name: String) throws -> [Call] {
    for folder in ["arch/x86/entry/syscalls", "arch/x86/syscalls"] {
      guard let bytes = try tree.contents(of: "\(folder)/\(name)") else { continue }
      return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
        let words = line.split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
          .map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 3, let number = Int(words[0]) else { return nil }
        return Call(number: number, abi: words[1], name: words[2], entry: words.count > 3 ? words[3] : nil)
      }
    }
    return []
  }

  private func numbers(_ calls: [Call], prefix: String = "", offset: String = "") -> String {
    var text = ""
    for call in calls {
      let value = offset.isEmpty ? "\(call.number)" : "(\(offset)\(call.number))"
      text += "#define __NR_\(prefix)\(call.name) \(value)\n"
    }
    let count = (calls.map(\.number).max() ?? -1) + 1
    return text + "#ifdef __KERNEL__\n#define __NR_\(prefix)syscalls \(count)\n#endif\n"
  }

  private func entries(_ calls: [Call]) -> String {
    calls.map { call in call.entry.map { "__SYSCALL(\(call.number), \($0))\n" } ?? "" }.joined()
  }
}
