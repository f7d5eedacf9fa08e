import Testing

@testable import WalkerKernel

@Suite struct BareTreeKconfigTests {
  @Test func takesAnswersWhereAsked() throws {
    let kconfig = """
      config ASKED
      \tbool "asked"
      config HIDDEN
      \tbool
      config BLOCKED
      \tbool "blocked"
      \tdepends on HIDDEN
      """
    let answers = ["ASKED": "y", "HIDDEN": "y", "BLOCKED": "y", "UNDECLARED": "y"]
    #expect(try TextTree.solve(kconfig, answers: answers) == ["ASKED": "y"])
  }

  @Test func appliesDefaultsInOrder() throws {
    let kconfig = """
      config SMALL
      \tdef_bool n
      config LEVELS
      \tint
      \tdefault 2 if SMALL
      \tdefault "5" if !SMALL && WIDE
      \tdefault 4
      config WIDE
      \tdef_bool y
      config NAME
      \tstring "name"
      \tdefault "none"
      config UNSET
      \tint
      """
    #expect(try TextTree.solve(kconfig) == ["LEVELS": "5", "WIDE": "y", "NAME": "none"])
  }

  /// Trees before 3.7 ask `ARCH`, which the environment sets, by its name.
  @Test func comparesAStringWithoutItsQuotes() throws {
    let kconfig = """
      config ARCH
      \tstring
      \toption env="ARCH"
      config 64BIT
      \tbool "wide" if ARCH = "x86"
      \tdefault ARCH = "x86_64"
      """
    #expect(try TextTree.solve(kconfig, pinned: ["ARCH": "\"x86_64\""])["64BIT"] == "y")
    #expect(try TextTree.solve(kconfig, pinned: ["ARCH": "\"i386\""])["64BIT"] == nil)
  }

  @Test func countsAnUnsetNumberAsZero() throws {
    let kconfig = """
      config ORDER
      \tint
      \tdefault 10 if FORCED = 0
      \tdefault FORCED if FORCED != 0
      config FORCED
      \tint
      """
    #expect(try TextTree.solve(kconfig) == ["ORDER": "10"])
  }

  @Test func followsSelectsAlsoOfUndeclaredSymbols() throws {
    let kconfig = """
      config ARCH
      \tdef_bool y
      \tselect HELPER
      \tselect ELSEWHERE if HELPER
      \tselect NEVER if NOT_SET
      config HELPER
      \tbool
      """
    #expect(try TextTree.solve(kconfig) == ["ARCH": "y", "HELPER": "y", "ELSEWHERE": "y"])
  }

  @Test func setsOneMemberOfAChoice() throws {
    let kconfig = """
      choice
      \tprompt "how fast"
      \tdefault MIDDLE
      config SLOW
      \tbool "slow"
      config MIDDLE
      \tbool "middle"
      config FAST
      \tbool "fast"
      endchoice
      config RATE
      \tint
      \tdefault 1 if SLOW
      \tdefault 2 if MIDDLE
      \tdefault 3 if FAST
      """
    #expect(try TextTree.solve(kconfig) == ["MIDDLE": "y", "RATE": "2"])
    #expect(try TextTree.solve(kconfig, answers: ["FAST": "y"]) == ["FAST": "y", "RATE": "3"])
  }

  @Test func readsBlocksHelpTextsAndContinuations() throws {
    let kconfig = """
      menu "one"
      \tdepends on OFF
      config INSIDE
      \tdef_bool y
      endmenu
      if ON
      config GUARDED
      \tbool "guarded"
      \tdefault y
      \thelp
      \t  config FAKE
      \t    def_bool y

      \t  if OFF
      endif
      config ON
      \tdef_bool y # comment
      config LONG
      \tdef_bool OFF || \\
      \t\tON
      config OFF
      \tbool
      """
    #expect(try TextTree.solve(kconfig) == ["ON": "y", "GUARDED": "y", "LONG": "y"])
  }

  @Test func keepsModulesApartFromBuiltIn() throws {
    let kconfig = """
      config DRIVER
      \ttristate "driver"
      config CORE
      \ttristate
      config USER
      \ttristate "user"
      \tselect CORE
      config FLAG
      \tdef_bool DRIVER
      config DEPENDENT
      \ttristate "dependent"
      \tdepends on DRIVER
      """
    let answers = ["DRIVER": "m", "USER": "m", "DEPENDENT": "y"]
    #expect(
      try TextTree.solve(kconfig, answers: answers)
        == ["DRIVER": "m", "USER": "m", "CORE": "m", "FLAG": "y", "DEPENDENT": "m"])
  }

  @Test func asksTheToolChainAboutTheCompilerOnly() throws {
    let kconfig = """
      config OPTION
      \tdef_bool $(cc-option,-mfoo=bar(1)) && 64BIT
      config RUSTY
      \tdef_bool $(rustc-option,-Cfoo)
      config 64BIT
      \tbool "wide" if "$(ARCH)" = "x86"
      \tdefault "$(ARCH)" != "i386"
      """
    #expect(try TextTree.solve(kconfig) == ["OPTION": "y", "64BIT": "y"])
  }

  @Test func keepsPinnedSymbols() throws {
    let kconfig = """
      config COMPILER
      \tint
      \tdefault 5
      config NEW
      \tdef_bool COMPILER >= 10
      """
    #expect(try TextTree.solve(kconfig, pinned: ["COMPILER": "12"]) == ["COMPILER": "12", "NEW": "y"])
  }

  @Test func endsOnACycle() throws {
    let kconfig = """
      config A
      \tdef_bool !B
      config B
      \tdef_bool A
      """
    // Neither value is right; what counts is that it ends and says the same every time.
    #expect(try TextTree.solve(kconfig) == TextTree.solve(kconfig))
  }

  @Test func followsSourcesButNotIntoDrivers() throws {
    let tree = TextTree([
      "Kconfig": "source \"init/Kconfig\"\nsource \"arch/$(SRCARCH)/Kconfig\"\nsource \"drivers/Kconfig\"\n",
      "init/Kconfig": "source net/Kconfig\n",
      "net/Kconfig": "config NET\n\tdef_bool y\n",
      "arch/x86/Kconfig": "config X86\n\tdef_bool y\nsource \"Kconfig\"\n",
      "drivers/Kconfig": "config DRIVER\n\tdef_bool y\n",
    ])
    var reader = KconfigReader(tree: tree, architecture: "x86")
    try reader.read("Kconfig")
    var solver = KconfigSolver(reader: reader, answers: [:], pinned: [:])
    #expect(solver.solve() == ["NET": "y", "X86": "y"])
  }
}
