internal import WalkerFormula
internal import WalkerModel

/// What a walkthrough takes as given. A value that is assumed to be a number is that number from there on, so that no
/// branch is followed which the assumption rules out; what was assumed is kept as a condition.
struct Assumptions {
  private let conditions: [AssumedCondition]
  /// The assumptions as conditions over the walk's inputs, as far as the walk came by what they name.
  private(set) var met: [Expression] = []
  /// The same as the walkthrough has them.
  private(set) var texts: [String] = []
  private var variables: Set<String> = []

  init(_ texts: [String]) {
    conditions = texts.compactMap { AssumedCondition($0) }
  }

  /// Functions whose result is assumed: they are not entered.
  var callees: Set<String> { Set(conditions.compactMap(\.callee)) }

  /// A variable of the function that the assumptions are about has its first value.
  mutating func variable(_ name: String, holds value: Expression) -> Expression {
    guard conditions.contains(where: { $0.name == name }), variables.insert(name).inserted else { return value }
    return given(name, value)
  }

  /// A field before the walk wrote to it, or what a call returned (`name()`).
  mutating func given(_ name: String?, _ value: Expression) -> Expression {
    var result = value
    for condition in conditions where condition.name == name {
      let number = Expression.constant(condition.number, value.type)
      let holds = Expression.compare(condition.op, value, number)
      if !met.contains(holds) { met.append(holds) }
      if !texts.contains(condition.text) { texts.append(condition.text) }
      if condition.op == .equal { result = number }
    }
    return result
  }

  /// Conditions on knobs, whose names are known only after the walk.
  func conditions(on knobs: [Knob], among inputs: Set<Input>) -> [(text: String, holds: Expression)] {
    inputs.filter { $0.role == .knob }.sorted { $0.name < $1.name }.flatMap { input in
      let full = knobs.first { $0.variable == input.name }?.name
      return conditions.filter { $0.name == input.name || $0.name == full }.map {
        ($0.text, Expression.compare($0.op, .input(input), .constant($0.number, input.type)))
      }
    }
  }
}
