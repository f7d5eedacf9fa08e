internal import WalkerClang
internal import WalkerModel

/// A field on the way to what a function writes: where it stands in its record, in bits.
struct PathStep: Hashable, Codable {
  let record: String
  let field: String
  let offset: Int
  let width: Int
}

/// Where a pointer comes from, as the function sees it.
enum PointerOrigin: Hashable, Codable {
  /// The address of the function's own number, NULL, a string, fresh memory: nothing that others have.
  case own
  /// The address of the function's own record or array, which may hold pointers that it was given.
  case ownMemory
  /// What the caller gave, moved down to a field.
  case parameter(Int, [PathStep])
  /// In a variable of the kernel.
  case global(String, [PathStep])
  /// In a field of some object.
  case inside([PathStep], derived: Bool)
  /// It was read from memory, or returned by a call: of its type, and that is all. `derived`: from what the function was
  /// given, rather than from the kernel's variables.
  case loaded(derived: Bool)
  case function(String)
  /// A function pointer that stood in a field, or in a table of the kernel.
  case field(record: String, field: String)
  case table(String)
}

/// A write to memory that is not the function's own.
struct ModifiedPath: Hashable, Codable {
  enum Base: Hashable, Codable {
    case parameter(Int)
    case global(String)
    /// Somewhere that a parameter leads to.
    case derived
    /// Anywhere else.
    case elsewhere
  }

  var base: Base
  var steps: [PathStep]
  /// Written as a whole.
  var record: String?
  var bits: Int
  /// Of a pointer that is written: what it points to.
  var pointerType: String?

  /// Nothing but a number behind a pointer: what it is part of can't be told.
  var isRaw: Bool { steps.isEmpty && record == nil }
}

/// A call within a function.
struct CallSite: Hashable, Codable {
  /// It hands on what the function was given, or what that leads to.
  var hands: Bool {
    arguments.contains { origins in
      origins.contains {
        switch $0 {
        case .parameter, .loaded(derived: true), .inside(_, derived: true), .ownMemory: true
        default: false
        }
      }
    }
  }

  enum Callee: Hashable, Codable {
    case function(String)
    case field(record: String, field: String)
    case parameter(Int)
    case table(String)
    case unknown(String)
  }

  let callee: Callee
  let arguments: [Set<PointerOrigin>]
  let location: SourceLocation
}

/// What a function does to memory and whom it calls, found from its syntax alone: flow has no part in it, so it is what the
/// function may do on any way through it.
struct FunctionSummary {
  var writes: [ModifiedPath: SourceLocation] = [:]
  var calls: Set<CallSite> = []
  /// What could not be read: a sentence's end, and where.
  var unreadable: [String: SourceLocation] = [:]
  let name: String
  /// A file that sees what the function calls.
  let file: String

  init(name: String, file: String) {
    self.name = name
    self.file = file
  }
}

extension FunctionSummary: Codable {
  private enum Key: CodingKey { case name, file, writes, calls, unreadable }

  private struct Write: Codable {
    let path: ModifiedPath
    let location: SourceLocation
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(name: try values.decode(String.self, forKey: .name), file: try values.decode(String.self, forKey: .file))
    for write in try values.decode([Write].self, forKey: .writes) { writes[write.path] = write.location }
    calls = try values.decode(Set<CallSite>.self, forKey: .calls)
    unreadable = try values.decode([String: SourceLocation].self, forKey: .unreadable)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(name, forKey: .name)
    try values.encode(file, forKey: .file)
    try values.encode(writes.map { Write(path: $0.key, location: $0.value) }, forKey: .writes)
    try values.encode(calls, forKey: .calls)
    try values.encode(unreadable, forKey: .unreadable)
  }
}

