/// The pages of `walker serve` around the walkthroughs' own: a list, and a frame that is loaded again when a text was saved.
public enum LivePage {
  /// Everything comes from the server itself, and nothing stands within a page.
  public static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

  public static var style: String { String(decoding: PackageResources.live_css, as: UTF8.self) }
  public static var script: String { String(decoding: PackageResources.live_js, as: UTF8.self) }

  public static func index(_ names: [String]) -> String {
    let items = names.map { "<li><a href=\"/\(Markup.escaped($0))/\">\(Markup.escaped($0))</a></li>" }.joined()
    return page("walker", "<main><h1>Walkthroughs</h1><ul>\(items)</ul></main>")
  }

  public static func shell(_ name: String) -> String {
    let name = Markup.escaped(name)
    return page(
      "\(name) · walker",
      """
      <div id="mistakes" role="alert" hidden></div>
      <p id="status" role="status">walking…</p>
      <iframe id="page" title="\(name)" src="/\(name)/page" data-name="\(name)"></iframe>
      <script src="/live.js"></script>
      """)
  }

  public static var waiting: String { page("walker", "<main><p>The walk is being made.</p></main>") }

  public static func state(revision: Int, pageRevision: Int, mistakes: [String], isPreview: Bool) -> String {
    JSONText.members([
      "revision": .number(revision), "page": .number(pageRevision), "preview": .flag(isPreview),
      "mistakes": .texts(mistakes),
    ]).compact
  }

  private static func page(_ title: String, _ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title)</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/live.css">
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }
}
