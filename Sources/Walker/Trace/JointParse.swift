internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// Files that were parsed together. Each is handed out as if it had been parsed alone, unless something in the parse
/// speaks against that: then it counts as separate, and is parsed alone when it is asked for.
final class JointParse {
  private let source: JointSource
  private let unit: TranslationUnit
  private let table: DeclarationTable
  private let prefix: String
  private(set) var separate: Set<String> = []
  private var reaches: [String: Set<String>] = [:]
  /// Constants that the parse was asked for; they stand where their file would see them alone, since it comes first.
  let constants: ConstantLines?
  private let addition: TranslationUnit.Addition?

  /// Nil when fewer than two of `files` fit together. Throws `UserError` when one can't be read, or the parse fails.
  static func make(
    of files: [String], tree: any KernelTree, environment: ParseEnvironment, constants: ConstantLines?
  ) throws -> JointParse? {
    let constants = constants.flatMap { files.first == $0.file ? $0 : nil }
    guard let made = try JointParse(of: files, tree: tree, environment: environment, constants: constants) else {
      return nil
    }
    // What the lines turn out to hold besides the constants would be seen by the files after them.
    return made.isClean ? made : try JointParse(of: files, tree: tree, environment: environment)
  }

  init?(
    of files: [String], tree: any KernelTree, environment: ParseEnvironment, constants: ConstantLines? = nil
  ) throws {
    let lines = constants.map { JointSource.Addition(file: $0.file, text: $0.text, names: $0.names) }
    guard let source = try JointSource(of: files, tree: tree, environment: environment, adding: lines),
      let index = ClangIndex()
    else { return nil }
    let unsaved = environment.virtualFiles.merging(source.unsaved) { _, changed in changed }
      .map { UnsavedFile(path: $0.key, bytes: $0.value) }.sorted { $0.path < $1.path }
    var place: TranslationUnit.Addition?
    if let constants, source.holdsAddition, source.files.first == constants.file {
      let bytes = try tree.contents(of: constants.file) ?? []
      place = TranslationUnit.Addition(
        path: environment.prefix + "/" + constants.file, line: constants.firstLine(after: bytes))
    }
    self.constants = place == nil ? nil : constants
    addition = place
    unit = try TranslationUnit(
      index: index, path: source.path, arguments: environment.arguments, unsavedFiles: unsaved, addition: place)
    var owners: [SourceFile: Int] = [:]
    for (position, file) in source.files.enumerated() {
      if let file = unit.file(environment.prefix + "/" + file) { owners[file] = position }
    }
    table = DeclarationTable(unit, owners: owners)
    self.source = source
    prefix = environment.prefix
    separate = clashes().union(damaged())
  }

  func file(_ path: String) -> ParsedFile? {
    guard let owner = source.files.firstIndex(of: path), !separate.contains(path) else { return nil }
    let reach = reach(of: path)
    return ParsedFile(path: path, unit: TranslationUnit(sharing: unit), table: table, owner: owner) { [self] cursor in
      guard let file = cursor.file else { return true }
      let header = relative(file.path)
      // What the directives do not lead to was included by a name that a macro made.
      return reach.contains(header) || !source.graph.knows(header)
    }
  }

  func separate(_ path: String) { separate.insert(path) }

  /// The constants' lines declare the constants alone.
  private var isClean: Bool {
    guard let constants, let addition else { return true }
    let declared = table.own.filter { entry in
      guard entry.owner == 0, let line = entry.cursor.start?.line else { return false }
      return line >= addition.line
    }
    return constants.areAll(of: declared.map(\.cursor.spelling))
  }

  /// Files that declare at file scope what an earlier one declares too. Only what the linker would join anyway may have
  /// two declarations; a `static int x;` in two files would be one variable without any word from the compiler.
  private func clashes() -> Set<String> {
    var first: [String: (owner: Int, isJoined: Bool)] = [:]
    var found: Set<String> = []
    for entry in table.own {
      guard let owner = entry.owner else { continue }
      for (name, isJoined) in names(of: entry.cursor) {
        guard let known = first[name] else {
          first[name] = (owner, isJoined)
          continue
        }
        if known.owner != owner, !(known.isJoined && isJoined) { found.insert(source.files[max(owner, known.owner)]) }
      }
    }
    return found
  }

