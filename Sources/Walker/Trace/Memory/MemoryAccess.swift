internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Reading and writing places.
extension Machine {
  /// What the place held before the entry, under a name of its own.
  func initial(_ object: MemoryObject, _ extent: Extent, type: IntegerType, text: String) -> Expression {
    .input(
      Input(id: Self.cellID(object, extent), name: text, role: .opaque, type: type))
  }

  static func cellID(_ object: MemoryObject, _ extent: Extent) -> String {
    "\(object.name)@\(extent.offset):\(extent.width)"
  }

  func load(_ place: Place, _ type: CType, at cursor: Cursor) -> Value {
    if type.isRecord {
      layouts.note(type)
      return .aggregate(place)
    }
    if type.isArray { return .pointer(place) }
    if type.isFunction { return .function(name: place.text, declaration: nil) }
    if type.isPointer { return loadPointer(place, type, at: cursor) }
    guard var integer = type.integer else {
      restOn(path(place, bits: (type.size ?? 8) * 8), since: 0, at: cursor)
      return .scalar(.input(Input(id: fresh("value"), name: place.text, role: .opaque, type: .u64)))
    }
    if let width = place.bitWidth { integer = IntegerType(width: width, isSigned: integer.isSigned) }
    if let counted = counterInput(place, integer) {
      return .scalar(counted)
    }
    let extent = Extent(offset: place.offset, width: integer.width == 1 ? 8 : integer.width)
    let expression = loadInteger(place, extent, integer, at: cursor)
    if counter != nil, let field = place.lastField?.name {
      readFields[field, default: [:]][place.object, default: []].insert(expression)
    }
    remember(expression, place, at: cursor)
    if isTracked(expression) { track(cursor) }
    return .scalar(expression)
  }

