public import WalkerModel

/// The index of many walkthroughs: what becomes of each number, in every kernel, at a glance.
///
/// One self-contained file beside the walkthroughs' own pages, `NAME.html`.
public enum GalleryPage {
  /// - Parameter walks: for each walkthrough its walks, in the order in which its page has the kernels.
  /// - Throws: `UserError` when libcrypto can't hash.
  public static func render(_ walks: [[Walk]]) throws -> String {
    let style = String(decoding: PackageResources.gallery_css, as: UTF8.self)
    let script = String(decoding: PackageResources.gallery_js, as: UTF8.self)
    let policy =
      "default-src 'none'; img-src data:; script-src '\(try PageDigest.of(script))'; style-src '\(try PageDigest.of(style))'; base-uri 'none'; form-action 'none'"
    let entries = walks.filter { !$0.isEmpty }.map(entry).joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="walker">
      <title>What the kernel makes of your numbers</title>
      <link rel="icon" href="data:,">
      <style>\(style)</style>
      </head>
      <body>
      <header>
      <h1>What the kernel makes of your numbers</h1>
      <label>Search <input id="search" type="search" autocomplete="off" placeholder="a function, a sysctl, a word"></label>
      <p id="count" role="status"></p>
      </header>
      <main>
      \(entries)
      </main>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  private static func entry(_ walks: [Walk]) -> String {
    let first = walks[0]
    let page = Markup.escaped(first.walkthrough) + ".html"
    let rows = walks.flatMap(\.results).map(\.id).uniqued.map { row($0, walks) }.joined(separator: "\n")
    let kernels = walks.map { "<th scope=\"col\">\(Markup.escaped($0.kernel.name))</th>" }.joined()
    let words =
      walks.flatMap { walk in
        [walk.walkthrough, walk.tracked.name] + walk.frames.map(\.function) + walk.knobs.map(\.name)
          + walk.annotations.map(\.title)
      }.uniqued.joined(separator: " ")
    return """
      <article data-words="\(Markup.escaped(words.lowercased()))">
      <h2><a href="\(page)">\(PageProse.inline(first.title))</a></h2>
      <div class="lead">\(PageProse.introduction(of: first).lead)</div>
      <div class="scroll" tabindex="0" role="region" aria-label="\(Markup.escaped(first.walkthrough)), results">
      <table>
      <thead><tr><th scope="col">result</th>\(kernels)</tr></thead>
      <tbody>
      \(rows)
      </tbody>
      </table>
      </div>
      </article>
      """
  }

  /// Kernels in which a result is the same share a cell.
  private static func row(_ id: String, _ walks: [Walk]) -> String {
    let tracked = walks[0].trackedNames
    let title = walks.flatMap(\.results).first { $0.id == id }?.title ?? id
    var cells: [(html: String, span: Int)] = []
    for walk in walks {
      let html =
        walk.results.first { $0.id == id }.map { cell($0, walk, tracked) } ?? "<span class=\"none\">not asked</span>"
      if let last = cells.last, last.html == html {
        cells[cells.count - 1].span += 1
      } else {
        cells.append((html, 1))
      }
    }
    let columns = cells.map { "<td\($0.span > 1 ? " colspan=\"\($0.span)\"" : "")>\($0.html)</td>" }.joined()
    return "<tr><th scope=\"row\">\(PageProse.inline(title))</th>\(columns)</tr>"
  }

  private static func cell(_ result: WalkResult, _ walk: Walk, _ tracked: Set<String>) -> String {
    guard result.hasFormula else { return "<span class=\"none\">\(Markup.escaped(result.formula))</span>" }
    let proof =
      result.proof == .proved
      ? "<span class=\"good\" title=\"proved for every input\">✓ proved</span>"
      : "<span class=\"bad\">\(Markup.escaped(result.proof.rawValue))</span>"
    let agreement = ResultWords.agreement(of: result, in: walk).map {
      "<span class=\"asked\">\(Markup.escaped($0))</span>"
    }
    return PageProse.foldable(walk.formulaText(of: result), tracked: tracked) + " " + proof + (agreement ?? "")
  }
}
