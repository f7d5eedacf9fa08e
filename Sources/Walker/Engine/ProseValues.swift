internal import WalkerFormula
internal import WalkerModel

/// Numbers that the kernel decides, where prose leaves them to it: `{{default net.core.somaxconn}}`,
/// `{{range net.core.somaxconn}}`, and what a result comes to with the kernel's defaults, `{{widget-limit 511}}`.
struct ProseValues {
  let tracked: Input
  let knobs: [Knob]
  let results: [WalkResult]

  /// The annotation with its numbers, and a finding for each that the kernel does not tell.
  func filled(_ annotation: BoundAnnotation, at location: SourceLocation?) -> (BoundAnnotation, [Finding]) {
    var findings: [Finding] = []
    let prose = annotation.prose.replacing(/\{\{([^{}]+)\}\}/) { match in
      let asked = String(match.1)
      if let value = value(asked) { return value }
      findings.append(
        Finding(
          id: "walker.prose.value", severity: .warning,
          summary: "\(annotation.id) asks for {{\(asked)}}, which this kernel does not tell.", location: location,
          notes: ["Write {{default SYSCTL}}, {{range SYSCTL}} or {{RESULT NUMBER}}; the walk has to read the sysctl."]))
      return "(not known)"
    }
    guard prose != annotation.prose else { return (annotation, []) }
    return (
      BoundAnnotation(
        id: annotation.id, title: annotation.title, prose: prose, function: annotation.function,
        range: annotation.range, results: annotation.results), findings
    )
  }

  private func value(_ asked: String) -> String? {
    let words = asked.split(separator: " ").map(String.init)
    guard words.count == 2 else { return nil }
    let knob = knobs.first { $0.name == words[1] || $0.variable == words[1] }
    switch words[0] {
    case "default": return knob.flatMap { $0.defaultValue.map(String.init) ?? $0.defaultFormula }
    case "range":
      return knob.map { "\($0.minimum ?? $0.type.minimum) to \($0.maximum ?? $0.type.maximum)" }
    default: return Int128(words[1]).flatMap { number(of: words[0], for: $0) }
    }
  }

  private func number(of id: String, for number: Int128) -> String? {
    guard let derivation = results.first(where: { $0.id == id })?.derivation else { return nil }
    var known: [Input: Int128] = [:]
    for input in Set(derivation.expressions.flatMap(\.inputs)) {
      known[input] = knobs.first { "knob:" + $0.name == input.id }?.defaultValue
    }
    known[tracked] = number
    do throws(DerivationError) {
      return try derivation.evaluate(known).map(String.init) ?? "no limit"
    } catch .notReached {
      return "none"
    } catch {
      return nil
    }
  }
}
