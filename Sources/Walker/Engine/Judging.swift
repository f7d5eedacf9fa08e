internal import WalkerFormula
internal import WalkerModel
internal import WalkerProof
internal import WalkerTrace

/// Compares what was derived with what the walkthrough claims.
struct Judging {
  let walkthrough: Walkthrough
  let traced: Traced
  let prover: Prover

  init(walkthrough: Walkthrough, traced: Traced) throws {
    self.walkthrough = walkthrough
    self.traced = traced
    prover = try Prover()
  }

  func judge(_ result: TracedResult) throws -> (WalkResult, [Finding]) {
    let kind = result.specification.subject.kind
    let specification = result.specification
    guard let derived = result.derivation else {
      return (
        WalkResult(
          id: specification.id, kind: kind, derivation: nil, formula: result.why ?? "not derivable",
          subject: result.subject, location: result.location, era: nil,
          proof: result.isAbsent ? .absent : .notDerivable, counterexample: nil, undefinedWhen: nil, assumptions: [],
          title: specification.title, restsOn: result.restsOn), []
      )
    }
    func notDerivable(_ why: String) throws -> (WalkResult, [Finding]) {
      try judge(result.notDerivable(why, at: result.location))
    }
    for other in result.impossible
    where prover.isSatisfiable(.and(derived.assuming, other.condition)) != false {
      return try notDerivable(other.otherwise)
    }
    let circumstances = Circumstances(prover: prover)
    var raw = derived
    if result.isByReaching {
      switch circumstances.test(derived) {
      case .success(let known): raw = known
      case .failure(let open): return try notDerivable(open.sentence("whether the call is reached"))
      }
    }
    if let success = result.succeedsWhen { raw = circumstances.succeed(raw, when: success) }
    // Where the assumptions can't hold, every claim would be right: nothing is proved by that.
    let reachable = Expression.and(.and(raw.assuming, raw.reachedWhen), .not(raw.undefinedWhen))
    guard prover.isSatisfiable(reachable) == true else {
      return try notDerivable("not derivable: no input was found that comes to \(result.subject)")
    }
    let refined: Derivation
    switch circumstances.reach(raw) {
    case .success(let known): refined = Refining(prover: prover).refine(known)
    case .failure(let open): return try notDerivable(open.sentence("whether there is a result"))
    }
    var (eras, unknown, findings) = try claims(specification, refined)
    var derivation = prover.solve(refined, claims: eras.map(\.claim))
    var choice = prover.chooseEra(derivation, eras, typical: typical(derivation))
    var ranges: [String] = []
    if case .new = choice, !domains(derivation).isEmpty {
      let within = prover.chooseEra(derivation, eras, domains: domains(derivation), typical: typical(derivation))
      if case .known = within {
        choice = within
        ranges = traced.knobs.compactMap(Self.range)
      }
    }
    var restsOn = result.restsOn
    if case .new(let nearest) = choice, let unknown = unknownInput(derivation, at: nearest) {
      restsOn.append(unknown)
    }
    let isOpen = restsOn.contains { $0.state == .open }
    let (era, proof, counterexample): (String?, WalkResult.Proof, Counterexample?) =
      switch choice {
      case .known(let era): (era, isOpen ? .conditional : .proved, nil)
      // What the claim says is not known: it is neither right nor wrong.
      case .new(let nearest) where unknown[nearest.era] != nil: (nil, .unproved, nil)
      case .new(let nearest): (nil, isOpen ? .conditional : .refuted, isOpen ? nil : nearest)
      case .undecided: (nil, isOpen ? .conditional : .unproved, nil)
      case .none: (nil, isOpen ? .conditional : .unproved, nil)
      }
    if case .known(let id) = choice, let era = eras.first(where: { $0.id == id }) {
      derivation = shorter(derivation, era.claim, isEverywhere: ranges.isEmpty)
    }
    let (isMonotone, relapse): (Bool?, Relapse?) =
      switch prover.monotony(derivation, typical: typical(derivation)) {
      case .monotone: (true, nil)
      case .relapses(let relapse): (false, relapse)
      case .unknown: (nil, nil)
      }
    if case .undecided(let reason) = choice {
      findings.append(Self.notProved(specification, reason, result.location))
    }
    if isOpen { findings.append(Self.conditional(specification, restsOn, result.location)) }
    if case .new(let nearest) = choice {
      if let errors = unknown[nearest.era], let era = specification.eras.first(where: { $0.id == nearest.era }) {
        findings += errors.map { Self.badClaim(era, $0) }
      } else if !isOpen {
        findings.append(newBehaviour(specification, nearest, derivation, result.location))
      }
    }
    return (
      WalkResult(
        id: specification.id, kind: kind, derivation: derivation, formula: formula(derivation, kind),
        subject: result.subject,
        location: result.location, era: era, proof: proof, counterexample: counterexample,
        undefinedWhen: derivation.undefinedWhen.isConstantFalse ? nil : derivation.undefinedWhen.text,
        assumptions: assumptions(derivation, result) + ranges, isMonotone: isMonotone, relapse: relapse,
        title: specification.title, restsOn: restsOn), findings
    )
  }

