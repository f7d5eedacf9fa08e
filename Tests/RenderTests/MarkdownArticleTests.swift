import Testing
import WalkerModel

@testable import WalkerRender

private let browser = try? KernelBrowser(template: "https://example.org/{tag}/{file}#L{line}")
private let other = MiniKernel.kernel(name: "next", version: "2.0.0")

private func render(_ walks: [Walk] = [MiniKernel.walk()], _ options: ExportOptions = ExportOptions()) -> String {
  MarkdownArticle.render(walks, options)
}

@Test func writesAnArticle() throws {
  try expectSnapshot(render([MiniKernel.walk()], ExportOptions(browser: browser)), "article.md")
}

@Test func writesAnArticleOfTwoKernelsForABlog() throws {
  let walks = [
    MiniKernel.walk(),
    MiniKernel.walk(
      frames: Array(MiniKernel.frames.prefix(2)), annotations: [MiniKernel.annotations[0]], kernel: other),
  ]
  try expectSnapshot(
    render(walks, ExportOptions(showsSource: false, jekyllDate: "2026-01-31")), "article-jekyll.md")
}

@Test func quotesNoSourceWhereNoneIsWanted() {
  let text = render([MiniKernel.walk()], ExportOptions(showsSource: false))
  for piece in ["READ_LATEST", "goto out", "WIDGET_CLOSED", "spin_lock_init", "w->state", "GPL-2.0-only"] {
    #expect(!text.contains(piece), "\(piece)")
  }
  for piece in ["READ_LATEST", "spin_lock_init", "GPL-2.0-only"] { #expect(render().contains(piece), "\(piece)") }
}

@Test func hasLinesThatLintersAccept() {
  let lines = render([MiniKernel.walk(), MiniKernel.walk(kernel: other)], ExportOptions(browser: browser))
    .split(separator: "\n", omittingEmptySubsequences: false)
  var isCode = false
  var headings: Set<Substring> = []
  for (number, line) in lines.enumerated() {
    if line.hasPrefix("```") { isCode.toggle() }
    #expect(!line.contains("\t"), "\(number + 1)")
    #expect(line.isEmpty || line.last != " " || line.hasSuffix("  "), "\(number + 1)")
    if isCode || line.hasPrefix("|") { continue }
    if line.hasPrefix("#") { #expect(headings.insert(line).inserted, "\(line)") }
    // Beyond column 80 there may only be what can't be broken.
    #expect(!line.dropFirst(80).contains(" "), "\(line)")
    if number > 0, line.isEmpty { #expect(!lines[number - 1].isEmpty, "\(number + 1)") }
  }
  #expect(lines.last == "" && lines.dropLast().last != "")
  #expect(headings.count > 8)
}

@Test func makesRawHTMLInAnnotationsText() {
  let evil = BoundAnnotation(
    id: "evil", title: "A <b>bold</b> title:",
    prose: "An <img src=x onerror=alert(1)> in a line.\n\n<script>\nalert(1)\n</script>",
    function: "widget_open", range: MiniKernel.annotations[0].range, results: [])
  let text = render([MiniKernel.walk(annotations: [evil])])
  #expect(text.contains(#"\<img src=x onerror=alert(1)\>"#) || text.contains(#"\<img"#))
  #expect(!text.contains(/(^|[^\\])<(script|img|b>)/))
  #expect(text.contains("alert(1)"))
}

@Test(arguments: [
  ("6.12.117", "v6.12.117"), ("6.8.0", "v6.8"), ("7.0.0-rc2", "v7.0-rc2"), ("2.6.32", "v2.6.32"),
  ("2.6.32.59", "v2.6.32.59"),
  ("3.10.0-957.el7", nil), ("4.19-vendor", nil), ("", nil), ("6", nil), ("6..1", nil), ("6.1-rc", "v6.1-rc"),
])
func namesTheTagOfAnUpstreamRelease(_ version: String, _ tag: String?) {
  #expect(KernelBrowser.tag(of: version) == tag)
}

@Test(arguments: [
  "javascript:alert(1)//{file}", "https://example.org/", "https://example.org/{file}\" onclick=x", "{file}",
])
func refusesTemplatesThatAreNoLinks(_ template: String) {
  #expect(throws: UserError.self) { try KernelBrowser(template: template) }
}

@Test func wrapsWithoutChangingTheMeaning() {
  let line = "one two - three + four 1. five # six > seven `a  b` eight 2026. nine"
  let wrapped = MarkdownWrapping.wrap(line, to: 12)
  for line in wrapped {
    #expect(!["- ", "+ ", "1. ", "# ", "> "].contains { line.hasPrefix($0) }, "\(line)")
  }
  #expect(wrapped.count > 3)
}

@Test func writesListsTablesAndCodeAsLintersWantThem() {
  let text = """
    * one
    * two
      more

          indented code

    3) three
    4) four

    |a|b|
    |-|-|
    |`x|y`|2|

    ## Deep
    #### Deeper
    > quoted
    """
  let lines = MarkdownDocument(text).markdown(headingLevel: 3, width: 80)
  #expect(lines.contains("- one") && lines.contains("3. three") && lines.contains("4. four"))
  #expect(lines.contains("### Deep") && lines.contains("#### Deeper") && lines.contains("> quoted"))
  #expect(lines.contains { $0.hasSuffix("```text") || $0.contains("``` text") }, "\(lines)")
  #expect(lines.contains("| --- | --- |"))
}

@Test(arguments: [
  ("[a](javascript:alert(1))", "a"), ("[a](JAVA&#9;script:alert(1))", "a"),
  ("![a *b*](data:text/html;base64,x)", "a *b*"),
  ("[a](vbscript:x)", "a"), ("[a](file:///etc/passwd)", "a"), ("[a](&#1;javascript:x)", "a"),
  ("[a](https://example.org/x)", "[a](https://example.org/x)"), ("[a](#cap)", "[a](#cap)"),
  ("[a](x/y:z)", "[a](x/y:z)"), ("[a](mailto:a@example.org)", "[a](mailto:a@example.org)"),
])
func keepsOnlyLinksToPlaces(_ text: String, _ expected: String) {
  #expect(MarkdownDocument(text).markdown(headingLevel: 3, width: 80) == [expected])
}

@Test(arguments: [">", "> ", "- ", "1. ", "[", "*a ", "`", "``a` ", "<a", "_a *b "])
func isNotHeldUpByWhatNestsWithoutEnd(_ piece: String) {
  // With the limit a tenth of a second, without it minutes, or no stack left.
  let text = String(repeating: piece, count: 8000) + "x"
  let start = ContinuousClock.now
  _ = MarkdownText(width: 80, tracked: []).lines(text)
  _ = MarkdownDocument(text).markdown(headingLevel: 3, width: 80)
  #expect(ContinuousClock.now - start < .seconds(60))
}
