internal import WalkerClang
internal import WalkerModel

/// Memory as the code names it: an object where one is known, the bits in it, and the records on the way there.
struct AccessPath {
  let object: MemoryObject
  let extent: Extent
  let steps: [FieldStep]
  /// The record that is read or written as a whole.
  let record: String?
  let text: String
  /// Of a pointer: what it points to. A place that holds pointers to one type holds none to another.
  var pointerType: String?

  /// A number that is only known by a pointer from somewhere: what else it may be can't be told by types.
  var isRaw: Bool { steps.isEmpty && record == nil && !object.isLocal && !object.isGlobal }
}

/// Something that may have changed memory beside the cell that the walk wrote.
struct Effect {
  enum Kind {
    /// The walk's own store; it concerns other objects that may be the same.
    case store(AccessPath)
    /// A function that was not entered.
    case call(UnenteredCall)
    /// What a path leads to may have been written, the object itself as well.
    case reach(AccessPath, Obligation.Kind)
    /// Anything may have been written to.
    case anything(Obligation.Kind)
  }

  let kind: Kind
  let location: SourceLocation
  let why: String
  /// The functions that were being walked, from the entry down.
  let within: [String]
}

/// A call that was not entered: by a name, by the field of an ops table, or over a pointer that nothing is known of.
struct UnenteredCall {
  enum Target: Hashable {
    case function(String)
    case field(record: String, field: String)
    case pointer(String)
  }

  let target: Target
  let definition: Cursor?
  let unit: TranslationUnit
  let arguments: [Value]
  /// The declared types of the arguments as the caller has them.
  let types: [CType]
}

/// A read of memory that effects since its last write may have changed.
struct MemoryRead {
  let path: AccessPath
  /// Numbers of `Machine.effects`.
  let effects: [Int]
  let location: SourceLocation
  /// What was read is what had been there before the entry, as this input.
  let input: String?
}

extension Machine {
  func add(_ kind: Effect.Kind, _ why: String, at cursor: Cursor) {
    guard state != nil else { return }
    effects.append(
      Effect(kind: kind, location: program.location(cursor), why: why, within: node?.path.map(\.name) ?? []))
    state?.effects.append(effects.count - 1)
  }

  func path(_ place: Place, bits: Int, record: String? = nil) -> AccessPath {
    AccessPath(
      object: place.object, extent: Extent(offset: place.offset, width: max(bits, 1)), steps: place.steps,
      record: record,
      text: place.text)
  }

  /// What the read of a path rests on that was last written when there were `asOf` effects.
  func rests(on path: AccessPath, since asOf: Int, at cursor: Cursor?) -> Rests {
    // What happened before memory was allocated is nothing that was seen in it since.
    let asOf = max(asOf, allocated(path.object) ?? 0)
    guard let state, let last = state.effects.last, last >= asOf, path.object.kind != .literal else { return .none }
    if path.object.isLocal, !escaped.contains(path.object) { return .none }
    let key = ReadKey(
      object: path.object, extent: path.extent, record: path.record ?? path.pointerType, fields: path.steps.map(\.name),
      asOf: asOf,
      last: last, count: state.effects.count)
    if let known = readCache[key] { return known }
    let start = state.effects.firstIndex { $0 >= asOf } ?? state.effects.endIndex
    let found = state.effects[start...].filter { mayTouch(effects[$0], path) }
    var answer = Rests.none
    if !found.isEmpty {
      reads.append(
        MemoryRead(
          path: path, effects: Array(found),
          location: cursor.map(program.location) ?? SourceLocation(file: "", line: 0),
          input: asOf == 0 && path.record == nil ? Self.cellID(path.object, path.extent) : nil))
      answer = restsTable.of(reads.count - 1)
    }
    readCache[key] = answer
    return answer
  }

  /// How many effects there were when it was allocated; of one of several objects, the first of them.
  private func allocated(_ object: MemoryObject) -> Int? {
    if let known = allocatedAt[object] { return known }
    guard let both = parents[object] else { return nil }
    let all = both.map(allocated)
    return all.contains(nil) ? nil : all.compactMap { $0 }.min()
  }

  struct ReadKey: Hashable {
    let object: MemoryObject
    let extent: Extent
    let record: String?
    let fields: [String]
    let asOf: Int
    let last: Int
    let count: Int
  }

  private func mayTouch(_ effect: Effect, _ path: AccessPath) -> Bool {
    switch effect.kind {
    case .store(let stored): mayBeOne(stored, path)
    case .reach(let reached, _): isOne(reached.object, path.object) || mayBeOne(reached, path)
    case .call, .anything: true
    }
  }

  /// Pointers to locals in what is handed out: from here on, others may write there.
  func escape(_ value: Value) {
    guard let place = value.place, escaping.insert(place.object).inserted else { return }
    if place.isLocal { escaped.insert(place.object) }
    for cell in (state?.cells[place.object] ?? [:]).values {
      if case .pointer = cell.value { escape(cell.value) }
    }
    escaping.remove(place.object)
  }
}