  /// A number that the walk did not look into and that the counterexample rests on: with what is known alone put in, the
  /// source still gives no number.
  private func unknownInput(_ derivation: Derivation, at example: Counterexample) -> Obligation? {
    let opaque = inputs(derivation).filter { $0.role == .opaque && !$0.isGlobalVariable }
    guard !opaque.isEmpty else { return nil }
    var known: [Input: Expression] = [:]
    for input in inputs(derivation) where input.role != .opaque || input.isGlobalVariable {
      guard let number = example.inputs.first(where: { $0.name == input.name })?.number else { continue }
      known[input] = .constant(number, input.type)
    }
    let parts: [Expression] =
      switch derivation.form {
      case .stored(let value): [value, derivation.reachedWhen]
      case .threshold(_, let test): [test, derivation.reachedWhen]
      }
    let left = parts.map { $0.substituting(known).simplified }.flatMap(\.inputs)
    guard let deciding = left.filter({ $0.role == .opaque && !$0.isGlobalVariable }).sorted(by: { $0.id < $1.id }).first
    else { return nil }
    return Obligation(
      kind: .input, subject: deciding.name,
      location: traced.frames.first?.location ?? SourceLocation(file: "", line: 0),
      why: "decides the result, and what it is was not looked into",
      how: "take it as given by `assume`, or name what it is read from")
  }

  static func conditional(
    _ specification: ResultSpecification, _ restsOn: [Obligation], _ location: SourceLocation?
  ) -> Finding {
    let open = restsOn.filter { $0.state == .open }
    let first = open.first.map { "\($0.subject) \($0.why), \($0.location)" } ?? ""
    let more = open.count > 1 ? " (and \(open.count - 1) more: walker print --rests-on)" : ""
    return Finding(
      id: "walker.result.conditional", severity: .warning,
      summary: "\(specification.id) has a formula and no proof: \(first)\(more).", location: location,
      notes: open.first.map { $0.how.isEmpty ? [] : ["To settle it: \($0.how)."] } ?? [])
  }

  /// Of two forms that are proved to be one, that which a person reads more easily: a threshold's closed form, and when
  /// nothing is stored. What is stored stays as the code has it where it can, since its branches are what decides.
  /// - Parameter isEverywhere: they are one within no ranges of the knobs only.
  private func shorter(_ derivation: Derivation, _ claim: Claim, isEverywhere: Bool) -> Derivation {
    let slack = 20
    var (reached, closed, never) = (derivation.reachedWhen, derivation.closedForm, derivation.neverWhen)
    if let found = closed, found.text.count > claim.value.text.count + slack {
      (closed, never) = (claim.value, claim.neverWhen)
    }
    var form = derivation.form
    if case .stored(let value) = form, isEverywhere {
      let claimed = Expression.not(claim.neverWhen).simplified
      if reached.text.count > claimed.text.count + slack { reached = claimed }
      // What only the code knows of, and what does not matter: whether memory was to be had.
      let unknown = value.inputs.filter { $0.role == .opaque && !$0.isGlobalVariable }
      if !Set(claim.value.inputs).isSuperset(of: unknown) {
        form = .stored(.convert(claim.value, to: value.type).simplified)
      }
    }
    return Derivation(
      form: form, reachedWhen: reached, undefinedWhen: derivation.undefinedWhen,
      assuming: derivation.assuming, closedForm: closed, neverWhen: never)
  }

