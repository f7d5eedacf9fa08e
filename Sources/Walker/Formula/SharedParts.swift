public import WalkerModel

/// C text in which large operands that occur more than once stand as names.
public struct NamedText: Sendable, Hashable {
  public struct Definition: Sendable, Hashable {
    public let name: String
    public let text: String
  }

  public let text: String
  /// Each speaks only of inputs and of the definitions before it.
  public let definitions: [Definition]

  /// `max(B, 8) where B = min((u32) backlog, (u32) somaxconn)`.
  public var oneLine: String {
    definitions.isEmpty
      ? text : text + " where " + definitions.map { "\($0.name) = \($0.text)" }.joined(separator: ", ")
  }
}

extension Printer {
  /// Names operands whose text has at least `length` characters and is needed more than once: A, B, C, … as far as no
  /// input has that name.
  public func printNamingSharedParts(_ expression: Expression, length: Int = 24) -> NamedText {
    let root = outermost(expression.shared)
    var uses: [ObjectIdentifier: Int] = [:]
    for node in root.nodesInOrder {
      for operand in node.children { uses[ObjectIdentifier(operand), default: 0] += 1 }
    }
    let taken = Set(root.inputs.map(\.name)).union(names.values)
    var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init).filter { !taken.contains($0) }[...]
    var names = names
    var definitions: [NamedText.Definition] = []
    for node in root.nodesInOrder
    where node !== root && uses[ObjectIdentifier(node), default: 0] > 1 && names[node] == nil {
      let text = PrintRun(names: names).print(node).text
      guard text.count >= length, let name = letters.popFirst() else { continue }
      names[node] = name
      definitions.append(NamedText.Definition(name: name, text: text))
    }
    return NamedText(text: PrintRun(names: names).piece(root).text, definitions: definitions)
  }
}
