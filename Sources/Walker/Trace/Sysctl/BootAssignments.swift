internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// What the start-up code of one file gives to one piece of memory. Statements are followed in their order, calls within the
/// file included; a branch that the compiler or the question (it is the initial object that is asked about) does not decide
/// may be taken or not. A way out that fails leaves no kernel, or no namespace, to ask about.
struct BootAssignments {
  struct Target: Codable {
    let object: MemoryObject
    let variable: String
    /// Of the variable; another pointer to such a record leads to it where `isNamespace`.
    let record: String?
    let isNamespace: Bool
    let offset: Int
    let type: IntegerType
    /// The last field of its path and that field's record; nil for a variable.
    let field: String?
    let fieldRecord: String?

    var name: String { field ?? variable }
  }

  struct Value: Hashable {
    /// nil: computed when the kernel starts.
    let number: Int128?
    let text: String
    let location: SourceLocation
  }

  let program: Program
  let file: ParsedFile
  let outline: SourceOutline
  let target: Target
  /// The functions that are followed.
  let functions: Set<String>

  /// What it may hold afterwards; nil among them: what it held before.
  private(set) var possible: [Value?] = [nil]
  private var mayHaveReturned = false
  /// Labels that a jump on the way may have gone to, and that have not been reached yet.
  private var jumps: Set<String> = []
  private var mayHaveLeft: Bool { mayHaveReturned || !jumps.isEmpty }
  private var open: [String] = []
  private var conditions: [Cursor] = []
  private var body: Cursor?
  private var paths: MemoryPathReader { MemoryPathReader(program: program) }

  init(program: Program, file: ParsedFile, outline: SourceOutline, target: Target, functions: Set<String>) {
    (self.program, self.file, self.outline) = (program, file, outline)
    (self.target, self.functions) = (target, functions)
  }

  /// Follows one of the functions from its start.
  mutating func follow(_ function: String, isCertain: Bool = true) {
    guard !open.contains(function), open.count < 8, let definition = file.functions[function],
      let inner = definition.children.last(where: { $0.kind == .compoundStatement })
    else { return }
    if let error = program.firstError(in: definition) {
      let text = "what \(function)() makes of it, which does not compile: \(error.message)"
      return add(Value(number: nil, text: text, location: error.location), false)
    }
    let before = (mayHaveReturned, jumps, conditions, body)
    (mayHaveReturned, jumps, conditions, body) = (false, [], [], inner)
    open.append(function)
    visit(inner, isCertain)
    open.removeLast()
    (mayHaveReturned, jumps, conditions, body) = before
  }

