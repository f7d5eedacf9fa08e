internal import WalkerClang
internal import WalkerModel

/// What a function's body holds, found without executing it.
struct FunctionTraits {
  var statements = 0
  var hasLoop = false
  var hasAssembly = false
  var callees: Set<String> = []
  /// Names of fields that are assigned, also over `WRITE_ONCE`.
  var storedFields: Set<String> = []

  /// Small enough that what it returns can be followed at every call.
  var isSimple: Bool { !hasLoop && !hasAssembly && statements <= 20 }

  init(_ cursor: Cursor) { visit(cursor, isTarget: false) }

  private mutating func visit(_ cursor: Cursor, isTarget: Bool) {
    let kind = cursor.kind
    if kind.isStatement, kind != .compoundStatement { statements += 1 }
    switch kind {
    case .whileStatement, .doStatement, .forStatement: if !Self.runsOnce(cursor) { hasLoop = true }
    case .indirectGoto: hasAssembly = true
    // A barrier has no operands: it computes nothing.
    case .assembly:
      if cursor.children.contains(where: { $0.kind.isExpression && $0.kind != .stringLiteral }) { hasAssembly = true }
    case .call: if let name = cursor.referenced?.spelling { callees.insert(name) }
    case .memberAccess where isTarget: storedFields.insert(cursor.spelling)
    default: break
    }
    let assigns = kind == .compoundAssignment || (kind == .binaryOperator && cursor.binaryOperator == .assign)
    for (position, child) in cursor.children.enumerated() {
      visit(child, isTarget: assigns ? position == 0 : isTarget && kind != .call)
    }
  }

  /// `do { … } while (0)`.
  private static func runsOnce(_ cursor: Cursor) -> Bool {
    cursor.kind == .doStatement && cursor.children.last?.evaluatedInteger() == 0
  }
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
    if waypoints.contains(definition.spelling) { return true }
    let traits = traits(of: definition)
    if !traits.storedFields.isDisjoint(with: watchedFields) || !traits.callees.isDisjoint(with: waypoints.union(until))
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