/// Reads one function's body.
final class SummaryReader {
  let program: Program
  let definition: Cursor
  let layouts: RecordLayouts
  /// Whether the tree defines a service of that name in its core, asked where the file sees no definition.
  private let isCore: (String) -> Bool
  /// What was asked so, with the answers.
  private(set) var asked: [String: Bool] = [:]
  private var summary: FunctionSummary
  private var parameters: [Cursor: Int] = [:]
  /// What is assigned to each local pointer.
  private var sources: [Cursor: [Cursor]] = [:]
  private var settled: [Cursor: Set<PointerOrigin>] = [:]
  /// Local pointers whose address is taken: others may set them.
  private var shared: Set<Cursor> = []

  /// - Parameter file: the parsed file in which the definition was found.
  init(
    program: Program, definition: Cursor, file: String, layouts: RecordLayouts, isCore: @escaping (String) -> Bool
  ) {
    self.isCore = isCore
    summary = FunctionSummary(name: definition.spelling, file: file)
    self.program = program
    self.definition = definition
    self.layouts = layouts
    for (position, parameter) in definition.arguments.enumerated() { parameters[parameter] = position }
  }

  func read() -> FunctionSummary {
    guard let body = definition.children.last(where: { $0.kind == .compoundStatement }) else { return summary }
    if let error = program.firstError(in: definition) {
      summary.unreadable["does not compile: \(error.message)"] = error.location
    }
    collect(body)
    settle()
    for parameter in definition.arguments { visit(parameter) }
    visit(body)
    return summary
  }

  private func writesNothing(_ name: String, _ unit: TranslationUnit) -> Bool {
    CoreServices.writesNothing(name) && isCore(name, unit)
  }

  private func isCore(_ name: String, _ unit: TranslationUnit) -> Bool {
    if let visible = program.isVisiblyCore(name, from: unit) { return visible }
    let answer = isCore(name)
    asked[name] = answer
    return answer
  }

  // MARK: what local pointers are set to

  private func collect(_ cursor: Cursor) {
    switch cursor.kind {
    case .variableDeclaration:
      if let initializer = cursor.initializer { sources[cursor, default: []].append(initializer) }
    case .binaryOperator where cursor.binaryOperator == .assign:
      if let target = cursor.children.first.flatMap(variable), cursor.children.count == 2 {
        sources[target, default: []].append(cursor.children[1])
      }
    case .unaryOperator where cursor.unaryOperator == .addressOf:
      if let target = cursor.children.first.flatMap(variable) { shared.insert(target) }
    default: break
    }
    for child in cursor.children { collect(child) }
  }

  private func variable(_ cursor: Cursor) -> Cursor? {
    var cursor = cursor
    while cursor.kind == .parenthesized, let inner = cursor.children.last { cursor = inner }
    guard cursor.kind == .declarationReference, let declaration = cursor.referenced,
      !declaration.isAtFileScope, !declaration.isExtern, !declaration.isStatic
    else { return nil }
    return declaration
  }

  // MARK: statements and expressions

