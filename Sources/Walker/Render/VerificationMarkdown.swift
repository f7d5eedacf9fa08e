internal import WalkerModel

extension VerificationReport {
  /// A page: the matrix, then a table for each kernel.
  public var markdown: String {
    var text = "# \(title): asked of real kernels\n\n"
    text += "Made by `\(command)`. A cell says how many answers of the kernel agree with what\n"
    text += "walker derives from its source (✓), how many differ (✗), or that nothing could be checked (?).\n\n"
    text += table(matrix.map { $0.map { $0.isEmpty ? "kernel" : $0 } })
    for one in verifications {
      text += "\n## \(one.kernel)\n\n\(escaped(one.heading)).\n\n"
      if let failure = one.failure { text += "Not checked: \(escaped(failure)).\n\n" }
      text += table(
        [["result", "derived", "agree", "differ", "not observed"]]
          + one.results.map {
            [$0.id, "`\($0.formula)`", "\($0.agreed)", "\($0.differed)", "\($0.unobserved)"]
          })
      let remarks = one.results.flatMap { result in
        ([result.difference?.sentence].compactMap(\.self) + result.reasonSentences).map { "\(result.id): \($0)" }
      }
      let chain = one.chain.map { ["Call chain: \($0.sentence)"] + $0.problems + $0.remarks } ?? []
      let list = remarks + chain + one.notes
      if !list.isEmpty { text += "\n" + list.map { "- \(escaped($0))\n" }.joined() }
    }
    return text
  }

  private var command: String {
    let kernels = verifications.map { $0.means == .boot ? "--boot \($0.kernel)" : "--live" }
    return (["walker verify \(walkthrough)"] + kernels + ["--format markdown"]).joined(separator: " ")
  }

  private func table(_ rows: [[String]]) -> String {
    guard let head = rows.first else { return "" }
    let body = rows.dropFirst().map { line($0) }.joined()
    return line(head) + "|" + String(repeating: "---|", count: head.count) + "\n" + body
  }

  private func line(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
  }

  /// Text that Markdown leaves as it is; names with underscores and stars come often.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "\\*_<>|#[".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
