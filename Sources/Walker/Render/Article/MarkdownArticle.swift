public import WalkerModel

/// Walks as an article in GitHub-flavoured Markdown that stands alone: the first kernel is told, the others are
/// compared with it. It passes markdownlint's defaults; only code and tables may be wider than 80 columns.
public enum MarkdownArticle {
  static let width = 80

  public static func render(_ walks: [Walk], _ options: ExportOptions) -> String {
    guard let first = walks.first else { return "" }
    var page = ArticlePage()
    let title = MarkdownWrapping.heading(MarkdownSpan.text(first.title))
    if let date = options.jekyllDate {
      page.lines += ["---", "layout: post", "title: \(JSONText.text(first.title).compact)", "date: \(date)", "---", ""]
      page.headings.insert(title)
    } else {
      page.heading(1, title)
    }
    let answers = walks.map { MarkdownSpan.plain(AnswerSentence(ResultNumbers($0)).text) }
    if answers.count == 1 { page.paragraph(answers[0] + ".") } else { page.list(answers) }
    page.add(MarkdownDocument(first.introduction).markdown(headingLevel: 2, width: width))
    ArticleChain(walk: first, options: options).write(to: &page)
    ArticleSummary(walks: walks, options: options).write(to: &page)
    page.add([
      "<!-- markdownlint-configure-file", "{ \"MD013\": { \"code_blocks\": false, \"tables\": false } }", "-->",
    ])
    return page.text
  }
}

/// Blocks of Markdown with an empty line between them; no two headings are alike.
struct ArticlePage {
  var lines: [String] = []
  var headings: Set<String> = []

  var text: String {
    var lines = lines
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  mutating func add(_ block: [String]) {
    guard !block.isEmpty else { return }
    lines += block + [""]
  }

  /// - Parameter text: Markdown.
  mutating func heading(_ level: Int, _ text: String) {
    let title = MarkdownWrapping.heading(text)
    var unique = title
    var number = 2
    while !headings.insert(unique).inserted {
      unique = "\(title) (\(number))"
      number += 1
    }
    add([String(repeating: "#", count: level) + " " + unique])
  }

  mutating func paragraph(_ text: String) { add(MarkdownWrapping.wrap(text, to: MarkdownArticle.width)) }

  mutating func list(_ items: [String]) {
    add(
      items.flatMap { item in
        MarkdownWrapping.wrap(item, to: MarkdownArticle.width - 2).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
      })
  }

  mutating func fence(_ language: String, _ content: [String]) {
    var fence = "```"
    while content.contains(where: { $0.contains(fence) }) { fence += "`" }
    add([fence + language] + content + [fence])
  }

  mutating func table(_ head: [String], _ rows: [[String]]) {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    add([line(head), line(head.map { _ in "---" })] + rows.map(line))
  }
}
