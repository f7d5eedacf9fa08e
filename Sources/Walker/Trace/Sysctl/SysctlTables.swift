internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// An entry of a `ctl_table` as the parse has it, without the parse.
struct SysctlEntry: Hashable, Codable {
  let procname: String
  /// The variable that is or holds the table.
  let table: String
  /// Of the entry's `.data`, or of the entry where it has none.
  let line: Int
  /// Of its name.
  let nameLine: Int
  let file: String
  /// What `.data` points to; nil where it is NULL, or no constant address.
  let data: Data?
  let handler: String?
  /// The handler lets no number outside of `extra1` and `extra2` through.
  let isRanged: Bool
  let minimum: Bound?
  let maximum: Bound?

  struct Data: Hashable, Codable {
    let object: MemoryObject
    /// The variable's name.
    let variable: String
    let isStatic: Bool
    /// Of the variable, where it is one.
    let record: String?
    /// Bits from the variable's start to the first element, the bits of one, and how many.
    let offset: Int
    let width: Int
    let count: Int
    let type: IntegerType?
    /// As the source has it: `init_net.core.sysctl_somaxconn`.
    let text: String
    /// The last field of the path and that field's record; nil for a variable that is no record.
    let field: String?
    let fieldRecord: String?
    /// `.data` is the array, rather than its first element.
    let isWhole: Bool
    /// What the variable's definition puts there; empty where that stands in another file.
    let initial: [DefinedPart]

    /// Of each element, from the variable's start.
    var offsets: [Int] { (0..<count).map { offset + $0 * width } }

    /// The variable is a namespace's initial object, which the kernel calls by `init_`: each other namespace has a variable
    /// of its own in its object of the same record.
    var isNamespace: Bool { !isStatic && record != nil && variable.hasPrefix("init_") }

    /// `network` for `struct net`, `ipc` for `struct ipc_namespace`.
    var namespace: String? {
      let words = record?.split(separator: " ").last.map { $0.split(separator: "_") } ?? []
      let name = words.filter { $0 != "namespace" && $0 != "ns" }.joined(separator: " ")
      return name == "net" ? "network" : name.isEmpty ? nil : name
    }
  }

  /// What an `extra` points to.
  struct Bound: Hashable, Codable {
    let object: MemoryObject
    let variable: String
    let isStatic: Bool
    let offset: Int
    let type: IntegerType
    /// nil where the variable stands in another file.
    let number: Int128?
  }
}

/// The tables of the files that were asked for, each read once.
final class SysctlTables {
  private let program: Program
  private var known: [String: [SysctlEntry]] = [:]
  /// Where a table, or the file that may hold one, could not be read: a sentence.
  private(set) var unreadable: [SourceLocation: String] = [:]

  init(program: Program) { self.program = program }

  /// Whether the file's text has an entry at all: other records have a field `data`, too.
  func mayHold(_ file: String) -> Bool {
    if let found = known[file] { return !found.isEmpty }
    return CTokens(program.bytes(file)).all.contains { $0.text == "procname" || $0.text == "ctl_table" }
  }

  /// In the file's order. Tables within functions are not among them; those that can't be read are in `unreadable`.
  ///
  /// - Throws: `UserError` when the tree does not hold the file.
  func entries(of file: String) throws -> [SysctlEntry] {
    if let found = known[file] { return found }
    let found: FileEntries
    do { found = try program.fact("sysctl tables", of: file, bodies: false) { read($0, file) } } catch let error
      as UnreadableFile
    {
      unreadable[SourceLocation(file: file, line: 1)] = error.why
      known[file] = []
      return []
    }
    for table in found.unreadable { unreadable[table.location] = table.why }
    known[file] = found.entries
    return found.entries
  }

  /// What one file's parse says.
  private struct FileEntries: Codable {
    struct Unreadable: Codable {
      let location: SourceLocation
      let why: String
    }

    var entries: [SysctlEntry] = []
    var unreadable: [Unreadable] = []
  }