  private mutating func visit(_ cursor: Cursor, _ isCertain: Bool) {
    let children = cursor.children
    switch cursor.kind {
    case .compoundStatement:
      for child in children {
        visit(child, isCertain && !mayHaveLeft)
        // What stands behind is reached by a goto alone.
        if child.kind == .returnStatement, jumps.isEmpty { return }
      }
    case .ifStatement: branch(children, isCertain)
    case .conditional where children.count == 3: branch(children, isCertain)
    case .binaryOperator where [.logicalAnd, .logicalOr].contains(cursor.binaryOperator) && children.count == 2:
      visit(children[0], isCertain)
      visit(children[1], false)
    case .doStatement where children.last?.evaluatedInteger() == 0 && !mayBreak(cursor):
      children.dropLast().forEach { visit($0, isCertain) }
    case .whileStatement, .doStatement, .forStatement, .switchStatement:
      children.forEach { visit($0, false) }
    case .returnStatement:
      children.forEach { visit($0, isCertain) }
      if !isFailure(children.first) { mayHaveReturned = true }
    case .gotoStatement:
      if !leadsToFailure(cursor) { jumps.insert(label(cursor) ?? "") }
    case .labelStatement:
      // Whoever jumped here goes on from here, like whoever came by the way above.
      jumps.remove(cursor.spelling)
      children.forEach { visit($0, isCertain && !mayHaveLeft) }
    case .binaryOperator where cursor.binaryOperator == .assign && children.count == 2:
      visit(children[1], isCertain)
      assign(children[0], children[1], isCertain, at: cursor)
    case .compoundAssignment where children.count == 2:
      visit(children[1], isCertain)
      assign(children[0], nil, isCertain, at: cursor)
    case .unaryOperator
    where [.preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(cursor.unaryOperator):
      if let operand = children.first { assign(operand, nil, isCertain, at: cursor) }
    case .call: call(cursor, isCertain)
    default: children.forEach { visit($0, isCertain) }
    }
  }

  private mutating func branch(_ children: [Cursor], _ isCertain: Bool) {
    guard let condition = children.first else { return }
    visit(condition, isCertain)
    let truth = truth(condition)
    conditions.append(condition)
    for (position, child) in children.dropFirst().enumerated() where truth != (position > 0) {
      visit(child, isCertain && truth != nil)
    }
    conditions.removeLast()
  }

  private mutating func call(_ cursor: Cursor, _ isCertain: Bool) {
    cursor.children.forEach { visit($0, isCertain) }
    guard let callee = cursor.referenced, callee.kind == .functionDeclaration else { return }
    if functions.contains(callee.spelling), file.functions[callee.spelling] != nil {
      return follow(callee.spelling, isCertain: isCertain)
    }
    let parameters = callee.arguments
    for (position, argument) in cursor.arguments.enumerated() where argument.type.isPointer || argument.type.isArray {
      guard let path = paths.address(argument), !path.type.isRecord, matches(path, isWhole: true) != nil else {
        continue
      }
      if parameters.indices.contains(position), parameters[position].type.pointee.spelling.hasPrefix("const ") {
        continue
      }
      // It may write there, or not.
      add(Value(number: nil, text: program.text(cursor), location: program.location(cursor)), false)
    }
  }

  private mutating func assign(_ target: Cursor, _ value: Cursor?, _ isCertain: Bool, at cursor: Cursor) {
    let path = paths.lvalue(target)
    let isSure: Bool
    if let path, let sure = matches(path, isWhole: false) {
      isSure = sure
    } else if mayMatch(target, path) {
      isSure = false
    } else {
      return
    }
    add(made(value ?? cursor, isValue: value != nil), isCertain && isSure)
  }

  private func made(_ cursor: Cursor, isValue: Bool) -> Value {
    let location = program.location(cursor)
    let number = isValue ? StaticInitializer.number(cursor, as: target.type) : nil
    let text = isValue ? BootFormula(program: program, outline: outline).text(of: cursor) : program.text(cursor)
    return Value(number: number ?? (isValue ? Int128(text) : nil), text: text, location: location)
  }

  private mutating func add(_ value: Value, _ isCertain: Bool) {
    if isCertain { possible = [] }
    if !possible.contains(value) { possible.append(value) }
  }

  /// Whether the path is the target's memory, and whether it is that for sure; nil where it is other memory.
  private func matches(_ path: MemoryPath, isWhole: Bool) -> Bool? {
    let bits = isWhole ? max(path.type.size ?? 0, 1) * 8 : 1
    guard (path.offset..<(path.offset + bits)).contains(target.offset) else { return nil }
    switch path.root {
    case .variable(let object): return object == target.object ? true : nil
    case .pointee(let record): return record == target.record ? target.isNamespace : nil
    }
  }

  /// An element whose number is not known, or a field by a pointer to an inner record.
  private func mayMatch(_ cursor: Cursor, _ path: MemoryPath?) -> Bool {
    var inner = MemoryPathReader.stripped(cursor)
    if let path {
      guard case .pointee(let record) = path.root, record == target.fieldRecord, record != target.record else {
        return false
      }
    } else {
      while inner.kind == .subscript_, let base = inner.children.first { inner = MemoryPathReader.stripped(base) }
    }
    if inner.kind == .memberAccess {
      let base = inner.children.first?.type
      let record = (base?.isPointer ?? false ? base?.pointee : base)?.recordName
      return inner.spelling == target.field && record == target.fieldRecord
    }
    guard inner.kind == .declarationReference, target.field == nil, let declaration = inner.referenced else {
      return false
    }
    return declaration.kind == .variableDeclaration && paths.object(declaration) == target.object
  }

  // MARK: - Conditions and ways out

  /// nil where neither the compiler nor the question decides it.
  private func truth(_ condition: Cursor) -> Bool? {
    if let number = condition.evaluatedInteger() { return number != 0 }
    let inner = MemoryPathReader.stripped(condition)
    if let number = inner.evaluatedInteger() { return number != 0 }
    let children = inner.children
    switch inner.kind {
    case .unaryOperator where inner.unaryOperator == .not: return children.first.flatMap(truth).map(!)
    case .binaryOperator where [.equal, .notEqual].contains(inner.binaryOperator) && children.count == 2:
      guard isTarget(children[0]) != isTarget(children[1]) else { return nil }
      return inner.binaryOperator == .equal
    case .call:
      guard let callee = inner.referenced else { return nil }
      if callee.spelling == "__builtin_expect" { return inner.arguments.first.flatMap(truth) }
      let arguments = inner.arguments
      guard arguments.count == 2, comparesItsTwo(callee), isTarget(arguments[0]) != isTarget(arguments[1]) else {
        return nil
      }
      return true
    default: return nil
    }
  }

  /// The address of the object that is asked about; what is compared with it is that object's, too.
  private func isTarget(_ cursor: Cursor) -> Bool {
    guard let path = paths.address(cursor), path.offset == 0, case .variable(target.object) = path.root else {
      return false
    }
    return true
  }

  /// `return a == b;` of its parameters.
  private func comparesItsTwo(_ callee: Cursor) -> Bool {
    guard let definition = callee.definition,
      let body = definition.children.last(where: { $0.kind == .compoundStatement }), body.children.count == 1,
      let value = body.children.first?.children.first.map(MemoryPathReader.stripped), value.kind == .binaryOperator,
      value.binaryOperator == .equal
    else { return false }
    return value.children.allSatisfy { side in
      MemoryPathReader.stripped(side).referenced?.kind == .parameterDeclaration
    }
  }

  /// An error is returned: a negative number, or a variable that a condition on the way has looked at.
  private func isFailure(_ value: Cursor?) -> Bool {
    guard let value else { return false }
    if let number = value.evaluatedInteger() { return number < 0 }
    let names = variables(value)
    return conditions.contains { !variables($0).isDisjoint(with: names) }
  }

  private func variables(_ cursor: Cursor) -> Set<Cursor> {
    var found: Set<Cursor> = []
    if cursor.kind == .declarationReference, let declaration = cursor.referenced,
      declaration.kind == .variableDeclaration
    {
      found.insert(declaration)
    }
    for child in cursor.children { found.formUnion(variables(child)) }
    return found
  }

  private func leadsToFailure(_ jump: Cursor) -> Bool {
    guard let body, let label = label(jump) else { return false }
    let statements = body.children
    guard let start = statements.firstIndex(where: { $0.kind == .labelStatement && $0.spelling == label }) else {
      return false
    }
    let end = statements[start...].lazy.compactMap(returned).first
    return end.map { isFailure($0.children.first) } ?? false
  }

  private func mayBreak(_ cursor: Cursor) -> Bool {
    cursor.kind == .breakStatement || cursor.kind == .continueStatement || cursor.children.contains(where: mayBreak)
  }

  private func label(_ jump: Cursor) -> String? { jump.children.first { $0.kind == .labelReference }?.spelling }

  /// The return that a statement is, or that stands behind its label.
  private func returned(_ statement: Cursor) -> Cursor? {
    if statement.kind == .returnStatement { return statement }
    return statement.kind == .labelStatement ? statement.children.lazy.compactMap(returned).first : nil
  }
}
