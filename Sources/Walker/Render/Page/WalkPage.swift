internal import Mustache
public import WalkerModel

/// Walks as one self-contained HTML page: the source with the followed value through every frame, the annotations
/// beside their lines, and the results computed in the page for any input.
///
/// The page asks the network for nothing. Its policy lets just its own style and script run; all that comes from
/// annotations and sources is text.
public enum WalkPage {
  /// - Throws: `UserError` when the page can't be made.
  public static func render(_ walks: [Walk], _ options: ExportOptions) throws -> String {
    guard let first = walks.first else { return "" }
    let style = String(decoding: PackageResources.page_css, as: UTF8.self)
    let script = [PackageResources.arithmetic_js, PackageResources.curves_js, PackageResources.page_js]
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    let identities = PageIdentity.all(of: walks)
    let inputs = PageInput.all(of: walks)
    let results = walks.flatMap(\.results).map(\.id).uniqued
    let kernels = zip(walks, identities).map {
      PageKernel(walk: $0, identity: $1, options: options, results: results, inputs: inputs)
    }
    let introduction = PageProse.introduction(of: first)
    let data = PageData(walks: walks, kernels: kernels, inputs: inputs, results: results)
    let context: [String: Any] = [
      "policy": try policy(style: style, script: script), "style": style, "script": script,
      "plainTitle": first.title.filter { $0 != "`" && $0 != "*" },
      "title": PageProse.inline(first.title),
      "lead": introduction.lead, "hasBackground": !introduction.rest.isEmpty, "background": introduction.rest,
      "answer": AnswerSentence(ResultNumbers(first)).text,
      "tracked": ["name": first.tracked.name],
      "kernels": kernels.map(\.context),
      "inputs": inputs.map(\.context),
      "results": data.resultContexts,
      "granted": Assumption.all.map { ["id": $0.id, "text": $0.text] },
      "hasPairs": walks.count > 1, "pairs": PagePairs.contexts(walks),
      "provenance": walks.map {
        ["text": ProvenanceWords.kernel($0) + ". " + ProvenanceWords.coverage($0, isNamed: false)]
      },
      "hasLicence": options.showsSource, "licence": ProvenanceWords.licence,
      "hasLinks": options.browser != nil, "links": ProvenanceWords.links,
      "data": data.json.compact.replacing("<", with: "\\u003c"),
    ]
    do {
      return try MustacheTemplate(string: String(decoding: PackageResources.page_mustache, as: UTF8.self)).render(
        context)
    } catch {
      throw UserError("the page's template is damaged (\(error)): build or install walker again")
    }
  }

  private static func policy(style: String, script: String) throws -> String {
    "default-src 'none'; img-src data:; script-src '\(try PageDigest.of(script))'; style-src '\(try PageDigest.of(style))'; "
      + "base-uri 'none'; form-action 'none'"
  }
}

/// How the page names a kernel.
struct PageIdentity {
  let number: Int
  /// The beginning of its elements' ids.
  let slug: String

  /// No two slugs are alike.
  static func all(of walks: [Walk]) -> [PageIdentity] {
    var taken: Set<String> = []
    return walks.enumerated().map { number, walk in
      let plain = walk.kernel.name.map { character in
        character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character)) ? character : "-"
      }
      let base = plain.isEmpty ? "kernel" : String(plain)
      var slug = base
      var twin = 2
      while !taken.insert(slug).inserted {
        slug = "\(base)-\(twin)"
        twin += 1
      }
      return PageIdentity(number: number, slug: slug)
    }
  }

  func anchor(_ name: String) -> String { "\(slug)/\(name)" }
}

/// Prose of a walkthrough as harmless HTML.
enum PageProse {
  static func html(_ text: String, headingLevel: Int, tracked: Set<String>) -> String {
    var html = MarkdownDocument(text).html(headingLevel: headingLevel)
    for name in tracked {
      let code = Markup.escaped(name)
      html = html.replacing("<code>\(code)</code>", with: "<code class=\"tracked\">\(code)</code>")
    }
    // A wide table scrolls on a phone, by keys as well, rather than to break its words.
    return html.replacing(
      "<table>", with: "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table\"><table>"
    )
    .replacing("</table>", with: "</table></div>")
  }

  /// The first paragraph stands above the numbers, the rest below them.
  static func introduction(of walk: Walk) -> (lead: String, rest: String) {
    let html = html(walk.introduction, headingLevel: 3, tracked: walk.trackedNames)
    guard html.hasPrefix("<p>"), let end = html.firstRange(of: "</p>\n") else { return ("", html) }
    return (String(html[..<end.upperBound]), String(html[end.upperBound...]))
  }

  /// A title: what Markdown is within one line.
  static func inline(_ text: String) -> String {
    let html = MarkdownDocument(text.replacing("\n", with: " ")).html(headingLevel: 6)
    guard html.hasPrefix("<p>"), html.hasSuffix("</p>\n") else { return Markup.escaped(text) }
    return String(html.dropFirst(3).dropLast(5))
  }

  /// A formula, with the followed value marked.
  static func formula(_ text: String, tracked: Set<String>) -> String {
    var output = ""
    var rest = text[...]
    while let first = rest.first {
      let isName = first.isLetter || first == "_"
      let piece = rest.prefix { ($0.isLetter || $0 == "_" || (isName && $0.isNumber)) == isName }
      let word = Markup.escaped(piece)
      output += isName && tracked.contains(String(piece)) ? "<mark>\(word)</mark>" : word
      rest = rest[piece.endIndex...]
    }
    return output
  }

  /// A formula; a long one is folded.
  static func foldable(_ text: String, tracked: Set<String>) -> String {
    foldable(text, as: text.count > 160 ? text.shortened(to: 90) : text, tracked: tracked)
  }

  /// A formula in the words in which a reader takes it in; where these are others than its own, it unfolds.
  static func foldable(_ text: String, as words: String, tracked: Set<String>) -> String {
    let short = "<code>\(formula(words, tracked: tracked))</code>"
    guard words != text else { return short }
    let whole = "<code>\(formula(text, tracked: tracked))</code>"
    return "<details class=\"long\"><summary>\(short)</summary>\(whole)</details>"
  }

  /// A result's formula with names for what is long and occurs more than once, and the rare case below it.
  static func named(_ text: String, tracked: Set<String>) -> String {
    let words = FormulaWords(text)
    let definitions = words.definitions.enumerated().map {
      "<span class=\"where\">\($0 == 0 ? "where" : "and") <code>\(formula($1, tracked: tracked))</code></span>"
    }
    let edge = words.edge.map { "<span class=\"edge\">\(formula($0, tracked: tracked))</span>" } ?? ""
    return "<code>\(formula(words.formula, tracked: tracked))</code>" + definitions.joined() + edge
  }

  /// A name that may go on in the next line where a word of it ends.
  static func breakable(_ name: String) -> String {
    Markup.escaped(name).replacing(".", with: ".<wbr>").replacing("_", with: "_<wbr>")
  }

  static func code(_ text: String) -> String { "<code>\(Markup.escaped(text))</code>" }
}
