internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// The parsed files of one kernel: each is parsed when it is first needed, or taken from a joint parse, and kept.
final class Program {
  let tree: any KernelTree
  let environment: ParseEnvironment
  let joint: JointParse?
  /// What the parse of the entry's file is asked for besides; nil where nothing is, or the file does not take it.
  private(set) var constants: ConstantLines?
  private let index: ClangIndex
  private var units: [String: ParsedFile] = [:]
  private var bytesByPath: [String: [UInt8]] = [:]
  /// The first question to the tree that could not be answered. The walk goes on, so as to end in one place; it then has no answer.
  private(set) var failure: (any Error)?
  /// Names of services, and whether the tree defines them in its core.
  var coreNames: [String: Bool] = [:]

  /// - Parameter constants: for their file, where it is parsed alone.
  init(
    tree: any KernelTree, environment: ParseEnvironment, joint: JointParse? = nil, constants: ConstantLines? = nil
  ) throws {
    guard let index = ClangIndex() else {
      throw UserError("libclang could not be started: reinstall it.", exitStatus: ExitStatus.unchecked)
    }
    self.index = index
    self.tree = tree
    self.environment = environment
    self.joint = joint
    self.constants = constants
  }

  /// What the tree says to a question; nil where it can't be asked, which `failure` then tells.
  func noting<Answer>(_ question: () throws -> Answer) -> Answer? {
    do { return try question() } catch {
      failure = failure ?? error
      return nil
    }
  }

  var parsedFiles: [ParsedFile] { units.values.sorted { $0.path < $1.path } }

  func file(of unit: TranslationUnit) -> ParsedFile? {
    units.values.first { $0.unit === unit } ?? apart.flatMap { $0.unit === unit ? $0 : nil }
  }

  /// The unit of a source file, by its path in the tree. Throws `UserError` when there is no such file.
  func unit(_ path: String) throws -> ParsedFile {
    if let known = units[path] { return known }
    if let joint, let parsed = joint.file(path) {
      if joint.constants == nil, constants?.file == path { constants = nil }
      units[path] = parsed
      return parsed
    }
    let parsed = try parseWithConstants(path) ?? parse(path)
    units[path] = parsed
    return parsed
  }

  /// The file with the lines that ask for constants at its end; nil where it is another file, or they make more of it than
  /// the constants.
  private func parseWithConstants(_ path: String) throws -> ParsedFile? {
    guard let lines = constants, lines.file == path, let bytes = try tree.contents(of: path) else { return nil }
    let place = TranslationUnit.Addition(path: environment.prefix + "/" + path, line: lines.firstLine(after: bytes))
    let parsed = try parse(path, appending: lines.text, at: place)
    if lines.areAll(of: parsed.unit.declarations(in: place)) { return parsed }
    constants = nil
    return nil
  }

  // MARK: files that are looked into and let go

  /// The unit of a file that is looked into and let go: it is not among the parsed files, but what it opened is known.
  func unitApart(_ path: String) throws -> ParsedFile {
    if let known = units[path] { return known }
    if let known = apart, known.path == path {
      apartPath = path
      return known
    }
    (apart, outline) = (nil, nil)
    let parsed = try parse(path)
    apart = parsed
    visitApart(path, opened: parsed.unit.includedFiles.compactMap(relative), unfound: parsed.unit.unfoundHeaders)
    return parsed
  }

  /// A file of which only what stands at file scope is wanted: the file as it is known, or one that is parsed without the
  /// bodies of its functions, and let go.
  func declarations(of path: String) throws -> ParsedFile {
    if joint?.file(path) != nil { return try unit(path) }
    if let known = units[path] ?? apart.flatMap({ $0.path == path ? $0 : nil }) { return known }
    if let outline, outline.path == path { return outline }
    // One at a time, beside the walk's own: each takes forty megabytes.
    outline = nil
    let parsed = try parse(path, skipsBodies: true)
    outline = parsed
    note(apart: parsed)
    return parsed
  }

  /// A parse of a file that the tree has, where the walk can go on without it.
  ///
  /// - Throws: `UnreadableFile` when it can't be parsed; `UserError` when the tree does not hold it.
  func readable(_ path: String, _ parse: (String) throws -> ParsedFile) throws -> ParsedFile {
    do { return try parse(path) } catch let error as UserError where tree.contains(path) {
      throw UnreadableFile(path: path, why: error.message)
    }
  }

  /// What the compiler could not make sense of between a declaration's start and end: libclang drops it without a trace.
  func firstError(in declaration: Cursor) -> (message: String, location: SourceLocation)? {
    guard let start = declaration.start, let end = declaration.end else { return nil }
    let own = declaration.unit.errors.filter { $0.path == start.path && $0.line >= start.line }
    guard !own.isEmpty else { return nil }
    let last = max(end.line, declaration.kind == .variableDeclaration ? lastLine(of: start) : 0, start.line)
    let found = own.first { $0.line <= last }
    return found.map { ($0.message, SourceLocation(file: relative($0.path) ?? $0.path, line: $0.line)) }
  }

