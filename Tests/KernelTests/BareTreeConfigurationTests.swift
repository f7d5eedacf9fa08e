import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct BareTreeConfigurationTests {
  private func read(_ text: String) throws -> KernelConfiguration {
    try KernelConfiguration.file(name: "my.config", bytes: Array(text.utf8))
  }

  @Test func turnsAConfigurationIntoAHeader() throws {
    let configuration = try read(
      """
      # a comment
      CONFIG_X86_64=y
      CONFIG_IPV6=m
      CONFIG_HZ=1000
      # CONFIG_SMP is not set
      CONFIG_NAME="a b"
      CONFIG_START=0x1000000
      """)
    let header = configuration.autoconfHeader
    for line in [
      "CONFIG_X86_64 1", "CONFIG_IPV6_MODULE 1", "CONFIG_HZ 1000", "CONFIG_NAME \"a b\"", "CONFIG_START 0x1000000",
    ] { #expect(header.contains("#define \(line)\n")) }
    #expect(!header.contains("CONFIG_SMP") && !header.contains("CONFIG_IPV6 "))
    #expect(configuration.symbols["CONFIG_IPV6"] == "m")
    #expect(configuration.source == "my.config")
    #expect(configuration.integer("CONFIG_START") == 0x100_0000)
  }

  @Test func hashesTheFileAsItIs() throws {
    let configuration = try read("CONFIG_X86=y\n")
    #expect(configuration.sha256 == "cb9b99fab2cc99161078ce5e88d459a2afc16d740fd8ada1e95993525bd7a04d")
  }

  @Test func namesTheCompilerThatParses() throws {
    let configuration = try read(
      "CONFIG_X86=y\nCONFIG_CC_IS_GCC=y\nCONFIG_GCC_VERSION=140200\nCONFIG_CLANG_VERSION=0\n")
    #expect(configuration.symbols["CONFIG_CC_IS_GCC"] == nil)
    #expect(configuration.symbols["CONFIG_CC_IS_CLANG"] == "y")
    #expect(configuration.symbols["CONFIG_GCC_VERSION"] == "0")
  }

  @Test func refusesWhatIsNoConfiguration() {
    func message(_ text: String) -> String? {
      do {
        _ = try read(text)
        return nil
      } catch { return "\(error)" }
    }
    #expect(message("CONFIG_X86=y\nhello\n")?.hasPrefix("my.config:2: ") == true)
    #expect(message("CONFIG_ARM64=y\n")?.contains("x86") == true)
    #expect(message("")?.contains("x86") == true)
    #expect(message("\u{1f}\u{8b}")?.isEmpty == false)
    #expect(throws: UserError.self) {
      try KernelConfiguration.file(name: "config.gz", bytes: [0x1f, 0x8b, 0x08])
    }
  }

  @Test func countsOnlyActiveEnumerators() {
    let text = """
      enum other { A };
      enum wanted {
      \tONE, TWO,	/* a comment, with a comma */
      #ifndef CONFIG_ON
      \tABSENT,
      #elif defined CONFIG_OFF
      \tABSENT_TOO,
      #elif defined(CONFIG_ON) && !defined(CONFIG_OFF)
      \tTHREE,
      #else
      \tABSENT_AS_WELL,
      #endif
      #if defined(CONFIG_MODULAR)
      \tNOT_BUILT_IN,
      #endif
      #if IS_ENABLED(CONFIG_MODULAR) && (0 || defined(CONFIG_MODULAR_MODULE))
      \tFOUR,
      #endif
      \tLAST,
      };
      """
    let configuration = TextTree.configuration(["CONFIG_ON": "y", "CONFIG_MODULAR": "m"])
    let reader = ConditionalText(configuration: configuration)
    #expect(reader.enumeratorCount(in: text, head: "enum wanted", before: "LAST") == 4)
    #expect(reader.enumeratorCount(in: text, head: "enum wanted", before: "NEVER") == nil)
    #expect(reader.enumeratorCount(in: text, head: "enum missing", before: "LAST") == nil)
  }
}
