internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Memory of the process that calls: what stands there is an input, and is copied by functions and macros of these names.
///
/// The walk takes as given that such memory is there (`EFAULT` is the caller's own doing), and that it is the same at each
/// read: where the code reads it twice, what it rests on says so.
extension Machine {
  /// Which arguments of a call are the target, the source and the count of bytes.
  private struct UserCopy {
    let to: Int
    let from: Int
    let count: Int
    /// What is copied is at most this many bytes, the rest of the target is cleared.
    var limit: Int?
    var arity = 3
  }

  /// From the caller's memory (include/linux/uaccess.h; the names with two underscores lack the check of the address).
  private static let fetches: [String: UserCopy] = {
    var table: [String: UserCopy] = [:]
    for name in [
      "copy_from_user", "_copy_from_user", "__copy_from_user", "__copy_from_user_inatomic", "raw_copy_from_user",
      "__copy_from_user_nocheck", "copy_from_user_nmi", "_inline_copy_from_user",
    ] {
      table[name] = UserCopy(to: 0, from: 1, count: 2)
    }
    table["copy_struct_from_user"] = UserCopy(to: 0, from: 2, count: 1, limit: 3, arity: 4)
    return table
  }()

  /// To the caller's memory.
  private static let handouts: [String: UserCopy] = {
    var table: [String: UserCopy] = [:]
    for name in [
      "copy_to_user", "_copy_to_user", "__copy_to_user", "__copy_to_user_inatomic", "raw_copy_to_user",
      "_inline_copy_to_user",
    ] {
      table[name] = UserCopy(to: 0, from: 1, count: 2)
    }
    return table
  }()

  private static let readingMacros: Set<String> = ["get_user", "__get_user"]
  private static let writingMacros: Set<String> = ["put_user", "__put_user"]

  /// What the walk takes as given where it reads or writes the caller's memory.
  static let userMemoryIsThere = "the memory that the caller's pointers lead to can be read and written"

  /// A read of the caller's memory.
  struct UserFetch: Hashable {
    let object: MemoryObject
    let extent: Extent
    let location: SourceLocation
  }

  /// The value of a call that copies from or to the caller's memory; nil for another function.
  func userCopyValue(_ name: String, _ cursor: Cursor) -> Value? {
    let isFetch = Self.fetches[name] != nil
    guard let copy = Self.fetches[name] ?? Self.handouts[name], cursor.arguments.count == copy.arity else { return nil }
    let arguments = cursor.arguments
    let values = arguments.map { value($0) }
    guard state != nil else { return Value.none }
    assumed.take(Self.userMemoryIsThere)
    let bits = bits(values[copy.count])
    if let limit = copy.limit {
      // As much as the caller's structure has; the caller is taken to have this kernel's.
      let size = number(values[limit])
      let covers = Expression.compare(.greaterOrEqual, .convert(size, to: .u64), number(values[copy.count]))
      assumed.take("\(program.text(arguments[limit])) covers the whole structure", holds: simplify(covers))
    }
    let record = record(of: arguments[copy.to])
    if isFetch {
      fetch(from: values[copy.from], to: values[copy.to], bits: bits, record: record, by: name, at: cursor)
    } else {
      handOut(from: values[copy.from], to: values[copy.to], bits: bits, record: record)
    }
    return cursor.type.integer.map { .scalar(.constant(0, $0)) } ?? Value.none
  }

  private func bits(_ count: Value) -> Int? {
    guard let bytes = simplify(number(count)).constantNumber, (0..<(1 << 20)).contains(bytes) else { return nil }
    return Int(bytes) * 8
  }

  private func fetch(
    from source: Value, to target: Value, bits: Int?, record: String?, by name: String, at cursor: Cursor
  ) {
    guard case .pointer(let to) = target else {
      return add(.anything(.alias), "\(name)() writes through a pointer that was not followed", at: cursor)
    }
    guard case .pointer(let from) = source, let bits else {
      fill(to, bits: bits ?? Self.wholeObject, with: .filled(nil))
      return addStore(path(to, bits: bits ?? Self.wholeObject, record: record), at: cursor)
    }
    noteFetch(from, bits: bits, at: cursor)
    let rests = pending
    copy(from: from, to: to, bits: bits, record: record, at: cursor, isOwnMemory: false)
    pending = rests
  }

