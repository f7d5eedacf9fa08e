internal import WalkerClang
internal import WalkerModel

/// What a function's body holds, found without executing it.
struct FunctionTraits {
  var statements = 0
  var hasLoop = false
  var hasAssembly = false
  var callees: Set<String> = []
  /// Names of fields that are assigned, also over `WRITE_ONCE`, or whose address is taken.
  var storedFields: Set<String> = []
  /// Names of numbers of the file or of the whole kernel, likewise.
  var storedVariables: Set<String> = []
  /// Records that are written as a whole: assigned, or handed to a function that writes memory as bytes.
  var writtenRecords: Set<String> = []

  /// A macro that reads or writes the caller's memory is no assembly to the walk.
  private var isWithinUserMacro = false

  /// Small enough that what it returns can be followed at every call.
  var isSimple: Bool { !hasLoop && !hasAssembly && statements <= 20 }

  init(_ cursor: Cursor) { visit(cursor, .read) }

  /// What becomes of an operand.
  private enum Use {
    case read
    /// It is assigned to, or its address goes somewhere.
    case written
    /// It is under a `*`: `*&x` reads, as READ_ONCE does.
    case dereferenced
  }

  private mutating func visit(_ cursor: Cursor, _ use: Use) {
    let kind = cursor.kind
    let outer = isWithinUserMacro
    defer { isWithinUserMacro = outer }
    if kind == .statementExpression, !outer { isWithinUserMacro = Machine.isUserMacro(cursor) }
    if kind.isStatement, kind != .compoundStatement { statements += 1 }
    switch kind {
    case .whileStatement, .doStatement, .forStatement: if !Self.runsOnce(cursor) { hasLoop = true }
    case .indirectGoto: hasAssembly = true
    // A barrier has no operands: it computes nothing.
    case .assembly where !isWithinUserMacro:
      if cursor.children.contains(where: { $0.kind.isExpression && $0.kind != .stringLiteral }) { hasAssembly = true }
    case .call:
      if let name = cursor.directName {
        callees.insert(name)
        if Machine.writesBytes(name), let target = cursor.arguments.first { noteRecord(target) }
      }
    case .memberAccess where use == .written: storedFields.insert(cursor.spelling)
    case .declarationReference where use == .written:
      if cursor.type.integer != nil, let variable = cursor.referenced, variable.isAtFileScope || variable.isExtern {
        storedVariables.insert(cursor.spelling)
      }
    default: break
    }
    if assigns(cursor, kind), cursor.type.isRecord, let name = cursor.type.recordName { writtenRecords.insert(name) }
    for (position, child) in cursor.children.enumerated() {
      visit(child, self.use(of: position, in: cursor, kind, use))
    }
  }

  private func assigns(_ cursor: Cursor, _ kind: CursorKind) -> Bool {
    kind == .compoundAssignment || (kind == .binaryOperator && cursor.binaryOperator == .assign)
  }

  private func use(of position: Int, in cursor: Cursor, _ kind: CursorKind, _ use: Use) -> Use {
    switch kind {
    case .compoundAssignment, .binaryOperator: return position == 0 && assigns(cursor, kind) ? .written : .read
    case .parenthesized, .cast, .unexposedExpression: return use
    case .subscript_: return position == 0 ? use : .read
    case .unaryOperator:
      switch cursor.unaryOperator {
      case .preIncrement, .preDecrement, .postIncrement, .postDecrement: return .written
      case .dereference: return use == .written ? .written : .dereferenced
      case .addressOf: return use == .dereferenced ? .read : .written
      case .extension_: return use
      default: return .read
      }
    // What a member is taken of is not itself what is written, but for a record within the record.
    default: return .read
    }
  }

  /// What a pointer argument points to, below the conversion to `void *`.
  private mutating func noteRecord(_ argument: Cursor) {
    var cursor = argument
    while true {
      if cursor.type.isPointer, let name = cursor.type.pointee.recordName { writtenRecords.insert(name) }
      guard [.unexposedExpression, .parenthesized, .cast].contains(cursor.kind), let inner = cursor.children.last else {
        return
      }
      cursor = inner
    }
  }

  /// `do { … } while (0)`.
  private static func runsOnce(_ cursor: Cursor) -> Bool {
    cursor.kind == .doStatement && cursor.children.last?.evaluatedInteger() == 0
  }
}

extension FunctionTraits {
  func mayWrite(_ fields: Set<String>, _ records: Set<String>) -> Bool {
    !storedFields.isDisjoint(with: fields) || !writtenRecords.isDisjoint(with: records)
  }

  func mayWrite(_ variables: Set<String>) -> Bool { !storedVariables.isDisjoint(with: variables) }
}

extension Machine {
  func traits(of definition: Cursor) -> FunctionTraits {
    if let known = traitsCache[definition] { return known }
    let traits = FunctionTraits(definition)
    traitsCache[definition] = traits
    return traits
  }

  /// The function, or one that it calls in the same unit, may write a field that a result speaks of, or is a waypoint.
  func matters(_ definition: Cursor) -> Bool {
    if let known = mattersCache[definition] { return known }
    if waypoints.contains(definition.spelling) || watch.returns.contains(definition.spelling) { return true }
    let traits = traits(of: definition)
    if traits.mayWrite(watchedFields, watchedRecords) || traits.mayWrite(watch.variables)
      || !traits.callees.isDisjoint(with: waypoints.union(until).union(watch.functions))
      || traits.callees.contains(where: { writers.mayWrite($0) })
    {
      mattersCache[definition] = true
      return true
    }
    mattersCache[definition] = false
    let functions = program.file(of: definition.unit)?.functions
    let answer = traits.callees.sorted().contains { functions?[$0].map(matters) ?? false }
    mattersCache[definition] = answer
    return answer
  }
}
