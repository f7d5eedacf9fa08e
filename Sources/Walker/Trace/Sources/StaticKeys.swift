internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Static keys (include/linux/jump_label.h): branches that are patched into the code, by a key that is a variable of the
/// kernel. Whether a key is on can be assumed by the key's name.
extension Machine {
  /// Of the functions that ask a key, those that are given which way the code lies when it is off.
  private static let branches: Set<String> = ["arch_static_branch", "arch_static_branch_jump"]

  /// The value of a call that asks a static key of which the walkthrough assumes something; nil for every other call.
  func staticKeyValue(_ name: String, _ cursor: Cursor) -> Value? {
    let isBranch = Self.branches.contains(name)
    let arguments = cursor.arguments
    guard isBranch || name == "static_key_count", arguments.count == (isBranch ? 2 : 1), let type = cursor.type.integer,
      case .pointer(let key) = value(arguments[0])
    else { return nil }
    let variable = Self.keyName(key.text)
    guard assumed.speaks(of: variable) else { return nil }
    let input = Expression.input(
      Input(id: "key:\(key.object.name)+\(key.offset)", name: variable, role: .opaque, type: .bool))
    let isOn = assumed.given(variable, input)
    guard isBranch else { return .scalar(.convert(isOn, to: type)) }
    let branch = number(value(arguments[1]))
    return .scalar(.convert(.compare(.notEqual, isOn, .convert(branch, to: .bool)), to: type))
  }

  /// `widget_key` of `(&widget_key)->key`: the variable, without the records that it holds.
  private static func keyName(_ text: String) -> String {
    var name = text
    for end in ["->key", ".key", "->key", ".key"] where name.hasSuffix(end) { name.removeLast(end.count) }
    return name.filter { $0 != "&" && $0 != "(" && $0 != ")" && $0 != "*" }
  }
}
