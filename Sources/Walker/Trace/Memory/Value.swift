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
  let object: MemoryObject
  let offset: Int
  /// As the author wrote it: `widget->state`.
  let text: String
  let steps: [FieldStep]
  var mayBeNull = false
  /// Where a pointer to this place is none, but a number: NULL or an error.
  var otherwise: Otherwise?
  /// Only what `otherwise` says keeps a pointer to this place from being one.
  var isNeverNull = false
  /// Bits of a bit-field; nil where the type says it.
  var bitWidth: Int?
  /// The field that held the pointer to this place.
  var foundThrough: FieldStep?

  init(object: MemoryObject, offset: Int = 0, text: String, steps: [FieldStep] = []) {
    self.object = object
    self.offset = offset
    self.text = text
    self.steps = steps
  }

  struct Otherwise: Hashable {
    let when: Expression
    let number: Expression
  }

  static func == (left: Place, right: Place) -> Bool {
    left.object == right.object && left.offset == right.offset
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(object)
    hasher.combine(offset)
  }

  var isLocal: Bool { object.isLocal }
  var isGlobal: Bool { object.isGlobal }
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
  /// Of a cell only: bytes of one number (`memset`), or bytes that are not known.
  case filled(UInt8?)
  /// Of a cell only: copied from there, where nothing had been written since the entry.
  case untouched(object: MemoryObject, offset: Int)
  case none

  var expression: Expression? {
    if case .scalar(let expression) = self { expression } else { nil }
  }

  /// Stands for memory of any size.
  var isArea: Bool {
    switch self {
    case .filled, .untouched: true
    default: false
    }
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
    case (.pointer(let a), .pointer(let b)): a == b && a.mayBeNull == b.mayBeNull && a.otherwise == b.otherwise
    case (.aggregate(let a), .aggregate(let b)): a == b
    case (.function(let a, _), .function(let b, _)): a == b
    case (.filled(let a?), .filled(let b?)): a == b
    case (.untouched(let a, let m), .untouched(let b, let n)): a == b && m == n
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
  /// What the condition was read from.
  var rests = Rests.none
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

/// An element that may be any of an array's.
struct Element {
  /// The object that holds the array, where in it, and the bits of one element.
  let array: MemoryObject
  let area: Extent
  let width: Int

  /// More bits than what a pointer points to.
  static let far = 1 << 40
}

/// What a range of bits holds.
struct Cell {
  var value: Value
  /// The reads that the value was made of, or that decided whether it is this one.
  var rests = Rests.none
  /// How many effects there had been when it was written; later ones may have changed it.
  var asOf = 0
}

/// Memory and path condition at one point of the walk.
struct State {
  /// By object. What is not listed is as it was before the entry.
  var cells: [MemoryObject: [Extent: Cell]] = [:]
  /// Which cells of objects outside of the call's own variables were written, and under which condition.
  var written: [MemoryObject: [Extent: Expression]] = [:]
  var guards: [Guard] = []
  /// What may have changed memory beside the cells, by the numbers of `Machine.effects`, in order.
  var effects: [Int] = []
  /// Reads of the caller's memory, in order.
  var fetched: [Machine.UserFetch] = []
  /// Reads that decided a branch whose condition is known, so that no guard speaks of it.
  var decided = Rests.none

  var condition: Expression { .and(guards.map(\.expression)) }

  func adding(_ condition: Expression, at location: SourceLocation, source: String, rests: Rests) -> State {
    var state = self
    state.guards.append(Guard(expression: condition, location: location, source: source, rests: rests))
    return state
  }

  /// The extent is about to be written: of the cells that it touches only the parts outside of it stay.
  mutating func forget(_ object: MemoryObject, _ extent: Extent) {
    guard var cells = cells[object] else { return }
    for (known, cell) in cells where known.overlaps(extent) {
      cells[known] = nil
      for part in known.parts(outside: extent) {
        cells[part] = Cell(value: cell.value.part(part, of: known), rests: cell.rests, asOf: cell.asOf)
      }
    }
    self.cells[object] = cells
  }
}

extension Extent {
  func parts(outside other: Extent) -> [Extent] {
    let below = Extent(offset: offset, width: max(0, min(other.offset - offset, width)))
    let start = max(other.offset + other.width, offset)
    let above = Extent(offset: start, width: max(0, offset + width - start))
    return [below, above].filter { $0.width > 0 }
  }
}

extension Value {
  /// The part of a cell's value that stands in `part`, which is within `whole`.
  func part(_ part: Extent, of whole: Extent) -> Value {
    if part == whole { return self }
    switch self {
    case .scalar(let expression):
      guard whole.width <= 64 else { return .filled(nil) }
      // The machine is little-endian: lower bits stand first.
      let wide = IntegerType(width: whole.width, isSigned: false)
      let shifted = Expression.binary(
        .shiftRight, .convert(expression, to: wide), .constant(Int128(part.offset - whole.offset), .s32))
      return .scalar(.truncate(shifted, to: IntegerType(width: part.width, isSigned: false)))
    case .filled: return self
    case .untouched(let object, let offset):
      return .untouched(object: object, offset: offset + part.offset - whole.offset)
    default: return .filled(nil)
    }
  }
}

extension State {
  /// The condition under which the cell was written: by itself, or with what it is part of.
  func isWritten(_ object: MemoryObject, _ extent: Extent) -> Expression {
    .or((written[object] ?? [:]).filter { $0.key.contains(extent) }.sorted { $0.key < $1.key }.map(\.value))
  }
}