  private func read(_ parsed: ParsedFile, _ file: String) -> FileEntries {
    var all = FileEntries()
    let reading = TableReading(
      program: program, file: file, parsed: parsed, outline: SourceOutline(program.bytes(file)))
    all.entries = parsed.unit.root.children
      .filter { $0.kind == .variableDeclaration && program.location($0).file == file }
      .flatMap { table -> [SysctlEntry] in
        guard reading.isTable(table), let error = program.firstError(in: table) else {
          return reading.entries(of: table)
        }
        all.unreadable.append(
          FileEntries.Unreadable(
            location: error.location, why: "\(table.spelling) does not compile: \(error.message)"))
        return []
      }
    return all
  }
}

/// Reads the tables of one parse.
private struct TableReading {
  let program: Program
  let file: String
  let parsed: ParsedFile
  let outline: SourceOutline
  private var paths: MemoryPathReader { MemoryPathReader(program: program) }

  func isTable(_ variable: Cursor) -> Bool {
    (variable.type.isArray ? variable.type.element : variable.type).recordName == Self.record
  }

  func entries(of variable: Cursor) -> [SysctlEntry] {
    guard let list = variable.initializer, list.kind == .initializerList else { return [] }
    if variable.type.recordName == Self.record {
      return entry(list, variable.type, variable.spelling).map { [$0] } ?? []
    }
    guard variable.type.isArray, variable.type.element.recordName == Self.record else { return [] }
    return list.children.compactMap { item in
      // `[index] = { … }`
      let value = item.kind == .unexposedExpression ? item.children.last ?? item : item
      return entry(value, variable.type.element, variable.spelling)
    }
  }

  private static let record = "struct ctl_table"

  private func entry(_ list: Cursor, _ type: CType, _ table: String) -> SysctlEntry? {
    guard list.kind == .initializerList else { return nil }
    var fields: [String: Cursor] = [:]
    let names = type.fields.map(\.fieldName)
    for (position, item) in list.children.enumerated() {
      let named = item.children.filter { $0.kind == .memberReference }.map(\.spelling)
      if let name = named.last, let value = item.children.last {
        fields[name] = value
      } else if names.indices.contains(position), fields.isEmpty || fields[names[position]] == nil {
        fields[names[position]] = item
      }
    }
    guard let quoted = fields["procname"].map(MemoryPathReader.stripped), quoted.kind == .stringLiteral else {
      return nil
    }
    let handler = fields["proc_handler"].map(MemoryPathReader.stripped).flatMap { handler in
      handler.referenced?.kind == .functionDeclaration ? handler.spelling : handler.children.last?.spelling
    }
    let place = fields["data"] ?? list
    return SysctlEntry(
      procname: String(quoted.spelling.dropFirst().dropLast()), table: table, line: program.location(place).line,
      nameLine: program.location(quoted).line, file: file,
      data: fields["data"].flatMap { data($0, size: fields["maxlen"]) }, handler: handler,
      isRanged: handler.map(isRanged) ?? false, minimum: fields["extra1"].flatMap(bound),
      maximum: fields["extra2"].flatMap(bound))
  }

  private func data(_ cursor: Cursor, size: Cursor?) -> SysctlEntry.Data? {
    guard let path = paths.address(cursor), case .variable(let object) = path.root,
      let declaration = path.declaration
    else { return nil }
    var element = path.type
    while element.isArray { element = element.element }
    guard let width = element.size, width > 0 else { return nil }
    let whole = size.flatMap { $0.evaluatedInteger() }.flatMap { $0 > 0 ? Int(clamping: $0) : nil }
    let bytes = whole ?? (path.type.isArray ? path.type.size : nil) ?? width
    // As many as the table says, but no more than that a table can be of use for.
    let count = min(max(1, bytes / width), 1024)
    let (field, fieldRecord) = lastField(cursor)
    let type = element.integer
    let definition = type.flatMap { _ in DefinedVariable(path.variable(in: parsed), program: program) }
    let initial = (0..<count).compactMap { position in
      type.flatMap { definition?.part(at: path.offset + position * width * 8, $0) }
    }
    return SysctlEntry.Data(
      object: object, variable: declaration.spelling, isStatic: declaration.isStatic,
      record: declaration.type.recordName, offset: path.offset, width: width * 8, count: count, type: type,
      text: text(cursor), field: field, fieldRecord: fieldRecord, isWhole: path.type.isArray, initial: initial)
  }

