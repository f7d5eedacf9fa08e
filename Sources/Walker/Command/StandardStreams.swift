internal import Glibc
internal import WalkerModel
internal import WalkerRender

/// Standard output and standard error, written whole or not at all.
enum StandardStreams {
  /// - Parameter palette: what the text's colours are from. All else that would steer a terminal is made visible.
  /// - Throws: `UserError` when not everything could be written: a full disk must not look like success.
  static func write(_ text: String, _ palette: Palette = .none) throws {
    var text = VisibleText.of(text, keepsStyles: palette != .none)
    if Terminal.isOutput, !Terminal.showsUnicode { text = PlainText.of(text) }
    let failure: Int32? = text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(1, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return errno }
        done += count
      }
      return nil
    }
    // `walker | head` has what it wanted.
    if failure == EPIPE { exit(ExitStatus.ok) }
    if let failure {
      throw UserError(
        "the output could not be written (\(String(cString: strerror(failure)))): make room, or write elsewhere")
    }
  }

  /// One line on standard error.
  static func complain(_ message: String) {
    var line = "walker: " + VisibleText.of(message) + "\n"
    if Terminal.isError, !Terminal.showsUnicode { line = PlainText.of(line) }
    line.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
