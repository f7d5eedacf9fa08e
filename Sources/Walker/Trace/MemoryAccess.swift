internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Reading and writing places.
extension Machine {
  /// What the place held before the entry, under a name of its own.
  func initial(_ object: String, _ extent: Extent, type: IntegerType, text: String) -> Expression {
    .input(
      Input(id: Self.cellID(object, extent), name: text, role: .opaque, type: type))
  }

  private static func cellID(_ object: String, _ extent: Extent) -> String {
    "\(object)@\(extent.offset):\(extent.width)"
  }

  func load(_ place: Place, _ type: CType, at cursor: Cursor) -> Value {
    if type.isRecord { return .aggregate(place) }
    if type.isArray { return .pointer(place) }
    if type.isFunction { return .function(name: place.text, declaration: nil) }
    if type.isPointer { return loadPointer(place) }
    guard var integer = type.integer else {
      return .scalar(.input(Input(id: fresh("value"), name: place.text, role: .opaque, type: .u64)))
    }
    if let width = place.bitWidth { integer = IntegerType(width: width, isSigned: integer.isSigned) }
    if let counted = counterInput(place, integer) { return .scalar(counted) }
    let extent = Extent(offset: place.offset, width: integer.width == 1 ? 8 : integer.width)
    let expression = loadInteger(place, extent, integer)
    if counter != nil, let field = place.lastField?.name {
      readFields[field, default: [:]][place.object, default: []].insert(expression)
    }
    remember(expression, place, at: cursor)
    if isTracked(expression) { track(cursor) }
    return .scalar(expression)
  }

  private func loadInteger(_ place: Place, _ extent: Extent, _ type: IntegerType) -> Expression {
    switch cell(place.object, extent) {
    case .scalar(let expression)?: return .truncate(expression, to: type)
    case .pointer(let target)?: return .truncate(number(.pointer(target)), to: type)
    case .filled(let byte?)?: return .constant(Int128(0x0101_0101_0101_0101 &* UInt64(byte)), type)
    case .untouched(let object, let offset)?:
      return assumed.given(
        place.lastField?.name,
        initial(object, Extent(offset: offset, width: extent.width), type: type, text: place.text))
    case nil:
      return assumed.given(
        place.lastField?.name, initial(place.object, extent, type: type, text: place.text))
    default: return opaque(place, type)
    }
  }

  /// The number that a store's place holds now; nil where that is no number that walker knows.
  func contents(of event: StoreEvent) -> Expression? {
    let type = event.value.type
    return switch cell(event.place.object, event.extent) {
    case .scalar(let expression)?: .truncate(expression, to: type)
    case .filled(let byte?)?: .constant(Int128(0x0101_0101_0101_0101 &* UInt64(byte)), type)
    case .untouched(let object, let offset)?:
      initial(object, Extent(offset: offset, width: event.extent.width), type: type, text: event.place.text)
    default: nil
    }
  }

  /// What stands there; nil where nothing was written.
  private func cell(_ object: String, _ extent: Extent) -> Value? {
    guard let cells = state?.cells[object] else {
      // Another element of the array may be this one.
      guard let element = elements[object] else { return nil }
      let others = state?.cells[element.array]?.keys
      return others?.contains { $0.overlaps(element.area) } == true ? .filled(nil) : cell(of: element, extent)
    }
    if let value = cells[extent] { return value }
    for (known, value) in cells where known.overlaps(extent) {
      return known.contains(extent) ? value.part(extent, of: known) : .filled(nil)
    }
    return nil
  }

  /// Of an array that is itself an element of another.
  private func cell(of element: Element, _ extent: Extent) -> Value? {
    guard elements[element.array] != nil, state?.cells[element.array] == nil else { return nil }
    return cell(element.array, element.area).map { _ in .filled(nil) }
  }

  private func opaque(_ place: Place, _ type: IntegerType) -> Expression {
    unfollowed(place, type, id: "part", after: "another write")
  }

  /// A number that walker does not know, in a place that held one which it did. A variable's name would be the followed
  /// parameter's, or a knob's, for who reads the formula and for who sets inputs by name: it is a number of its own.
  func unfollowed(_ place: Place, _ type: IntegerType, id: String, after event: String) -> Expression {
    let isName = place.text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    let name = isName ? "\(place.text) after \(event)" : place.text
    return .input(Input(id: fresh(id), name: name, role: .opaque, type: type))
  }

