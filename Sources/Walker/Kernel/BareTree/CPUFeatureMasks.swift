/// asm/cpufeaturemasks.h (since 6.15), made as arch/x86/tools/cpufeaturemasks.awk makes it from asm/cpufeatures.h and
/// the configuration.
struct CPUFeatureMasks {
  let tree: any KernelTree
  let configuration: KernelConfiguration

  /// nil when the tree does not generate it.
  func header() throws -> String? {
    // Read, not only asked for: what a pruned copy keeps is what was read.
    guard try tree.contents(of: "arch/x86/Kconfig.cpufeatures") != nil,
      let bytes = try tree.contents(of: "arch/x86/include/asm/cpufeatures.h")
    else { return nil }
    var bits: [Substring: Int] = [:]
    var words = 0
    let text = String(decoding: bytes, as: UTF8.self)
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("#define") {
      let parts = line.split { " \t()*+".contains($0) }
      if parts.count > 2, parts[1] == "NCAPINTS" { words = min(Int(parts[2]) ?? 0, 64) }
      if parts.count > 4, parts[1].hasPrefix("X86_FEATURE_"), parts[3] == "32", let word = Int(parts[2]),
        let bit = Int(parts[4]), word < 64, 0..<32 ~= bit
      {
        bits[parts[1].dropFirst("X86_FEATURE_".count)] = word * 32 + bit
      }
    }
    return ["REQUIRED", "DISABLED"].map { masks($0, bits, words) }.joined()
  }

  private func masks(_ set: String, _ bits: [Substring: Int], _ words: Int) -> String {
    var masks = [UInt32](repeating: 0, count: words)
    for (feature, bit) in bits where configuration.isEnabled("CONFIG_X86_\(set)_FEATURE_\(feature)") {
      if bit / 32 < words { masks[bit / 32] |= 1 << UInt32(bit % 32) }
    }
    var text = ""
    for (word, mask) in masks.enumerated() { text += "#define \(set)_MASK\(word) 0x\(String(mask, radix: 16))U\n" }
    text += "#define \(set)_MASK_BIT_SET(x) (("
    for (word, mask) in masks.enumerated() where mask != 0 { text += "((x) >> 5) == \(word) ? \(set)_MASK\(word) : " }
    return text + "0) & (1U << ((x) & 31)))\n"
  }
}
