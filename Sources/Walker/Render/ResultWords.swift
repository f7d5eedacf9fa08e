internal import WalkerModel

/// How exports word what is known of a result.
enum ResultWords {
  /// - Parameters:
  ///   - code: marks a piece of C or a name.
  ///   - text: writes words that are not markup.
  static func verdict(of result: WalkResult, code: (String) -> String, text: (String) -> String) -> String {
    switch result.proof {
    case .proved: "era \(result.era.map(code) ?? "unnamed"), proved equal to its claim for every input"
    case .conditional: text("conditional: " + ResultWords.condition(result))
    case .refuted: "a new behaviour: no era's claim is right"
    case .notDerivable, .absent: text(result.formula)
    case .unproved: "not proved: nothing is claimed, or the prover did not decide it in time"
    }
  }

  /// What a conditional result waits for, in one sentence.
  static func condition(_ result: WalkResult) -> String {
    let open = result.openObligations
    guard let first = open.first else { return "something that it rests on is open" }
    let era =
      result.era.map { "equal to the claim of era \($0), if it does not hold that " }
      ?? "right only if it does not hold that "
    let more = open.count > 1 ? ", nor \(open.count - 1) more" : ""
    return "\(era)\(first.subject) \(first.why) (\(first.location))\(more)"
  }

  /// Where a threshold is not monotone; nil where it is.
  static func relapse(of result: WalkResult) -> String? {
    guard let relapse = result.relapse else { return nil }
    let inputs = relapse.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    let place = inputs.isEmpty ? "" : " (for \(inputs))"
    return
      "Not monotone: full at \(relapse.full) and not at \(relapse.notFull)\(place); the first full length is given."
  }

  /// `a booted kernel of this version agreed for 128 of 128 inputs`; nil where none was asked.
  static func agreement(of result: WalkResult, in walk: Walk) -> String? {
    guard let asked = walk.agreements?.first(where: { $0.result == result.id }) else { return nil }
    let all = asked.agree + asked.differ + asked.notObserved
    let rest = [(asked.differ, "differed"), (asked.notObserved, "could not be observed")].filter { $0.0 > 0 }
      .map { ", \($0.0) \($0.1)" }.joined()
    return "a booted kernel of this version agreed for \(asked.agree) of \(all) inputs\(rest)"
  }
}

/// Where the text of an export comes from.
enum ProvenanceWords {
  static func kernel(_ walk: Walk) -> String {
    let configuration = walk.kernel.configuration
    let depends =
      configuration.depends.isEmpty ? "" : ", of which \(configuration.depends.joined(separator: ", ")) matter"
    return "Linux \(walk.kernel.version) from \(walk.kernel.source), \(configuration.source) configuration\(depends)"
  }

  static func coverage(_ walk: Walk, isNamed: Bool) -> String {
    let coverage = walk.coverage
    let proved = walk.results.count { $0.proof == .proved }
    let present = walk.results.count { $0.proof != .absent }
    let other = coverage.otherEra > 0 ? ", \(coverage.otherEra) more are for other kernels" : ""
    let kernel = isNamed ? "In Linux \(walk.kernel.version), " : ""
    return
      "\(kernel)\(coverage.bound) of \(coverage.annotations - coverage.otherEra) annotations found their place\(other); "
      + "\(proved) of \(present) results are proved."
  }

  static let licence =
    "The quoted source lines are the Linux kernel's, copyright its authors, under the GNU General Public License, "
    + "version 2 only (SPDX-License-Identifier: GPL-2.0-only). The lines are unchanged; their numbers are those of the files."

  static let links =
    "Links lead to the upstream release of the same version; a distribution's own changes can shift lines there."
}

/// A step in one line of plain text.
enum StepText {
  static func plain(_ step: ValueStep, _ words: StepWords) -> String {
    let text = words.text(step)
    return switch step.kind {
    case .clamp, .assign, .narrow, .store: step.target.map { "\($0) = \(text)" } ?? text
    case .guardBranch: "decides on \(text)"
    case .returned: "returns \(text)"
    case .call: "hands \(text) to \(step.target ?? "a function")()"
    }
  }
}

extension WalkResult {
  /// There is a formula to show, rather than a sentence that says why there is none.
  var hasFormula: Bool { derivation != nil || ![.notDerivable, .absent].contains(proof) }
}
