internal import WalkerFormula
internal import WalkerModel

/// Joining the states of branches: a cell that differs becomes a choice by what tells the branches apart.
extension Machine {
  func merge(_ states: [State?]) -> State? {
    let alive = states.compactMap { $0 }
    guard var merged = alive.first else { return nil }
    for next in alive.dropFirst() { merged = merge(merged, next) }
    return merged
  }

  func merge(_ a: State, _ b: State) -> State {
    let (shared, told, other) = discriminator(a, b)
    // Nothing tells the two apart (a loop that was left open): which one it is stays open.
    let choice =
      told.isConstantTrue
      ? Expression.input(Input(id: fresh("either"), name: "either", role: .opaque, type: .bool)) : told
    let deciding = union((a.guards.dropFirst(shared.count) + b.guards.dropFirst(shared.count)).map(\.rests))
    fuel -= (a.cells.count + b.cells.count) / 8
    var merged = State()
    merged.guards = shared
    merged.effects = a.effects == b.effects ? a.effects : Set(a.effects).union(b.effects).sorted()
    merged.fetched = a.fetched + b.fetched.filter { !a.fetched.contains($0) }
    merged.decided = restsTable.union(a.decided, b.decided)
    let rest = Expression.or(told, other)
    if !rest.isConstantTrue {
      let place = a.guards.dropFirst(shared.count).first ?? b.guards.dropFirst(shared.count).first
      merged.guards.append(
        Guard(
          expression: rest, location: place?.location ?? SourceLocation(file: "", line: 0),
          source: place?.source ?? "", rests: deciding))
    }
    // In an order of its own: names are made on the way.
    for object in Set(a.cells.keys).union(b.cells.keys).sorted() {
      merged.cells[object] = mergeCells(object, a.cells[object] ?? [:], b.cells[object] ?? [:], choice, deciding)
    }
    for object in Set(a.written.keys).union(b.written.keys).sorted() {
      let (left, right) = (a.written[object] ?? [:], b.written[object] ?? [:])
      for extent in Set(left.keys).union(right.keys).sorted() {
        merged.written[object, default: [:]][extent] = .select(
          choice, left[extent] ?? .false, right[extent] ?? .false)
      }
    }
    return merged
  }

  /// The guards that both have, what `a` has beyond them, and what `b` has.
  func discriminator(_ a: State, _ b: State) -> ([Guard], Expression, Expression) {
    var shared = 0
    while shared < a.guards.count, shared < b.guards.count,
      a.guards[shared].expression == b.guards[shared].expression
    {
      shared += 1
    }
    return (
      Array(a.guards.prefix(shared)),
      .and(a.guards.dropFirst(shared).map(\.expression)),
      .and(b.guards.dropFirst(shared).map(\.expression))
    )
  }

  private func mergeCells(
    _ object: MemoryObject, _ a: [Extent: Cell], _ b: [Extent: Cell], _ choice: Expression, _ deciding: Rests
  ) -> [Extent: Cell] {
    var merged: [Extent: Cell] = [:]
    let (a, b) = (aligned(a, with: b), aligned(b, with: a))
    for extent in Set(a.keys).union(b.keys).sorted() {
      guard let left = a[extent] ?? before(object, extent, like: b[extent]),
        let right = b[extent] ?? before(object, extent, like: a[extent])
      else { continue }
      let both = restsTable.union(left.rests, right.rests)
      let value = merge(left.value, right.value, choice)
      let isOne = left.value.isSame(as: right.value)
      merged[extent] = Cell(
        value: value, rests: isOne ? both : restsTable.union(both, deciding), asOf: min(left.asOf, right.asOf))
    }
    return merged
  }

  /// Areas that were filled or copied as one, cut where the other state has cells of its own.
  private func aligned(_ cells: [Extent: Cell], with other: [Extent: Cell]) -> [Extent: Cell] {
    var result = cells
    for extent in other.keys.sorted() where cells[extent] == nil {
      for (known, cell) in result where known != extent && known.overlaps(extent) {
        guard cell.value.isArea else { continue }
        let start = max(known.offset, extent.offset)
        let end = min(known.offset + known.width, extent.offset + extent.width)
        let inner = Extent(offset: start, width: end - start)
        result[known] = nil
        for part in known.parts(outside: inner) + [inner] {
          result[part] = Cell(value: cell.value.part(part, of: known), rests: cell.rests, asOf: cell.asOf)
        }
      }
    }
    return result
  }

