public import WalkerModel

/// Where a terminal leads to from a place such as `drivers/widget/core.c:48` (OSC 8).
public struct SourceLinks: Sendable, Hashable {
  private let kernel: KernelIdentity
  /// The files of the walk: nothing else that looks like a place becomes a link.
  private let files: Set<String>
  private let browser: KernelBrowser?
  /// Where the tree lies; nil: it is no folder.
  private let folder: String?

  /// - Parameter browser: a public one goes before the file on this machine, since it can show a line.
  public init(_ walk: Walk, browser: KernelBrowser?, folder: String?) {
    kernel = walk.kernel
    files = Set(walk.files + walk.allFrames.map(\.location.file) + walk.annotations.map(\.range.start.file))
    self.browser = browser
    self.folder = folder
  }

  /// The text with escape sequences around the places in it.
  func linked(_ text: String) -> String {
    var output = ""
    var rest = text[...]
    while let match = rest.firstMatch(of: /[A-Za-z0-9_.\/+-]+\.[chS]:([0-9]+)/) {
      output += rest[..<match.range.lowerBound]
      let word = String(match.0)
      let file = String(word.prefix(word.count - match.1.count - 1))
      if let line = Int(match.1), let url = url(SourceLocation(file: file, line: line)) {
        output += "\u{1B}]8;;\(url)\u{1B}\\\(word)\u{1B}]8;;\u{1B}\\"
      } else {
        output += word
      }
      rest = rest[match.range.upperBound...]
    }
    return output + rest
  }

  private func url(_ place: SourceLocation) -> String? {
    guard files.contains(place.file) else { return nil }
    if let url = browser?.link(place, in: kernel) { return url }
    return folder.map { "file://" + KernelBrowser.encoded($0 + "/" + place.file) }
  }
}
