internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What functions that were not entered may write: their own stores, and those of all that they call, with pointers
/// followed through arguments. It is found from the syntax of every function that can be reached, and does not guess: a
/// function without a definition, a pointer that nothing is known of, or a limit makes the answer open.
final class ModSets {
  private let machine: Machine
  /// Functions that the walkthrough's author vouches for: they are not looked into.
  private let trusted: Set<String>
  private let finder: FunctionFinder
  private let tables: TableCandidates
  private var closures: [FunctionReference: Closure] = [:]

  init(machine: Machine, summaries: FunctionSummaries, trusted: Set<String>) {
    self.machine = machine
    self.trusted = trusted
    finder = FunctionFinder(program: machine.program, layouts: machine.layouts, known: summaries)
    tables = TableCandidates(program: machine.program)
  }

  enum Answer {
    /// It writes none of it; how many functions say so, and whether only those that it hands it to were looked into.
    case never(functions: Int, isHandedOnly: Bool)
    case may(Closure.Write)
    case open(Gap)
    case trusted(String)
  }

  func answer(_ call: UnenteredCall, _ location: SourceLocation, mayWrite path: AccessPath) -> Answer {
    let file = machine.program.file(of: call.unit)?.path
    var roots: [FunctionReference] = []
    switch call.target {
    case .function(let name):
      if trusted.contains(name) { return .trusted(name) }
      roots = [FunctionReference(name: name, file: file)]
    case .field(let record, let field):
      for name in ["\(record).\(field)", field] where trusted.contains(name) { return .trusted(name) }
      guard let found = tables.functions(record: record, field: field) else {
        return .open(
          Gap(
            kind: .call, subject: "\(record).\(field)", location: location,
            why: "is called through, and which functions it may hold is not known"))
      }
      roots = found.map { FunctionReference(name: $0.name, file: $0.file) }
    case .pointer(let text):
      if trusted.contains(text) { return .trusted(text) }
      return .open(
        Gap(kind: .call, subject: text, location: location, why: "is called, and which function it is is not known"))
    }
    // A function that it is handed may be called with anything.
    let callbacks = call.arguments.compactMap { argument -> FunctionReference? in
      if case .function(let name, _) = argument { FunctionReference(name: name, file: file) } else { nil }
    }
    var functions = 0
    var isHandedOnly = false
    for (root, isCallback) in roots.map({ ($0, false) }) + callbacks.map({ ($0, true) }) {
      let closure = closure(of: root)
      functions += closure.functions.count
      isHandedOnly = isHandedOnly || closure.isHandedOnly
      let writes = closure.writes.filter {
        touches($0.key, isCallback ? nil : call, path, isStrict: !closure.isHandedOnly)
      }
      if let first = writes.values.min(by: { ($0.location, $0.function) < ($1.location, $1.function) }) {
        return .may(first)
      }
      if let gap = closure.open.first { return .open(gap) }
      if !isCallback, let position = closure.calledParameters.sorted().first(where: { !isKnownFunction(call, $0) }) {
        return .open(
          Gap(
            kind: .call, subject: "\(root.name)()", location: location,
            why: "calls what it is given as argument \(position + 1), and which function that is is not known"))
      }
    }
    return .never(functions: functions, isHandedOnly: isHandedOnly)
  }

  private func isKnownFunction(_ call: UnenteredCall, _ position: Int) -> Bool {
    guard call.arguments.indices.contains(position) else { return false }
    switch call.arguments[position] {
    case .function: return true
    case .scalar(let number): return number.constantNumber != nil
    default: return false
    }
  }

  private func closure(of reference: FunctionReference) -> Closure {
    if let known = closures[reference] { return known }
    let search = ClosureSearch(finder: finder, tables: tables) { [trusted] in trusted.contains($0) }
    let closure = search.closure(of: reference)
    closures[reference] = closure
    return closure
  }

  // MARK: what a write reaches

  /// - Parameter isStrict: all that may be called was looked into, so that a byte written somewhere else counts.
  private func touches(_ write: ModifiedPath, _ call: UnenteredCall?, _ path: AccessPath, isStrict: Bool) -> Bool {
    func anywhere() -> Bool { machine.mayBeOne(stored(write, in: .summary("elsewhere"), from: 0, []), path) }
    switch write.base {
    case .global(let name):
      let object = MemoryObject.global(name)
      if machine.isOne(object, path.object) { return overlaps(write, from: 0, path) }
      return machine.mayBeOne(stored(write, in: object, from: 0, []), path)
    case .derived: return anywhere()
    case .elsewhere: return isStrict || !write.isRaw ? anywhere() : false
    case .parameter(let position):
      guard let call, call.arguments.indices.contains(position) else { return anywhere() }
      switch call.arguments[position] {
      case .pointer(let place), .aggregate(let place):
        if machine.isOne(place.object, path.object) { return overlaps(write, from: place.offset, path) }
        return machine.mayBeOne(stored(write, in: place.object, from: place.offset, place.steps), path)
      case .scalar(let number): return number.constantNumber == nil && anywhere()
      case .function: return false
      default: return anywhere()
      }
    }
  }

  private func stored(_ write: ModifiedPath, in object: MemoryObject, from start: Int, _ outer: [FieldStep])
    -> AccessPath
  {
    var steps = outer
    var offset = start
    for step in write.steps {
      steps.append(FieldStep(record: step.record, field: step.field, base: offset))
      offset += step.offset
    }
    let width = write.isRaw ? write.bits : max(write.bits, write.steps.last?.width ?? 0)
    return AccessPath(
      object: object, extent: Extent(offset: offset, width: width), steps: steps, record: write.record, text: "",
      pointerType: write.pointerType)
  }

  private func overlaps(_ write: ModifiedPath, from start: Int, _ path: AccessPath) -> Bool {
    let offset = write.steps.reduce(start) { $0 + $1.offset }
    // Bytes behind a pointer, as far as it may go; an element of an array is one of the whole field's.
    let width = write.isRaw && write.bits <= 8 ? Element.far : max(write.bits, write.steps.last?.width ?? 0)
    return Extent(offset: offset, width: width).overlaps(path.extent)
  }
}
