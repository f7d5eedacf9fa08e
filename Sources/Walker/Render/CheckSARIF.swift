public import WalkerModel

/// A check as SARIF 2.1.0, for code scanning.
///
/// Each cause is a result. Its place is in the walkthrough, which is the file that is to be changed: the heading of the
/// first annotation that it concerns. The kernel's place is a related one, relative to `KERNEL`. The id of what it concerns
/// first is its fingerprint, and the way of the value its code flow.
public enum CheckSARIF {
  private struct Rule {
    let id: String
    let words: String
  }

  private static let rules = [
    Rule(id: "walker.cause.result", words: "A result is not what it was, or could not be proved."),
    Rule(id: "walker.cause.counter", words: "A threshold's counter is counted otherwise."),
    Rule(id: "walker.cause.way", words: "The way of the value is another one."),
    Rule(id: "walker.cause.knob", words: "A sysctl is read from elsewhere, or has another default or range."),
    Rule(id: "walker.cause.statement", words: "What an annotation states is not true of the kernel."),
    Rule(id: "walker.cause.annotation", words: "What stands at an annotation's place is not what was accepted."),
    Rule(id: "walker.kernel", words: "A kernel could not be checked."),
  ]

  public static func render(_ report: CheckReport) -> JSONText {
    .members([
      "$schema": .text("https://json.schemastore.org/sarif-2.1.0.json"),
      "version": .text("2.1.0"),
      "runs": .list([
        .members([
          "tool": .members([
            "driver": .members([
              "name": .text("walker"),
              "rules": .list(
                rules.map {
                  .members(["id": .text($0.id), "shortDescription": .members(["text": .text($0.words)])])
                }),
            ])
          ]),
          "columnKind": .text("utf16CodeUnits"),
          "originalUriBaseIds": .members([
            "KERNEL": .members([
              "description": .members(["text": .text("The root of the kernel tree that was checked.")])
            ])
          ]),
          "results": .list(report.kernels.flatMap { results($0, report) }),
        ])
      ]),
    ])
  }

  private static func results(_ kernel: KernelReport, _ report: CheckReport) -> [JSONText] {
    var found: [JSONText] = []
    func add(
      _ rule: String, _ verdict: CheckVerdict, _ id: String, _ message: String, line: Int, _ places: [CodePlace]
    ) {
      guard verdict != .ok else { return }
      found.append(
        result(
          rule, verdict, fingerprint: "\(report.walkthrough)/\(id)", "\(kernel.name): \(message)", file: report.file,
          line: line, places, kernel.valuePath))
    }
    if let problem = kernel.problem { add("walker.kernel", .unchecked, "kernel/\(kernel.name)", problem, line: 1, []) }
    for cause in kernel.causes {
      guard let first = cause.consequences.first else { continue }
      let line = cause.consequences.lazy.compactMap { $0.location?.line }.first ?? 1
      let others = CheckWords.others(cause).map { "; \($0)" } ?? ""
      let remedy = cause.remedy.map { ". To settle it: \($0)" } ?? ""
      add(
        "walker.cause.\(first.subject.rawValue)", cause.verdict, first.id, "\(cause.what)\(others)\(remedy)",
        line: line,
        cause.to.map { [$0] } ?? [])
    }
    return found
  }

  private static func result(
    _ rule: String, _ verdict: CheckVerdict, fingerprint: String, _ message: String, file: String, line: Int,
    _ places: [CodePlace], _ path: [KernelReport.Step]
  ) -> JSONText {
    .members([
      "ruleId": .text(rule),
      "ruleIndex": .number(rules.firstIndex { $0.id == rule } ?? 0),
      "level": .text(level(verdict)),
      "message": .members(["text": .text(message)]),
      "locations": .list([location(file, line, nil, base: nil)]),
      "relatedLocations": places.isEmpty
        ? nil : .list(places.map { location($0.file, $0.line, $0.function.map { "\($0)()" }, base: "KERNEL") }),
      "partialFingerprints": .members(["walkerAnchor/v1": .text(fingerprint)]),
      "codeFlows": path.isEmpty
        ? nil
        : .list([
          .members([
            "threadFlows": .list([
              .members([
                "locations": .list(
                  path.map {
                    .members(["location": location($0.location.file, $0.location.line, $0.text, base: "KERNEL")])
                  })
              ])
            ])
          ])
        ]),
    ])
  }

  private static func level(_ verdict: CheckVerdict) -> String {
    switch verdict {
    case .broken: "error"
    case .unchecked: "warning"
    case .review, .ok: "note"
    }
  }

  private static func location(_ file: String, _ line: Int, _ words: String?, base: String?) -> JSONText {
    .members([
      "physicalLocation": .members([
        "artifactLocation": .members(["uri": .text(uri(file)), "uriBaseId": base.map(JSONText.text)]),
        "region": .members(["startLine": .number(max(line, 1))]),
      ]),
      "message": words.map { .members(["text": .text($0)]) },
    ])
  }

  /// A relative reference: what a path may hold and a URI may not is escaped.
  private static func uri(_ path: String) -> String {
    var uri = ""
    for byte in path.utf8 {
      let isPlain =
        byte < 0x80 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
        || "-._~/+".utf8.contains(byte)
      if isPlain {
        uri.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return uri
  }
}
