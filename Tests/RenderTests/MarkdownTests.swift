import Testing

@testable import WalkerRender

private func plain(_ markdown: String, width: Int = 40) -> [String] {
  MarkdownText(width: width, tracked: ["room"]).lines(markdown).map { line in line.spans.map(\.text).joined() }
}

@Test(arguments: [
  ("a **bold** and *soft* `code`", "a bold and soft code"),
  ("snake_case_name stays", "snake_case_name stays"),
  ("_soft_ and __bold__", "soft and bold"),
  ("2 * 3 * 4", "2 * 3 * 4"),
  ("`a ** b`", "a ** b"),
  ("``a ` b``", "a ` b"),
  ("\\*not soft\\*", "*not soft*"),
  ("[text](#id)", "text"),
  ("[t](https://x.org)", "t (https://x.org)"),
  ("<https://x.org>", "https://x.org"),
  ("open `tick", "open `tick"),
  ("[not a link]", "[not a link]"),
  ("**open", "**open"),
])
func rendersInlineMarkdown(_ pair: (markdown: String, text: String)) {
  #expect(plain(pair.markdown) == [pair.text])
}

@Test func wrapsParagraphsAtTheirSpaces() {
  #expect(plain("one two three four five six seven", width: 20) == ["one two three four", "five six seven"])
  #expect(plain("abcdefghijklmnopqrstuvwxyz", width: 20) == ["abcdefghijklmnopqrst", "uvwxyz"])
}

@Test func rendersListsTightAndNested() {
  #expect(
    plain("Two:\n- first\n  goes on\n  - inner\n- second\n\nAfter.") == [
      "Two:", "• first goes on", "  • inner", "• second", "", "After.",
    ])
  #expect(plain("1. a\n2. b") == ["1. a", "2. b"])
}

@Test func keepsCodeBlocksAsTheyAre() {
  #expect(plain("Text\n\n```c\nint  x;\n  y;\n```") == ["Text", "", "  int  x;", "    y;"])
}

@Test func alignsTables() {
  #expect(plain("| a | bb |\n|---|---|\n| ccc | `d\\|e` |") == ["a    bb", "────────", "ccc  d|e"])
}

@Test func rendersQuotesAndHeadings() {
  #expect(plain("### Head\nText\n\n> said\n> so") == ["Head", "Text", "", "│ said so"])
}

@Test func measuresWhatATerminalShows() {
  #expect(DisplayWidth.of("abc") == 3)
  #expect(DisplayWidth.of("日本") == 4)
  #expect(DisplayWidth.of("e\u{301}") == 1)
  #expect(DisplayWidth.of("①→") == 2)
  #expect(DisplayWidth.of("🧪") == 2)
  #expect(DisplayWidth.of("\u{200B}") == 0)
}

@Test func readsMarkdownAsThePageDoes() {
  #expect(plain("a ~~b~~ c\\\nnext", width: 40) == ["a b c", "next"])
  #expect(plain("Setext\n======\ntext") == ["Setext", "text"])
  #expect(plain("5) five\n6) six") == ["5) five", "6) six"])
  #expect(plain("<b>raw</b>") == ["<b>raw</b>"])
  #expect(InlineMarkdown(tracked: []).line("1. not a *list*").spans.map(\.text).joined() == "1. not a list")
}

@Test func survivesProseThatIsNestedWithoutEnd() {
  let lines = plain(String(repeating: ">", count: 8000) + " deep **a**")
  #expect(lines.joined().contains("deep a"))
  #expect(plain(String(repeating: "*a ", count: 4000)).isEmpty == false)
}

@Test func marksTheFollowedValueInProse() {
  let spans = MarkdownText(width: 40, tracked: ["room"]).lines("the `room`")[0].spans
  #expect(spans.last == .init(text: "room", style: .tracked))
}