  /// Conditions that a person can read; the others are that the call succeeds, spelt out branch by branch.
  private func assumptions(_ derivation: Derivation, _ result: TracedResult) -> [String] {
    let texts = derivation.assuming.conjuncts.map(\.text)
    let short = texts.filter { $0.count <= 100 && !result.assumptions.contains($0) }
    return result.assumptions + short + (texts.contains { $0.count > 100 } ? ["the call succeeds"] : [])
      + (result.isByReaching ? ["nothing else is in its way"] : [])
  }

  private func formula(_ derivation: Derivation, _ kind: ObservationKind) -> String {
    switch derivation.form {
    case .stored(let value):
      if derivation.reachedWhen.isConstantTrue { return value.text }
      return "\(value.text), \(kind.absence) when \(Expression.not(derivation.reachedWhen).simplified.text)"
    case .threshold(let counter, let test):
      guard let closed = derivation.closedForm else { return "the smallest \(counter.name) with \(test.text)" }
      guard let never = derivation.neverWhen, !never.isConstantFalse else { return closed.text }
      return never.isConstantTrue ? "never" : "\(closed.text), never when \(never.text)"
    }
  }

  /// A claim may speak of every input of this kernel; a name that it does not have is an input of its own, so that the
  /// claim can't be proved, and is said.
  private func claims(
    _ specification: ResultSpecification, _ derivation: Derivation
  ) throws -> (eras: [EraClaim], unknown: [String: [ClaimError]], findings: [Finding]) {
    var names: [String: Expression] = [traced.tracked.name: .input(traced.tracked)]
    for result in traced.results {
      for input in (result.derivation.map(inputs) ?? []).sorted(by: {
        ($0.name, $0.type.name) < ($1.name, $1.type.name)
      })
      where input.role == .knob || input.role == .state { names[input.name] = .input(input) }
    }
    let errors = Set(traced.errorNames.names.values)
    for constant in traced.constants where names[constant.name] == nil {
      // `-EINVAL` beside a number without a sign is an error all the same, which C would make a large number of.
      names[constant.name] = .constant(constant.number, errors.contains(constant.name) ? .s64 : constant.type)
    }
    // A variable that no sysctl sets is named in claims as the source names it.
    for input in inputs(derivation).sorted(by: { ($0.name, $0.type.name) < ($1.name, $1.type.name) })
    where input.role == .opaque && input.isGlobalVariable {
      names[input.name] = .input(input)
    }
    for knob in traced.knobs {
      let input =
        names[knob.variable]
        ?? .input(Input(id: "knob:" + knob.name, name: knob.variable, role: .knob, type: knob.type))
      names[knob.variable] = input
      names[knob.name] = input
      // As the code calls it, where that is another name than the entry's (`pipe_max_size` for `pipe-max-size`), or as the
      // source has it: `init_net.ipv4.sysctl_tcp_rmem[2]`, or its last part.
      for name in [knob.storage, knob.storage.split(separator: ".").last.map(String.init) ?? knob.storage]
      where names[name] == nil { names[name] = input }
    }
    var eras: [EraClaim] = []
    var findings: [Finding] = []
    var unknown: [String: [ClaimError]] = [:]
    for era in specification.eras {
      var known = names
      for _ in 0..<8 {
        do throws(ClaimError) {
          eras.append(
            EraClaim(
              id: era.id, claim: returned(try Claim.parse(era.claim, names: known), specification, derivation)))
          break
        } catch {
          guard let name = error.unknownName, known[name] == nil else {
            findings.append(Self.badClaim(era, error))
            break
          }
          unknown[era.id, default: []].append(error)
          known[name] = .input(Input(id: "absent:" + name, name: name, role: .knob, type: .s32))
        }
      }
    }
    return (eras, unknown, findings)
  }

