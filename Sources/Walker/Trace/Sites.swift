internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// Collects the places that annotations can be bound to.
struct Sites {
  let program: Program
  let machine: Machine

  init(program: Program, machine: Machine) {
    self.program = program
    self.machine = machine
  }

  func collect(_ walkthrough: Walkthrough, _ frames: [Frame]) throws -> [AnchorSite] {
    var sites: [AnchorSite] = []
    var functions: [String: Cursor] = [:]
    for node in machine.nodes { if functions[node.name] == nil { functions[node.name] = node.definition } }
    for frame in frames {
      // A system call's function is also known by the name that its macro gives it.
      let definition = functions[frame.function] ?? functions["SYSC_" + frame.function.dropFirst("sys_".count)]
      if let definition { sites += function(definition, named: frame.function, tracked: frame.steps) }
      sites += table(frame)
    }
    for name in Set(walkthrough.annotations.flatMap(\.anchor.function)).sorted()
    where !frames.contains(where: { $0.function == name }) {
      let found = try program.definition(of: name, near: nil) { _ in true }.0
      if let found { sites += function(found, named: name, tracked: []) }
    }
    for annotation in walkthrough.annotations {
      if annotation.anchor.role == .declaration { sites += annotation.anchor.of.flatMap(declaration) }
      if annotation.anchor.role == .macro { sites += try annotation.anchor.of.flatMap(macro) }
    }
    var seen: Set<AnchorSite> = []
    return sites.filter { seen.insert($0).inserted }
  }

  private func table(_ frame: Frame) -> [AnchorSite] {
    guard let name = frame.reachedBy.table, let place = frame.reachedBy.tableLocation else { return [] }
    return [
      AnchorSite(
        role: .table, function: nil, names: [name, frame.reachedBy.through ?? name], mentions: [frame.function],
        range: SourceRange(start: place, endLine: place.line, endColumn: place.column), isTracked: true)
    ]
  }

  /// Everything in one function that an author can anchor to.
  func function(_ definition: Cursor, named name: String, tracked: [ValueStep]) -> [AnchorSite] {
    var visitor = SiteVisitor(program: program, function: name, steps: tracked)
    let start = program.location(definition)
    visitor.sites.append(
      AnchorSite(
        role: .entry, function: name, names: [name, definition.spelling],
        mentions: definition.arguments.map(\.spelling),
        range: SourceRange(start: start, endLine: start.line, endColumn: start.column), isTracked: true))
    for step in tracked where step.kind == .clamp {
      visitor.sites.append(
        AnchorSite(
          role: .clamp, function: name, names: step.target.map { [$0] } ?? [], mentions: [], range: step.range,
          isTracked: true))
    }
    if let body = definition.children.last(where: { $0.kind == .compoundStatement }) { visitor.visit(body) }
    return visitor.sites
  }

  private func declaration(_ name: String) -> [AnchorSite] {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    for parsed in program.parsedFiles {
      guard let record = parsed.records[parts[0]] else { continue }
      let place = parts.count == 1 ? record : record.type.fields.first { $0.spelling == parts[1] }
      guard let place else { continue }
      return [
        AnchorSite(
          role: .declaration, function: nil, names: [name], mentions: [], range: program.range(place), isTracked: false)
      ]
    }
    return []
  }

  private func macro(_ name: String) throws -> [AnchorSite] {
    try program.tree.answer(.mention(name, below: "include")).compactMap { hit in
      let lines = program.bytes(hit.file).split(separator: 10, omittingEmptySubsequences: false)
      guard lines.indices.contains(hit.line - 1) else { return nil }
      let words = String(decoding: lines[hit.line - 1], as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard words.count >= 2, words[0] == "#define", words[1] == name || words[1].hasPrefix(name + "(") else {
        return nil
      }
      let place = SourceLocation(file: hit.file, line: hit.line)
      return AnchorSite(
        role: .macro, function: nil, names: [name], mentions: [],
        range: SourceRange(start: place, endLine: hit.line, endColumn: 1), isTracked: false)
    }
  }
}

private struct SiteVisitor {
  let program: Program
  let function: String
  let steps: [ValueStep]
  var sites: [AnchorSite] = []

  mutating func visit(_ cursor: Cursor) {
    switch cursor.kind {
    case .ifStatement, .whileStatement:
      if let condition = cursor.children.first(where: { $0.kind.isExpression }), !cursor.isFromMacro {
        add(.guardBranch, condition, [])
      }
    case .call:
      if let name = cursor.referenced?.spelling, !name.isEmpty, !cursor.isFromMacro { add(.call, cursor, [name]) }
    case .returnStatement: add(.returned, cursor, [])
    case .binaryOperator where cursor.binaryOperator == .assign: assignment(cursor)
    case .compoundAssignment: assignment(cursor)
    case .variableDeclaration:
      if cursor.initializer != nil, !cursor.isFromMacro { add(.assign, cursor, [cursor.spelling]) }
    default: break
    }
    for child in cursor.children { visit(child) }
  }

  private mutating func assignment(_ cursor: Cursor) {
    guard let target = cursor.children.first.flatMap(written) else { return }
    if target.kind == .memberAccess {
      let base = target.children.first?.type
      let record = (base?.isPointer ?? false ? base?.pointee : base)?.recordName
      add(.store, cursor, [record.map { "\($0).\(target.spelling)" }, target.spelling].compactMap { $0 })
    } else if !cursor.isFromMacro {
      add(.assign, cursor, [target.spelling])
    }
  }

  /// The variable or member below casts and the address that `WRITE_ONCE` takes.
  private func written(_ cursor: Cursor) -> Cursor? {
    if cursor.kind == .memberAccess || cursor.kind == .declarationReference { return cursor }
    return cursor.children.last.flatMap(written)
  }

  private mutating func add(_ role: Anchor.Role, _ cursor: Cursor, _ names: [String]) {
    let range = program.range(cursor)
    let isTracked = steps.contains {
      $0.range.start.line <= range.endLine && range.start.line <= $0.range.endLine && $0.kind != .clamp
        || $0.range.start == range.start
    }
    var mentions: Set<String> = []
    collect(cursor, &mentions)
    sites.append(
      AnchorSite(
        role: role, function: function, names: names, mentions: mentions.sorted(), range: range, isTracked: isTracked))
  }

  private func collect(_ cursor: Cursor, _ names: inout Set<String>) {
    if cursor.kind == .declarationReference || cursor.kind == .memberAccess { names.insert(cursor.spelling) }
    for child in cursor.children { collect(child, &names) }
    if cursor.isFromMacro {
      names.formUnion(program.text(cursor).split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    }
  }
}
