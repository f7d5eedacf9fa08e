internal import ArgumentParser
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a walkthrough as an article, a live page, a picture or a tour.",
    discussion: """
      markdown: an article. html: one self-contained page that computes. mermaid, dot, svg: pictures of the call path. \
      codetour: a tour for VS Code. json: schema walker.walk/1, or walker.walks/1 for several kernels.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, html, json, mermaid, dot, svg, codetour }
  enum Flavor: String, ExpressibleByArgument, CaseIterable { case github, jekyll }

  @Argument(help: walkthroughHelp, completion: .walkthroughs)
  var walkthrough: String?
  @Option(help: "markdown, html, json, mermaid, dot, svg, or codetour.")
  var format: Format
  @Option(
    help: ArgumentHelp(
      "A kernel; may be given more than once: the first one is told, the others are compared with it.",
      valueName: "kernel"), completion: .kernels)
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"))
  var output: String?
  @Flag(help: "Replace the file when it is there.")
  var force = false
  @Flag(help: "Every walkthrough, as pages in the folder that -o names, with an index. Needs --format html.")
  var all = false
  @Option(help: "Of Markdown: github, or jekyll, which adds a blog's front matter.")
  var flavor: Flavor = .github
  @Option(
    help: ArgumentHelp(
      "The date in a blog's front matter; without it, the day on which the walkthrough's text was last changed.",
      valueName: "yyyy-mm-dd"))
  var date: String?
  @Option(
    help: ArgumentHelp(
      "Where places are linked to, with {tag}, {file} and {line}, or none; without it, what the catalog of kernels says.",
      valueName: "template"))
  var browser: String?
  @Flag(help: "Leave every line of kernel source out.")
  var noSource = false
  @OptionGroup var places: PlaceArguments

  func validate() throws {
    if let date, !isDate(date) { throw ValidationError("--date must be a day, written 2026-01-31") }
    if all {
      guard format == .html, let output, output != "-" else {
        throw ValidationError("--all writes pages to a folder: say --format html -o FOLDER")
      }
      guard walkthrough == nil else { throw ValidationError("--all is every walkthrough: name none") }
    }
    if format == .codetour, kernel.count > 1 {
      throw ValidationError("a tour opens on one tree: give one --kernel, and make a tour for each")
    }
  }

  func run() async throws {
    if all { return try await exportAll() }
    let file = try output.flatMap { $0 == "-" ? nil : try OutputFile($0, replaces: force) }
    let places = try Places(places)
    let walks = try await WalkSource.walks(walkthrough: walkthrough, kernels: kernel, config: config, places)
    let options = ExportOptions(
      showsSource: !noSource, browser: try kernelBrowser(places), jekyllDate: try jekyllDate(walks, places))
    let text = try Self.text(format, walks, options)
    if let file { try file.write(text) } else { try StandardStreams.write(text) }
    try walks.report()
  }

  private func exportAll() async throws {
    let places = try Places(places)
    let options = ExportOptions(showsSource: !noSource, browser: try kernelBrowser(places))
    let gallery = GalleryExport(
      places: places, kernels: kernel, configuration: config, options: options, folder: output ?? "", replaces: force)
    let (walks, isComplete) = try await gallery.write()
    try walks.report()
    if !isComplete { throw ExitCode(ExitStatus.unchecked) }
  }

  private static func text(_ format: Format, _ walks: [Walk], _ options: ExportOptions) throws -> String {
    switch format {
    case .markdown: MarkdownArticle.render(walks, options)
    case .html: try WalkPage.render(walks, options)
    case .mermaid: MermaidPicture.render(walks)
    case .dot: DotPicture.render(walks)
    case .svg: SVGPicture.render(walks)
    case .codetour: walks.first.map { CodeTour.render($0, showsSource: options.showsSource).indented } ?? ""
    case .json where walks.count == 1: WalkJSON.render(walks[0], showsSource: options.showsSource).indented
    case .json: WalkJSON.render(walks, showsSource: options.showsSource).indented
    }
  }

  private func kernelBrowser(_ places: Places) throws -> KernelBrowser? {
    try places.browser(browser).map(KernelBrowser.init)
  }

  private func jekyllDate(_ walks: [Walk], _ places: Places) throws -> String? {
    guard flavor == .jekyll, format == .markdown, let walk = walks.first else { return nil }
    return try date ?? FileDay.lastChange(of: places.annotations().file(of: walk.walkthrough))
  }
}

/// `2026-01-31`, as far as its form goes.
private func isDate(_ text: String) -> Bool {
  guard let match = text.wholeMatch(of: /[0-9]{4}-([0-9]{2})-([0-9]{2})/) else { return false }
  return (1...12).contains(Int(match.1) ?? 0) && (1...31).contains(Int(match.2) ?? 0)
}