  private func handOut(from source: Value, to target: Value, bits: Int?, record: String?) {
    guard case .pointer(let to) = target else { return }
    guard case .pointer(let from) = source, let bits else {
      return fill(to, bits: bits ?? Self.wholeObject, with: .filled(nil))
    }
    for (extent, cell) in cells(of: from, bits: bits) {
      let moved = Extent(offset: extent.offset - from.offset + to.offset, width: extent.width)
      state?.forget(to.object, moved)
      state?.cells[to.object, default: [:]][moved] = Cell(
        value: cell.value, rests: union([cell.rests, pending]), asOf: effects.count)
      state?.written[to.object, default: [:]][moved] = .true
    }
  }

  /// What stands in an area, cell by cell; what was not written since the entry is not among it.
  private func cells(of place: Place, bits: Int) -> [(Extent, Cell)] {
    let area = Extent(offset: place.offset, width: bits)
    return (state?.cells[place.object] ?? [:]).sorted { $0.key < $1.key }
      .filter { area.contains($0.key) }
      .map { ($0.key, $0.value) }
  }

  /// The same memory read once more may hold another number by then.
  private func noteFetch(_ place: Place, bits: Int, at cursor: Cursor) {
    guard userMemory.contains(place.object) else { return }
    let fetch = UserFetch(
      object: place.object, extent: Extent(offset: place.offset, width: bits), location: program.location(cursor))
    let holdsTracked = (state?.cells[place.object] ?? [:]).contains {
      $0.key.overlaps(fetch.extent) && $0.value.value.expression.map(isTracked) ?? false
    }
    if holdsTracked,
      let earlier = state?.fetched.first(where: { $0.object == fetch.object && $0.extent.overlaps(fetch.extent) })
    {
      let obligation = Obligation(
        kind: .input, subject: place.text, location: fetch.location,
        why:
          "is read from the caller's memory a second time: another thread can have changed it since \(earlier.location)",
        state: .trusted, how: "taken as given: nobody writes there between the two reads")
      if !lost.contains(obligation) { lost.append(obligation) }
      note(Machine.doubleFetch(place.text, earlier.location, fetch.location))
    }
    state?.fetched.append(fetch)
  }

  // MARK: macros over inline assembly