  private func names(of cursor: Cursor) -> [(String, isJoined: Bool)] {
    switch cursor.kind {
    case .functionDeclaration, .variableDeclaration: return [(cursor.spelling, cursor.hasExternalLinkage)]
    case .structDeclaration, .unionDeclaration: return cursor.isAnonymous ? [] : [("tag " + cursor.spelling, false)]
    case .enumDeclaration:
      return (cursor.isAnonymous ? [] : [("tag " + cursor.spelling, false)])
        + cursor.children.filter { $0.kind == .enumConstant }.map { ($0.spelling, false) }
    default: return cursor.spelling.isEmpty ? [] : [(cursor.spelling, false)]
    }
  }

  /// Files with an error outside of their functions, or whose names an error in a header speaks of. An error within a
  /// function's body stays there: it is looked for when the function is walked.
  private func damaged() -> Set<String> {
    guard !unit.errors.isEmpty else { return [] }
    var bodies: [String: [ClosedRange<Int>]] = [:]
    var declared: [String: Set<String>] = [:]
    for entry in table.own {
      guard let owner = entry.owner else { continue }
      let file = source.files[owner]
      for (name, _) in names(of: entry.cursor) {
        let word = name.split(separator: " ").last.map(String.init) ?? name
        declared[word, default: []].insert(file)
      }
      guard entry.cursor.kind == .functionDeclaration, entry.cursor.isDefinition,
        let body = entry.cursor.children.last(where: { $0.kind == .compoundStatement }), let start = body.start?.line,
        let end = body.end?.line, start <= end
      else { continue }
      bodies[file, default: []].append(start...end)
    }
    var found: Set<String> = []
    for error in unit.errors {
      let path = relative(error.path)
      if source.files.contains(path) {
        if !(bodies[path] ?? []).contains(where: { $0.contains(error.line) }) { found.insert(path) }
      } else {
        for word in error.message.split(separator: "'") { found.formUnion(declared[String(word)] ?? []) }
      }
    }
    return found
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix(prefix + "/") ? String(path.dropFirst(prefix.count + 1)) : path
  }
}

extension JointParse {
  /// Of the functions that a walk entered, the files that must be parsed alone after all: an error stands in the function,
  /// or it uses a name that the file itself would not see.
  func unsound(_ nodes: [CallNode], _ program: Program) -> Set<String> {
    var found: Set<String> = []
    var seen: Set<Cursor> = []
    for node in nodes where seen.insert(node.definition).inserted {
      guard let file = program.file(of: node.definition.unit), source.files.contains(file.path),
        !separate.contains(file.path), !found.contains(file.path)
      else { continue }
      let reach = reach(of: file.path)
      if hasError(node.definition) || !refers(node.definition, only: reach, program)
        || !usesMacros(of: reach, node.definition, program)
      {
        found.insert(file.path)
      }
    }
    return found
  }

  private func reach(of path: String) -> Set<String> {
    if let known = reaches[path] { return known }
    let reach = source.graph.reach(from: path)
    reaches[path] = reach
    return reach
  }

  private func hasError(_ definition: Cursor) -> Bool {
    guard let start = definition.start, let end = definition.end else { return true }
    let last = max(end.line, definition.children.last?.end?.line ?? end.line, start.line)
    return unit.errors.contains { $0.path == start.path && (start.line...last).contains($0.line) }
  }

  /// Whether every declaration that the function refers to stands where its file sees it.
  private func refers(_ definition: Cursor, only reach: Set<String>, _ program: Program) -> Bool {
    func isVisible(_ declaration: Cursor) -> Bool {
      for candidate in [declaration, declaration.canonical, declaration.definition] {
        guard let file = candidate?.file else { continue }
        let path = program.relative(file.path) ?? file.path
        // What is no file of the tree is the compiler's own.
        if reach.contains(path) || !file.path.hasPrefix(prefix + "/") { return true }
      }
      return declaration.file == nil
    }
    var known: Set<Cursor> = []
    func check(_ cursor: Cursor) -> Bool {
      if let declaration = cursor.referenced, known.insert(declaration).inserted, !isVisible(declaration) {
        return false
      }
      return cursor.children.allSatisfy(check)
    }
    return check(definition)
  }

  /// Whether every word of the function's text that is a macro somewhere is one where its file sees it.
  private func usesMacros(of reach: Set<String>, _ definition: Cursor, _ program: Program) -> Bool {
    guard let start = definition.start, let end = definition.end else { return false }
    let bytes = program.bytes(program.relative(start.path) ?? start.path)
    let stop = max(end.offset, definition.children.last?.end?.offset ?? 0)
    guard start.offset <= stop, stop <= bytes.count else { return false }
    let words = Set(CTokens(Array(bytes[start.offset..<stop])).all.map(\.text))
    return source.graph.definers(of: words).values.allSatisfy { !$0.isDisjoint(with: reach) }
  }
}
