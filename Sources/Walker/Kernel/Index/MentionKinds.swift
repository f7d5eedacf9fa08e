/// How a file's code mentions an identifier, over all of its mentions. What a query asks for needs one of these; a file that
/// lacks it is not searched.
struct MentionKinds: OptionSet, Sendable {
  let rawValue: UInt8

  /// `(` follows.
  static let call = Self(rawValue: 1)
  /// `.` or `->` stands before it.
  static let member = Self(rawValue: 2)
  /// `.name =`.
  static let designator = Self(rawValue: 4)
  /// `= name,`, `= &name;`: it may be what a field is given.
  static let given = Self(rawValue: 8)
  /// It heads a body.
  static let definition = Self(rawValue: 16)

  /// How many bits of a posting they take.
  static let bits = 5
}

extension IndexQuery {
  /// Every hit is a mention of this kind; empty: any mention may be a hit.
  var kind: MentionKinds {
    switch self {
    case .definition: .definition
    case .initializer: .designator
    case .writer: .member
    case .caller: .call
    case .holder: .given
    case .systemCall, .mention, .variable, .table: []
    }
  }
}