  private func visit(_ cursor: Cursor) {
    switch cursor.kind {
    case .binaryOperator where cursor.binaryOperator == .assign, .compoundAssignment:
      if let target = cursor.children.first { write(target, at: cursor) }
    case .unaryOperator
    where [.preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(cursor.unaryOperator):
      if let target = cursor.children.first { write(target, at: cursor) }
    case .call: call(cursor)
    case .assembly: assembly(cursor)
    case .indirectGoto: break
    case .variableDeclaration:
      if let cleanup = cursor.cleanupFunction, !writesNothing(cleanup, cursor.unit) {
        summary.calls.insert(
          CallSite(callee: .function(cleanup), arguments: [[.own]], location: program.location(cursor)))
      }
    case .unexposedExpression: atomic(cursor)
    case .ifStatement, .conditional:
      if visitLive(cursor) { return }
    case .switchStatement:
      if visitSwitch(cursor) { return }
    // What is only asked for its size or type is not executed, but for a length that is computed.
    case .sizeOperator where cursor.evaluatedInteger() != nil: return
    default: break
    }
    for child in cursor.children { visit(child) }
  }

  /// Of a branch that the compiler decides only the one that is left: the other may call what does not exist.
  private func visitLive(_ cursor: Cursor) -> Bool {
    let children = cursor.children.filter { $0.kind.isExpression || $0.kind.isStatement }
    guard children.count >= 2, let condition = children[0].evaluatedInteger() else { return false }
    let live = condition != 0 ? children[1] : children.count > 2 ? children[2] : nil
    // A label within is a way in.
    if children.contains(where: { Self.holdsLabel($0) }) { return false }
    if let live { visit(live) }
    return true
  }

  private static func holdsLabel(_ cursor: Cursor) -> Bool {
    if [.labelStatement, .caseStatement, .defaultStatement].contains(cursor.kind) { return true }
    return cursor.kind.isStatement && cursor.children.contains(where: holdsLabel)
  }

  /// Of a switch over a constant (the size of an operand, mostly) the cases that are not taken are left out.
  private func visitSwitch(_ cursor: Cursor) -> Bool {
    let children = cursor.children.filter { $0.kind.isExpression || $0.kind.isStatement }
    guard children.count == 2, children[1].kind == .compoundStatement, let subject = children[0].evaluatedInteger()
    else { return false }
    let statements = children[1].children
    let hasCase = statements.contains { Self.labels($0).contains(subject) }
    var isLive = false
    for statement in statements {
      if statement.kind == .caseStatement || statement.kind == .defaultStatement {
        let names = Self.labels(statement)
        if names.contains(subject) || (!hasCase && Self.isDefault(statement)) { isLive = true }
      }
      if isLive {
        visit(statement)
        if Self.leaves(statement) { return true }
      }
    }
    return true
  }

  private static func labels(_ cursor: Cursor) -> [Int128] {
    guard cursor.kind == .caseStatement || cursor.kind == .defaultStatement else { return [] }
    let own = cursor.kind == .caseStatement ? cursor.children.first.flatMap { $0.evaluatedInteger() } : nil
    return (own.map { [$0] } ?? []) + (cursor.children.last.map(labels) ?? [])
  }

  private static func isDefault(_ cursor: Cursor) -> Bool {
    if cursor.kind == .defaultStatement { return true }
    return cursor.kind == .caseStatement && (cursor.children.last.map(isDefault) ?? false)
  }

  private static func leaves(_ cursor: Cursor) -> Bool {
    switch cursor.kind {
    case .breakStatement, .returnStatement: true
    case .caseStatement, .defaultStatement, .compoundStatement: cursor.children.last.map(leaves) ?? false
    default: false
    }
  }

  private func write(_ target: Cursor, at cursor: Cursor) {
    for place in places(target) { record(place, target.type, at: cursor) }
  }

  /// A write through every pointer of the set.
  ///
  /// - Parameter bytes: how many, where that may be more than what the pointer's type says.
  private func writeThrough(_ pointer: Cursor, at cursor: Cursor, bytes: Int128 = 0) {
    var inner = pointer
    while !(inner.type.isPointer && inner.type.pointee.isRecord),
      [.unexposedExpression, .parenthesized, .cast].contains(inner.kind), let next = inner.children.last
    {
      inner = next
    }
    let typed = inner.type.isPointer ? inner.type.pointee : pointer.type.pointee
    for place in pointed(origins(pointer)) {
      if let base = place.base {
        if let last = place.steps.last {
          // More than the field that it begins in: anything of the record.
          if bytes > Int128(last.width / 8) {
            note(
              ModifiedPath(base: base, steps: place.steps.dropLast(), record: last.record, bits: Self.farBits), cursor)
          }
        } else if bytes > Int128(typed.size ?? 0), !(bytes == Self.anyNumber && typed.isVoid) {
          // More than what the pointer's type says: what lies behind it.
          note(ModifiedPath(base: base, steps: [], record: nil, bits: Self.farBits), cursor)
        }
      }
      record(place, typed, at: cursor)
    }
  }

  private func note(_ path: ModifiedPath, _ cursor: Cursor) {
    if summary.writes[path] == nil { summary.writes[path] = program.location(cursor) }
  }

  /// How many bytes is not known.
  private static let anyNumber = Int128.max
  /// More than any object that a pointer may point into.
  private static let farBits = 1 << 20

  private func record(_ place: Reached, _ type: CType, at cursor: Cursor) {
    guard let base = place.base else { return }
    layouts.note(type)
    let path = ModifiedPath(
      base: base, steps: place.steps, record: type.isRecord ? type.recordName : nil, bits: max((type.size ?? 1) * 8, 8),
      pointerType: type.pointerName)
    if summary.writes[path] == nil { summary.writes[path] = program.location(cursor) }
  }

  private func call(_ cursor: Cursor) {
    let arguments = cursor.arguments
    if let name = cursor.directName {
      if Machine.writesMemory(name) {
        if let target = name.hasSuffix("_overflow") ? arguments.last : arguments.first {
          let isBytes = Machine.writesBytes(name) && arguments.count == 3
          let count = isBytes ? arguments[2].evaluatedInteger() ?? Self.anyNumber : 0
          writeThrough(target, at: cursor, bytes: count)
        }
        return
      }
      if name.hasPrefix("__builtin_") { return }
      if writesNothing(name, cursor.unit) {
        // It writes what it is handed for that.
        if CoreServices.changesArguments(name) {
          for argument in arguments
          where argument.type.isPointer && !argument.type.pointee.spelling.hasPrefix("const ")
            && !argument.type.pointee.isVoid
            && !argument.type.pointee.isFunction
          {
            writeThrough(argument, at: cursor)
          }
        }
        return
      }
      add(.function(name), arguments, cursor)
      return
    }
    guard let callee = cursor.children.first else { return }
    let found = callees(callee)
    if found.isEmpty { add(.unknown(program.text(callee)), arguments, cursor) }
    for one in found { add(one, arguments, cursor) }
  }

  private func add(_ callee: CallSite.Callee, _ arguments: [Cursor], _ cursor: Cursor) {
    summary.calls.insert(
      CallSite(
        callee: callee,
        arguments: arguments.map {
          $0.type.isPointer || $0.type.isArray || $0.type.isFunction ? origins($0) : number($0)
        },
        location: program.location(cursor)))
  }

  /// A number that may hold an address.
  private func number(_ cursor: Cursor) -> Set<PointerOrigin> {
    guard cursor.type.integer?.width == 64, cursor.evaluatedInteger() == nil else { return [] }
    var inner = cursor
    while [.unexposedExpression, .parenthesized, .cast].contains(inner.kind), let next = inner.children.last {
      inner = next
    }
    return inner.type.isPointer ? origins(inner) : []
  }

  private func callees(_ cursor: Cursor) -> [CallSite.Callee] {
    origins(cursor).map { origin in
      switch origin {
      case .function(let name): .function(name)
      case .field(let record, let field): .field(record: record, field: field)
      case .parameter(let position, let steps) where steps.isEmpty: .parameter(position)
      case .table(let name): .table(name)
      default: .unknown(program.text(cursor))
      }
    }
  }

  private func assembly(_ cursor: Cursor) {
    let operands = cursor.children.filter { $0.kind.isExpression && $0.kind != .stringLiteral }
    let shape = AssemblyShape(cursor)
    for name in shape?.names ?? [] {
      let file = program.file(of: cursor.unit)
      if let variable = file?.variables[name] {
        note(
          ModifiedPath(base: .global(self.name(variable)), steps: [], record: nil, bits: Self.farBits), cursor)
      } else if file?.functions[name] != nil {
        summary.calls.insert(CallSite(callee: .function(name), arguments: [], location: program.location(cursor)))
      }
    }
    for (position, operand) in operands.enumerated() {
      let isOutput = shape.map { position < $0.outputs } ?? operand.isNamedPlace
      if isOutput { write(operand, at: cursor) }
      // What a pointer leads to is written only by assembly that says so.
      if !isOutput, operand.type.isPointer, shape?.clobbersMemory ?? true { writeThrough(operand, at: cursor) }
    }
  }

  /// An atomic access is an expression that libclang has no kind for.
  private func atomic(_ cursor: Cursor) {
    let operands = cursor.children.filter { $0.kind.isExpression }
    guard operands.count >= 2, let first = operands.first, first.type.isPointer,
      cursor.type.integer != nil || cursor.type.isVoid
    else { return }
    for operand in operands where operand.type.isPointer { writeThrough(operand, at: cursor) }
  }

  // MARK: where lvalues lie

  /// A place: nothing as its base where it is the function's own.
  private struct Reached: Hashable {
    var base: ModifiedPath.Base?
    var steps: [PathStep] = []
  }

  private func places(_ cursor: Cursor) -> [Reached] {
    switch cursor.kind {
    case .declarationReference:
      guard let declaration = cursor.referenced else { return [Reached(base: .elsewhere)] }
      if declaration.isAtFileScope || declaration.isExtern || declaration.isStatic {
        return [Reached(base: .global(name(declaration)))]
      }
      return [Reached(base: nil)]
    case .parenthesized, .unexposedExpression, .cast:
      return cursor.children.last.map(places) ?? [Reached(base: .elsewhere)]
    case .memberAccess: return member(cursor)
    case .subscript_:
      guard let array = cursor.array else { return [Reached(base: .elsewhere)] }
      let all = origins(array)
      if let position = cursor.children.first(where: { $0 != array }), position.evaluatedInteger() == 0 {
        return pointed(all)
      }
      // Another element than the one that was handed over may be anything beside it.
      return pointed(
        Set(all.map { if case .parameter(_, let steps) = $0, steps.isEmpty { .loaded(derived: true) } else { $0 } }))
    case .unaryOperator where cursor.unaryOperator == .dereference:
      return cursor.children.first.map { pointed(origins($0)) } ?? [Reached(base: .elsewhere)]
    case .unaryOperator where cursor.unaryOperator == .extension_:
      return cursor.children.first.map(places) ?? [Reached(base: .elsewhere)]
    case .compoundLiteral, .stringLiteral: return [Reached(base: nil)]
    case .conditional: return cursor.children.dropFirst().flatMap(places)
    case .statementExpression, .call: return [Reached(base: nil)]
    default: return [Reached(base: .elsewhere)]
    }
  }

  private func member(_ cursor: Cursor) -> [Reached] {
    guard let base = cursor.children.first, let field = cursor.referenced else { return [Reached(base: .elsewhere)] }
    let isArrow = base.type.isPointer
    let starts = isArrow ? pointed(origins(base)) : places(base)
    let name = field.fieldName
    if name.isEmpty { return starts }
    guard let (record, type) = named(base) else { return starts }
    layouts.note(type)
    let width = field.isBitField ? field.bitFieldWidth : (field.type.size ?? 1) * 8
    let step = PathStep(
      record: record, field: name, offset: type.offset(ofField: name) ?? field.fieldOffset ?? 0, width: width)
    return starts.map { start in
      // What is known of a pointer is its type: the record is where the path begins.
      Reached(base: start.base, steps: Array((start.steps + [step]).suffix(8)))
    }
  }

  /// The record with a name that the member belongs to, past anonymous ones.
  private func named(_ base: Cursor) -> (String, CType)? {
    var base = base
    while true {
      let record = base.type.isPointer ? base.type.pointee : base.type
      if let name = record.recordName { return (name, record) }
      guard base.kind == .memberAccess, let next = base.children.first else { return nil }
      base = next
    }
  }

  private func pointed(_ origins: Set<PointerOrigin>) -> [Reached] {
    Set(
      origins.map { origin in
        switch origin {
        case .own, .ownMemory, .function: Reached(base: nil)
        case .parameter(let position, let steps): Reached(base: .parameter(position), steps: steps)
        case .global(let name, let steps): Reached(base: .global(name), steps: steps)
        case .inside(let steps, let derived): Reached(base: derived ? .derived : .elsewhere, steps: steps)
        case .loaded(let derived): Reached(base: derived ? .derived : .elsewhere)
        case .field, .table: Reached(base: .elsewhere)
        }
      }
    ).map { $0 }
  }

  private func name(_ declaration: Cursor) -> String {
    if declaration.isAtFileScope || declaration.isExtern {
      return (declaration.isStatic ? program.location(declaration).file + ":" : "") + declaration.spelling
    }
    return declaration.usr
  }

  // MARK: where pointers come from

  private func origins(_ cursor: Cursor) -> Set<PointerOrigin> {
    switch cursor.kind {
    case .parenthesized: return cursor.children.last.map { origins($0) } ?? [.loaded(derived: true)]
    case .cast, .unexposedExpression:
      let inner = cursor.children.filter { $0.kind.isExpression }
      guard let last = inner.last else { return cursor.evaluatedInteger() == nil ? [.loaded(derived: true)] : [.own] }
      // The operand of a `typeof` in a cast is no part of its value.
      if inner.count > 1, cursor.kind != .cast { return inner.reduce(into: []) { $0.formUnion(origins($1)) } }
      // What a variable argument is, the list does not tell.
      if last.type.isArgumentList { return [.loaded(derived: true)] }
      // From a number: what it was is not known, but for a constant.
      if !last.type.isPointer, !last.type.isArray, !last.type.isFunction {
        if last.evaluatedInteger() != nil { return [.own] }
        return last.type.integer == nil ? [.loaded(derived: true)] : origins(last)
      }
      return origins(last)
    case .integerLiteral, .stringLiteral, .sizeOperator: return [.own]
    case .compoundLiteral, .initializerList: return [.ownMemory]
    case .declarationReference:
      if cursor.type.isArgumentList { return [.loaded(derived: true)] }
      return reference(cursor)
    case .memberAccess:
      if cursor.type.isArray { return addresses(cursor) }
      if cursor.type.isPointer, cursor.type.pointee.isFunction, let base = cursor.children.first,
        let (record, _) = named(base)
      {
        return [.field(record: record, field: cursor.spelling)]
      }
      return [loaded(from: cursor.children.first)]
    case .subscript_:
      if cursor.type.isArray { return addresses(cursor) }
      if cursor.type.isPointer, cursor.type.pointee.isFunction, let array = cursor.array {
        return Set(origins(array).map { if case .global(let name, _) = $0 { .table(name) } else { $0 } })
      }
      return [loaded(from: cursor.array)]
    case .unaryOperator:
      guard let operand = cursor.children.first else { return [.loaded(derived: true)] }
      switch cursor.unaryOperator {
      case .addressOf:
        if operand.kind == .declarationReference, operand.referenced?.kind == .functionDeclaration {
          return [.function(operand.spelling)]
        }
        return addresses(operand)
      case .dereference:
        if cursor.type.isFunction || operand.type.pointee.isFunction { return origins(operand) }
        return cursor.type.isArray ? origins(operand) : [loaded(from: operand)]
      case .extension_, .preIncrement, .preDecrement, .postIncrement, .postDecrement: return origins(operand)
      default: return [.loaded(derived: true)]
      }
    case .binaryOperator:
      let children = cursor.children
      guard children.count == 2 else { return [.loaded(derived: true)] }
      if cursor.binaryOperator == .comma || cursor.binaryOperator == .assign { return origins(children[1]) }
      // What is moved by a distance stays in its object, but its fields are no longer told.
      var found: Set<PointerOrigin> = []
      for child in children where child.type.isPointer || child.type.isArray || child.type.integer?.width == 64 {
        if child.evaluatedInteger() != nil { continue }
        for origin in origins(child) {
          switch origin {
          case .parameter: found.insert(.loaded(derived: true))
          case .inside(_, let derived): found.insert(.loaded(derived: derived))
          case .global(_, let steps) where !steps.isEmpty: found.insert(.loaded(derived: false))
          default: found.insert(origin)
          }
        }
      }
      return found.isEmpty ? [.loaded(derived: true)] : found
    case .conditional: return cursor.children.dropFirst().reduce(into: []) { $0.formUnion(origins($1)) }
    case .statementExpression:
      guard let last = cursor.children.first?.children.last, last.kind.isExpression else {
        return [.loaded(derived: true)]
      }
      return origins(last)
    case .call:
      if let name = cursor.directName, CoreServices.allocates(name), isCore(name, cursor.unit) { return [.own] }
      // What a call returns may be reached from what it was given.
      let arguments = cursor.arguments
      for argument in arguments
      where argument.type.isPointer || argument.type.isArray || argument.type.integer?.width == 64 {
        if argument.evaluatedInteger() == nil, isDerived(origins(argument)) { return [.loaded(derived: true)] }
      }
      return [.loaded(derived: false)]
    default: return [.loaded(derived: true)]
    }
  }

  private func isDerived(_ origins: Set<PointerOrigin>) -> Bool {
    origins.contains {
      switch $0 {
      case .parameter, .loaded(derived: true), .inside(_, derived: true), .ownMemory: true
      default: false
      }
    }
  }

  /// What stands in memory is reached from wherever that memory is.
  private func loaded(from base: Cursor?) -> PointerOrigin {
    guard let base else { return .loaded(derived: true) }
    if base.type.isPointer || base.type.isArray { return .loaded(derived: isDerived(origins(base))) }
    let isGiven = places(base).contains { place in
      switch place.base {
      case .parameter?, .derived?, nil: true
      case .global?, .elsewhere?: false
      }
    }
    return .loaded(derived: isGiven)
  }

  private func reference(_ cursor: Cursor) -> Set<PointerOrigin> {
    guard let declaration = cursor.referenced else { return [.loaded(derived: true)] }
    if declaration.kind == .functionDeclaration { return [.function(declaration.spelling)] }
    if declaration.kind == .enumConstant { return [.own] }
    let isArray = cursor.type.isArray
    if declaration.isAtFileScope || declaration.isExtern || declaration.isStatic {
      if isArray { return [.global(name(declaration), [])] }
      if cursor.type.isPointer, cursor.type.pointee.isFunction { return [.table(name(declaration))] }
      return [.loaded(derived: false)]
    }
    if isArray, parameters[declaration] == nil { return [.ownMemory] }
    return settled[declaration] ?? first(declaration)
  }

  /// What a local variable is before anything is assigned to it.
  private func first(_ declaration: Cursor) -> Set<PointerOrigin> {
    var found: Set<PointerOrigin> = []
    if let position = parameters[declaration] { found.insert(.parameter(position, [])) }
    if shared.contains(declaration) { found.insert(.loaded(derived: true)) }
    return found
  }

  /// What each local pointer may be, until nothing is added. One that could be very much is anything that was given.
  private func settle() {
    let variables = sources.keys.sorted { ($0.start?.offset ?? 0, $0.spelling) < ($1.start?.offset ?? 0, $1.spelling) }
    for variable in variables { settled[variable] = first(variable) }
    var isMany: Set<Cursor> = []
    var isStable = false
    while !isStable {
      isStable = true
      for variable in variables where !isMany.contains(variable) {
        var found = settled[variable] ?? []
        let before = found.count
        for source in sources[variable] ?? [] { found.formUnion(origins(source)) }
        guard found.count != before else { continue }
        isStable = false
        if found.count > Self.limit {
          isMany.insert(variable)
          found = [.loaded(derived: true), .loaded(derived: false)]
        }
        settled[variable] = found
      }
    }
  }

  private static let limit = 12

  private func addresses(_ lvalue: Cursor) -> Set<PointerOrigin> {
    Set(
      places(lvalue).map { place in
        switch place.base {
        case nil: lvalue.type.integer != nil ? .own : .ownMemory
        case .parameter(let position)?: .parameter(position, place.steps)
        case .global(let name)?: .global(name, place.steps)
        case .derived?: place.steps.isEmpty ? .loaded(derived: true) : .inside(place.steps, derived: true)
        case .elsewhere?: place.steps.isEmpty ? .loaded(derived: false) : .inside(place.steps, derived: false)
        }
      })
  }
}

extension Cursor {
  /// Of a subscript: what is subscripted, which C lets stand on either side.
  fileprivate var array: Cursor? { children.first { $0.type.integer == nil } ?? children.first }
}
