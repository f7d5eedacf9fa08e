import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct BareTreeEnvironmentTests {
  static let modern = TextTree([
    "Makefile": """
    VERSION = 9
    PATCHLEVEL = 2
    SUBLEVEL = 300
    EXTRAVERSION = -rc1
    HOSTCFLAGS = -std=gnu99
    KBUILD_CFLAGS   := -Wall \\
    \t-std=gnu11 -funsigned-char
    KBUILD_CFLAGS += -fms-extensions
    """,
    "arch/x86/Kconfig": """
    config X86_64
    \tdef_bool y
    config HZ
    \tint
    \tdefault 250
    config SMP
    \tbool "several"
    config NR_CPUS
    \tint "how many"
    config ZONE_LOW
    \tdef_bool y
    """,
    "arch/x86/include/asm/types.h": "",
    "arch/x86/include/asm/Kbuild": "generic-y += one.h two.h # generic-y += no.h\ngeneric-y += types.h\n",
    "arch/x86/include/uapi/asm/poll.h": "",
    "include/asm-generic/Kbuild": "mandatory-y += three.h\nmandatory-y += types.h poll.h\n",
    "include/uapi/asm-generic/Kbuild": "mandatory-y += four.h poll.h types.h\n",
    "include/linux/kconfig.h": "",
    "include/linux/mmzone.h": """
    enum zone_type {
    #ifdef CONFIG_ZONE_LOW
      /* one, two */
      ZONE_LOW,
    #endif
    #if defined(CONFIG_ABSENT) || !IS_ENABLED(CONFIG_ZONE_LOW)
      ZONE_ABSENT,
    #else
      ZONE_PRESENT, // three,
    #endif
      ZONE_NORMAL,
      __MAX_NR_ZONES
    };
    """,
    "include/linux/page-flags.h":
      "enum pageflags {\n  PG_a, PG_b,\n  PG_c,\n  __NR_PAGEFLAGS,\n  PG_again = PG_a,\n};\n",
    "arch/x86/entry/syscalls/syscall_64.tbl":
      "# comment\n0\tcommon\tread\tsys_read\n5\t64\tlisten\tsys_listen\n512\tx32\told\told\n",
  ])

  @Test func writesTheCommandLineOfTheTree() throws {
    let environment = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    let arguments = environment.arguments
    #expect(arguments.contains("-std=gnu11") && !arguments.contains("-std=gnu99"))
    #expect(arguments.contains("-funsigned-char") && arguments.contains("-fms-extensions"))
    #expect(arguments.contains("-nostdinc") && arguments.contains("--target=x86_64-linux-gnu"))
    let folders = arguments.filter { $0.hasPrefix("-I") }
    #expect(folders.first == "-I\(environment.prefix)/walker-generated/include")
    #expect(arguments.contains("\(environment.prefix)/include/linux/kconfig.h"))
    #expect(!arguments.contains { $0.hasSuffix("compiler_types.h") })
  }

  @Test func leavesTheDialectOfOldTreesToTheirCompilers() throws {
    let tree = TextTree(["Makefile": "VERSION = 2\n", "include/asm-x86_64/page.h": ""])
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    #expect(environment.arguments.contains("-std=gnu89"))
    #expect(!environment.arguments.contains("-funsigned-char"))
  }

  @Test func derivesTheBounds() throws {
    let environment = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    let bounds = try #require(environment.generated("generated/bounds.h"))
    #expect(bounds.contains("#define MAX_NR_ZONES 3\n"))
    #expect(bounds.contains("#define NR_PAGEFLAGS 3\n"))
    #expect(bounds.contains("#define NR_CPUS_BITS 6\n"))
    #expect(bounds.contains("#define SPINLOCK_SIZE 4\n"))
  }

  @Test(arguments: [("ilog2", 6), ("bits_per", 7), ("order_base_2", 6)])
  func roundsProcessorBitsAsTheTreeDoes(rule: String, bits: Int) throws {
    var tree = Self.modern
    tree.texts["kernel/bounds.c"] = "DEFINE(NR_CPUS_BITS, \(rule)(CONFIG_NR_CPUS));\n"
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    #expect(environment.generated("generated/bounds.h")?.contains("#define NR_CPUS_BITS \(bits)\n") == true)
  }

  @Test func givesAPrunedCopyTheSameEnvironment() throws {
    let read = try ParseEnvironment.filesRead(making: Self.modern, configurationFile: nil)
    #expect(read.contains("arch/x86/Kconfig") && read.contains("Makefile") && !read.contains("include/linux/kconfig.h"))
    let included = ["arch/x86/include/asm/types.h", "include/linux/kconfig.h", "arch/x86/include/uapi/asm/poll.h"]
    let texts = Self.modern.texts.filter { read.contains($0.key) || included.contains($0.key) }
    let whole = try ParseEnvironment.make(for: TextTree(Self.modern.texts, root: "/linux"), configurationFile: nil)
    let pruned = try ParseEnvironment.make(for: TextTree(texts, root: "/linux"), configurationFile: nil)
    #expect(pruned.virtualFiles == whole.virtualFiles && pruned.arguments == whole.arguments)
    #expect(pruned.configurationSHA256 == whole.configurationSHA256)
  }

  @Test func wrapsGenericHeadersWhereTheArchitectureHasNone() throws {
    let environment = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    for name in ["one", "two", "three", "four"] {
      #expect(environment.generated("asm/\(name).h") == "#include <asm-generic/\(name).h>\n")
    }
    #expect(environment.generated("asm/no.h") == nil)
    #expect(environment.generated("asm/types.h") == nil)
    #expect(environment.generated("asm/poll.h") == nil)
    #expect(environment.generated("uapi/asm/poll.h") == nil)
    #expect(environment.generated("uapi/asm/types.h") == "#include <asm-generic/types.h>\n")
  }

  @Test func numbersSystemCalls() throws {
    let environment = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    let numbers = try #require(environment.generated("asm/unistd_64.h"))
    #expect(numbers.contains("#define __NR_listen 5\n") && !numbers.contains("old"))
    #expect(environment.generated("asm/syscalls_64.h")?.contains("__SYSCALL(0, sys_read)\n") == true)
    #expect(environment.generated("generated/asm-offsets.h")?.contains("#define NR_syscalls 6\n") == true)
  }

  @Test func namesTheVersion() throws {
    let environment = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    #expect(environment.generated("generated/utsrelease.h") == "#define UTS_RELEASE \"9.2.300-rc1\"\n")
    // The sublevel has one byte.
    let code = 9 << 16 + 2 << 8 + 255
    #expect(environment.generated("linux/version.h")?.contains("LINUX_VERSION_CODE \(code)\n") == true)
  }

  @Test func convertsTimeAsTheBuildDoes() throws {
    let environment = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    let time = try #require(environment.generated("generated/timeconst.h"))
    for line in [
      "HZ_TO_MSEC_MUL32 U64_C(0x80000000)", "HZ_TO_MSEC_ADJ32 U64_C(0x0)", "HZ_TO_MSEC_SHR32 29",
      "MSEC_TO_HZ_MUL32 U64_C(0x80000000)", "MSEC_TO_HZ_ADJ32 U64_C(0x180000000)", "MSEC_TO_HZ_SHR32 33",
      "HZ_TO_USEC_NUM 4000", "HZ_TO_USEC_DEN 1", "NSEC_TO_HZ_DEN 4000000",
    ] { #expect(time.contains("#define \(line)\n")) }
  }

  @Test func forwardsToTheArchitectureOfOldTrees() throws {
    let tree = TextTree([
      "Makefile": "", "include/asm-i386/page.h": "", "include/asm-i386/mach-default/apic.h": "",
      "include/asm-arm/page.h": "", "include/linux/a.h": "int a;",
    ])
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    #expect(environment.arguments.contains("--target=i386-linux-gnu"))
    #expect(environment.generated("asm/page.h") == "#include <asm-i386/page.h>\n")
    #expect(environment.generated("asm/mach-default/apic.h") == "#include <asm-i386/mach-default/apic.h>\n")
    #expect(environment.virtualFiles["\(environment.prefix)/include/asm-i386/page.h"] != nil)
    #expect(environment.virtualFiles["\(environment.prefix)/include/asm-arm/page.h"] == nil)
    #expect(environment.virtualFiles["\(environment.prefix)/include/linux/a.h"] == Array("int a;".utf8))
  }

  @Test func findsIncludesThatClimbInMemory() throws {
    var tree = Self.modern
    tree.texts["kernel/up.h"] = "int up;"
    tree.texts["kernel/deep/down.h"] = "#include \"../up.h\"\n"
    tree.texts["net/proto/trace.h"] = "#define TRACE_INCLUDE_PATH ../../net/proto\n#define TRACE_INCLUDE_FILE trace\n"
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    let prefix = environment.prefix
    #expect(environment.virtualFiles["\(prefix)/kernel/deep/../up.h"] == Array("int up;".utf8))
    #expect(environment.virtualFiles["\(prefix)/include/trace/../../net/proto/trace.h"] != nil)
    let main = Array("#include \"../kernel/up.h\"\n#include \"../kernel/none.h\"\n".utf8)
    let files = environment.virtualFiles(forParsing: "net/main.c", bytes: main)
    #expect(files["\(prefix)/net/main.c"] == main)
    #expect(files["\(prefix)/net/../kernel/up.h"] == Array("int up;".utf8))
    #expect(files.count == 2)
  }

  @Test func leavesAFolderToTheCompiler() throws {
    let tree = TextTree(Self.modern.texts, root: "/somewhere/linux")
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    #expect(environment.prefix == "/somewhere/linux")
    #expect(environment.virtualFiles.keys.allSatisfy { $0.hasPrefix("/somewhere/linux/walker-generated/") })
    #expect(environment.generated("generated/autoconf.h") != nil)
    #expect(environment.virtualFiles(forParsing: "net/main.c", bytes: []).isEmpty)
  }

  @Test func saysTheSameEveryTime() throws {
    let first = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    let second = try ParseEnvironment.make(for: Self.modern, configurationFile: nil)
    #expect(first.arguments == second.arguments && first.virtualFiles == second.virtualFiles)
    #expect(first.configurationSHA256 == second.configurationSHA256 && first.configurationSHA256.count == 64)
    #expect(first.configurationSource == "default")
    #expect(first.configuration["CONFIG_SMP"] == "y" && first.configuration["CONFIG_NR_CPUS"] == "64")
  }

  @Test func refusesATreeWithoutX86() {
    #expect(throws: UserError.self) {
      try ParseEnvironment.make(for: TextTree(["include/asm-arm/page.h": ""]), configurationFile: nil)
    }
  }

  @Test func computesTheFeatureMasks() throws {
    var tree = Self.modern
    tree.texts["arch/x86/Kconfig.cpufeatures"] = ""
    tree.texts["arch/x86/Kconfig"]? += """

      config X86_REQUIRED_FEATURE_FPU
      \tdef_bool y
      config X86_DISABLED_FEATURE_TWO
      \tdef_bool y
      """
    tree.texts["arch/x86/include/asm/cpufeatures.h"] =
      "#define NCAPINTS 2\n#define X86_FEATURE_FPU ( 0*32+ 3) /* x */\n#define X86_FEATURE_TWO (1*32+31)\n"
    let environment = try ParseEnvironment.make(for: tree, configurationFile: nil)
    let masks = try #require(environment.generated("asm/cpufeaturemasks.h"))
    #expect(masks.contains("#define REQUIRED_MASK0 0x8U\n") && masks.contains("#define REQUIRED_MASK1 0x0U\n"))
    #expect(masks.contains("#define DISABLED_MASK1 0x80000000U\n"))
    #expect(masks.contains("#define REQUIRED_MASK_BIT_SET(x) ((((x) >> 5) == 0 ? REQUIRED_MASK0 : 0)"))
  }
}
