internal import FoundationEssentials
internal import WalkerRender

/// JSON that came from outside, of any shape.
enum JSONValue: Decodable, Hashable {
  case null
  case flag(Bool)
  case number(Int)
  /// A number that is no whole one, or does not fit.
  case fraction(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {  // else another type
      self = .flag(flag)
    } else if let number = try? container.decode(Int.self) {  // as above
      self = .number(number)
    } else if let number = try? container.decode(Double.self) {  // as above
      self = .fraction(number)
    } else if let text = try? container.decode(String.self) {  // as above
      self = .text(text)
    } else if let list = try? container.decode([JSONValue].self) {  // as above
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// nil for what is no JSON.
  init?(parsing text: String) {
    // The caller answers that it is no JSON.
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return nil }
    self = value
  }

  subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  var string: String? { if case .text(let text) = self { text } else { nil } }
}
