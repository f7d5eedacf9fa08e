public import WalkerModel

/// A check as JUnit XML: a suite for each kernel, a case for each annotation, result and for the path. Broken is a failure,
/// unchecked an error; what is to be reviewed passes with a word, or fails when the check is strict.
public enum CheckJUnit {
  private struct Case {
    let name: String
    let verdict: CheckVerdict
    let words: String
  }

  public static func render(_ report: CheckReport) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"walker check\">\n"
    for kernel in report.kernels {
      let cases = cases(kernel)
      let failures = cases.count { $0.verdict == .broken || report.isStrict && $0.verdict == .review }
      let errors = cases.count { $0.verdict == .unchecked }
      text +=
        "  <testsuite name=\"\(escaped("\(report.walkthrough) \(kernel.name)"))\" tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
      for one in cases { text += write(one, in: "\(report.walkthrough).\(kernel.name)", isStrict: report.isStrict) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func cases(_ kernel: KernelReport) -> [Case] {
    if let problem = kernel.problem { return [Case(name: "kernel", verdict: .unchecked, words: problem)] }
    func words(_ own: [String], _ id: String) -> String {
      let causes = kernel.causes.filter { $0.consequences.contains { $0.id == id } }
      return (own + causes.compactMap(CheckWords.place).map { "at \($0)" }).joined(separator: "\n")
    }
    return kernel.results.map {
      Case(name: "result \($0.id)", verdict: $0.verdict, words: words($0.reasons + [$0.formula], $0.id))
    } + [
      Case(
        name: "path", verdict: kernel.path.verdict, words: kernel.path.reasons.map(\.text).joined(separator: "\n"))
    ]
      + kernel.annotations.map {
        Case(name: "annotation \($0.id)", verdict: $0.verdict, words: words($0.reasons, $0.id))
      }
  }

  private static func write(_ one: Case, in suite: String, isStrict: Bool) -> String {
    let head = "    <testcase classname=\"\(escaped(suite))\" name=\"\(escaped(one.name))\""
    let body = escaped(one.words)
    let message = escaped(one.words.split(separator: "\n").first.map(String.init) ?? one.verdict.rawValue)
    switch one.verdict {
    case .ok: return head + "/>\n"
    case .review where !isStrict: return head + "><system-out>review: \(body)</system-out></testcase>\n"
    case .review, .broken:
      return head
        + "><failure type=\"\(one.verdict.rawValue)\" message=\"\(message)\">\(body)</failure></testcase>\n"
    case .unchecked: return head + "><error type=\"unchecked\" message=\"\(message)\">\(body)</error></testcase>\n"
    }
  }

  /// XML 1.0 allows no other control characters than tab and line ends.
  private static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
