import Testing
import WalkerModel

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain – “text” ✓ 測試 👩‍💻\n\ttab\r\n", "plain – “text” ✓ 測試 👩‍💻\n\ttab\r\n"),
    ("a\u{1B}[2Jb", "a\\u{1b}[2Jb"), ("bell\u{07}", "bell\\u{7}"), ("back\u{08}\u{7F}", "back\\u{8}\\u{7f}"),
    ("\u{9B}31m \u{85}", "\\u{9b}31m \\u{85}"), ("over\rwritten", "over\\u{d}written"), ("end\r", "end\\u{d}"),
    ("\u{202E}txt.exe\u{2066}", "\\u{202e}txt.exe\\u{2066}"), ("\u{200F}\u{61C}", "\\u{200f}\\u{61c}"),
    ("line\u{2028}s", "line\\u{2028}s"), ("tag\u{E0041}", "tag\\u{e0041}"), ("\0", "\\u{0}"),
    ("é à ż ß Ω ع क", "é à ż ß Ω ع क"),
  ])
  func makesVisibleWhatSteersATerminal(_ text: String, _ expected: String) {
    #expect(VisibleText.of(text) == expected)
  }

  @Test func keepsLinksOfItsOwn() {
    let link = "\u{1B}]8;;https://example.org/a#L1\u{1B}\\a.c:1\u{1B}]8;;\u{1B}\\"
    #expect(VisibleText.of(link, keepsStyles: true) == link)
    #expect(VisibleText.of("\u{1B}]8;;x\u{07}", keepsStyles: true) == "\\u{1b}]8;;x\\u{7}")
    #expect(VisibleText.of("\u{1B}]8;;a b\u{1B}\\", keepsStyles: true) == "\\u{1b}]8;;a b\\u{1b}\\")
    #expect(VisibleText.of(link) != link)
  }

  @Test func keepsOnlyColours() {
    #expect(VisibleText.of("\u{1B}[1;31mred\u{1B}[0m", keepsStyles: true) == "\u{1B}[1;31mred\u{1B}[0m")
    #expect(VisibleText.of("\u{1B}[2J\u{1B}]0;x\u{07}", keepsStyles: true) == "\\u{1b}[2J\\u{1b}]0;x\\u{7}")
    #expect(VisibleText.of("\u{1B}[1;31mred") == "\\u{1b}[1;31mred")
    #expect(VisibleText.of("cut\u{1B}[3", keepsStyles: true) == "cut\\u{1b}[3")
  }
}
