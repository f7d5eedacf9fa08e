internal import WalkerFormula
internal import WalkerModel
internal import WalkerRender

/// The results of one walk for the given inputs. A knob that is not set has the kernel's default, or this machine's value.
struct Evaluation {
  let named: NamedInputs
  let settings: [Setting]
  let usesLiveSysctls: Bool

  private var walk: Walk { named.walk }

  /// What an input is, where that is known.
  func number(of input: Input) -> Int128? {
    if let set = settings.last(where: { named.isNamed(input, $0.name) }) {
      // As C does with a number that the type does not hold.
      return input.type.number(fromBits: input.type.bits(of: set.number))
    }
    guard let knob = named.knob(input) else { return nil }
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
    let shown = named.inputs.compactMap { input in
      known[input].map { Counterexample.NamedNumber(name: named.fullName(input), number: $0) }
    }
    return EvalTable.Row(
      kernel: walk.kernel.name, inputs: shown, results: walk.results.map { outcome($0, known) }, notes: notes())
  }

  private func outcome(_ result: WalkResult, _ known: [Input: Int128]) -> EvalTable.Outcome {
    // A kernel that has nothing of the kind has no number, and nothing is wrong with that.
    if result.proof == .absent { return .init(id: result.id, value: .never, decidedBy: result.formula) }
    guard let derivation = result.derivation else { return .init(id: result.id, value: .none(result.formula)) }
    func without(_ why: String) -> EvalTable.Outcome {
      .init(id: result.id, value: .none(why + (result.location.map { " (\($0))" } ?? "")))
    }
    do throws(DerivationError) {
      let value = try derivation.evaluate(known)
      let decisions = Deciding(walk: walk, inputs: known).decisions(result)
      guard let value else {
        return .init(id: result.id, value: .never, decidedBy: derivation.neverWhen.map { "never when \($0.text)" })
      }
      let words = [
        decisions.isEmpty ? nil : DecisionWords(named: named).text(decisions),
        result.isMonotone == false ? "the first full length, the test is not true of all above it" : nil,
      ].compactMap(\.self)
      return .init(
        id: result.id, value: .number(value), decidedBy: words.isEmpty ? nil : words.joined(separator: "; "))
    } catch {
      switch error {
      case .notReached:
        return .init(id: result.id, value: .never, decidedBy: "only where \(derivation.reachedWhen.text)")
      case .undefined:
        return without(result.undefinedWhen.map { "C gives no value when \($0)" } ?? error.description)
      case .expression(.missing(let input)): return without(missing(input))
      default: return without(error.description)
      }
    }
  }

  private func missing(_ input: Input) -> String {
    let name = named.fullName(input)
    guard let knob = named.knob(input) else { return "set \(name) with --set" }
    let why = knob.defaultFormula.map { ", since its default is computed at boot: \($0)" } ?? ""
    return "set \(name) with --set\(why)"
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
