internal import Glibc
internal import WalkerRender

/// What is known of the terminal that text goes to.
enum Terminal {
  static let isOutput = isatty(1) == 1
  static let isError = isatty(2) == 1

  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// In columns: the terminal's, else `COLUMNS`, else 80.
  static var width: Int {
    var size = winsize()
    if isOutput, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return bounded(Int(size.ws_col)) }
    return environment("COLUMNS").flatMap { Int($0) }.map(bounded) ?? 80
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
