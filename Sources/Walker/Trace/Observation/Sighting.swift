internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What the walk has to look at on its way, from the results that are asked for: names that stores, calls and returns are
/// compared with, and functions that are entered because of them.
struct Watch {
  let observations: [Observation]
  /// `struct widget.room`, or a variable's name, without the number of an element.
  let places: Set<String>
  /// The functions, or fields of ops tables, whose calls are looked at.
  let calls: Set<String>
  /// The functions whose return is looked at, beside the entry's.
  let returns: Set<String>
  /// What the entry returns is asked for: everything that it may return is followed.
  let observesReturn: Bool

  init(_ observations: [Observation]) {
    self.observations = observations
    var places: Set<String> = []
    var calls: Set<String> = []
    var returns: Set<String> = []
    var observesReturn = false
    for observation in observations {
      switch observation.kind.point {
      case .stores(let name): places.formUnion(observation[name].map { PlaceName($0).whole })
      case .calls(let name): calls.formUnion(observation[name])
      case .returns(let name):
        returns.formUnion(observation[name])
        observesReturn = true
      case .memory, .test: break
      }
    }
    (self.places, self.calls, self.returns, self.observesReturn) = (places, calls, returns, observesReturn)
  }

  /// Last names of the fields.
  var fields: Set<String> { Set(places.filter { $0.contains(".") }.map(lastComponent)) }
  /// The records that hold them.
  var records: Set<String> { Set(places.filter { $0.contains(".") }.compactMap { PlaceName($0).record }) }
  var variables: Set<String> { Set(places.filter { !$0.contains(".") }) }
  /// Functions that the walk must come by.
  var functions: Set<String> { calls.union(returns) }
}

/// A place as a walkthrough names it: `struct widget.room`, `widget_cap`, `struct widget.limits[2]`.
struct PlaceName {
  /// Without the element's number.
  let whole: String
  let element: Int?

  init(_ text: String) {
    guard text.hasSuffix("]"), let open = text.lastIndex(of: "["),
      let number = Int(text[text.index(after: open)...].dropLast())
    else {
      (whole, element) = (text, nil)
      return
    }
    (whole, element) = (String(text[..<open]), number)
  }

  /// `struct widget` of `struct widget.room`.
  var record: String? { whole.split(separator: ".").first.map(String.init) }

  func names(_ place: Place) -> Bool {
    if let element, !place.text.hasSuffix("[\(element)]") { return false }
    if let field = place.lastField { return field.name == whole }
    return place.isGlobal && PlaceName(place.text).whole == whole
  }
}

/// A call or a return that an observation asks for, as the walk came by it.
struct Sighting {
  let observation: Observation
  /// nil: there is no number, and `why` says so.
  let value: Expression?
  let why: String
  /// The conditions in force.
  let reached: Expression
  let rests: Rests
  let node: CallNode
  let location: SourceLocation
}

extension Machine {
  /// A call, of a function by its name or over the field of an ops table.
  func observeCall(_ names: [String], _ cursor: Cursor, _ arguments: [Argument]) {
    guard let node, let state, !watch.calls.isDisjoint(with: names) else { return }
    for observation in watch.observations {
      guard case .calls(let which) = observation.kind.point, !Set(observation[which]).isDisjoint(with: names),
        case .argument(let argument, let field) = observation.kind.measure
      else { continue }
      let (found, rests) = resting {
        self.observed(observation[argument].first ?? "", observation[field].first, cursor, arguments)
      }
      sightings.append(
        Sighting(
          observation: observation, value: found.0, why: found.1, reached: state.condition,
          rests: union([rests, state.decided] + arguments.map(\.rests) + state.guards.map(\.rests)),
          node: node, location: program.location(cursor)))
    }
  }

