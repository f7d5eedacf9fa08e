internal import WalkerFormula
internal import WalkerModel

/// What a real kernel should answer, by the derivation, for certain inputs.
enum Expectation: Hashable {
  case number(Int128)
  /// The source stores this where it stores at all, which depends on something that the walk does not know.
  case ifStored(Int128, dependsOn: String)
  case nothing
  /// The threshold is never reached.
  case never
  /// There is nothing to compare with: why.
  case none(String)

  /// - Parameter knobs: the values by full name, and what is so of the caller; what is not among them is not known.
  /// - Parameter given: what named state is where the kernel is asked.
  init(
    _ result: WalkResult, of walk: Walk, tracked: Int128, knobs: [String: Int128], given: [Probes.Given] = []
  ) {
    guard let derivation = result.derivation else {
      self = .none(result.formula)
      return
    }
    let names = Dictionary(walk.knobs.map { ($0.variable, $0.name) }) { first, _ in first }
    let numbers = Dictionary(given.map { ($0.name, $0.quantity.number(walk, tracked: tracked, knobs)) }) { first, _ in
      first
    }
    if let unknown = given.first(where: { numbers[$0.name] == .some(nil) }) {
      self = .none("what \(unknown.name) is given as is neither swept nor a constant that the walkthrough names")
      return
    }
    var known: [Input: Int128] = [:]
    for input in derivation.allInputs {
      switch input.role {
      case .tracked: known[input] = tracked
      case .knob: known[input] = knobs[names[input.name] ?? input.name]
      case .state: known[input] = numbers[input.name] ?? nil
      case .counter, .opaque: break
      }
    }
    do throws(DerivationError) {
      self = try derivation.evaluate(known).map(Expectation.number) ?? .never
    } catch {
      switch error {
      case .notReached: self = .nothing
      case .expression(.missing(let input)) where input.role == .opaque:
        // Without a number the case below says why there is none.
        guard case .stored(let value) = derivation.form, let number = try? value.evaluate(known) else { fallthrough }
        self = .ifStored(number, dependsOn: input.name)
      case .expression, .undefined, .tooManyChanges: self = .none(error.description)
      }
    }
  }

  var text: String {
    switch self {
    case .number(let number), .ifStored(let number, _): "\(number)"
    case .nothing: "nothing stored"
    case .never: "never"
    case .none: "-"
    }
  }

  /// The largest count that has to be reached to tell right from wrong; nil: none is enough.
  var count: Int128? {
    if case .number(let number) = self { number } else { nil }
  }
}

extension Probes.Quantity {
  /// nil: the name stands for nothing that is known where the kernel is asked.
  func number(_ walk: Walk, tracked: Int128, _ settings: [String: Int128]) -> Int128? {
    switch self {
    case .number(let number): number
    case .name(walk.tracked.name): tracked
    case .name(let name): settings[name] ?? walk.constants.first { $0.name == name }?.number
    }
  }
}

extension Derivation {
  var allInputs: Set<Input> { Set(expressions.flatMap(\.inputs)) }
}
