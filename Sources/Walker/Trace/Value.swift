internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// One step into a record on the way to a place: `room` of the `struct widget` that starts at `base`.
struct FieldStep: Hashable {
  let record: String
  let field: String
  /// Bits from the start of the object to the start of the record.
  let base: Int

  /// `struct widget.room`, as walkthroughs write it.
  var name: String { "\(record).\(field)" }
}

/// A place in memory: an object, and bits from its start. Two places are the same when object and offset are;
/// how the source names them is carried along for people.
struct Place: Hashable {
  /// `l…` a local variable, `g…` a global one, everything else is reached over a pointer.
  let object: String
  let offset: Int
  /// As the author wrote it: `widget->state`.
  let text: String
  let steps: [FieldStep]
  var mayBeNull = false
  /// Bits of a bit-field; nil where the type says it.
  var bitWidth: Int?
  /// The field that held the pointer to this place.
  var foundThrough: FieldStep?

  init(object: String, offset: Int = 0, text: String, steps: [FieldStep] = []) {
    self.object = object
    self.offset = offset
    self.text = text
    self.steps = steps
  }

  static func == (left: Place, right: Place) -> Bool {
    left.object == right.object && left.offset == right.offset
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(object)
    hasher.combine(offset)
  }

  var isLocal: Bool { object.hasPrefix("l") }
  var isGlobal: Bool { object.hasPrefix("g") }
  var lastField: FieldStep? { steps.last }

  func moved(by bits: Int, text: String? = nil, step: FieldStep? = nil) -> Place {
    Place(
      object: object, offset: offset + bits, text: text ?? self.text,
      steps: step.map { steps + [$0] } ?? steps)
  }
}

/// What an expression of C gives.
indirect enum Value {
  case scalar(Expression)
  case pointer(Place)
  /// A struct or union, as the place it is copied from.
  case aggregate(Place)
  case function(name: String, declaration: Cursor?)
  case none

  var expression: Expression? {
    if case .scalar(let expression) = self { expression } else { nil }
  }

  var place: Place? {
    switch self {
    case .pointer(let place), .aggregate(let place): place
    default: nil
    }
  }

  func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.scalar(let a), .scalar(let b)): a === b || a == b
    case (.pointer(let a), .pointer(let b)): a == b && a.mayBeNull == b.mayBeNull
    case (.aggregate(let a), .aggregate(let b)): a == b
    case (.function(let a, _), .function(let b, _)): a == b
    case (.none, .none): true
    default: false
    }
  }
}

/// A condition that holds where the walk stands, with the place that made it.
struct Guard {
  let expression: Expression
  let location: SourceLocation
  /// As the author wrote the condition, without the polarity.
  let source: String
}

/// Bits of an object that were written as one.
struct Extent: Hashable, Comparable {
  let offset: Int
  let width: Int

  static func < (left: Extent, right: Extent) -> Bool {
    (left.offset, left.width) < (right.offset, right.width)
  }

  func overlaps(_ other: Extent) -> Bool {
    offset < other.offset + other.width && other.offset < offset + width
  }

  func contains(_ other: Extent) -> Bool {
    offset <= other.offset && other.offset + other.width <= offset + width
  }
}

/// Memory and path condition at one point of the walk.
struct State {
  /// By object. What is not listed is as it was before the entry.
  var cells: [String: [Extent: Value]] = [:]
  /// Which cells of objects outside of the call's own variables were written, and under which condition.
  var written: [String: [Extent: Expression]] = [:]
  var guards: [Guard] = []

  var condition: Expression { .and(guards.map(\.expression)) }

  func adding(_ condition: Expression, at location: SourceLocation, source: String) -> State {
    var state = self
    state.guards.append(Guard(expression: condition, location: location, source: source))
    return state
  }

  mutating func forget(_ object: String, _ extent: Extent) {
    guard var cells = cells[object] else { return }
    for known in cells.keys where known.overlaps(extent) { cells[known] = nil }
    self.cells[object] = cells
  }
}
