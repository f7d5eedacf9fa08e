internal import ArgumentParser
internal import Synchronization
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Show walkthroughs as live pages in this machine's browser, anew at each save.",
    discussion: """
      The server answers on 127.0.0.1 only, to pages of its own only, and shows walkthroughs only: no other file can be \
      had from it. It ends with Ctrl-C.
      """)

  @Argument(help: "Walkthroughs; without one, all.")
  var walkthroughs: [String] = []
  @Option(help: ArgumentHelp("A kernel; may be given more than once.", valueName: "kernel"))
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: ArgumentHelp("The port; 0 for any that is free.", valueName: "number"))
  var port: UInt16 = 8612
  @Option(
    help: ArgumentHelp(
      "Where places are linked to, with {tag}, {file} and {line}, or none; without it, what the catalog of kernels says.",
      valueName: "template"))
  var browser: String?
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let places = try Places(places, boundsEachWalk: true)
    let folder = try places.annotations()
    let names = try walkthroughs.isEmpty ? folder.names() : walkthroughs
    for name in names { _ = try folder.text(of: name) }
    guard !names.isEmpty else { _ = try WalkSource.firstName(in: folder); return }
    let configuration = try KernelArguments.configuration(config)
    let kernels = try await KernelChoice.resolve(all: kernel, places)
    let template = try places.browser(browser)
    let options = ExportOptions(showsSource: true, browser: try template.map(KernelBrowser.init), jekyllDate: nil)
    let board = LiveBoard(names: names)
    let server = try LoopbackServer(port: port) { board.answer($0) }
    server.start()
    try StandardStreams.write("http://127.0.0.1:\(server.port)/\n")
    let drafts = try names.map {
      try Draft(name: $0, kernels: kernels, configuration: configuration, places: places)
    }
    await withTaskGroup(of: Void.self) { group in
      for draft in drafts { group.addTask { await Self.follow(draft, board, options) } }
    }
  }

  private static func follow(_ draft: Draft, _ board: LiveBoard, _ options: ExportOptions) async {
    while !Task.isCancelled {
      let stamp = draft.stamp
      do {
        try await draft.rounds { round in
          let page = round.walks.isEmpty ? nil : try WalkPage.render(round.walks, options)
          board.show(draft.name, page: page, mistakes: round.mistakes, isPreview: round.isPreview)
        }
      } catch {
        board.show(draft.name, page: nil, mistakes: [(error as? UserError)?.message ?? "\(error)"], isPreview: false)
      }
      while !Task.isCancelled, draft.stamp == stamp {
        do { try await Task.sleep(for: .milliseconds(150)) } catch { return }
      }
    }
  }
}

/// What the browser is shown: for each walkthrough the last page that could be made, and what is wrong with the text now.
private final class LiveBoard: Sendable {
  private struct Entry {
    /// Grows with each round.
    var revision = 0
    /// The round that made the page.
    var pageRevision = 0
    var page: String?
    var mistakes: [String] = []
    var isPreview = false
  }

  private let names: [String]
  private let entries: Mutex<[String: Entry]>

  init(names: [String]) {
    self.names = names
    entries = Mutex(Dictionary(names.map { ($0, Entry()) }) { first, _ in first })
  }

  func show(_ name: String, page: String?, mistakes: [String], isPreview: Bool) {
    entries.withLock { entries in
      var entry = entries[name] ?? Entry()
      entry.revision += 1
      if let page, page != entry.page {
        entry.page = page
        entry.pageRevision = entry.revision
      }
      entry.mistakes = mistakes
      entry.isPreview = isPreview
      entries[name] = entry
    }
  }

  /// Every path is one of a few: nothing is looked up on the disk.
  func answer(_ path: String) -> LoopbackServer.Response {
    if path == "/" { return .init(LivePage.index(names), policy: LivePage.policy) }
    if path == "/live.css" { return .init(LivePage.style, type: "text/css; charset=utf-8") }
    if path == "/live.js" { return .init(LivePage.script, type: "text/javascript; charset=utf-8") }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.count >= 3, parts[0].isEmpty, let entry = entries.withLock({ $0[parts[1]] }) {
      switch parts[2...].joined(separator: "/") {
      case "": return .init(LivePage.shell(parts[1]), policy: LivePage.policy)
      case "page":
        return .init(entry.page ?? LivePage.waiting, policy: entry.page == nil ? LivePage.policy : nil)
      case "state":
        let state = LivePage.state(
          revision: entry.revision, pageRevision: entry.pageRevision, mistakes: entry.mistakes,
          isPreview: entry.isPreview)
        return .init(state, type: "application/json; charset=utf-8")
      default: break
      }
    }
    return .init("There is nothing of that name here.\n", status: 404, type: "text/plain; charset=utf-8")
  }
}