  private func loadPointer(_ place: Place) -> Value {
    let extent = Extent(offset: place.offset, width: 64)
    var (object, offset) = (place.object, place.offset)
    switch cell(place.object, extent) {
    case .filled(let byte?)?: return .scalar(.constant(Int128(0x0101_0101_0101_0101 &* UInt64(byte)), .u64))
    case .filled(nil)?: object = fresh("part")
    case .untouched(let source, let at)?: (object, offset) = (source, at)
    case let value?: return value
    case nil: break
    }
    // The same cell always points to the same object, until it is written.
    var target = Place(object: "*(\(object)+\(offset))", text: place.text)
    target.mayBeNull = true
    if let field = place.lastField, pointerFields[target.object] == nil { pointerFields[target.object] = field.name }
    return .pointer(Place.pointing(target, from: place))
  }

  /// The address as a number that is only known by name.
  func address(of place: Place, _ type: IntegerType) -> Expression {
    let id = "&\(place.object)+\(place.offset)"
    if place.offset != 0, let field = place.lastField, cellFields[id] == nil { cellFields[id] = field.name }
    return .input(Input(id: id, name: place.text, role: .opaque, type: type))
  }

  private func remember(_ expression: Expression, _ place: Place, at cursor: Cursor) {
    guard case .input(let input) = expression.kind, input.role == .opaque, origins[input.id] == nil,
      place.isGlobal || place.lastField != nil
    else { return }
    origins[input.id] = InputOrigin(
      storage: place.lastField?.name ?? place.text, name: place.lastField?.field ?? place.text,
      isGlobal: place.lastField == nil, location: program.location(cursor))
  }

  private func counterInput(_ place: Place, _ type: IntegerType) -> Expression? {
    if let counter, place.steps.contains(where: { counter.subtrahends.contains($0.name) }) { return .constant(0, type) }
    guard let counter, place.steps.contains(where: { counter.names.contains($0.name) }) else { return nil }
    let input =
      counter.input
      ?? Input(
        id: "counter", name: lastComponent(place.steps.last { counter.names.contains($0.name) }?.name ?? "count"),
        role: .counter, type: type)
    self.counter?.input = input
    return .convert(.input(input), to: type)
  }

  func track(_ cursor: Cursor) {
    guard let position = cursor.writtenPosition else { return }
    trackedPositions[position.path, default: []].insert(position)
  }

  /// Writes `value`, converted to the place's type, and records the step.
  func store(_ value: Value, to place: Place, _ type: CType, at cursor: Cursor, target: Cursor?) {
    guard state != nil else { return }
    if type.isRecord {
      if case .aggregate(let source) = value { copy(from: source, to: place, bits: (type.size ?? 0) * 8) }
      return
    }
    if type.isPointer || type.isFunction {
      write(value, Extent(offset: place.offset, width: 64), place)
      if !place.isLocal { recordStore(place, Extent(offset: place.offset, width: 64), value, cursor) }
      return
    }
    guard var integer = type.integer else { return }
    if let width = place.bitWidth { integer = IntegerType(width: width, isSigned: integer.isSigned) }
    let given = number(value)
    var stored = simplify(.truncate(given, to: integer))
    if place.isLocal, node === assumedIn { stored = assumed.variable(place.text, holds: stored) }
    let extent = Extent(offset: place.offset, width: integer.width == 1 ? 8 : integer.width)
    write(.scalar(stored), extent, place)
    if place.isUnknown { blindStores.append((integer, program.location(cursor))) }
    if !place.isLocal { recordStore(place, extent, .scalar(stored), cursor) }
    recordAssignment(of: given, stored: stored, to: place, at: cursor, target: target)
  }

  func write(_ value: Value, _ extent: Extent, _ place: Place) {
    state?.forget(place.object, extent)
    state?.cells[place.object, default: [:]][extent] = value
    spread(place.object, extent)
    cellTexts[place.object, default: [:]][extent] = place.text
    if !place.isLocal, let field = place.lastField {
      cellFields[Self.cellID(place.object, extent)] = field.name
    }
  }

  private func recordStore(_ place: Place, _ extent: Extent, _ value: Value, _ cursor: Cursor) {
    state?.written[place.object, default: [:]][extent] = .true
    guard let node else { return }
    note(.store, cursor, place.lastField?.name ?? place.text, [eventValue(value)])
    let expression = value.expression ?? .constant(0, .u64)
    stores.append(
      StoreEvent(
        place: place, extent: extent, value: expression, node: node,
        location: program.location(cursor), isTracked: isTracked(expression)))
  }

