internal import WalkerFormula
internal import WalkerModel

/// What results come to for a few telling inputs, with the kernel's own defaults for all knobs.
enum WorkedNumbers {
  /// What the followed parameter's type holds of: the edges of its types, the walkthrough's example, the knobs' defaults
  /// and what comes next to them.
  static func inputs(of walk: Walk) -> [Int128] {
    let type = walk.tracked.type
    var numbers: [Int128] = [-1, 0, 1, 65535, 65536, 2_147_483_647]
    numbers += walk.answer?.example.filter { $0.name == walk.tracked.name }.map(\.number) ?? []
    let limits = walk.resultInputs.compactMap(walk.knob).compactMap(\.defaultValue).filter { $0 > 1 }
    numbers += limits.flatMap { [$0, $0 + 1] }
    return numbers.uniqued.sorted().filter { type.minimum <= $0 && $0 <= type.maximum }
  }

  /// A number, `never`, or in words why there is none.
  static func outcome(_ result: WalkResult, in walk: Walk, for number: Int128) -> String {
    guard let derivation = result.derivation else { return result.proof == .absent ? "-" : "not derivable" }
    do throws(DerivationError) {
      return try derivation.evaluate(inputs(walk, number)).map { walk.text($0, of: result) } ?? result.kind.absence
    } catch {
      switch error {
      case .notReached: return result.kind.absence
      case .undefined: return "undefined"
      case .tooManyChanges: return "not found"
      case .expression(.missing(let input)): return "needs \(input.name)"
      case .expression: return "undefined"
      }
    }
  }

  private static func inputs(_ walk: Walk, _ number: Int128) -> [Input: Int128] {
    var known = [walk.tracked: number]
    for result in walk.results {
      for input in result.derivation?.allInputs ?? [] where input.role == .knob {
        known[input] = walk.knob(of: input)?.defaultValue
      }
    }
    return known
  }
}

extension Derivation {
  /// Every input that a value can depend on, in a fixed order, the counter of a threshold left out.
  var allInputs: [Input] {
    var expressions = [reachedWhen, undefinedWhen]
    switch form {
    case .stored(let value): expressions.append(value)
    case .threshold(_, let test): expressions.append(wholeTest ?? test)
    }
    expressions += [closedForm, neverWhen].compactMap(\.self)
    var seen: Set<Input> = []
    return expressions.flatMap(\.inputs).filter { $0 != counter && seen.insert($0).inserted }
  }
}

extension Walk {
  func knob(of input: Input) -> Knob? {
    input.role == .knob ? knobs.first { $0.variable == input.name } : nil
  }
}
