/// The compiler's command line for a tree, as the tree's own Makefiles would write it, as far as parsing needs it.
struct CompilerArguments {
  let tree: any KernelTree
  let layout: ArchitectureLayout
  let makefile: TreeMakefile
  let configuration: KernelConfiguration

  func all(prefix: String, generated: String) -> [String] {
    var arguments = [
      "-x", "c", is32Bit ? "--target=i386-linux-gnu" : "--target=x86_64-linux-gnu", "-std=\(standard)",
      // No header of the machine or of the compiler: the result depends on the tree alone.
      "-nostdinc", "-w", "-ferror-limit=0", "-fshort-wchar", "-fno-common", "-fno-strict-aliasing",
    ]
    // To the compiler without meaning here; to the parse the folder outside of which nothing may be read.
    arguments.append("-fdebug-compilation-dir=\(prefix)")
    if makefile.hasUnsignedChar { arguments.append("-funsigned-char") }
    if makefile.hasMicrosoftExtensions { arguments.append("-fms-extensions") }
    arguments += [
      "-D__KERNEL__", "-DKBUILD_MODNAME=\"walker\"", "-DKBUILD_BASENAME=\"walker\"", "-DKBUILD_MODFILE=\"walker\"",
      "-D__KBUILD_MODNAME=walker", "-DCC_HAVE_ASM_GOTO", "-DCC_USING_FENTRY",
      // Trees that ask their Makefile whether the compiler has `asm goto` define this for gcc only.
      "-Dasm_volatile_goto(x...)=asm goto(x)",
    ]
    arguments += includeFolders.map { "-I\(prefix)/\($0)" }
    // First of all: what is made here wins over what a build may have left in the tree.
    arguments.insert("-I\(generated)/include", at: arguments.firstIndex { $0.hasPrefix("-I") } ?? arguments.endIndex)
    arguments += ["-isystem", "\(generated)/compiler"]
    arguments += ["-include", "\(generated)/include/generated/autoconf.h"]
    for header in ["compiler-version.h", "kconfig.h", "compiler_types.h"]
    where tree.contains("include/linux/\(header)") {
      arguments += ["-include", "\(prefix)/include/linux/\(header)"]
    }
    return arguments
  }

  private var is32Bit: Bool {
    layout.is32Bit || (configuration.isEnabled("CONFIG_X86_32") && !configuration.isEnabled("CONFIG_X86_64"))
  }

  /// Without a word in the Makefile the kernels meant their compilers' default, gnu89.
  private var standard: String { makefile.standard ?? (makefile.isPresent ? "gnu89" : "gnu11") }

  private var includeFolders: [String] {
    switch layout {
    case .unified:
      ["arch/x86/include", "include", "arch/x86/include/uapi", "include/uapi", "arch/x86/include/asm/mach-default"]
    case .linked(let folder, _): ["include", "include/\(folder)/mach-default"]
    case .missing: ["include"]
    }
  }
}

/// The compiler's own headers that old trees include.
enum CompilerHeaders {
  static let all = [
    "stdarg.h": """
    #ifndef WALKER_STDARG_H
    #define WALKER_STDARG_H
    typedef __builtin_va_list va_list;
    #define va_start(list, last) __builtin_va_start(list, last)
    #define va_end(list) __builtin_va_end(list)
    #define va_arg(list, type) __builtin_va_arg(list, type)
    #define va_copy(to, from) __builtin_va_copy(to, from)
    #define __va_copy(to, from) __builtin_va_copy(to, from)
    typedef __builtin_va_list __gnuc_va_list;
    #endif

    """,
    // The kernel's linux/stddef.h and linux/types.h hold the rest.
    "stddef.h": "#include <linux/stddef.h>\n#include <linux/types.h>\n",
    "stdbool.h": "#include <linux/types.h>\n",
  ]
}
