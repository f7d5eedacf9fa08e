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

  /// Two that are not the same in words that are not the same either: with their records where the last names are one.
  static func apart(_ old: Expression, _ new: Expression) -> (String, String)? {
    if let was = of(old), let isNow = of(new), was != isNow { return (was, isNow) }
    let (was, isNow) = (withRecords(old), withRecords(new))
    guard let was, let isNow, was != isNow else { return nil }
    return (was, isNow)
  }

  /// The same of two conditions, in words for the long ones.
  static func apart(_ old: String, _ new: String) -> (String, String) {
    let unsaid = "another condition holds"
    guard let before = Expression(notation: old), let now = Expression(notation: new) else { return (unsaid, unsaid) }
    if let (was, isNow) = apart(before, now) { return ("(\(was))", "(\(isNow))") }
    return (of(before).map { "(\($0))" } ?? unsaid, of(now).map { "(\($0))" } ?? unsaid)
  }

  private static func withRecords(_ expression: Expression) -> String? {
    let names = expression.inputs.map { input in
      (
        input,
        Expression.input(
          Input(id: input.id, name: input.name.components(after: "->"), role: input.role, type: input.type))
      )
    }
    let text = expression.substituting(Dictionary(names) { first, _ in first }).simplified.text
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