  /// Where the declaration's semicolon stands: one whose initializer does not compile ends before that for libclang.
  private func lastLine(of start: FilePosition) -> Int {
    guard let path = relative(start.path) else { return start.line }
    var depth = 0
    for token in CTokens(Array(bytes(path).dropFirst(start.offset))).all {
      if ["{", "("].contains(token.text) { depth += 1 }
      if ["}", ")"].contains(token.text) { depth -= 1 }
      if depth <= 0, token.text == ";" { return start.line + token.line - 1 }
    }
    return start.line
  }

  private func note(apart parsed: ParsedFile) {
    openedApart.formUnion(parsed.unit.includedFiles.compactMap(relative))
    unfoundApart.formUnion(parsed.unit.unfoundHeaders)
  }

  /// The unit of a file with lines of walker's own at its end, which is let go as well.
  func declarations(of path: String, appending text: [UInt8]) throws -> ParsedFile {
    let parsed = try parse(path, appending: text, skipsBodies: true)
    note(apart: parsed)
    return parsed
  }

  /// What was asked of parses before.
  var facts: KeptFacts?

  func visitApart(_ path: String, opened: [String], unfound: [String]) {
    visit(path, apart: true, opened: opened, unfound: unfound)
  }

  /// Notes what a file that is looked into opens, whether it is parsed now or was before.
  ///
  /// - Parameter apart: as `unitApart` does it.
  func visit(_ path: String, apart: Bool, opened: [String], unfound: [String]) {
    if apart { apartPath = path }
    openedApart.formUnion(opened)
    unfoundApart.formUnion(unfound)
  }

  /// The file that was looked into last.
  private(set) var apartPath: String?
  /// The file that was parsed apart last.
  private(set) var apart: ParsedFile?
  /// The file that was parsed last without functions' bodies.
  private var outline: ParsedFile?
  private(set) var openedApart: Set<String> = []
  private(set) var unfoundApart: Set<String> = []

  /// The file, if the walk itself needed it.
  func walkedFile(_ path: String) -> ParsedFile? { units[path] }

  private func parse(
    _ path: String, appending added: [UInt8] = [], at addition: TranslationUnit.Addition? = nil,
    skipsBodies: Bool = false
  ) throws -> ParsedFile {
    guard tree.contains(path) else {
      throw UserError("\(tree.source) has no file \(path): is the tree complete?")
    }
    var unsaved = environment.virtualFiles.map { UnsavedFile(path: $0.key, bytes: $0.value) }
    unsaved.sort { $0.path < $1.path }
    if tree.root == nil || !added.isEmpty, let bytes = try tree.contents(of: path) {
      unsaved.append(UnsavedFile(path: environment.prefix + "/" + path, bytes: bytes + added))
    }
    let parsed = ParsedFile(
      path: path,
      unit: try TranslationUnit(
        index: index, path: environment.prefix + "/" + path, arguments: environment.arguments,
        unsavedFiles: unsaved, addition: addition, skipsBodies: skipsBodies))
    return parsed
  }

  /// The path in the tree of a file as libclang names it; nil for one that is not the tree's.
  func relative(_ path: String) -> String? {
    let prefix = environment.prefix + "/"
    guard path.hasPrefix(prefix) else { return nil }
    return normalized(String(path.dropFirst(prefix.count)))
  }

