internal import WalkerFormula
internal import WalkerModel
internal import WalkerRender

/// The results of one walk for the given inputs. A knob that is not set has the kernel's default, or this machine's value.
struct Evaluation {
  let named: NamedInputs
  let settings: [Setting]
  let usesLiveSysctls: Bool

  private var walk: Walk { named.walk }
  /// The walkthrough's example, or a number in its place.
  private let usual: [Input: Int128]

  init(named: NamedInputs, settings: [Setting], usesLiveSysctls: Bool) {
    self.named = named
    self.settings = settings
    self.usesLiveSysctls = usesLiveSysctls
    usual = ResultNumbers(named.walk).known
  }

  /// What an input is, where that is known.
  func number(of input: Input) -> Int128? {
    if let set = settings.last(where: { named.isNamed(input, $0.name) }) {
      // As C does with a number that the type does not hold.
      return input.type.number(fromBits: input.type.bits(of: set.number))
    }
    if let example = walk.answer?.example.first(where: { named.isNamed(input, $0.name) }) {
      return input.type.number(fromBits: input.type.bits(of: example.number))
    }
    guard let knob = named.knob(input) else { return usual[input] }
    if usesLiveSysctls, let live = LiveSysctl.number(knob.name) {
      return input.type.number(fromBits: input.type.bits(of: live))
    }
    return knob.defaultValue
  }

  var known: [Input: Int128] {
    var known: [Input: Int128] = [:]
    for input in named.inputs { known[input] = number(of: input) }
    return known
  }

  func row() -> EvalTable.Row {
    let known = known
    let numbers = ResultNumbers(walk, known: known)
    let shown = named.inputs.compactMap { input in
      known[input].map { Counterexample.NamedNumber(name: named.fullName(input), number: $0) }
    }
    return EvalTable.Row(
      kernel: walk.kernel.name, inputs: shown, results: walk.results.map { outcome($0, numbers) }, notes: notes(),
      answer: AnswerSentence(numbers))
  }

  /// Inputs at the edges and at random, with what becomes of them. An input that was set stays so.
  func vectors(_ count: Int) -> [EvalTable.Row] {
    var fixed: [Input: Int128] = [:]
    for (input, number) in known where settings.contains(where: { named.isNamed(input, $0.name) }) {
      fixed[input] = number
    }
    var seen: Set<[Input: Int128]> = []
    return EvalVectors.inputs(walk, count: count).map { $0.merging(fixed) { $1 } }.filter { seen.insert($0).inserted }
      .map { known in
        let numbers = ResultNumbers(walk, known: known)
        return EvalTable.Row(
          kernel: walk.kernel.name, inputs: numbers.shownInputs,
          results: walk.results.map { .init(id: $0.id, value: value(numbers.outcome(of: $0))) })
      }
  }

  private func value(_ outcome: ResultNumbers.Outcome) -> EvalTable.Outcome.Value {
    switch outcome {
    case .number(let number): .number(number)
    case .never: .never
    case .none(let why): .none(why)
    case .open(let formula, let knobs):
      .open(
        formula: formula,
        why: knobs.map { "\($0.name) is computed at boot, as \($0.defaultFormula ?? "")" }.joined(separator: "; ")
          + "; set it with --set, or take this machine's with --live-sysctls")
    }
  }

  private func outcome(_ result: WalkResult, _ numbers: ResultNumbers) -> EvalTable.Outcome {
    let outcome = numbers.outcome(of: result)
    var decidedBy: String?
    switch outcome {
    case .number:
      let decisions = Deciding(walk: walk, inputs: numbers.known).decisions(result)
      let words = [
        decisions.isEmpty ? nil : DecisionWords(named: named).text(decisions),
        result.isMonotone == false ? "the first full length, the test is not true of all above it" : nil,
      ].compactMap(\.self)
      decidedBy = words.isEmpty ? nil : words.joined(separator: "; ")
    case .never(let why): decidedBy = why
    case .open, .none: break
    }
    return .init(
      id: result.id, value: value(outcome), decidedBy: decidedBy, reservations: numbers.reservations(of: result),
      words: words(outcome, result))
  }

  private func words(_ outcome: ResultNumbers.Outcome, _ result: WalkResult) -> String? {
    switch outcome {
    case .number(let number): walk.words(for: number, of: result)
    case .never where result.proof != .absent && result.kind != .threshold: result.kind.absence
    case .never, .none, .open: nil
    }
  }

  /// What happens to the numbers before the kernel sees them, or instead.
  private func notes() -> [String] {
    var notes: [String] = []
    for setting in settings {
      guard let input = named.inputs.first(where: { named.isNamed($0, setting.name) }) else {
        notes.append("\(setting.name) plays no part in \(walk.kernel.name)")
        continue
      }
      let type = input.type
      let name = named.fullName(input)
      if !(type.minimum...type.maximum).contains(setting.number) {
        let kept = type.number(fromBits: type.bits(of: setting.number))
        notes.append(
          "\(name) is \(type.article) \(type.name), which holds \(type.minimum) to \(type.maximum): of \(setting.number) C keeps the low \(type.width) bits, \(kept)"
        )
      } else if let knob = named.knob(input),
        knob.minimum ?? setting.number > setting.number
          || knob.maximum ?? setting.number < setting.number
      {
        let range = "\(knob.minimum.map(String.init) ?? "")..\(knob.maximum.map(String.init) ?? "")"
        notes.append("\(name) does not take \(setting.number) in \(walk.kernel.name): its range is \(range)")
      }
    }
    if usesLiveSysctls {
      for input in named.inputs {
        guard let knob = named.knob(input), !settings.contains(where: { named.isNamed(input, $0.name) }),
          LiveSysctl.number(knob.name) == nil
        else { continue }
        notes.append("this machine shows no number for \(knob.name): the kernel's default stands for it")
      }
    }
    return notes
  }
}

/// Decisions in words: `capped by dev.widget.max at drivers/widget/room.c:76`.
struct DecisionWords {
  let named: NamedInputs

  func text(_ decisions: [Decision]) -> String {
    decisions.map { decision in
      words(decision.effect) + (decision.location.map { " at \($0)" } ?? "")
    }.joined(separator: ", then ")
  }

  private func words(_ effect: Decision.Effect) -> String {
    switch effect {
    case .capped(let by): by.constantNumber.map { "capped at \($0)" } ?? "capped by \(name(by))"
    case .raised(let to): to.constantNumber.map { "raised to \($0)" } ?? "raised by \(name(to))"
    case .chosen(let value, let condition): "\(name(value)) since \(condition.text)"
    case .converted(let before, let after, let type):
      (0...type.maximum).contains(before) || before > type.maximum
        ? "cut to \(type.width) bits, \(before) to \(after)" : "read as \(type.name), \(before) as \(after)"
    case .rounded(let before, let after): "rounded up from \(before) to \(after)"
    case .independent(let input): "\(input.name) plays no part"
    }
  }

  private func name(_ expression: Expression) -> String {
    var plain = expression
    while case .convert(let inner) = plain.kind { plain = inner }
    if case .input(let input) = plain.kind { return named.fullName(input) }
    return expression.text
  }
}

extension IntegerType {
  fileprivate var article: String { name.hasPrefix("i") || name == "u8" || name.hasPrefix("s8") ? "an" : "a" }
}
