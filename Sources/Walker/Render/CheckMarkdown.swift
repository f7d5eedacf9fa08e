public import WalkerModel

/// A check as a page for a CI job: one row for each kernel, then what is not ok.
public enum CheckMarkdown {
  /// A job's page holds a mebibyte; what does not fit is counted.
  private static let limit = 500_000

  public static func render(_ report: CheckReport) -> String {
    var text = "## walker check: \(escaped(report.title))\n\n"
    text += "| kernel | verdict | annotations | results | compared with |\n|---|---|---|---|---|\n"
    for kernel in report.kernels { text += row(kernel) }
    text += "\n"
    var left = 0
    for kernel in report.kernels where kernel.verdict != .ok {
      let details = details(kernel)
      if text.utf8.count + details.utf8.count > limit { left += 1 } else { text += details }
    }
    if left > 0 { text += "\(left) more kernels are not ok; the page has no room for them.\n" }
    return text
  }

  private static func row(_ kernel: KernelReport) -> String {
    let coverage = kernel.coverage
    let concerned = coverage.annotations - coverage.otherEra
    let name = kernel.version.map { $0 == kernel.name ? kernel.name : "\(kernel.name) (\($0))" } ?? kernel.name
    return
      "| \(escaped(name)) | \(sign(kernel.verdict)) \(kernel.verdict.rawValue) | \(coverage.annotationsChecked) of \(concerned) | \(coverage.resultsChecked) of \(coverage.results) | \(escaped(kernel.baseline ?? "–")) |\n"
  }

  private static func details(_ kernel: KernelReport) -> String {
    var text =
      "<details\(kernel.verdict == .broken ? " open" : "")><summary>\(sign(kernel.verdict)) \(escaped(kernel.name))</summary>\n\n"
    if let problem = kernel.problem { text += "\(escaped(problem))\n\n" }
    for cause in kernel.causes {
      text += "- \(sign(cause.verdict)) "
      if let place = CheckWords.place(cause) { text += "`\(code(place))`: " }
      text += "\(escaped(cause.what))\n"
      for consequence in cause.consequences.dropFirst() {
        text += "  - \(sign(consequence.verdict)) **\(escaped(consequence.id))**: \(escaped(consequence.words))\n"
      }
      if let commit = cause.commit { text += "  - commit \(escaped(commit))\n" }
      if let remedy = cause.remedy { text += "  - `\(code(remedy))`\n" }
    }
    return text + "\n</details>\n\n"
  }

  private static func sign(_ verdict: CheckVerdict) -> String {
    switch verdict {
    case .ok: "✅"
    case .review: "👀"
    case .unchecked: "❔"
    case .broken: "❌"
    }
  }

  /// Nothing in it is taken for markup.
  private static func escaped(_ text: String) -> String {
    var output = ""
    for character in text {
      if "\\`*_{}[]<>#|~".contains(character) { output += "\\" }
      output += character == "\n" ? " " : String(character)
    }
    return output
  }

  private static func code(_ text: String) -> String { text.replacing("`", with: "'").replacing("\n", with: " ") }
}
