internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Reading and writing places.
extension Machine {
  /// What the place held before the entry, under a name of its own.
  func initial(_ object: String, _ extent: Extent, type: IntegerType, text: String) -> Expression {
    .input(
      Input(id: "\(object)@\(extent.offset):\(extent.width)", name: text, role: .opaque, type: type))
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
    remember(expression, place, at: cursor)
    if isTracked(expression) { track(cursor) }
    return .scalar(expression)
  }

  private func loadInteger(_ place: Place, _ extent: Extent, _ type: IntegerType) -> Expression {
    let cells = state?.cells[place.object] ?? [:]
    if let value = cells[extent] {
      switch value {
      case .scalar(let expression): return .truncate(expression, to: type)
      case .pointer(let target): return address(of: target, type)
      default: break
      }
    }
    for (known, value) in cells where known.overlaps(extent) {
      guard known.contains(extent), case .scalar(let whole) = value else {
        return opaque(place, type)
      }
      // The machine is little-endian: lower bits stand first.
      let wide = IntegerType(width: known.width, isSigned: false)
      let shifted = Expression.binary(
        .shiftRight, .convert(whole, to: wide),
        .constant(Int128(extent.offset - known.offset), .s32))
      return .truncate(shifted, to: type)
    }
    return initial(place.object, extent, type: type, text: place.text)
  }

  private func opaque(_ place: Place, _ type: IntegerType) -> Expression {
    .input(Input(id: fresh("part"), name: place.text, role: .opaque, type: type))
  }

  private func loadPointer(_ place: Place) -> Value {
    let extent = Extent(offset: place.offset, width: 64)
    if let value = state?.cells[place.object]?[extent] { return value }
    // The same cell always points to the same object, until it is written.
    var target = Place(object: "*(\(place.object)+\(place.offset))", text: place.text)
    target.mayBeNull = true
    if let field = place.lastField, pointerFields[target.object] == nil { pointerFields[target.object] = field.name }
    return .pointer(Place.pointing(target, from: place))
  }

  /// The address as a number that is only known by name.
  func address(of place: Place, _ type: IntegerType) -> Expression {
    .input(
      Input(
        id: "&\(place.object)+\(place.offset)", name: place.text, role: .opaque, type: type))
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
    let stored = simplify(.truncate(given, to: integer))
    let extent = Extent(offset: place.offset, width: integer.width == 1 ? 8 : integer.width)
    write(.scalar(stored), extent, place)
    if !place.isLocal { recordStore(place, extent, .scalar(stored), cursor) }
    recordAssignment(of: given, stored: stored, to: place, at: cursor, target: target)
  }

  func write(_ value: Value, _ extent: Extent, _ place: Place) {
    state?.forget(place.object, extent)
    state?.cells[place.object, default: [:]][extent] = value
    cellTexts[place.object, default: [:]][extent] = place.text
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
    let area = Extent(offset: source.offset, width: max(bits, 1))
    let cells = state?.cells[source.object] ?? [:]
    state?.forget(target.object, Extent(offset: target.offset, width: max(bits, 1)))
    for (extent, value) in cells where area.contains(extent) {
      let moved = Extent(offset: extent.offset - source.offset + target.offset, width: extent.width)
      state?.cells[target.object, default: [:]][moved] = value
    }
  }

  /// The call may write through the pointer: what stood there is no longer known.
  func havoc(_ place: Place, by name: String) {
    guard place.isLocal, state?.cells[place.object] != nil || true else { return }
    let known = state?.cells[place.object] ?? [:]
    var cells: [Extent: Value] = [:]
    for (extent, value) in known {
      switch value {
      case .scalar(let old):
        cells[extent] = .scalar(
          .input(Input(id: fresh("out"), name: place.text, role: .opaque, type: old.type)))
      case .pointer:
        cells[extent] = .pointer(Place(object: fresh("out"), text: place.text))
      default: cells[extent] = value
      }
    }
    state?.cells[place.object] = cells
  }

  /// A value as a number; a pointer as its unknown address.
  func number(_ value: Value) -> Expression {
    switch value {
    case .scalar(let expression): expression
    case .pointer(let place): address(of: place, .u64)
    case .function(let name, _):
      .input(Input(id: "&f:\(name)", name: name, role: .opaque, type: .u64))
    case .aggregate(let place):
      .input(Input(id: fresh("record"), name: place.text, role: .opaque, type: .u64))
    case .none: .input(Input(id: fresh("nothing"), name: "no value", role: .opaque, type: .u64))
    }
  }

  /// `value != 0`, of type `bool`.
  func truth(_ value: Value) -> Expression {
    switch value {
    case .scalar(let expression): return expression.isTrue
    case .pointer(let place):
      if !place.mayBeNull && (place.isLocal || place.isGlobal) { return .true }
      return .compare(.notEqual, address(of: place, .u64), .constant(0, .u64))
    case .function: return .true
    case .aggregate, .none: return number(value).isTrue
    }
  }
}

extension Place {
  /// `target`, remembering by which fields the pointer was found: an indirect call is joined through them.
  static func pointing(_ target: Place, from cell: Place) -> Place {
    var place = Place(object: target.object, offset: target.offset, text: target.text)
    place.mayBeNull = target.mayBeNull
    place.foundThrough = cell.lastField
    return place
  }
}
