internal import WalkerFormula
public import WalkerModel

/// What the results of one walk come to for given inputs. A knob that is not given has the kernel's default.
public struct ResultNumbers: Sendable {
  public enum Outcome: Sendable, Hashable {
    case number(Int128)
    /// A threshold that is not reached, or a place that nothing is stored in: under which condition.
    case never(String)
    /// The number depends on a knob whose default the kernel computes at boot: the formula in that knob.
    case open(formula: String, knobs: [Knob])
    /// There is no number: why.
    case none(String)
  }

  /// A condition on an input under which a result was derived, and what the input is.
  public struct Given: Sendable, Hashable {
    /// `tcp_syncookies == 0`, as the walkthrough assumes it.
    public let assumption: String
    let condition: AssumedCondition
    /// nil: it is not known.
    public let number: Int128?

    public var holds: Bool? {
      guard let number, let bound = condition.number else { return nil }
      return switch condition.op {
      case .equal: number == bound
      case .notEqual: number != bound
      case .less: number < bound
      case .lessOrEqual: number <= bound
      case .greater: number > bound
      case .greaterOrEqual: number >= bound
      }
    }

    /// `while tcp_syncookies = 0; it is 1`
    var reservation: String {
      let words = condition.op == .equal ? "\(condition.name) = \(condition.right)" : assumption
      return "while \(words)" + (number.map { "; it is \($0)" } ?? "")
    }
  }

  public let walk: Walk
  public let known: [Input: Int128]

  /// - Parameter known: each number as its input's type holds it.
  public init(_ walk: Walk, known: [Input: Int128]) {
    self.walk = walk
    self.known = known
  }

  /// The walkthrough's own example, or `number` for the followed value, with the kernel's defaults.
  public init(_ walk: Walk, number: Int128? = nil) {
    let example = walk.answer?.example ?? []
    var known: [Input: Int128] = [:]
    for input in walk.resultInputs {
      let knob = walk.knob(of: input)
      let set = example.first { $0.name == input.name || $0.name == knob?.name }?.number
      known[input] = (set ?? knob?.defaultValue).map { input.type.number(fromBits: input.type.bits(of: $0)) }
    }
    self.init(walk, known: known)
    let tracked = number ?? known[walk.tracked] ?? exampleNumber(known)
    self.init(
      walk,
      known: known.merging([walk.tracked: walk.tracked.type.number(fromBits: walk.tracked.type.bits(of: tracked))]) {
        $1
      })
  }

  /// A round number for which every result has one, when the walkthrough names no example.
  private func exampleNumber(_ known: [Input: Int128]) -> Int128 {
    let candidates: [Int128] = [100, 1000, 10, 1, 0]
    return candidates.first { number in
      let numbers = ResultNumbers(walk, known: known.merging([walk.tracked: number]) { $1 })
      return walk.results.allSatisfy { if case .none = numbers.outcome(of: $0) { $0.derivation == nil } else { true } }
    } ?? 100
  }

  /// The inputs that have a number, the followed value first.
  public var shownInputs: [Counterexample.NamedNumber] {
    walk.resultInputs.compactMap { input in
      known[input].map { .init(name: walk.fullName(of: input), number: $0) }
    }
  }

  // MARK: Results

  public func outcome(of result: WalkResult) -> Outcome {
    // A kernel that has nothing of the kind has no number, and nothing is wrong with that.
    if result.proof == .absent { return .never(result.formula) }
    guard let derivation = result.derivation else { return .none(result.formula) }
    let place = result.location.map { " (\($0))" } ?? ""
    do throws(DerivationError) {
      if let number = try derivation.evaluate(known) { return .number(number) }
      return .never(derivation.neverWhen.map { "never when \($0.text)" } ?? "never")
    } catch {
      switch error {
      case .notReached: return .never("only where \(derivation.reachedWhen.text)")
      case .undefined:
        return .none((result.undefinedWhen.map { "C gives no value when \($0)" } ?? error.description) + place)
      case .expression(.missing(let input)): return open(result, derivation) ?? .none(missing(input) + place)
      default: return .none(error.description + place)
      }
    }
  }

  private func missing(_ input: Input) -> String {
    let why = walk.knob(of: input)?.defaultFormula.map { ", since its default is computed at boot: \($0)" } ?? ""
    return "set \(walk.fullName(of: input)) with --set\(why)"
  }

  /// The formula with every number that is known, where nothing but defaults that are computed at boot is not.
  private func open(_ result: WalkResult, _ derivation: Derivation) -> Outcome? {
    let value: Expression
    switch derivation.form {
    case .stored(let stored): value = stored
    case .threshold:
      guard let closed = derivation.closedForm else { return nil }
      value = closed
    }
    var numbers: [Input: Expression] = [:]
    for (input, number) in known { numbers[input] = .constant(number, input.type) }
    let rest = value.substituting(numbers).simplified
    let missing = rest.inputs
    let knobs = missing.compactMap(walk.knob).filter { $0.defaultValue == nil && $0.defaultFormula != nil }
    guard !missing.isEmpty, knobs.count == missing.count else { return nil }
    return .open(formula: rest.displayText, knobs: knobs)
  }

  // MARK: Givens

  /// The conditions on knobs under which the result was derived.
  public func givens(of result: WalkResult) -> [Given] {
    result.assumptions.compactMap { text in
      guard let condition = AssumedCondition(text),
        let knob = walk.knobs.first(where: { $0.variable == condition.name || $0.name == condition.name })
      else { return nil }
      let set = known.first { $0.key.role == .knob && walk.knob(of: $0.key)?.name == knob.name }?.value
      return Given(assumption: text, condition: condition, number: set ?? knob.defaultValue)
    }
  }

  /// `while tcp_syncookies = 0; it is 1`, for each condition that is not known to hold.
  public func reservations(of result: WalkResult) -> [String] {
    givens(of: result).filter { $0.holds != true }.map(\.reservation)
  }
}

extension Walk {
  /// Every input of the results, the followed value first, then knobs and named state, each by name; counters and what the
  /// walk did not look into left out.
  var resultInputs: [Input] {
    var found: Set<Input> = []
    for result in results { found.formUnion(result.derivation?.allInputs ?? []) }
    found.remove(tracked)
    // Knobs stand before state that the walkthrough gave a name.
    return [tracked]
      + found.filter { $0.role == .knob || $0.role == .state }
      .sorted { ($0.role == .state ? 1 : 0, $0.name, $0.id) < ($1.role == .state ? 1 : 0, $1.name, $1.id) }
  }

  /// `net.core.somaxconn` for the knob that formulas write `somaxconn`.
  func fullName(of input: Input) -> String { knob(of: input)?.name ?? input.name }
}