  private func lastField(_ cursor: Cursor) -> (name: String?, record: String?) {
    var inner = MemoryPathReader.stripped(cursor)
    while [.unaryOperator, .subscript_, .binaryOperator].contains(inner.kind), let next = inner.children.first {
      inner = MemoryPathReader.stripped(next)
    }
    guard inner.kind == .memberAccess, let base = inner.children.first?.type else { return (nil, nil) }
    return (inner.spelling, (base.isPointer ? base.pointee : base).recordName)
  }

  private func text(_ cursor: Cursor) -> String {
    let text = program.text(cursor)
    return String(text.drop { $0 == "&" || $0 == "(" }).filter { !$0.isWhitespace }
  }

  /// Whether the function keeps to the table's bounds: it is one of the kernel's `proc_…minmax`, or hands the table on to one.
  private func isRanged(_ handler: String) -> Bool {
    if Self.isMinmax(handler) { return true }
    guard let function = outline.function(handler) else { return false }
    return outline.tokens[function.body].contains { Self.isMinmax($0.text) }
  }

  private static func isMinmax(_ name: String) -> Bool { name.hasPrefix("proc_") && name.contains("minmax") }

  private func bound(_ cursor: Cursor) -> SysctlEntry.Bound? {
    guard let path = paths.address(cursor), case .variable(let object) = path.root,
      let declaration = path.declaration, let type = path.type.integer ?? path.type.element.integer
    else { return nil }
    return SysctlEntry.Bound(
      object: object, variable: declaration.spelling, isStatic: declaration.isStatic, offset: path.offset, type: type,
      number: DefinedVariable(path.variable(in: parsed), program: program)?.part(at: path.offset, type).number)
  }
}

extension MemoryPath {
  /// The definition of a path's variable in a file, where that has it.
  fileprivate func variable(in file: ParsedFile) -> Cursor? {
    declaration.flatMap { $0.initializer != nil ? $0 : file.variables[$0.spelling] }
  }
}

/// What a definition puts at one place of a variable.
struct DefinedPart: Hashable, Codable {
  /// Bits from the variable's start.
  let offset: Int
  let number: Int128?
  /// As the source has it; nil where it could not be read.
  let text: String?
  let location: SourceLocation
}

/// A variable's definition in one parse.
struct DefinedVariable {
  private let program: Program
  private let cursor: Cursor
  private let initializer: StaticInitializer
  private let isReadable: Bool

  /// nil for a declaration that defines nothing.
  init?(_ cursor: Cursor?, program: Program) {
    guard let cursor, cursor.initializer != nil || !cursor.isExtern else { return nil }
    (self.cursor, self.program) = (cursor, program)
    initializer = StaticInitializer(cursor, program: program)
    isReadable = program.firstError(in: cursor) == nil
  }

  func part(at offset: Int, _ type: IntegerType) -> DefinedPart {
    guard isReadable else {
      return DefinedPart(offset: offset, number: nil, text: nil, location: program.location(cursor))
    }
    return switch initializer.content(at: offset, type) {
    case .number(let number, let value):
      DefinedPart(
        offset: offset, number: number, text: value.map(program.text) ?? "0",
        location: program.location(value ?? cursor))
    case .expression(let value):
      DefinedPart(offset: offset, number: nil, text: program.text(value), location: program.location(value))
    case .unreadable: DefinedPart(offset: offset, number: nil, text: nil, location: program.location(cursor))
    }
  }
}