  func copy(from source: Place, to target: Place, bits: Int) {
    guard bits > 0, source != target else { return }
    let area = Extent(offset: source.offset, width: bits)
    let cells = state?.cells[source.object] ?? [:]
    fill(target, bits: bits, with: .untouched(object: source.object, offset: source.offset))
    for (extent, value) in cells where area.overlaps(extent) {
      let start = max(extent.offset, area.offset)
      let end = min(extent.offset + extent.width, area.offset + area.width)
      let part = Extent(offset: start, width: end - start)
      let moved = Extent(offset: part.offset - source.offset + target.offset, width: part.width)
      state?.forget(target.object, moved)
      state?.cells[target.object, default: [:]][moved] = value.part(part, of: extent)
    }
  }

  /// Elements that may have been written with an area of an object: those of its arrays whose number is not known; and
  /// where the object is such an element, all others of its array.
  private func spread(_ object: String, _ extent: Extent) {
    guard !elements.isEmpty, state != nil else { return }
    for (other, element) in elements
    where other != object && element.array == object && element.area.overlaps(extent) && state?.cells[other] != nil {
      state?.cells[other] = [Extent(offset: 0, width: element.width): .filled(nil)]
    }
    guard let own = elements[object] else { return }
    let kept = state?.cells[object]
    state?.forget(own.array, own.area)
    state?.cells[own.array, default: [:]][own.area] = .filled(nil)
    spread(own.array, own.area)
    state?.cells[object] = kept
  }

  /// Writes an area as one.
  func fill(_ place: Place, bits: Int, with value: Value) {
    guard bits > 0 else { return }
    let area = Extent(offset: place.offset, width: bits)
    state?.forget(place.object, area)
    state?.cells[place.object, default: [:]][area] = value
    spread(place.object, area)
  }

  /// The call may write through the pointer: what stood there is no longer known.
  /// `bits`: of what it points to, of which nothing may have been written before.
  func havoc(_ place: Place, by name: String, bits: Int = 0) {
    guard place.isLocal, state != nil else { return }
    let known = state?.cells[place.object] ?? [:]
    var cells: [Extent: Value] = [:]
    for (extent, value) in known {
      switch value {
      case .scalar(let old):
        cells[extent] = .scalar(unfollowed(place, old.type, id: "out", after: name))
      case .pointer:
        cells[extent] = .pointer(Place(object: fresh("out"), text: place.text))
      case .filled, .untouched: cells[extent] = .filled(nil)
      default: cells[extent] = value
      }
    }
    let area = Extent(offset: place.offset, width: bits)
    if bits > 0, !cells.keys.contains(where: area.overlaps) { cells[area] = .filled(nil) }
    state?.cells[place.object] = cells
    spread(place.object, Extent(offset: 0, width: Element.far))
  }

  /// A value as a number; a pointer as its unknown address.
  func number(_ value: Value) -> Expression {
    switch value {
    case .scalar(let expression): expression
    case .pointer(let place):
      place.otherwise.map { .select($0.when, $0.number, address(of: place, .u64)) } ?? address(of: place, .u64)
    case .function(let name, _):
      .input(Input(id: "&f:\(name)", name: name, role: .opaque, type: .u64))
    case .aggregate(let place):
      .input(Input(id: fresh("record"), name: place.text, role: .opaque, type: .u64))
    case .filled, .untouched, .none:
      .input(Input(id: fresh("nothing"), name: "no value", role: .opaque, type: .u64))
    }
  }

  /// `value != 0`, of type `bool`.
  func truth(_ value: Value) -> Expression {
    switch value {
    case .scalar(let expression): return expression.isTrue
    case .pointer(let place):
      return place.otherwise.map { .select($0.when, $0.number.isTrue, isThere(place)) } ?? isThere(place)
    case .function: return .true
    case .aggregate, .filled, .untouched, .none: return number(value).isTrue
    }
  }

  /// A pointer to the place, where it is one, is not NULL.
  func isThere(_ place: Place) -> Expression {
    if place.isNeverNull || (!place.mayBeNull && (place.isLocal || place.isGlobal)) { return .true }
    return .compare(.notEqual, address(of: place, .u64), .constant(0, .u64))
  }
}

extension Place {
  /// `target`, remembering by which fields the pointer was found: an indirect call is joined through them.
  static func pointing(_ target: Place, from cell: Place) -> Place {
    var place = Place(object: target.object, offset: target.offset, text: target.text)
    place.mayBeNull = target.mayBeNull
    place.isNeverNull = target.isNeverNull
    place.otherwise = target.otherwise
    place.foundThrough = cell.lastField
    return place
  }
}
