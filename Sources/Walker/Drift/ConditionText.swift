internal import WalkerFormula
internal import WalkerModel

/// Expressions for people: C over the names of fields, calls and parameters, without the ways to them.
enum ConditionText {
  /// Longer ones say nothing to a reader.
  private static let longest = 100

  /// Nil where it can't be said in few words.
  static func of(_ text: String) -> String? {
    guard let read = Expression(notation: text) else { return nil }
    return of(read)
  }

  static func of(_ expression: Expression) -> String? {
    let names = Dictionary(expression.inputs.map { ($0, Self.named($0)) }) { first, _ in first }
    let text = expression.substituting(names).simplified.text
    return text.count <= longest && !text.contains("formula ") ? text : nil
  }

  private static func named(_ input: Input) -> Expression {
    let last = input.name.components(after: "->").split(separator: "+").last.map(String.init) ?? input.name
    let field = last.hasSuffix("()") ? last : lastField(last)
    return .input(Input(id: input.id, name: field, role: input.role, type: input.type))
  }

  private static func lastField(_ name: String) -> String {
    name.split(separator: ".").last.map(String.init) ?? name
  }
}
