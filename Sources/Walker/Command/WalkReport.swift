internal import ArgumentParser
internal import WalkerModel

extension [Walk] {
  /// A claim that a counterexample speaks against is broken. What is wrong with the walks is said on standard error as well, and decides the exit status.
  func report() throws {
    for walk in self {
      let kernel = count > 1 ? "\(walk.kernel.name): " : ""
      for finding in walk.findings where finding.severity == .error {
        let place = finding.location.map { "\($0): " } ?? ""
        let remedy = finding.notes.last.map { ": \($0)" } ?? ""
        let summary =
          finding.summary.hasSuffix(".") && !remedy.isEmpty ? String(finding.summary.dropLast()) : finding.summary
        StandardStreams.complain(kernel + place + summary + remedy)
      }
    }
    let refuted = flatMap { walk in walk.results.filter { $0.proof == .refuted }.map { (walk.kernel.name, $0) } }
    for (kernel, result) in refuted {
      let place = result.location.map { "\($0): " } ?? ""
      let kernel = count > 1 ? "\(kernel): " : ""
      StandardStreams.complain("\(kernel)\(place)no claim of \(result.id) is right: correct the claim, or add an era")
    }
    if !refuted.isEmpty || contains(where: { $0.findings.contains { $0.severity == .error } }) {
      throw ExitCode(ExitStatus.broken)
    }
    if contains(where: { $0.results.contains { [.notDerivable, .conditional].contains($0.proof) } })
      || contains(where: { $0.findings.contains { $0.id == "walker.result.not-proved" } })
    {
      throw ExitCode(ExitStatus.unchecked)
    }
  }
}
