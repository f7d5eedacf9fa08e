public import WalkerModel

/// A check as SARIF 2.1.0, for code scanning.
///
/// Each thing that is not ok is a result. Its place is the annotation's heading in the walkthrough, which is the file that
/// is to be changed; the kernel's places are related ones, relative to `KERNEL`. The annotation's id is its fingerprint, and
/// the way of the value its code flow.
public enum CheckSARIF {
  private struct Rule {
    let id: String
    let words: String
  }

  private static let rules = [
    Rule(id: "walker.annotation.edited", words: "The code that an annotation explains was edited."),
    Rule(id: "walker.annotation.moved", words: "The code that an annotation explains has moved."),
    Rule(id: "walker.annotation.renamed", words: "The function that an annotation explains was renamed."),
    Rule(id: "walker.annotation.gone", words: "The code that an annotation explains is gone."),
    Rule(id: "walker.annotation.ambiguous", words: "An annotation fits more than one place."),
    Rule(id: "walker.annotation.same", words: "The code that an annotation explains is the same, its meaning is not."),
    Rule(id: "walker.result.new", words: "A result behaves in a way that no era claims."),
    Rule(id: "walker.result.other-era", words: "A result belongs to another known era than the accepted kernel."),
    Rule(id: "walker.result.not-derivable", words: "A result could not be derived or proved."),
    Rule(id: "walker.result.same", words: "A result is proved, and no accepted kernel has it."),
    Rule(id: "walker.path", words: "The path of the value is another one."),
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
    for result in kernel.results {
      let place = result.location.map { [CodePlace(function: nil, file: $0.file, line: $0.line, endLine: $0.line)] }
      add(
        "walker.result.\(result.meaning.rawValue)", result.verdict, result.id,
        "\(result.id) is \(result.verdict.rawValue): \(result.reasons.joined(separator: "; ")); it is \(result.formula)",
        line: 1, place ?? [])
    }
    for reason in kernel.path.reasons where kernel.problem == nil {
      let place = reason.location.map { [CodePlace(function: nil, file: $0.file, line: $0.line, endLine: $0.line)] }
      add("walker.path", reason.verdict, "path", reason.text, line: 1, place ?? [])
    }
    for annotation in kernel.annotations {
      add(
        "walker.annotation.\(annotation.text.rawValue)", annotation.verdict, annotation.id,
        "\"\(annotation.title)\" is \(annotation.verdict.rawValue): \(annotation.reasons.joined(separator: "; "))",
        line: annotation.location.line, annotation.to.map { [$0] } ?? annotation.candidates)
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