  private func loadInteger(_ place: Place, _ extent: Extent, _ type: IntegerType, at cursor: Cursor) -> Expression {
    switch read(place, extent, at: cursor) {
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

  /// What the cell holds, which is from here on part of what is being computed.
  func read(_ place: Place, _ extent: Extent, pointer: String? = nil, at cursor: Cursor?) -> Value? {
    let found = cell(place.object, extent)
    if let found { rest(on: found.rests) }
    restOn(
      AccessPath(
        object: place.object, extent: extent, steps: place.steps, record: nil, text: place.text, pointerType: pointer),
      since: found?.asOf ?? 0, at: cursor)
    return found?.value
  }

  /// The number that a store's place holds now; nil where that is no number that walker knows.
  func contents(of event: StoreEvent) -> Expression? {
    let type = event.value.type
    return switch read(event.place, event.extent, at: nil) {
    case .scalar(let expression)?: .truncate(expression, to: type)
    case .filled(let byte?)?: .constant(Int128(0x0101_0101_0101_0101 &* UInt64(byte)), type)
    case .untouched(let object, let offset)?:
      initial(object, Extent(offset: offset, width: event.extent.width), type: type, text: event.place.text)
    default: nil
    }
  }

  /// What stands there; nil where nothing was written.
  private func cell(_ object: MemoryObject, _ extent: Extent) -> Cell? {
    guard let cells = state?.cells[object] else {
      // Another element of the array may be this one.
      guard let element = elements[object] else { return nil }
      let others = (state?.cells[element.array] ?? [:]).filter { $0.key.overlaps(element.area) }
      if others.isEmpty { return cell(of: element, extent) }
      return Cell(
        value: .filled(nil), rests: union(others.values.map(\.rests)), asOf: others.values.map(\.asOf).min() ?? 0)
    }
    if let cell = cells[extent] { return cell }
    let touched = cells.filter { $0.key.overlaps(extent) }
    guard let first = touched.first else { return nil }
    if touched.count == 1, first.key.contains(extent) {
      return Cell(
        value: first.value.value.part(extent, of: first.key), rests: first.value.rests, asOf: first.value.asOf)
    }
    return Cell(
      value: .filled(nil), rests: union(touched.values.map(\.rests)), asOf: touched.values.map(\.asOf).min() ?? 0)
  }

  /// Of an array that is itself an element of another.
  private func cell(of element: Element, _ extent: Extent) -> Cell? {
    guard elements[element.array] != nil, state?.cells[element.array] == nil else { return nil }
    return cell(element.array, element.area).map { Cell(value: .filled(nil), rests: $0.rests, asOf: $0.asOf) }
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

  private func loadPointer(_ place: Place, _ type: CType, at cursor: Cursor) -> Value {
    let extent = Extent(offset: place.offset, width: 64)
    layouts.note(type.pointee)
    var (object, offset) = (place.object, place.offset)
    switch read(place, extent, pointer: type.pointerName, at: cursor) {
    case .filled(let byte?)?: return .scalar(.constant(Int128(0x0101_0101_0101_0101 &* UInt64(byte)), .u64))
    case .filled(nil)?: object = .summary(fresh("part"))
    case .untouched(let source, let at)?: (object, offset) = (source, at)
    case let value?: return value
    case nil: break
    }
    // The same cell always points to the same object, until it is written.
    let name = "*(\(object.name)+\(offset))"
    // What stood in memory before the entry led to what was there before it.
    let isOld = object.kind == .pointee || object.kind == .global
    var target = Place(object: isOld ? .pointee(name) : .summary(name), text: place.text)
    target.mayBeNull = true
    if let field = place.lastField, pointerFields[name] == nil { pointerFields[name] = field.name }
    return .pointer(Place.pointing(target, from: place))
  }

  /// The place whose address a number is, where that is all that it is.
  func addressed(_ number: Expression) -> Place? {
    var number = number
    while case .convert(let inner) = number.kind, inner.type.width == 64, number.type.width == 64 { number = inner }
    guard case .input(let input) = number.kind else { return nil }
    return addresses[input.id]
  }

  /// The address as a number that is only known by name.
  func address(of place: Place, _ type: IntegerType) -> Expression {
    let id = "&\(place.object.name)+\(place.offset)"
    if place.offset != 0, let field = place.lastField, cellFields[id] == nil { cellFields[id] = field.name }
    if sources.contains(place.object), addresses[id] == nil { addresses[id] = place }
    return .input(Input(id: id, name: place.text, role: .opaque, type: type))
  }

  private func remember(_ expression: Expression, _ place: Place, at cursor: Cursor) {
    guard case .input(let input) = expression.kind, input.role == .opaque, origins[input.id] == nil,
      place.isGlobal || place.lastField != nil
    else { return }
    origins[input.id] = InputOrigin(place: place, location: program.location(cursor))
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
      layouts.note(type)
      if case .aggregate(let source) = value { return copy(from: source, to: place, type: type, at: cursor) }
      // Which record it is was not followed: that something was written is all that is known.
      let bits = (type.size ?? 0) * 8
      fill(place, bits: bits, with: .filled(nil))
      if bits > 0, !place.isLocal || escaped.contains(place.object) {
        addStore(path(place, bits: bits, record: type.recordName), at: cursor)
      }
      return
    }
    if type.isPointer || type.isFunction {
      let extent = Extent(offset: place.offset, width: 64)
      write(value, extent, place)
      if !place.isLocal {
        if case .pointer = value { escape(value) }
        recordStore(place, extent, value, cursor, pointer: type.pointerName)
      }
      return
    }
    guard var integer = type.integer else {
      // A number that is no integer, or too wide for one: that something stands there is all that is known.
      let bits = (type.size ?? 16) * 8
      fill(place, bits: bits, with: .filled(nil))
      return addStore(path(place, bits: bits), at: cursor)
    }
    if let width = place.bitWidth { integer = IntegerType(width: width, isSigned: integer.isSigned) }
    let given = number(value)
    var stored = simplify(.truncate(given, to: integer))
    if place.isLocal, node === assumedIn { stored = assumed.variable(place.text, holds: stored) }
    let extent = Extent(offset: place.offset, width: integer.width == 1 ? 8 : integer.width)
    write(.scalar(stored), extent, place)
    if !place.isLocal {
      // An address that is kept as a number is one all the same.
      if case .pointer = value { escape(value) }
      recordStore(place, extent, .scalar(stored), cursor)
    } else if isWatched(place) {
      recordStore(place, extent, .scalar(stored), cursor)
    }
    recordAssignment(of: given, stored: stored, to: place, at: cursor, target: target)
  }

  /// The value was made of all that was read in the statement so far.
  func write(_ value: Value, _ extent: Extent, _ place: Place) {
    state?.forget(place.object, extent)
    state?.cells[place.object, default: [:]][extent] = Cell(value: value, rests: pending, asOf: effects.count)
    spread(place.object, extent)
    cellTexts[place.object, default: [:]][extent] = place.text
    if !place.isLocal, let field = place.lastField {
      cellFields[Self.cellID(place.object, extent)] = field.name
    }
  }

  func recordStore(
    _ place: Place, _ extent: Extent, _ value: Value, _ cursor: Cursor, pointer: String? = nil
  ) {
    state?.written[place.object, default: [:]][extent] = .true
    addStore(
      AccessPath(
        object: place.object, extent: extent, steps: place.steps, record: nil, text: place.text, pointerType: pointer),
      at: cursor)
    guard let node else { return }
    note(.store, cursor, place.lastField?.name ?? place.text, [eventValue(value)])
    let expression = value.expression ?? .constant(0, .u64)
    stores.append(
      StoreEvent(
        place: place, extent: extent, value: expression, node: node,
        location: program.location(cursor), isTracked: isTracked(expression)))
  }

  /// Other objects may be the one that was stored to.
  func addStore(_ path: AccessPath, at cursor: Cursor) {
    if path.object.isLocal, !escaped.contains(path.object) { return }
    add(
      .store(path), "stores to \(path.text.isEmpty ? path.object.name : path.text), which may be the same memory",
      at: cursor)
  }

  func copy(from source: Place, to target: Place, type: CType, at cursor: Cursor) {
    copy(from: source, to: target, bits: (type.size ?? 0) * 8, record: type.recordName, at: cursor)
    if source != target { observeCopy(to: target, type, at: cursor) }
  }

  /// - Parameter isOwnMemory: the source is memory of the kernel, which others may have written.
  func copy(
    from source: Place, to target: Place, bits: Int, record: String?, at cursor: Cursor, isOwnMemory: Bool = true
  ) {
    guard bits > 0, source != target else { return }
    let area = Extent(offset: source.offset, width: bits)
    let cells = state?.cells[source.object] ?? [:]
    let before = pending
    if isOwnMemory { restOn(path(source, bits: bits, record: record), since: 0, at: cursor) }
    noteWritten(target, bits: bits)
    fill(target, bits: bits, with: .untouched(object: source.object, offset: source.offset))
    for (extent, cell) in cells.sorted(by: { $0.key < $1.key }) where area.overlaps(extent) {
      let start = max(extent.offset, area.offset)
      let end = min(extent.offset + extent.width, area.offset + area.width)
      let part = Extent(offset: start, width: end - start)
      let moved = Extent(offset: part.offset - source.offset + target.offset, width: part.width)
      let value = cell.value.part(part, of: extent)
      state?.forget(target.object, moved)
      let written =
        isOwnMemory
        ? self.rests(
          on: AccessPath(object: source.object, extent: part, steps: source.steps, record: record, text: source.text),
          since: cell.asOf, at: cursor) : .none
      let rests = union([before, cell.rests, written])
      state?.cells[target.object, default: [:]][moved] = Cell(value: value, rests: rests, asOf: effects.count)
      if !target.isLocal, case .pointer = value { escape(value) }
    }
    pending = before
    if !target.isLocal || escaped.contains(target.object) {
      addStore(path(target, bits: bits, record: record), at: cursor)
    }
  }

  /// Elements that may have been written with an area of an object: those of its arrays whose number is not known; and
  /// where the object is such an element, all others of its array.
  private func spread(_ object: MemoryObject, _ extent: Extent) {
    guard !elements.isEmpty, state != nil else { return }
    let now = effects.count
    for (other, element) in elements
    where other != object && element.array == object && element.area.overlaps(extent) && state?.cells[other] != nil {
      state?.cells[other] = [
        Extent(offset: 0, width: element.width): Cell(value: .filled(nil), rests: pending, asOf: now)
      ]
    }
    guard let own = elements[object] else { return }
    let kept = state?.cells[object]
    state?.forget(own.array, own.area)
    state?.cells[own.array, default: [:]][own.area] = Cell(value: .filled(nil), rests: pending, asOf: now)
    spread(own.array, own.area)
    state?.cells[object] = kept
  }

  /// All of it is written on this way.
  func noteWritten(_ place: Place, bits: Int) {
    if place.isLocal { return }
    state?.written[place.object, default: [:]][Extent(offset: place.offset, width: bits)] = .true
  }

  /// Writes an area as one.
  func fill(_ place: Place, bits: Int, with value: Value) {
    guard bits > 0 else { return }
    let area = Extent(offset: place.offset, width: bits)
    state?.forget(place.object, area)
    state?.cells[place.object, default: [:]][area] = Cell(value: value, rests: pending, asOf: effects.count)
    spread(place.object, area)
  }

  /// The call may write through the pointer: what stood there is no longer known.
  /// `bits`: of what it points to, of which nothing may have been written before.
  func havoc(_ place: Place, by name: String, bits: Int = 0) {
    guard place.isLocal, state != nil else { return }
    let known = state?.cells[place.object] ?? [:]
    var cells: [Extent: Cell] = [:]
    for (extent, cell) in known.sorted(by: { $0.key < $1.key }) {
      let value: Value =
        switch cell.value {
        case .scalar(let old): .scalar(unfollowed(place, old.type, id: "out", after: name))
        case .pointer: .pointer(Place(object: .summary(fresh("out")), text: place.text))
        case .filled, .untouched: .filled(nil)
        default: cell.value
        }
      cells[extent] = Cell(value: value, rests: union([cell.rests, pending]), asOf: effects.count)
    }
    let area = Extent(offset: place.offset, width: bits)
    if bits > 0, !cells.keys.contains(where: area.overlaps) {
      cells[area] = Cell(value: .filled(nil), rests: pending, asOf: effects.count)
    }
    state?.cells[place.object] = cells
    spread(place.object, Extent(offset: 0, width: Element.far))
  }

  // MARK: what is being computed rests on

  func rest(on rests: Rests) { pending = restsTable.union(pending, rests) }

  func restOn(_ path: AccessPath, since asOf: Int, at cursor: Cursor?) {
    rest(on: rests(on: path, since: asOf, at: cursor))
  }

  func union(_ all: [Rests]) -> Rests { all.reduce(.none) { restsTable.union($0, $1) } }

  /// Runs a part by itself: what it gives, and what that rests on, which is then also part of the whole.
  func resting<Result>(_ part: () -> Result) -> (Result, Rests) {
    let before = pending
    pending = .none
    let result = part()
    let own = pending
    pending = restsTable.union(before, own)
    return (result, own)
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
