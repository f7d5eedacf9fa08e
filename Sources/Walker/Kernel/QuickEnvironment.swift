internal import FoundationEssentials
internal import WalkerModel
extension ParseEnvironment {
  public static func quick(for tree: any KernelTree) throws -> ParseEnvironment {
    let prefix = tree.root ?? "/kernel"
    var files: [String: [UInt8]] = [:]
    func put(_ path: String, _ text: String) { files[prefix + "/" + path] = Array(text.utf8) }
    let config = """
    64BIT X86 X86_64 SMP MMU NET INET IPV6 UNIX SYN_COOKIES SYSCTL PROC_FS PROC_SYSCTL SECURITY SECURITY_NETWORK NET_NS CGROUPS MODULES \
    PRINTK BUG FUTEX EPOLL BLOCK SYSFS NAMESPACES GENERIC_BUG X86_TSC X86_CMPXCHG64 HAVE_ARCH_JUMP_LABEL JUMP_LABEL SPARSEMEM SPARSEMEM_VMEMMAP SPARSEMEM_EXTREME ZONE_DMA ZONE_DMA32 \
    NUMA FLATMEM_MANUAL X86_L1 HAVE_SETUP_PER_CPU_AREA NEED_PER_CPU_EMBED_FIRST_CHUNK ARCH_HAS_CPU_RELAX MPTCP TLS BPF BPF_SYSCALL STACKTRACE TRACEPOINTS EXPERIMENTAL ARCH_SPARSEMEM_ENABLE ARCH_USE_QUEUED_SPINLOCKS QUEUED_SPINLOCKS QUEUED_RWLOCKS RWSEM_SPIN_ON_OWNER GENERIC_CMOS_UPDATE PHYS_ADDR_T_64BIT ARCH_DMA_ADDR_T_64BIT X86_64_SMP INLINE_SPIN_UNLOCK INLINE_READ_UNLOCK INLINE_WRITE_UNLOCK INLINE_SPIN_UNLOCK_IRQ CC_HAS_ASM_GOTO_OUTPUT CC_HAS_ASM_INLINE HIGH_RES_TIMERS TICK_ONESHOT GENERIC_ENTRY THREAD_INFO_IN_TASK ARCH_SUPPORTS_INT128 CC_HAS_INT128 XPS RPS NETFILTER
    """
    var auto = "#define CONFIG_HZ 250\n#define CONFIG_NR_CPUS 64\n#define CONFIG_NODES_SHIFT 6\n#define CONFIG_X86_L1_CACHE_SHIFT 6\n#define CONFIG_X86_INTERNODE_CACHE_SHIFT 6\n#define CONFIG_PGTABLE_LEVELS 4\n#define CONFIG_PHYSICAL_START 0x1000000\n#define CONFIG_PHYSICAL_ALIGN 0x200000\n#define CONFIG_PAGE_SHIFT 12\n#define CONFIG_BASE_SMALL 0\n#define CONFIG_LOG_BUF_SHIFT 17\n#define CONFIG_DEFAULT_MMAP_MIN_ADDR 4096\n#define CONFIG_DEFAULT_TCP_CONG \"cubic\"\n#define CONFIG_DEFAULT_HOSTNAME \"x\"\n#define CONFIG_ARCH_MMAP_RND_BITS 28\n#define CONFIG_ILLEGAL_POINTER_VALUE 0xdead000000000000\n#define CONFIG_FUNCTION_ALIGNMENT 16\n#define CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS 1\n#define CONFIG_MAX_SKB_FRAGS 17\n#define CONFIG_SPLIT_PTLOCK_CPUS 4\n"
    for name in config.split(whereSeparator: { $0 == " " || $0 == "\n" }) { auto += "#define CONFIG_\(name) 1\n" }
    put("include/generated/autoconf.h", auto); put("include/linux/autoconf.h", auto)
    put("include/generated/bounds.h", "#define NR_PAGEFLAGS 25\n#define MAX_NR_ZONES 4\n#define NR_CPUS_BITS 6\n#define SPINLOCK_SIZE 4\n#define LRU_GEN_WIDTH 0\n#define __LRU_REFS_WIDTH 0\n")
    put("include/linux/bounds.h", "#define NR_PAGEFLAGS 25\n#define MAX_NR_ZONES 4\n")
    for f in ["asm-offsets.h", "timeconst.h", "utsrelease.h", "rq-offsets.h"] { put("include/generated/" + f, "") }
    put("include/generated/uapi/linux/version.h", "#define LINUX_VERSION_CODE 395264\n#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + (c))\n")
    put("include/linux/version.h", "#define LINUX_VERSION_CODE 132640\n#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + (c))\n")
    let generated = "arch/x86/include/generated/"
    func wrappers(_ kbuilds: [String], _ place: String, _ arch: [String], _ generic: String) throws {
      for kbuild in kbuilds {
        guard let bytes = try tree.contents(of: kbuild) else { continue }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
          let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
          guard let first = words.first, first == "generic-y" || first == "mandatory-y", words.count >= 3 else { continue }
          for header in words[2...] where !arch.contains(where: { tree.contains($0 + header) }) { put(place + header, "#include <asm-generic/\(header)>\n") }
        }
      }
    }
    try wrappers(["arch/x86/include/asm/Kbuild", "include/asm-generic/Kbuild"], generated + "asm/", ["arch/x86/include/asm/", "arch/x86/include/uapi/asm/"], "")
    try wrappers(["arch/x86/include/uapi/asm/Kbuild", "include/uapi/asm-generic/Kbuild", "include/uapi/asm-generic/Kbuild.asm"], generated + "uapi/asm/", ["arch/x86/include/uapi/asm/", "arch/x86/include/asm/"], "")
    for f in ["unistd_64.h", "unistd_32.h", "unistd_x32.h", "unistd_64_x32.h", "unistd_32_ia32.h", "syscalls_64.h", "syscalls_32.h", "orc_hash.h", "cpufeaturemasks.h", "xen-hypercalls.h"] { put(generated + "uapi/asm/" + f, ""); put(generated + "asm/" + f, "") }
    put("walker-generated/stdarg.h", "typedef __builtin_va_list va_list;\n#define va_start(v,l) __builtin_va_start(v,l)\n#define va_end(v) __builtin_va_end(v)\n#define va_arg(v,l) __builtin_va_arg(v,l)\n#define va_copy(d,s) __builtin_va_copy(d,s)\n")
    let old = !tree.contains("arch/x86/include/asm/page.h")
    if old {
      let folder = tree.contains("include/asm-x86/page.h") ? "include/asm-x86" : "include/asm-x86_64"
      for path in try tree.files(below: folder) where path.hasSuffix(".h") { put("walker-generated/asm/" + path.dropFirst(folder.count + 1), "#include \"../../\(path)\"\n") }
    }
    var arguments = ["-x", "c", "-nostdinc", "-target", "x86_64-linux-gnu", "-std=\(tree.contains("include/linux/rwonce.h") || tree.contains("include/asm-generic/rwonce.h") ? "gnu11" : "gnu89")", "-w", "-ferror-limit=0", "-fms-extensions", "-mcmodel=kernel", "-fshort-wchar", "-D__KERNEL__", "-DCC_HAVE_ASM_GOTO", "-DKBUILD_MODNAME=\"x\"", "-DKBUILD_BASENAME=\"x\"", "-DKBUILD_STR(s)=#s", "-DKBUILD_MODFILE=\"x\""]
    for folder in ["walker-generated", "arch/x86/include", "arch/x86/include/generated", "include", "arch/x86/include/uapi", "arch/x86/include/generated/uapi", "include/uapi", "include/generated/uapi"] { arguments += ["-I", prefix + "/" + folder] }
    for include in ["include/linux/compiler-version.h", "include/linux/kconfig.h", "include/generated/autoconf.h", "include/linux/compiler_types.h"] where include.contains("autoconf") || tree.contains(include) { arguments += ["-include", prefix + "/" + include] }
    return ParseEnvironment(arguments: arguments, virtualFiles: files, prefix: prefix, configurationSource: "default", configurationSHA256: try SHA256.hex(of: auto), configuration: [:])
  }
}