  /// A claim of what is returned is converted to what the function returns, as `return` does.
  private func returned(_ claim: Claim, _ specification: ResultSpecification, _ derivation: Derivation) -> Claim {
    guard case .returned = specification.subject.kind.measure, case .stored(let value) = derivation.form else {
      return claim
    }
    return Claim(text: claim.text, value: .convert(claim.value, to: value.type), neverWhen: claim.neverWhen)
  }

  private func inputs(_ derivation: Derivation) -> Set<Input> {
    switch derivation.form {
    case .stored(let value): Set(value.inputs).union(derivation.reachedWhen.inputs)
    case .threshold(_, let test): Set(test.inputs).union(derivation.reachedWhen.inputs)
    }
  }

  private func typical(_ derivation: Derivation) -> [Input: Int128] {
    var typical: [Input: Int128] = [:]
    for input in inputs(derivation) {
      if let knob = traced.knobs.first(where: { $0.variable == input.name }), let number = knob.defaultValue {
        typical[input] = number
      }
    }
    return typical
  }

  private func domains(_ derivation: Derivation) -> [Input: ClosedRange<Int128>] {
    var domains: [Input: ClosedRange<Int128>] = [:]
    for input in inputs(derivation) {
      guard let knob = traced.knobs.first(where: { $0.variable == input.name }),
        knob.minimum != nil || knob.maximum != nil
      else { continue }
      let (low, high) = (knob.minimum ?? input.type.minimum, knob.maximum ?? input.type.maximum)
      if low <= high { domains[input] = low...high }
    }
    return domains
  }

  private static func range(_ knob: Knob) -> String? {
    switch (knob.minimum, knob.maximum) {
    case (nil, nil): nil
    case (let low?, nil): "\(knob.name) >= \(low)"
    case (nil, let high?): "\(knob.name) <= \(high)"
    case (let low?, let high?): "\(knob.name) in \(low)..\(high)"
    }
  }

  private func newBehaviour(
    _ specification: ResultSpecification, _ example: Counterexample, _ derivation: Derivation,
    _ location: SourceLocation?
  ) -> Finding {
    let inputs = example.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    func number(_ value: Int128?) -> String {
      guard let value else { return specification.subject.kind.absence }
      guard case .stored(let expression) = derivation.form else { return "\(value)" }
      return traced.errorNames.text(value, expression.type) ?? "\(value)"
    }
    return Finding(
      id: "walker.result.new-behaviour", severity: .warning,
      summary:
        "\(specification.id) behaves like no known era; nearest is \(example.era), which differs at \(inputs): \(number(example.derived)), the claim says \(number(example.claimed)).",
      location: location,
      notes: ["Add an era to the walkthrough, or correct its claim."])
  }

  static func notProved(_ specification: ResultSpecification, _ reason: String, _ location: SourceLocation?) -> Finding
  {
    Finding(
      id: "walker.result.not-proved", severity: .warning,
      summary: "\(specification.id) was neither proved nor refuted: \(reason).", location: location,
      notes: ["Nothing is said about its era; a simpler claim may be within reach of the prover."])
  }

  static func badClaim(_ era: ResultSpecification.Era, _ error: ClaimError) -> Finding {
    // Where the claim begins, whether or not it is quoted there, and the place in it.
    let place = SourceLocation(
      file: era.location.file, line: era.location.line, column: era.location.column + error.column - 1)
    return Finding(
      id: "walker.claim.malformed", severity: .error,
      summary: "The claim of era \(era.id) can't be read: \(error.description).", location: place,
      notes: ["Correct the claim in the walkthrough's front matter."])
  }
}

extension Input {
  /// A global variable as it was before the walk, rather than a part of an object that a pointer led to.
  var isGlobalVariable: Bool {
    id.hasPrefix("g") && !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}
