import Foundation
import Testing

/// Articles of real kernels under a linter with markdownlint's rules and defaults. What the article itself says to
/// markdownlint, in the comment at its end, this linter is told by its configuration.
@Suite(.serialized) struct ArticleLintTests {
  static let configuration = """
    {"plugins": {"md013": {"code_blocks": false, "tables": false}},
     "extensions": {"markdown-tables": {"enabled": true}, "front-matter": {"enabled": true}}}
    """

  @Test(arguments: ["listen-backlog", "pipe-size"], ["github", "jekyll"])
  func passesMarkdownlintsDefaults(_ walkthrough: String, _ flavor: String) throws {
    let kernels = RealKernels.names
    try #require(!kernels.isEmpty, "no kernel was fetched: run make test")
    let folder = FileManager.default.temporaryDirectory.appending(path: "walker-article-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (article, settings) = (folder.appending(path: "article.md"), folder.appending(path: "lint.json"))
    try Data(Self.configuration.utf8).write(to: settings)
    let export = try RealKernels.walker(
      ["export", walkthrough, "--format", "markdown", "--flavor", flavor, "-o", article.path]
        + kernels.flatMap { ["--kernel", $0] })
    #expect(export.status == 0, "\(export.errors)")
    let text = try String(contentsOf: article, encoding: .utf8)
    #expect(text.hasSuffix("{ \"MD013\": { \"code_blocks\": false, \"tables\": false } }\n-->\n"))
    let scan = ["-m", "pymarkdown", "-c", settings.path, "scan", article.path]
    let lint = try Browser.run(Browser.python, scan)
    #expect(lint.status == 0, "\(lint.output)\(lint.errors)")
    // A linter that finds nothing anywhere proves nothing.
    try Data((text + "\n\n#bad\ttext \n").utf8).write(to: article)
    #expect(try Browser.run(Browser.python, scan).status != 0)
  }
}
