public import WalkerModel

/// What several kernels answered about one walkthrough.
public struct VerificationReport: Sendable {
  public let walkthrough: String
  public let title: String
  public let verifications: [Verification]

  public init(walkthrough: String, title: String, verifications: [Verification]) {
    self.walkthrough = walkthrough
    self.title = title
    self.verifications = verifications
  }

  /// 0 when every kernel agrees, 1 when one does not, 2 when something could not be checked.
  public var exitStatus: Int32 {
    let verdicts = verifications.map(\.verdict)
    if verdicts.contains(.refuted) { return ExitStatus.broken }
    return verdicts.isEmpty || verdicts.contains(.unchecked) ? ExitStatus.unchecked : ExitStatus.ok
  }

  /// Kernels from left to right, results from top to bottom, the call chain last.
  var matrix: [[String]] {
    var ids: [String] = []
    for id in verifications.flatMap({ $0.results.map(\.id) }) where !ids.contains(id) { ids.append(id) }
    var rows = [[""] + verifications.map(\.kernel)]
    for id in ids {
      rows.append([id] + verifications.map { one in one.results.first { $0.id == id }?.cell ?? "?" })
    }
    if verifications.contains(where: { $0.chain != nil }) {
      rows.append(["call chain"] + verifications.map { $0.chain?.cell ?? "-" })
    }
    return rows
  }

  /// As `walker.verify/1`.
  public var json: JSONText {
    .members([
      "schema": .text("walker.verify/1"), "walkthrough": .text(walkthrough),
      "kernels": .list(verifications.map(\.json)), "exit": .number(Int(exitStatus)),
    ])
  }
}

extension Verification {
  fileprivate var json: JSONText {
    .members([
      "name": .text(kernel), "version": .text(version), "how": .text(means.rawValue), "observed": .orNull(observed),
      "verdict": .text(verdict.rawValue), "why": .orNull(failure), "notes": .texts(notes),
      "results": .list(
        results.map { result in
          .members([
            "id": .text(result.id), "formula": .text(result.formula), "verdict": .text(result.verdict.rawValue),
            "agree": .number(result.agreed), "differ": .number(result.differed),
            "unobserved": .number(result.unobserved),
            "reasons": .list(
              result.reasons.map { .members(["why": .text($0.why), "count": .number($0.count)]) }),
            "difference": result.difference.map {
              .members([
                "inputs": numbers($0.inputs), "derived": .text($0.derived), "observed": .text($0.observed),
              ])
            } ?? .null,
          ])
        }),
      "chain": chain?.json ?? .null,
      "rows": .list(
        rows.map { row in
          .members([
            "inputs": numbers(row.inputs),
            "results": .object(row.answers.map { .init(name: $0.result, value: $0.json) }),
          ])
        }),
    ])
  }
}

extension Verification.Answer {
  fileprivate var json: JSONText {
    switch outcome {
    case .agrees, .differs:
      .members(["derived": .text(derived), "observed": .orNull(observed), "agree": .flag(outcome == .agrees)])
    case .unobserved(let why): .members(["derived": .text(derived), "observed": .null, "why": .text(why)])
    }
  }
}

extension ChainVerification {
  fileprivate var json: JSONText {
    .members([
      "verdict": .text(verdict.rawValue), "root": .orNull(root), "why": .orNull(failure),
      "path": .list(
        links.map { link in
          let depth: JSONText? = if case .called(let depth) = link.state { .number(depth) } else { nil }
          return .members(["function": .text(link.function), "state": .text(link.state.name), "depth": depth])
        }),
      "problems": .texts(problems),
    ])
  }
}

private func numbers(_ numbers: [Counterexample.NamedNumber]) -> JSONText {
  .object(numbers.map { .init(name: $0.name, value: .number($0.number)) })
}
