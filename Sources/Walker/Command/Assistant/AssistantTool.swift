internal import WalkerAnnotation
internal import WalkerModel
internal import WalkerRender

/// Something that an assistant can ask for.
struct AssistantTool: Sendable {
  struct Parameter: Sendable {
    enum Kind: Sendable { case text, texts, numbers, flag }

    let name: String
    let kind: Kind
    let purpose: String
    var isRequired = false
  }

  let name: String
  let purpose: String
  let parameters: [Parameter]
  let run: @Sendable (AssistantArguments) async throws -> JSONText

  /// JSON Schema of its arguments.
  var schema: JSONText {
    .members([
      "type": .text("object"),
      "properties": .object(parameters.map { .init(name: $0.name, value: $0.schema) }),
      "required": .texts(parameters.filter(\.isRequired).map(\.name)), "additionalProperties": .flag(false),
    ])
  }
}

extension AssistantTool.Parameter {
  fileprivate var schema: JSONText {
    let type: JSONText
    switch kind {
    case .text: type = .text("string")
    case .flag: type = .text("boolean")
    case .texts:
      return .members([
        "type": .text("array"), "items": .members(["type": .text("string")]), "description": .text(purpose),
      ])
    case .numbers:
      return .members([
        "type": .text("object"), "additionalProperties": .members(["type": .text("integer")]),
        "description": .text(purpose),
      ])
    }
    return .members(["type": type, "description": .text(purpose)])
  }
}

/// The arguments of one call, checked.
struct AssistantArguments: Sendable {
  private var texts: [String: [String]] = [:]
  private var numbers: [String: [(name: String, number: Int)]] = [:]
  private var flags: [String: Bool] = [:]

  /// Throws `AssistantError` for an argument that the tool does not have or that is of another kind, and for a missing one.
  init(_ value: JSONValue, of tool: AssistantTool) throws {
    guard case .object(let members) = value else { throw AssistantError("arguments must be an object") }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let parameter = tool.parameters.first(where: { $0.name == name }) else {
        let known = tool.parameters.map(\.name)
        throw AssistantError("\(tool.name) has no argument \"\(name)\": \(Spelling.hint(for: name, among: known))")
      }
      try read(value, parameter)
    }
    for parameter in tool.parameters where parameter.isRequired && members[parameter.name] == nil {
      throw AssistantError("\(tool.name) needs \"\(parameter.name)\": \(parameter.purpose)")
    }
  }

  private mutating func read(_ value: JSONValue, _ parameter: AssistantTool.Parameter) throws {
    switch (parameter.kind, value) {
    case (.text, .text(let text)), (.texts, .text(let text)): texts[parameter.name] = [text]
    case (.texts, .list(let items)):
      texts[parameter.name] = try items.map { item in
        guard let text = item.string else { throw AssistantError("\(parameter.name) must be a list of strings") }
        return text
      }
    case (.numbers, .object(let members)):
      numbers[parameter.name] = try members.sorted { $0.key < $1.key }.map { name, value in
        guard case .number(let number) = value else {
          throw AssistantError("\(parameter.name).\(name) must be a whole number of at most 64 bits")
        }
        return (name, number)
      }
    case (.flag, .flag(let flag)): flags[parameter.name] = flag
    case (.text, _): throw AssistantError("\(parameter.name) must be a string")
    case (.texts, _): throw AssistantError("\(parameter.name) must be a list of strings")
    case (.numbers, _): throw AssistantError("\(parameter.name) must be an object of whole numbers by name")
    case (.flag, _): throw AssistantError("\(parameter.name) must be true or false")
    }
  }

  func text(_ name: String) -> String? { texts[name]?.first }
  func list(_ name: String) -> [String] { texts[name] ?? [] }
  func flag(_ name: String) -> Bool { flags[name] ?? false }
  /// As `--set` takes them.
  func settings(_ name: String) throws -> [Setting] {
    try (numbers[name] ?? []).map { try Setting("\($0.name)=\($0.number)") }
  }
}
