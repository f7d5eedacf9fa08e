internal import WalkerModel

/// The kernel's names in prose: what stands in backticks and looks like one. What is another's (a program, a library) is
/// marked so: `` `strace_me()`{.other} ``.
enum ProseNames {
  private static let mark = "{.other}"

  /// The prose as it is shown.
  static func unmarked(_ prose: String) -> String { prose.replacing("`" + mark, with: "`") }

  static func read(_ section: WalkthroughFile.Section) -> [StatedFact] {
    var found: [StatedFact] = []
    var isCode = false
    for (position, line) in section.prose.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode else { continue }
      for match in line.matches(of: /`([^`]+)`/) {
        let name = String(match.1)
        let rest = line[match.range.upperBound...]
        guard isKernels(name), !rest.hasPrefix(mark), !found.contains(where: { $0.text == name }) else { continue }
        let column = line.utf8.distance(from: line.startIndex, to: match.range.lowerBound) + 1
        let place = section.proseLineOffset.map {
          SourceLocation(file: section.location.file, line: $0 + position + 1, column: column)
        }
        found.append(StatedFact(text: name, location: place ?? section.location))
      }
    }
    return found
  }

  /// `sock_from_file`, `fput()`, `struct sock.sk_type`, `TCP_LISTEN`, `CONFIG_INET`: a word that programs and files are
  /// not called by.
  static func isKernels(_ name: String) -> Bool {
    if name.wholeMatch(of: /(?:struct|union|enum) \w+(?:\.\w+)*/) != nil { return true }
    if name.wholeMatch(of: /[a-z_]\w*\(\)/) != nil { return name.contains("_") }
    return name.wholeMatch(of: /[a-z]\w*_\w+/) != nil || name.wholeMatch(of: /[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/) != nil
  }
}