  /// The argument, by its name in the callee's declaration or by its number from 1; or a field of what it points to.
  private func observed(
    _ name: String, _ field: String?, _ cursor: Cursor, _ arguments: [Argument]
  ) -> (Expression?, String) {
    let declared = cursor.referenced.map { [$0, $0.definition, $0.canonical].compactMap { $0 } } ?? []
    let names = declared.map { $0.arguments.map(\.spelling) }
    let position =
      Int(name).map { $0 - 1 } ?? names.lazy.compactMap { $0.firstIndex(of: name) }.first
    guard let position, arguments.indices.contains(position) else {
      let known = names.first { $0.contains { !$0.isEmpty } } ?? []
      let words = known.isEmpty ? "it has \(arguments.count), counted from 1" : known.joined(separator: ", ")
      return (nil, "the call has no argument \(name): \(words)")
    }
    let value = arguments[position].value
    guard let field else { return (simplify(number(value)), "") }
    guard case .pointer(let place) = value else { return (nil, "\(name) is no pointer that the walk follows") }
    var type = arguments[position].cursor.type.pointee
    if !type.isRecord { type = pointedRecord(arguments[position].cursor) ?? type }
    var here = place
    for part in field.split(separator: ".").map(String.init) {
      guard type.isRecord, let member = type.member(part), let offset = type.offset(ofField: part) else {
        let hint = Suggestion.nearest(to: part, among: type.allMembers).map { ": did you mean \($0)?" } ?? ""
        return (nil, "\(type.recordName ?? "what it points to") has no field \(part)\(hint)")
      }
      layouts.note(type)
      here = here.moved(
        by: offset, text: here.text + (here.text.isEmpty ? "" : "->") + part,
        step: type.recordName.map { FieldStep(record: $0, field: part, base: here.offset) })
      if member.isBitField { here.bitWidth = member.bitFieldWidth }
      type = member.type
    }
    return (simplify(number(load(here, type, at: cursor))), "")
  }

  /// The record that an argument points to, below the conversion to `void *`.
  func pointedRecord(_ argument: Cursor) -> CType? {
    var cursor = argument
    while true {
      if cursor.type.isPointer, cursor.type.pointee.isRecord { return cursor.type.pointee }
      guard [.unexposedExpression, .parenthesized, .cast].contains(cursor.kind), let inner = cursor.children.last else {
        return nil
      }
      cursor = inner
    }
  }

  /// A function that a result names returns.
  func observeReturn(_ entered: CallNode, _ value: Value, _ rests: Rests, reached: Expression) {
    guard watch.returns.contains(entered.name) else { return }
    for observation in watch.observations {
      guard case .returns(let which) = observation.kind.point, observation[which].contains(entered.name) else {
        continue
      }
      let isThere = if case .none = value { false } else { true }
      sightings.append(
        Sighting(
          observation: observation, value: isThere ? simplify(number(value)) : nil,
          why: "\(entered.name)() returns nothing", reached: reached, rests: rests, node: entered,
          location: program.location(entered.definition)))
    }
  }

  /// A store to this place is one that a result asks for.
  func isWatched(_ place: Place) -> Bool {
    guard !watch.places.isEmpty else { return false }
    if let field = place.lastField { return watch.places.contains(field.name) }
    return place.isGlobal && watch.places.contains(PlaceName(place.text).whole)
  }

  /// A record was copied as a whole: its fields that results ask for were written.
  func observeCopy(to target: Place, _ type: CType, at cursor: Cursor) {
    guard !watch.records.isEmpty, state != nil, type.isRecord else { return }
    for field in type.declaration?.children ?? [] where field.kind == .fieldDeclaration {
      guard let offset = field.fieldOffset else { continue }
      let name = field.fieldName
      let step = type.recordName.map { FieldStep(record: $0, field: name, base: target.offset) }
      var place = target.moved(
        by: offset, text: name.isEmpty ? target.text : target.text + "." + name, step: name.isEmpty ? nil : step)
      if field.type.isRecord {
        observeCopy(to: place, field.type, at: cursor)
      } else if let integer = field.type.integer, let step, watch.places.contains(step.name) {
        if field.isBitField { place.bitWidth = field.bitFieldWidth }
        let value = resting { self.number(self.load(place, field.type, at: cursor)) }.0
        let width = place.bitWidth ?? integer.width
        recordStore(
          place, Extent(offset: place.offset, width: width == 1 ? 8 : width), .scalar(simplify(value)), cursor)
      }
    }
  }
}
