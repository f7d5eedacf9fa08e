internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// A function, and a file that sees it.
struct TableFunction: Hashable, Comparable {
  let name: String
  let file: String?

  static func < (left: TableFunction, right: TableFunction) -> Bool {
    (left.name, left.file ?? "") < (right.name, right.file ?? "")
  }
}

/// Who may stand in a field that holds a function, or in a table of functions.
final class TableCandidates {
  let program: Program
  private var known: [String: [TableFunction]?] = [:]

  init(program: Program) { self.program = program }

  func functions(record: String, field: String) -> [TableFunction]? {
    let name = "\(record).\(field)"
    if let found = known[name] { return found }
    let found = OpsTables(program: program).functions(record: record, field: field)
    known[name] = .some(found)
    return found
  }

  /// The functions in a table that nobody changes.
  func functions(table: String, in file: String) throws -> [String]? {
    let name = table.split(separator: ":").last.map(String.init) ?? table
    guard let variable = try program.unitApart(file).variables[name],
      let initializer = variable.initializer, variable.type.canonical.spelling.contains("const")
    else { return nil }
    return OpsTables.functionNames(in: initializer)
  }
}

struct OpsTables {
  let program: Program

  /// Every function that some initializer or assignment of the tree gives the field; nil where one can't be told.
  func functions(record: String, field: String) -> [TableFunction]? {
    do {
      var found: Set<TableFunction> = []
      let hits = try program.tree.answer(.initializer(field: field))
      // So many functions are more than is read for one call.
      guard hits.count <= Self.limit else { return nil }
      for hit in hits {
        guard let name = hit.value else { continue }
        guard let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file) else {
          // A table that can't be read may be of this record.
          found.insert(TableFunction(name: name, file: hit.file))
          continue
        }
        if block.record == record || block.isUncertain { found.insert(TableFunction(name: name, file: hit.file)) }
      }
      let writers = try program.tree.answer(.writer(field: field))
      guard writers.count <= Self.limit else { return nil }
      for hit in writers {
        guard let given = try assigned(field, hit) else { continue }
        guard let name = given.name else { return nil }
        found.insert(TableFunction(name: name, file: hit.file))
      }
      guard let positional = try positional(record: record, field: field) else { return nil }
      found.formUnion(positional)
      let functions = found.filter { !["NULL", "0"].contains($0.name) && Self.isCompiled($0.file ?? "") }
      return functions.isEmpty ? nil : functions.sorted()
    } catch {
      return nil
    }
  }

  static let limit = 150

  /// Tables of other architectures and of tools are not of this kernel.
  static func isCompiled(_ file: String) -> Bool {
    !["tools/", "scripts/", "samples/", "Documentation/"].contains { file.hasPrefix($0) }
  }

  /// `ops->field = name;`: the name; an empty answer where the line reads, or gives something else than a function.
  private func assigned(_ field: String, _ hit: IndexHit) throws -> (name: String?, Void)? {
    let tokens = CTokens(program.bytes(hit.file)).all
    for position in tokens.indices where tokens[position].line == hit.line && tokens[position].text == field {
      guard position > 0, [".", ">"].contains(tokens[position - 1].text), position + 1 < tokens.count else { continue }
      guard tokens[position + 1].text == "=" else { return (nil, ()) }
      let value = tokens[(position + 2)...].prefix { $0.text != ";" && $0.text != "," }.map(\.text)
      let words = value.filter { $0 != "&" }
      if words.count == 1, let word = words.first {
        if word == "NULL" || word == "0" { return nil }
        // A variable is no function: who it holds is not known.
        return (try isFunction(word) ? word : nil, ())
      }
      return (nil, ())
    }
    return nil
  }

  private func isFunction(_ name: String) throws -> Bool {
    if program.parsedFiles.contains(where: { $0.functions[name] != nil }) { return true }
    return try !program.tree.answer(.definition(name)).isEmpty
  }

  /// Functions in tables whose initializers give values by their place, also in records that hold such a table.
  private func positional(record: String, field: String) throws -> Set<TableFunction>? {
    var found: Set<TableFunction> = []
    var seen: Set<String> = []
    var records = [record]
    while let outer = records.popLast() {
      guard seen.insert(outer).inserted else { continue }
      let words = outer.split(separator: " ").map(String.init)
      guard words.count == 2, seen.count <= Self.mostRecords else { return nil }
      let tables = try PositionalTables(program: program, hits: program.tree.answer(.table(of: words[1])))
      guard let functions = try tables.functions(record: record, field: field) else { return nil }
      found.formUnion(functions)
      records += tables.holders
    }
    return found
  }

  private static let mostRecords = 40

  static func functionNames(in cursor: Cursor) -> [String] {
    if cursor.kind == .declarationReference, cursor.referenced?.kind == .functionDeclaration {
      return [cursor.spelling]
    }
    return cursor.children.flatMap(functionNames)
  }
}
