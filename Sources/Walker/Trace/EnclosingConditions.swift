internal import WalkerClang
internal import WalkerModel

/// The conditions under which the places of a function are reached, read off its structure: for functions that the walk
/// did not execute. A condition encloses what stands in its branch, and what comes after it where the other branch
/// leaves.
struct EnclosingConditions {
  private let program: Program
  private let shapes: Shapes
  /// By the place of each node.
  private(set) var found: [SourceLocation: [ConditionPrint]] = [:]

  /// Throws `UserError` when libcrypto can't hash.
  init(program: Program, function: Cursor, shapes: Shapes) throws {
    self.program = program
    self.shapes = shapes
    for child in function.children where child.kind == .compoundStatement { _ = try visit(child, []) }
  }

  /// The conditions that hold after `cursor`.
  private mutating func visit(_ cursor: Cursor, _ given: [ConditionPrint]) throws -> [ConditionPrint] {
    let place = program.location(cursor)
    if found[place] == nil { found[place] = given }
    let children = cursor.children
    switch cursor.kind {
    case .compoundStatement:
      var inside = given
      for child in children { inside = try visit(child, inside) }
      return inside
    case .ifStatement:
      let parts = children.filter { $0.kind.isExpression || $0.kind.isStatement }
      guard parts.count >= 2 else { break }
      _ = try visit(parts[0], given)
      let (yes, no) = (try condition(parts[0], isTrue: true), try condition(parts[0], isTrue: false))
      _ = try visit(parts[1], given + [yes])
      if parts.count > 2 { _ = try visit(parts[2], given + [no]) }
      let leaves = (then: Self.leaves(parts[1]), otherwise: parts.count > 2 && Self.leaves(parts[2]))
      if leaves.then != leaves.otherwise { return given + [leaves.then ? no : yes] }
      return given
    case .whileStatement:
      guard let test = children.first, children.count == 2 else { break }
      let inside = given + [try condition(test, isTrue: true)]
      for child in children { _ = try visit(child, inside) }
      return given
    case .caseStatement, .defaultStatement:
      let label = try cursor.kind == .caseStatement ? children.first.map { try shapes.take($0).shape } : nil
      let entered = ConditionPrint(
        text: "case \(label ?? "default")", subjects: ["case"], location: place, source: program.text(cursor))
      for child in children { _ = try visit(child, given + [entered]) }
      return given
    case .labelStatement:
      // Whoever jumps here comes from elsewhere.
      found[place] = []
      for child in children { _ = try visit(child, []) }
      return []
    default: break
    }
    for child in children { _ = try visit(child, given) }
    return given
  }

  private func condition(_ cursor: Cursor, isTrue: Bool) throws -> ConditionPrint {
    let taken = try shapes.take(cursor)
    let fields = taken.uses.filter { $0.hasPrefix("field ") || $0.hasPrefix("function ") }
    return ConditionPrint(
      text: "\(isTrue ? "if" : "unless") \(taken.shape)", subjects: fields, location: program.location(cursor),
      source: program.text(cursor))
  }

  private static func leaves(_ cursor: Cursor) -> Bool {
    switch cursor.kind {
    case .returnStatement, .gotoStatement, .breakStatement, .continueStatement: true
    case .compoundStatement: cursor.children.last.map(leaves) ?? false
    default: false
    }
  }
}
