internal import Glibc
internal import WalkerModel
internal import WalkerRender

/// Shows long text as git does: through `WALKER_PAGER`, `PAGER` or `less`, when the output is a terminal.
enum Pager {
  /// Throws `UserError` when not everything could be written.
  static func show(_ text: String, _ arguments: TextArguments) throws {
    let palette = Terminal.palette(arguments.color)
    guard !arguments.noPager, Terminal.isOutput, let command,
      text.utf8.count(where: { $0 == 10 }) >= Terminal.height,
      try isShown(shown(VisibleText.of(text, keepsStyles: palette != .none)), by: command)
    else { return try StandardStreams.write(text, palette) }
  }

  private static func shown(_ text: String) -> String { Terminal.showsUnicode ? text : PlainText.of(text) }

  /// nil where none is wanted.
  private static var command: String? {
    // An empty one counts: it says that none is wanted.
    let named = getenv("WALKER_PAGER") ?? getenv("PAGER")
    let command = named.map { String(cString: $0) } ?? "less"
    return command.isEmpty || command == "cat" ? nil : command
  }

  /// False when the pager could not be started, and nothing was shown.
  private static func isShown(_ text: String, by command: String) throws -> Bool {
    // Colours and links as they are, no pager for what fits, the text stays on the screen.
    setenv("LESS", "FRX", 0)
    if Terminal.showsUnicode { setenv("LESSCHARSET", "utf-8", 0) }
    // Ctrl-C is the pager's while it runs.
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    guard let pipe = popen(command, "w") else { return false }
    var text = text
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, pipe) }
    let status = pclose(pipe)
    // What a shell answers when there is no such program; whoever leaves a pager early has what they wanted.
    return status >> 8 & 0xff != 127
  }
}