  /// What a cell held before anything was written to it.
  private func before(_ object: MemoryObject, _ extent: Extent, like other: Cell?) -> Cell? {
    guard let other else { return nil }
    // A local variable without a value has none that C could read: the other branch's stands for both.
    if object.isLocal { return other }
    if other.value.isArea { return Cell(value: .untouched(object: object, offset: extent.offset)) }
    switch other.value {
    case .scalar(let expression):
      return Cell(
        value: .scalar(
          initial(object, extent, type: expression.type, text: cellTexts[object]?[extent] ?? object.name)))
    case .pointer, .function:
      let name = "*(\(object.name)+\(extent.offset))"
      let isOld = object.kind == .pointee || object.kind == .global
      var target = Place(
        object: isOld ? .pointee(name) : .summary(name), text: cellTexts[object]?[extent] ?? object.name)
      target.mayBeNull = true
      return Cell(value: .pointer(target))
    default: return other
    }
  }

  /// A number against an area: the number's width says which part of the area is meant.
  private func mergeArea(_ a: Value, _ b: Value, _ choice: Expression) -> Value {
    func number(_ value: Value, like type: IntegerType) -> Expression? {
      switch value {
      case .scalar(let expression): expression
      case .filled(let byte?): .constant(Int128(0x0101_0101_0101_0101 &* UInt64(byte)), type)
      case .untouched(let object, let offset):
        initial(object, Extent(offset: offset, width: max(type.width, 8)), type: type, text: object.name)
      default: nil
      }
    }
    guard let type = a.expression?.type ?? b.expression?.type, let left = number(a, like: type),
      let right = number(b, like: type)
    else { return .filled(nil) }
    return merge(.scalar(left), .scalar(right), choice)
  }

  func merge(_ a: Value, _ b: Value, _ choice: Expression) -> Value {
    if a.isSame(as: b) { return a }
    if a.isArea || b.isArea { return mergeArea(a, b, choice) }
    switch (a, b) {
    case (.scalar(let left), .scalar(let right)):
      let type = left.type == right.type ? left.type : (left.type.width >= right.type.width ? left.type : right.type)
      let either = Expression.select(choice, .convert(left, to: type), .convert(right, to: type))
      return .scalar(merging.simplify(either))
    case (.pointer(let place), .scalar(let number)): return .pointer(merge(place, number, choice))
    case (.scalar(let number), .pointer(let place)): return .pointer(merge(place, number, .not(choice)))
    case (.pointer(let left), .pointer(let right)): return .pointer(merge(left, right, choice))
    case (.function, .scalar): return a
    case (.scalar, .function): return b
    default: return .none
    }
  }

  /// A pointer where `choice` is true, else a number: NULL, an error.
  private func merge(_ place: Place, _ number: Expression, _ choice: Expression) -> Place {
    var merged = place
    let number = Expression.convert(number, to: .u64)
    let own = place.otherwise
    merged.otherwise = otherwise(
      .select(choice, own?.when ?? .false, .true), own.map { .select(choice, $0.number, number) } ?? number)
    return merged
  }

  private func merge(_ left: Place, _ right: Place, _ choice: Expression) -> Place {
    if left == right {
      var merged = left
      merged.mayBeNull = left.mayBeNull || right.mayBeNull
      merged.isNeverNull = left.isNeverNull && right.isNeverNull
      let (a, b) = (left.otherwise, right.otherwise)
      guard let number = a?.number ?? b?.number else { return merged }
      merged.otherwise = otherwise(
        .select(choice, a?.when ?? .false, b?.when ?? .false),
        .select(choice, a?.number ?? number, b?.number ?? number))
      return merged
    }
    // Which of the two objects it is stays open; whether it is one does not.
    // A store to it may be one to either.
    escape(.pointer(left))
    escape(.pointer(right))
    var merged = Place(object: .summary(fresh("phi")), text: left.text)
    parents[merged.object] = [left.object, right.object]
    merged.isNeverNull = true
    let (a, b) = (whole(left), whole(right))
    merged.otherwise = otherwise(.select(choice, a.when, b.when), .select(choice, a.number, b.number))
    return merged
  }

  /// With NULL among the numbers.
  private func whole(_ place: Place) -> Place.Otherwise {
    let isNull = Expression.not(isThere(place))
    guard let own = place.otherwise else { return Place.Otherwise(when: isNull, number: .constant(0, .u64)) }
    return Place.Otherwise(
      when: .or(own.when, isNull), number: .select(own.when, own.number, .constant(0, .u64)))
  }

  private func otherwise(_ when: Expression, _ number: Expression) -> Place.Otherwise? {
    let when = merging.simplify(when)
    return when.isConstantFalse ? nil : Place.Otherwise(when: when, number: merging.simplify(number))
  }
}
