internal import WalkerFormula
internal import WalkerModel

/// What a walkthrough takes as given. A value that is assumed to be a number is that number from there on, so that no
/// branch is followed which the assumption rules out; what was assumed is kept as a condition.
struct Assumptions {
  private let conditions: [(condition: AssumedCondition, number: Int128)]
  /// The assumptions as conditions over the walk's inputs, as far as the walk came by what they name.
  private(set) var met: [Expression] = []
  /// The same as the walkthrough has them.
  private(set) var texts: [String] = []
  private var variables: Set<String> = []

  /// - Parameter constants: what the kernel's constants on the right side are; an assumption over others is left out.
  init(_ texts: [String], constants: (String) -> Int128? = { _ in nil }) {
    conditions = texts.compactMap { AssumedCondition($0) }.compactMap { condition in
      (condition.number ?? constants(condition.right)).map { (condition, $0) }
    }
  }

  /// Taken as given by what was done on the way, in words.
  mutating func take(_ text: String, holds: Expression) {
    if holds.constantNumber != nil { return }
    take(text)
    if !met.contains(holds) { met.append(holds) }
  }

  mutating func take(_ text: String) { if !texts.contains(text) { texts.append(text) } }

  /// Something is assumed of what has that name.
  func speaks(of name: String) -> Bool { conditions.contains { $0.condition.name == name } }

  /// Functions whose result is assumed: they are not entered.
  var callees: Set<String> { Set(conditions.compactMap(\.condition.callee)) }

  /// A variable of the function that the assumptions are about has its first value.
  mutating func variable(_ name: String, holds value: Expression) -> Expression {
    guard conditions.contains(where: { $0.condition.name == name }), variables.insert(name).inserted else {
      return value
    }
    return given(name, value)
  }

  /// A field before the walk wrote to it, or what a call returned (`name()`).
  mutating func given(_ name: String?, _ value: Expression) -> Expression {
    var result = value
    for (condition, given) in conditions where condition.name == name {
      let number = Expression.constant(given, value.type)
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
      return conditions.filter { $0.condition.name == input.name || $0.condition.name == full }.map {
        ($0.condition.text, Expression.compare($0.condition.op, .input(input), .constant($0.number, input.type)))
      }
    }
  }
}