  /// The value of `get_user(x, pointer)` and its kin, which are statement expressions over inline assembly.
  func userMacroValue(_ cursor: Cursor) -> Value? {
    guard cursor.isFromMacro else { return nil }
    let name = String(program.text(cursor).prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    let isRead = Self.readingMacros.contains(name)
    guard isRead || Self.writingMacros.contains(name) else { return nil }
    let parts = MacroParts(cursor)
    guard let pointer = parts.pointer else { return nil }
    let given = value(pointer)
    if isRead {
      guard let target = parts.outer.last?.children.first, let place = place(target) else { return nil }
      guard state != nil else { return Value.none }
      assumed.take(Self.userMemoryIsThere)
      guard case .pointer(let from) = given, let integer = pointer.type.pointee.integer else {
        store(unknown(target), to: place, target.type, at: cursor, target: target)
        return cursor.type.integer.map { .scalar(.constant(0, $0)) }
      }
      noteFetch(from, bits: integer.width, at: cursor)
      let extent = Extent(offset: from.offset, width: max(integer.width, 8))
      let number = userNumber(from, extent, integer)
      if isTracked(number) { track(target) }
      store(.scalar(number), to: place, target.type, at: cursor, target: target)
    } else {
      guard let written = parts.inner.first(where: { !$0.type.isPointer })?.children.last else { return nil }
      let number = self.number(value(written))
      guard state != nil else { return Value.none }
      assumed.take(Self.userMemoryIsThere)
      guard case .pointer(let to) = given, let integer = pointer.type.pointee.integer else { return nil }
      let extent = Extent(offset: to.offset, width: max(integer.width, 8))
      write(.scalar(simplify(.convert(number, to: integer))), extent, to)
      state?.written[to.object, default: [:]][extent] = .true
    }
    return cursor.type.integer.map { .scalar(.constant(0, $0)) }
  }

  /// The statement expression is the use of such a macro.
  static func isUserMacro(_ cursor: Cursor) -> Bool {
    guard cursor.isFromMacro, let start = cursor.start else { return false }
    let word = cursor.unit.tokens(path: start.path, offsets: start.offset..<(start.offset + 1)).first?.spelling ?? ""
    return readingMacros.contains(word) || writingMacros.contains(word)
  }

  private func userNumber(_ place: Place, _ extent: Extent, _ type: IntegerType) -> Expression {
    if let cell = state?.cells[place.object]?[extent], let expression = cell.value.expression {
      rest(on: cell.rests)
      return simplify(.truncate(expression, to: type))
    }
    return assumed.given(
      place.lastField?.name, initial(place.object, extent, type: type, text: place.text))
  }

  /// Of such a macro's body: what it assigns, and the pointer.
  private struct MacroParts {
    /// Assignments to what stands outside of the macro, and to its own variables.
    var outer: [Cursor] = []
    var inner: [Cursor] = []
    private var declared: Set<Cursor> = []
    private var operands: [Cursor] = []

    init(_ cursor: Cursor) { visit(cursor) }

    private mutating func visit(_ cursor: Cursor) {
      switch cursor.kind {
      case .variableDeclaration: declared.insert(cursor)
      case .binaryOperator where cursor.binaryOperator == .assign:
        if let target = cursor.children.first { isOwn(target) ? inner.append(cursor) : outer.append(cursor) }
      case .assembly: operands += cursor.children.filter { $0.kind.isExpression && $0.kind != .stringLiteral }
      default: break
      }
      cursor.children.forEach { visit($0) }
    }

    private func isOwn(_ cursor: Cursor) -> Bool {
      var inner = cursor
      while [.parenthesized, .unexposedExpression, .cast].contains(inner.kind), let next = inner.children.last {
        inner = next
      }
      guard inner.kind == .declarationReference, let declaration = inner.referenced else { return false }
      return declared.contains(declaration)
    }

    /// What is handed to the assembly; where that is a variable of the macro, what the variable was given.
    var pointer: Cursor? {
      for operand in operands {
        if operand.type.isPointer, !isOwn(operand) { return operand.written }
        if let inner = operand.addressBelowCasts, !isOwn(inner) { return inner.written }
      }
      let assigned = inner.first { $0.type.isPointer }?.children.last
      return assigned?.written
        ?? declared.lazy.compactMap { $0.type.isPointer ? $0.initializer : nil }.first?.written
    }
  }

  static func doubleFetch(_ name: String, _ first: SourceLocation, _ second: SourceLocation) -> Finding {
    Finding(
      id: "walker.value.double-fetch", severity: .note,
      summary:
        "\(name) is read from the caller's memory twice, \(first) and \(second): between the two another thread can change it.",
      location: second, notes: ["The results take it for one number, and say so in what they rest on."])
  }
}

extension Cursor {
  /// Below conversions to a pointer of another type: the type that the author's own pointer has.
  fileprivate var written: Cursor {
    var cursor = self
    while [.parenthesized, .unexposedExpression].contains(cursor.kind), let inner = cursor.children.last,
      inner.type.isPointer
    {
      cursor = inner
    }
    return cursor
  }

  /// `pointer` in `*(struct large *)(pointer)`, by which inline assembly names memory.
  fileprivate var addressBelowCasts: Cursor? {
    var cursor = self
    while cursor.kind == .parenthesized, let inner = cursor.children.last { cursor = inner }
    guard cursor.kind == .unaryOperator, cursor.unaryOperator == .dereference, var inner = cursor.children.last else {
      return nil
    }
    while [.parenthesized, .unexposedExpression, .cast].contains(inner.kind), let next = inner.children.last,
      next.type.isPointer
    {
      inner = next
    }
    return inner.type.isPointer ? inner : nil
  }
}
