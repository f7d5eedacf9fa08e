internal import WalkerModel

/// A basis as a file holds it: one fact a line, `file ID PATH`, in the basis' own order.
enum BasisText {
  static func write(_ basis: WalkBasis) -> String {
    var lines = basis.libraries.map { "library \($0.id) \($0.path)" }
    lines += basis.files.map { "file \($0.id) \($0.path)" }
    lines += basis.made.map { "made \($0.id) \($0.path)" }
    lines += basis.absent.map { "absent \($0)" }
    lines += basis.unlisted.map { "unlisted \($0)" }
    lines += basis.answers.map { "answer \($0.digest) \($0.query) \($0.name) \($0.value ?? "*") \($0.below ?? "*")" }
    lines += basis.symbols.map { $0.map { "symbol \($0)" } } ?? ["symbol *"]
    lines += ["values \(basis.symbolValues)", "arguments \(basis.arguments)"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// nil when the text is not one of ours.
  static func read(_ text: Substring) -> WalkBasis? {
    var basis = WalkBasis()
    var isWhole = false
    for bytes in text.utf8.split(separator: UInt8(ascii: "\n")) {
      guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else { return nil }
      let rest = Substring(bytes[bytes.index(after: space)...])
      guard !rest.isEmpty else { return nil }
      switch String(Substring(bytes[..<space])) {
      case "library": basis.libraries.append(contentsOf: file(rest))
      case "file": basis.files.append(contentsOf: file(rest))
      case "made": basis.made.append(contentsOf: file(rest))
      case "absent": basis.absent.append(String(rest))
      case "unlisted": basis.unlisted.append(String(rest))
      case "symbol" where rest == "*": basis.symbols = nil
      case "symbol": basis.symbols?.append(String(rest))
      case "values": basis.symbolValues = String(rest)
      case "arguments":
        basis.arguments = String(rest)
        isWhole = true
      case "answer":
        let parts = rest.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else { return nil }
        basis.answers.append(
          WalkBasis.Answer(
            query: parts[1], name: parts[2], below: parts[4] == "*" ? nil : parts[4],
            value: parts[3] == "*" ? nil : parts[3], digest: parts[0]))
      default: return nil
      }
    }
    return isWhole ? basis : nil
  }

  private static func file(_ text: Substring) -> [WalkBasis.File] {
    let parts = text.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
    return parts.count == 2
      ? [WalkBasis.File(path: String(Substring(parts[1])), id: String(Substring(parts[0])))] : []
  }
}
