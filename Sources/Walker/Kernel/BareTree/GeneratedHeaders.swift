/// The headers that a kernel build makes before it compiles anything, by their path below the generated folder's
/// `include`. Values that other headers compute with (`#if MAX_NR_ZONES < 2`) are derived from the tree.
struct GeneratedHeaders {
  let tree: any KernelTree
  let configuration: KernelConfiguration
  let makefile: TreeMakefile

  /// All of them. Old trees look in `linux/`, newer ones in `generated/`; a file that nobody includes costs nothing.
  func all() throws -> [String: String] {
    let version = """
      #define LINUX_VERSION_CODE \(makefile.versionCode)
      #define LINUX_VERSION_MAJOR \(makefile.version)
      #define LINUX_VERSION_PATCHLEVEL \(makefile.patchLevel)
      #define LINUX_VERSION_SUBLEVEL \(makefile.subLevel)
      #define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))

      """
    let release = "#define UTS_RELEASE \"\(makefile.release)\"\n"
    let compile = """
      #define UTS_MACHINE "x86_64"
      #define UTS_VERSION "#1"
      #define LINUX_COMPILE_TIME "00:00:00"
      #define LINUX_COMPILE_BY "walker"
      #define LINUX_COMPILE_HOST "walker"
      #define LINUX_COMPILE_DOMAIN "walker"
      #define LINUX_COMPILER "clang"

      """
    let bounds = try bounds()
    let time = timeConstants()
    var headers = [
      "generated/autoconf.h": configuration.autoconfHeader, "linux/autoconf.h": configuration.autoconfHeader,
      "linux/version.h": version,
      "generated/uapi/linux/version.h": version,
      "generated/utsrelease.h": release, "linux/utsrelease.h": release,
      "generated/utsversion.h": "#define UTS_VERSION \"#1\"\n",
      "generated/compile.h": compile, "linux/compile.h": compile,
      "generated/bounds.h": bounds, "linux/bounds.h": bounds,
      "generated/timeconst.h": time, "timeconst.h": time,
      "generated/rq-offsets.h": "#define RQ_nr_pinned 0\n",
      "generated/randstruct_hash.h": "", "generated/randomize_layout_hash.h": "",
      "generated/autoksyms.h": "", "generated/package.h": "",
    ]
    try SystemCallTables(tree: tree).addHeaders(to: &headers)
    if let masks = try CPUFeatureMasks(tree: tree, configuration: configuration).header() {
      headers["asm/cpufeaturemasks.h"] = masks
    }
    return headers
  }

  /// kernel/bounds.c.
  private func bounds() throws -> String {
    let text = ConditionalText(configuration: configuration)
    var values: [(String, Int)] = []
    if let flags = try source("include/linux/page-flags.h"),
      let count = text.enumeratorCount(in: flags, head: "enum pageflags", before: "__NR_PAGEFLAGS")
    {
      values.append(("NR_PAGEFLAGS", count))
    }
    if let zones = try source("include/linux/mmzone.h") {
      if let count = text.enumeratorCount(in: zones, head: "enum zone_type", before: "__MAX_NR_ZONES") {
        values.append(("MAX_NR_ZONES", count))
      }
      if configuration.isEnabled("CONFIG_LRU_GEN") {
        let generations = Self.definedInteger("MAX_NR_GENS", in: zones) ?? 4
        let tiers = Self.definedInteger("MAX_NR_TIERS", in: zones) ?? 4
        values.append(("LRU_GEN_WIDTH", Self.order(generations + 1)))
        values.append(("__LRU_REFS_WIDTH", tiers - 2))
      } else {
        values += [("LRU_GEN_WIDTH", 0), ("__LRU_REFS_WIDTH", 0)]
      }
    }
    if let processors = configuration.integer("CONFIG_NR_CPUS"), configuration.isEnabled("CONFIG_SMP") {
      // Trees differ in how they round; order_base_2() is the present way.
      let rule = try source("kernel/bounds.c") ?? ""
      let bits =
        rule.contains("ilog2(CONFIG_NR_CPUS)") || rule.contains("bits_per(CONFIG_NR_CPUS)")
        ? Self.order(processors + 1) - (rule.contains("ilog2") ? 1 : 0) : Self.order(processors)
      values.append(("NR_CPUS_BITS", bits))
    }
    values.append(("SPINLOCK_SIZE", spinlockSize))
    return values.map { "#define \($0.0) \($0.1)\n" }.joined()
  }

  /// sizeof(spinlock_t); the headers only ask whether it is more than a `long`.
  private var spinlockSize: Int {
    if configuration.isEnabled("CONFIG_DEBUG_LOCK_ALLOC") { return 72 }
    if configuration.isEnabled("CONFIG_PREEMPT_RT") { return 32 }
    return configuration.isEnabled("CONFIG_DEBUG_SPINLOCK") ? 24 : 4
  }

  /// The smallest n with 2^n >= value.
  private static func order(_ value: Int) -> Int {
    var bits = 0
    while bits < 62, 1 << bits < value { bits += 1 }
    return bits
  }

  private static func definedInteger(_ name: String, in text: String) -> Int? {
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: "#define".utf8) {
      let words = Substring(line).split(whereSeparator: \.isWhitespace)
      if words.count > 2, words[1] == name { return Int(words[2].filter(\.isNumber)) }
    }
    return nil
  }

  private func source(_ path: String) throws -> String? {
    try tree.contents(of: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// kernel/time/timeconst.bc, in 128-bit arithmetic.
  private func timeConstants() -> String {
    let hz = UInt128(min(max(configuration.integer("CONFIG_HZ") ?? 250, 2), 12_000))
    func scaled(_ bits: Int, _ n: UInt128, _ d: UInt128) -> UInt128 { (n << UInt128(bits) + d - 1) / d }
    func shift(_ n: UInt128, _ d: UInt128) -> Int {
      (0..<64).first { scaled($0, n, d) >= 1 << 31 } ?? 63
    }
    func divisor(_ a: UInt128, _ b: UInt128) -> UInt128 { b == 0 ? a : divisor(b, a % b) }
    var text = ""
    func conversion(_ from: String, _ to: String, _ n: UInt128, _ d: UInt128) {
      let bits = shift(n, d)
      let reduced = d / divisor(n, d)
      let adjustment = ((1 << UInt128(bits)) * (reduced - 1)) / reduced
      text += "#define \(from)_TO_\(to)_MUL32 U64_C(0x\(String(scaled(bits, n, d), radix: 16)))\n"
      text += "#define \(from)_TO_\(to)_ADJ32 U64_C(0x\(String(adjustment, radix: 16)))\n"
      text += "#define \(from)_TO_\(to)_SHR32 \(bits)\n"
    }
    for (unit, perSecond) in [("MSEC", 1000), ("USEC", 1_000_000), ("NSEC", 1_000_000_000)] as [(String, UInt128)] {
      if unit != "NSEC" {
        conversion("HZ", unit, perSecond, hz)
        conversion(unit, "HZ", hz, perSecond)
      }
      let common = divisor(hz, perSecond)
      text += "#define HZ_TO_\(unit)_NUM \(perSecond / common)\n#define HZ_TO_\(unit)_DEN \(hz / common)\n"
      text += "#define \(unit)_TO_HZ_NUM \(hz / common)\n#define \(unit)_TO_HZ_DEN \(perSecond / common)\n"
    }
    return text
  }
}
