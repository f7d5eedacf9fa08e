internal import WalkerModel

/// A JSON value whose members keep the order in which they were written.
public indirect enum JSONText: Sendable, Hashable {
  case null
  case flag(Bool)
  case number(Int128)
  case text(String)
  case list([JSONText])
  case object([Member])

  public struct Member: Sendable, Hashable {
    let name: String
    let value: JSONText

    public init(name: String, value: JSONText) {
      self.name = name
      self.value = value
    }
  }

  /// A member that is nil is left out.
  public static func members(_ members: KeyValuePairs<String, JSONText?>) -> JSONText {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// `null` for nil; where the member is to be absent instead, use `map(JSONText.text)`.
  public static func orNull(_ text: String?) -> JSONText { text.map(JSONText.text) ?? .null }
  public static func texts(_ texts: [String]) -> JSONText { .list(texts.map(JSONText.text)) }
  public static func number(_ number: Int) -> JSONText { .number(Int128(number)) }

  /// Indented by two spaces, ended by a newline.
  public var indented: String {
    var output = ""
    write(to: &output, indent: 0)
    return output + "\n"
  }

  /// On one line.
  public var compact: String {
    switch self {
    case .null: "null"
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): String(number)
    case .text(let text): Self.quoted(text)
    case .list(let items): "[" + items.map(\.compact).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.name) + ":" + $0.value.compact }.joined(separator: ",") + "}"
    }
  }

  private func write(to output: inout String, indent: Int) {
    func newline(_ depth: Int) { output += "\n" + String(repeating: "  ", count: depth) }
    switch self {
    case .null: output += "null"
    case .flag(let flag): output += flag ? "true" : "false"
    case .number(let number): output += String(number)
    case .text(let text): output += Self.quoted(text)
    case .list(let items):
      output += "["
      for (position, item) in items.enumerated() {
        if position > 0 { output += "," }
        newline(indent + 1)
        item.write(to: &output, indent: indent + 1)
      }
      if !items.isEmpty { newline(indent) }
      output += "]"
    case .object(let members):
      output += "{"
      for (position, member) in members.enumerated() {
        if position > 0 { output += "," }
        newline(indent + 1)
        output += Self.quoted(member.name) + ": "
        member.value.write(to: &output, indent: indent + 1)
      }
      if !members.isEmpty { newline(indent) }
      output += "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where VisibleText.isHidden(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
