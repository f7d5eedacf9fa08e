internal import WalkerFormula
internal import WalkerModel

/// What results come to for a few telling inputs, with the kernel's own defaults for all knobs.
enum WorkedNumbers {
  private static let telling: [Int128] = [-1, 0, 1, 5, 128, 511, 4096, 65535, 65536, 1_048_576, 2_147_483_647]

  /// Those that the followed parameter's type holds.
  static func inputs(of tracked: Input) -> [Int128] {
    telling.filter { tracked.type.minimum <= $0 && $0 <= tracked.type.maximum }
  }

  /// A number, `never`, or in words why there is none.
  static func outcome(_ result: WalkResult, in walk: Walk, for number: Int128) -> String {
    guard let derivation = result.derivation else { return result.proof == .absent ? "-" : "not derivable" }
    do throws(DerivationError) {
      return try derivation.evaluate(inputs(walk, number)).map { "\($0)" } ?? "never"
    } catch {
      switch error {
      case .notReached: return "not stored"
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