  /// Without `a/../` detours, which relative includes make.
  private func normalized(_ path: String) -> String {
    guard hasDots(path) else { return path }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// Holds `./` or `..` anywhere.
  private func hasDots(_ path: String) -> Bool {
    var isAfterDot = false
    for byte in path.utf8 {
      if isAfterDot, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") { return true }
      isAfterDot = byte == UInt8(ascii: ".")
    }
    return false
  }

  func location(_ cursor: Cursor) -> SourceLocation { location(cursor.start ?? cursor.position) }

  func location(_ position: FilePosition?) -> SourceLocation {
    guard let position else { return SourceLocation(file: "", line: 0) }
    return SourceLocation(
      file: relative(position.path) ?? position.path, line: position.line, column: position.column)
  }

  func range(_ cursor: Cursor) -> SourceRange {
    let start = location(cursor)
    guard let end = cursor.end, end.line >= start.line else {
      return SourceRange(start: start, endLine: start.line, endColumn: start.column)
    }
    return SourceRange(start: start, endLine: end.line, endColumn: end.column)
  }

  func bytes(_ path: String) -> [UInt8] {
    if let known = bytesByPath[path] { return known }
    let found =
      (noting { try tree.contents(of: path) } ?? nil) ?? environment.virtualFiles[environment.prefix + "/" + path] ?? []
    bytesByPath[path] = found
    return found
  }

  /// The author's text of a node on one line, shortened.
  func text(_ cursor: Cursor) -> String {
    guard let start = cursor.start, var end = cursor.end, let path = relative(start.path) else {
      return cursor.spelling
    }
    let bytes = bytes(path)
    if end.offset <= start.offset {
      // A node that is a macro's use: the range ends where it starts; show the macro with its arguments.
      end = start
    }
    var stop = end.offset
    if stop <= start.offset { stop = endOfMacroUse(bytes, from: start.offset) }
    guard start.offset < stop, stop <= bytes.count else { return cursor.spelling }
    let words = String(decoding: bytes[start.offset..<stop], as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    let text = words.joined(separator: " ")
    return text.count > 160 ? String(text.prefix(157)) + "..." : text
  }

  private func endOfMacroUse(_ bytes: [UInt8], from start: Int) -> Int {
    var position = start
    func isWord(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || (byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z"))
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
    while position < bytes.count, isWord(bytes[position]) { position += 1 }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "(") else { return position }
    var depth = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "(") { depth += 1 }
      if bytes[position] == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return position + 1 }
      }
      position += 1
    }
    return position
  }

  /// A function's definition: in the unit of `near`, or else where the tree's text says; only files for which `isNear`
  /// holds are parsed. Returns the definition and every place that may define it.
  ///
  /// - Parameter isLinked: it is called from that unit: another file's `static` function of that name is none of its.
  func definition(
    of name: String, near unit: ParsedFile?, isLinked: Bool = false, in isNear: (String) -> Bool
  ) throws -> (Cursor?, [IndexHit]) {
    func visible(_ found: Cursor?) -> Cursor? {
      guard let found, isLinked, found.isStatic, location(found).file.hasSuffix(".c") else { return found }
      return nil
    }
    if let found = unit?.functions[name] { return (found, []) }
    for parsed in parsedFiles { if let found = visible(parsed.functions[name]) { return (found, []) } }
    let hits = try tree.answer(.definition(name))
    var seen: Set<String> = []
    for hit in hits where hit.file.hasSuffix(".c") && isNear(hit.file) && seen.insert(hit.file).inserted {
      if let found = visible(try self.unit(hit.file).functions[name]) { return (found, hits) }
    }
    if isLinked, let found = try leaf(name, hits) { return (found, hits) }
    return (nil, hits)
  }

  /// A function far away that calls nothing, where the tree has one definition alone: to follow it costs a parse, and leads
  /// nowhere else.
  private func leaf(_ name: String, _ hits: [IndexHit]) throws -> Cursor? {
    let files = Set(hits.map(\.file))
    guard files.count == 1, let file = files.first, file.hasSuffix(".c"), OpsTables.isCompiled(file),
      SourceOutline(bytes(file)).isLeaf(name), let found = try unit(file).functions[name], !found.isStatic
    else { return nil }
    return found
  }
}

/// A file that could not be parsed, and a sentence that says why.
struct UnreadableFile: Error {
  let path: String
  let why: String
}

/// One parsed source file with what is looked up in it.
final class ParsedFile {
  let path: String
  let unit: TranslationUnit
  private let owner: Int?
  private let given: DeclarationTable?
  private let includes: ((Cursor) -> Bool)?

  /// Of a joint parse: its declarations, which of its files this is, and whether it includes a header's declaration.
  init(
    path: String, unit: TranslationUnit, table: DeclarationTable? = nil, owner: Int? = nil,
    includes: ((Cursor) -> Bool)? = nil
  ) {
    self.includes = includes
    self.path = path
    self.unit = unit
    given = table
    self.owner = owner
  }

  private lazy var table = given ?? DeclarationTable(unit)

  /// Function definitions by name, those of included headers too.
  var functions: VisibleDeclarations { visible(table.functions) }

  /// How much there is to read: declarations at file scope, headers' too.
  var declarationCount: Int { table.count }

  /// Struct and union definitions by tag: `struct widget`.
  var records: VisibleDeclarations { visible(table.records) }

  /// Every definition of a function in the unit, of headers too.
  var allFunctions: [Cursor] { table.functions.keys.sorted().flatMap { (table.functions[$0] ?? []).map(\.cursor) } }

  var variables: VisibleDeclarations { visible(table.variables, prefersInitialized: true) }

  private func visible(
    _ entries: [String: [DeclarationTable.Entry]], prefersInitialized: Bool = false
  ) -> VisibleDeclarations {
    VisibleDeclarations(
      entries: entries, owner: owner, unit: unit, includes: includes, prefersInitialized: prefersInitialized)
  }
}
