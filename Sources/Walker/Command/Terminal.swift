internal import FoundationEssentials
internal import Glibc
internal import WalkerAnnotation
internal import WalkerKernel
internal import WalkerModel
internal import WalkerRender

/// What is known of the terminal that text goes to.
enum Terminal {
  static let isOutput = isatty(1) == 1
  static let isError = isatty(2) == 1

  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether what is written is read as UTF-8: as the locale says (`LC_ALL`, else `LC_CTYPE`, else `LANG`).
  static var showsUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first ?? "C"
    let letters = locale.lowercased().filter { $0 != "-" }
    return letters.contains("utf8")
  }

  /// In columns: the terminal's, else `COLUMNS`, else 80.
  static var width: Int {
    if let size, size.ws_col > 0 { return bounded(Int(size.ws_col)) }
    return environment("COLUMNS").flatMap { Int($0) }.map(bounded) ?? 80
  }

  /// In lines; 0 where there is no terminal.
  static var height: Int { size.map { Int($0.ws_row) } ?? 0 }

  private static var size: winsize? {
    var size = winsize()
    return isOutput && ioctl(1, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }

  /// Links to the source, on a terminal that shows colours: one that knows nothing of links leaves them out of sight.
  ///
  /// Throws `UserError` when the catalog can't be read, or its or the project's template is none.
  static func links(
    _ arguments: TextArguments, _ walk: Walk, _ kernel: KernelReference, _ places: Places
  ) throws -> SourceLinks? {
    guard isOutput, palette(arguments.color) != .none else { return nil }
    let browser = try places.browser(nil).map(KernelBrowser.init)
    let folder: String? =
      switch kernel.kind {
      case .set(let path), .folder(let path):
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
      case .archive, .git: nil
      }
    return SourceLinks(walk, browser: browser, folder: folder)
  }

  /// As --width is.
  private static func bounded(_ columns: Int) -> Int { min(max(columns, widths.lowerBound), widths.upperBound) }
  static let widths = 40...1000

  static func palette(_ choice: ColorChoice) -> Palette {
    let terminal = environment("TERM") ?? "dumb"
    switch choice {
    case .never: return .none
    case .auto where !isOutput || environment("NO_COLOR") != nil || terminal == "dumb": return .none
    case .auto, .always:
      let hasMany = terminal.contains("256") || environment("COLORTERM") != nil
      return hasMany ? .many : .sixteen
    }
  }
}

extension TextOptions {
  init(_ arguments: TextArguments) {
    self.init(
      width: arguments.width ?? Terminal.width, palette: Terminal.palette(arguments.color),
      showsSource: !arguments.noSource)
  }
}
