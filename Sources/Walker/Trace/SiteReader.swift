internal import WalkerClang
internal import WalkerModel

/// Reads the shapes of the places in one function.
final class SiteReader {
  private let program: Program
  private let shapes: Shapes
  private let body: Cursor?
  private var cursors: [SourceLocation: [Cursor]] = [:]

  init(program: Program, definition: Cursor) {
    self.program = program
    shapes = Shapes(program: program, function: definition)
    body = definition.children.last { $0.kind == .compoundStatement }
    if let body { collect(body) }
  }

  private func collect(_ cursor: Cursor) {
    cursors[program.location(cursor), default: []].append(cursor)
    cursor.children.forEach(collect)
  }

  /// Nil for a place that is no node of the function's body. Throws `UserError` when libcrypto can't hash.
  func shape(_ site: AnchorSite) throws -> String? {
    if site.role == .entry { return try body.map { try shapes.take($0) } }
    let here = cursors[site.range.start] ?? []
    // The outermost node that begins and ends there.
    let cursor = here.first { program.range($0) == site.range && fits($0, site.role) }
    return try cursor.map { try shapes.take($0) }
  }

  private func fits(_ cursor: Cursor, _ role: Anchor.Role) -> Bool {
    switch role {
    case .call: cursor.kind == .call
    case .returned: cursor.kind == .returnStatement
    case .guardBranch: cursor.kind.isExpression
    case .store, .assign:
      [.binaryOperator, .compoundAssignment, .variableDeclaration].contains(cursor.kind)
    default: true
    }
  }
}

/// Where the lines of a file begin.
struct LineTable {
  private let all: [UInt8]
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    all = bytes
    var starts = [0]
    for (position, byte) in bytes.enumerated() where byte == 10 { starts.append(position + 1) }
    self.starts = starts
  }

  private func offset(_ line: Int, _ column: Int) -> Int {
    guard starts.indices.contains(line - 1) else { return all.count }
    return min(starts[line - 1] + max(column - 1, 0), all.count)
  }

  /// A range that is empty is a macro's use: it goes on to where that ends.
  func bytes(_ range: SourceRange) -> ArraySlice<UInt8> {
    let start = offset(range.start.line, range.start.column)
    let stop = offset(range.endLine, range.endColumn)
    return stop > start ? all[start..<stop] : all[start..<endOfUse(from: start)]
  }

  private func endOfUse(from start: Int) -> Int {
    var depth = 0
    var position = start
    while position < all.count {
      switch all[position] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        if depth <= 0 { return position + 1 }
      case UInt8(ascii: ";"), 10: if depth == 0 { return position }
      default: break
      }
      position += 1
    }
    return position
  }

  /// The line and those that a backslash joins to it.
  func logicalLine(_ line: Int) -> ArraySlice<UInt8> {
    guard starts.indices.contains(line - 1) else { return [] }
    var last = line
    while starts.indices.contains(last), starts[last] >= 2, all[starts[last] - 2] == UInt8(ascii: "\\") { last += 1 }
    let stop = starts.indices.contains(last) ? starts[last] : all.count
    return all[starts[line - 1]..<stop]
  }
}
