public import WalkerModel

/// What is asked of a kernel about one walk, and what its answers mean.
///
/// Questions are lines of text (`Sources/WalkerGuest`), each with an id of its own; a guest answers in any order.
public struct Inquiry: Sendable {
  public struct Options: Sendable {
    /// How many combinations of inputs.
    public var cases: Int
    public var seed: UInt64
    /// Nothing is counted further.
    public var mostConnections: Int128
    /// Outside of a namespace knobs are only read.
    public var changesKnobs: Bool
    public var tracesCalls: Bool

    public init(
      cases: Int = 128, seed: UInt64 = 1, mostConnections: Int128 = 600, changesKnobs: Bool = true,
      tracesCalls: Bool = true
    ) {
      self.cases = cases
      self.seed = seed
      self.mostConnections = mostConnections
      self.changesKnobs = changesKnobs
      self.tracesCalls = tracesCalls
    }
  }

  let walk: Walk
  let probes: Probes
  let chain: ChainInquiry?
  let options: Options
  let cases: [Sweep.Case]
  /// Full names of the knobs that a probed result depends on, sorted.
  let knobs: [String]

  /// - Parameter entry: the walkthrough's, for the names under which the compiler keeps a system call's function.
  public init(walk: Walk, probes: Probes, entry: Walkthrough.Entry, options: Options) {
    self.walk = walk
    self.probes = probes
    self.options = options
    let probed = walk.results.filter { result in probes.results.contains { $0.result == result.id } }
    let variables = Set(
      probed.flatMap { $0.derivation?.allInputs ?? [] }.filter { $0.role == .knob }.map(\.name))
    knobs = Set(walk.knobs.filter { variables.contains($0.variable) }.map(\.name)).sorted()
    cases = Sweep(
      probes, tracked: walk.tracked, changesKnobs: options.changesKnobs, seed: options.seed, wanted: options.cases
    )
    .cases(options.cases)
    chain = options.tracesCalls ? ChainInquiry(walk: walk, entry: entry, input: probes.input) : nil
  }

  /// The knobs' values for one probe in one case, and what is so of the caller: the case's, and what the probe has to have.
  func settings(_ probe: Probes.ResultProbe, _ one: Sweep.Case) -> [String: Int128] {
    let required = probe.with.filter { options.changesKnobs || $0.isOfCaller }
    let general = probes.isUnprivileged ? [Probes.Setting(name: "privileged", number: 0)] : []
    return Dictionary((general + one.knobs + required).map { ($0.name, $0.number) }) { _, last in last }
  }

  /// All questions, as the guest reads them.
  public var questions: String {
    var lines = knobs.map { "k.\($0) knob \($0)" }
    for (position, one) in cases.enumerated() {
      for probe in probes.results {
        guard let result = walk.results.first(where: { $0.id == probe.result }) else { continue }
        let settings = settings(probe, one)
        let expectation = Expectation(
          result, of: walk, tracked: one.tracked, knobs: settings, given: probe.given)
        guard let reader = reader(probe.reader, expectation) else { continue }
        let knobs = settings.sorted { $0.key < $1.key }
          .map { " \(ProbeWords.caller.wire($0.key) ?? $0.key)=\($0.value)" }.joined()
        let asked = "ask \(probes.input.wire) \(bits(one.tracked))"
        lines.append("a.\(position).\(probe.result) \(asked) \(reader)\(knobs)")
        if let witness = probe.witness {
          lines.append("w.\(position).\(probe.result) \(asked) \(witness.wire)\(knobs)")
        }
      }
    }
    if let chain { lines += chain.questions(values: chainInputs.map(bits)) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// nil: too many would have to be made.
  private func reader(_ kind: Probes.ReaderKind, _ expectation: Expectation) -> String? {
    guard kind.counted != nil else { return kind.wire }
    guard let count = expectation.count else { return "\(kind.wire):\(options.mostConnections)" }
    guard count < options.mostConnections else { return nil }
    // A few more than should get in, so that one too many is seen.
    return "\(kind.wire):\(min(count + 16, options.mostConnections))"
  }

  private func bits(_ number: Int128) -> UInt64 { UInt64(truncatingIfNeeded: number) }

  /// Ordinary numbers, small ones first: some of those above 1 that are tried.
  private var chainInputs: [Int128] {
    let numbers = Set(cases.map(\.tracked)).filter { $0 > 1 }.sorted()
    let step = max(1, numbers.count / 12)
    return numbers.isEmpty
      ? [cases.first?.tracked ?? 1] : stride(from: 0, to: numbers.count, by: step).map { numbers[$0] }
  }
}

extension Probes.Setting {
  /// Of the process that asks, which may always be changed.
  var isOfCaller: Bool { ProbeWords.caller.wire(name) != nil }
}
