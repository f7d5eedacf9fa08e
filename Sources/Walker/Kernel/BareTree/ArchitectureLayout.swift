/// Where the tree keeps the headers that `#include <asm/…>` means. x86_64 where there is one, else 32-bit x86 (a tree
/// of old times that was cut down to it).
enum ArchitectureLayout {
  /// arch/x86/include.
  case unified
  /// include/asm-x86, include/asm-x86_64 or include/asm-i386: `asm` is a link that the build makes.
  case linked(folder: String, kconfig: String)
  /// No x86 headers at all.
  case missing

  init(of tree: any KernelTree) {
    func holds(_ folder: String) -> Bool {
      // Not one name alone: a snippet set holds only what its walks need.
      ["atomic.h", "types.h", "page.h", "processor.h", "bitops.h"].contains { tree.contains("\(folder)/\($0)") }
    }
    if holds("arch/x86/include/asm") {
      self = .unified
    } else if holds("include/asm-x86") {
      self = .linked(folder: "asm-x86", kconfig: "x86")
    } else if holds("include/asm-x86_64") {
      self = .linked(folder: "asm-x86_64", kconfig: "x86_64")
    } else if holds("include/asm-i386") {
      self = .linked(folder: "asm-i386", kconfig: "i386")
    } else {
      self = .missing
    }
  }

  /// `arch/<this>/Kconfig`.
  var kconfigName: String {
    if case .linked(_, let name) = self { name } else { "x86" }
  }

  var is32Bit: Bool { kconfigName == "i386" }
}
