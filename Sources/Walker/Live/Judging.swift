public import WalkerModel

extension Inquiry {
  /// What a kernel's answers come to. `answers` are a guest's lines; `failure` says why some are missing.
  public func verification(
    _ answers: [String], means: Verification.Means, notes: [String], failure: String?
  ) -> Verification {
    let given = AnswersByQuestion(answers)
    let present = Dictionary(
      uniqueKeysWithValues: knobs.compactMap { name in
        given.reading("k.\(name)").flatMap { reading -> (String, Int128)? in
          if case .value(let number) = reading { (name, number) } else { nil }
        }
      })
    let rows = cases.enumerated().map { row($0.offset, $0.element, given, present, failure) }
    let observed = given.kernel
    return Verification(
      kernel: walk.kernel.name, version: walk.kernel.version, means: means, observed: observed,
      notes: notes + witnessNotes(given), failure: failure, rows: rows, results: summaries(rows),
      chain: chain?.verification(given, failure: failure))
  }

  private func row(
    _ position: Int, _ one: Sweep.Case, _ given: AnswersByQuestion, _ present: [String: Int128], _ failure: String?
  ) -> Verification.Row {
    var answers: [Verification.Answer] = []
    for result in walk.results {
      guard let probe = probes.results.first(where: { $0.result == result.id }) else { continue }
      let settings = present.merging(settings(probe, one)) { $1 }
      let times = probe.times.number(walk, tracked: one.tracked, settings)
      let expectation =
        times == nil
        ? .none("what is read is to be multiplied by what is neither swept nor a constant that the walkthrough names")
        : Expectation(result, of: walk, tracked: one.tracked, knobs: settings, given: probe.given)
      let reading = given.reading("a.\(position).\(result.id)")
      var answer = probe.answer(
        to: expectation, reading, witness: given.reading("w.\(position).\(result.id)"), times: times ?? 1)
      if reading == nil, case .unobserved = answer.outcome {
        let isTooMany = (expectation.count ?? 0) >= options.mostConnections
        let counted = isTooMany ? probe.reader.counted : nil
        let why = counted.map { "more than \(options.mostConnections) \($0) would be needed" } ?? failure
        if let why {
          answer = Verification.Answer(
            result: answer.result, derived: answer.derived, observed: nil, outcome: .unobserved(why))
        }
      }
      answers.append(answer)
    }
    let known = present.merging(Dictionary(one.knobs.map { ($0.name, $0.number) }) { $1 }) { $1 }
    let inputs =
      [Counterexample.NamedNumber(name: walk.tracked.name, number: one.tracked)]
      + known.sorted { $0.key < $1.key }.map { Counterexample.NamedNumber(name: $0.key, number: $0.value) }
    return Verification.Row(inputs: inputs, answers: answers)
  }

  private func summaries(_ rows: [Verification.Row]) -> [Verification.ResultSummary] {
    walk.results.map { result in
      let answers = rows.flatMap { row in row.answers.filter { $0.result == result.id }.map { (row, $0) } }
      guard probes.results.contains(where: { $0.result == result.id }) else {
        return Verification.ResultSummary(
          id: result.id, formula: result.formula, agreed: 0, differed: 0, unobserved: rows.count,
          reasons: [.init(why: "the walkthrough declares no probe for it", count: rows.count)], difference: nil)
      }
      let agreed = answers.filter { $0.1.outcome == .agrees }.count
      let different = answers.filter { $0.1.outcome == .differs }
      var reasons: [String: Int] = [:]
      for case .unobserved(let why) in answers.map(\.1.outcome) { reasons[why, default: 0] += 1 }
      return Verification.ResultSummary(
        id: result.id, formula: result.formula, agreed: agreed, differed: different.count,
        unobserved: answers.count - agreed - different.count,
        reasons: reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { .init(why: $0.key, count: $0.value) },
        difference: different.first.map {
          .init(inputs: $0.0.inputs, derived: $0.1.derived, observed: $0.1.observed ?? "-")
        })
    }
  }

  /// A second witness is said to have been heard, or not.
  private func witnessNotes(_ given: AnswersByQuestion) -> [String] {
    probes.results.compactMap { probe in
      guard let witness = probe.witness else { return nil }
      let readings = cases.indices.compactMap { given.reading("w.\($0).\(probe.result)") }
      let heard = readings.filter { if case .value = $0 { true } else { false } }.count
      if heard > 0 { return "\(probe.result) was read a second time by \(witness.rawValue) (\(heard) times)" }
      guard case .failed(let step, let error)? = readings.first else { return nil }
      return "\(witness.rawValue) can't be a second witness to \(probe.result): \(Reading.reason(step, error))"
    }
  }
}

/// A guest's lines, by the question that they answer.
struct AnswersByQuestion {
  /// `uname`'s release and version.
  let kernel: String?
  /// Why there is no namespace, where one was asked for: an error number.
  let namespaceError: Int32?
  private let texts: [Substring: [Substring]]

  init(_ lines: [String]) {
    var texts: [Substring: [Substring]] = [:]
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      texts[parts[0], default: []].append(parts[1])
    }
    self.texts = texts
    kernel = texts["kernel"]?.first.map(String.init)
    namespaceError = texts["namespace"]?.first.flatMap { Int32($0) }
  }

  func lines(_ id: String) -> [Substring] { texts[id[...]] ?? [] }
  /// nil when there is none, or more than one.
  func reading(_ id: String) -> Reading? {
    let lines = lines(id)
    return lines.count == 1 ? lines.first.flatMap(Reading.init) : nil
  }
}
