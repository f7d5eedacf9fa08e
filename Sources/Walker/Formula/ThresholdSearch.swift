public import WalkerModel

/// Why a derivation has no number for certain inputs.
public enum DerivationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// C gives no value, or an input is missing.
  case expression(EvaluationError)
  /// The condition under which the source is undefined is true.
  case undefined
  /// The source does not get to the store for these inputs.
  case notReached
  /// The test changes its answer so often over the counter's range that no first full length was found.
  case tooManyChanges

  public var description: String {
    switch self {
    case .expression(let error): error.description
    case .undefined: "C gives no value for these inputs"
    case .notReached: "nothing is stored for these inputs"
    case .tooManyChanges: "the test changes too often over the counter's range to find where it first is true"
    }
  }
}

extension Derivation {
  /// What the source gives for these inputs: the stored number, or the smallest counter for which the test is true;
  /// nil where the test never is. The proved closed form is used when there is one.
  public func evaluate(_ inputs: [Input: Int128]) throws(DerivationError) -> Int128? {
    if try undefinedWhen.isTrue(inputs, without: counter) { throw .undefined }
    if try Expression.not(reachedWhen).isTrue(inputs, without: counter) { throw .notReached }
    switch form {
    case .stored(let value): return try value.number(inputs)
    case .threshold(let counter, let test):
      if let closedForm, let neverWhen {
        return try neverWhen.number(inputs) != 0 ? nil : closedForm.number(inputs)
      }
      return try ThresholdSearch(counter: counter, test: wholeTest ?? test).first(inputs)
    }
  }
}

extension Expression {
  /// This condition for the given inputs; one that also depends on the counter says nothing about the inputs alone.
  fileprivate func isTrue(_ inputs: [Input: Int128], without counter: Input?) throws(DerivationError) -> Bool {
    if isConstantFalse { return false }
    if let counter, self.inputs.contains(counter) { return false }
    do throws(DerivationError) { return try number(inputs) != 0 } catch {
      // What is missing may not matter for the inputs that are known.
      guard case .expression(.missing) = error, let truth = decided(by: inputs) else { throw error }
      return truth
    }
  }

  private func decided(by inputs: [Input: Int128]) -> Bool? {
    let fixed = inputs.map { input, number in
      (input, Expression.constant(input.type.number(fromBits: input.type.bits(of: number)), input.type))
    }
    return substituting(Dictionary(uniqueKeysWithValues: fixed)).simplified.constantNumber.map { $0 != 0 }
  }

  fileprivate func number(_ inputs: [Input: Int128]) throws(DerivationError) -> Int128 {
    do throws(EvaluationError) { return try evaluate(inputs) } catch { throw .expression(error) }
  }
}

/// Finds the smallest counter for which a test is true, exactly: an interval of counters over which the test is decided
/// is taken or left as a whole, any other is halved, the lower half first.
public struct ThresholdSearch {
  public let counter: Input
  public let test: Expression

  public init(counter: Input, test: Expression) {
    self.counter = counter
    self.test = test
  }

  /// nil: never. Counters are all bit patterns of the counter's type, counted without a sign.
  public func first(_ inputs: [Input: Int128]) throws(DerivationError) -> Int128? {
    var fixed: [Input: Expression] = [:]
    for input in test.inputs where input != counter {
      guard let number = inputs[input] else { throw .expression(.missing(input)) }
      fixed[input] = .constant(number, input.type)
    }
    let inner = Input(id: counter.id, name: counter.name, role: .counter, type: counter.type.unsigned)
    fixed[counter] = .convert(.input(inner), to: counter.type)
    // The simplifier keeps a value where there is one; where there is none it may make one up.
    if test.noValueWhen.substituting(fixed).simplified.isConstantTrue { throw .undefined }
    let question = test.substituting(fixed).simplified
    var search = IntervalSearch(counter: inner, test: question)
    return try search.first(inner.type.range)
  }
}

private struct IntervalSearch {
  let counter: Input
  let test: Expression
  var budget = 20_000

  init(counter: Input, test: Expression) {
    self.counter = counter
    self.test = test
  }

  mutating func first(_ interval: ClosedRange<Int128>) throws(DerivationError) -> Int128? {
    budget -= 1
    guard budget > 0 else { throw .tooManyChanges }
    if interval.lowerBound == interval.upperBound {
      return try test.number([counter: interval.lowerBound]) != 0 ? interval.lowerBound : nil
    }
    let ranges = Ranges { [counter] node in
      if case .input(let input) = node.kind, input == counter { interval } else { nil }
    }
    let decided = ranges.range(of: test)
    if decided.upperBound == 0 { return nil }
    if decided.lowerBound == 1 { return interval.lowerBound }
    let middle = (interval.lowerBound + interval.upperBound) >> 1
    if let found = try first(interval.lowerBound...middle) { return found }
    return try first((middle + 1)...interval.upperBound)
  }
}
