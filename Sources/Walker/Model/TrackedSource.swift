/// Where the followed number comes from: a parameter of the entry, or the memory that one of them points to.
public struct TrackedSource: Sendable, Codable, Hashable {
  public enum Kind: String, Sendable, Codable {
    /// The parameter is the number.
    case parameter
    /// The number stands in the memory of the process that calls, and is copied from there.
    case user
    /// The number stands in memory of the kernel that the parameter points to.
    case pointer
  }

  public let kind: Kind
  /// The entry's parameter.
  public let parameter: String
  /// The type of what is pointed to, where the parameter's own says nothing: `int`, `struct widget_request`.
  public let type: String?
  /// The field of what is pointed to, also one within another: `limits.room`.
  public let field: String?

  public init(kind: Kind, parameter: String, type: String? = nil, field: String? = nil) {
    self.kind = kind
    self.parameter = parameter
    self.type = type
    self.field = field
  }

  /// What the number is called where the walkthrough gives it no name of its own.
  public var name: String { field.flatMap { $0.split(separator: ".").last.map(String.init) } ?? parameter }

  /// `optval`, `the number at optval`, `room of what optval points to`.
  public var words: String {
    switch (kind, field) {
    case (.parameter, _): parameter
    case (_, nil): "the \(type ?? "number") at \(parameter)"
    case (_, let field?): "\(field) of what \(parameter) points to"
    }
  }
}

/// State that decides a result and that the walkthrough gives a name, so that claims and `eval` can speak of it.
public struct DeclaredInput: Sendable, Codable, Hashable {
  /// What claims call it.
  public let name: String
  /// `struct widget.mode`, a variable, or what a call returns: `widget_limit()`; alternatives in order.
  public let places: [String]

  public init(name: String, places: [String]) {
    self.name = name
    self.places = places
  }
}
