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
    guard let variable = try program.declarations(of: file).variables[name],
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

  private static let limit = 150

  /// Tables of other architectures and of tools are not of this kernel.
  private static func isCompiled(_ file: String) -> Bool {
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

  /// Tables of the record whose initializer gives values by their place.
  private func positional(record: String, field: String) throws -> Set<TableFunction>? {
    let words = record.split(separator: " ").map(String.init)
    guard let tag = words.last, words.count == 2 else { return nil }
    var found: Set<TableFunction> = []
    var files: Set<String> = []
    let mark = Array("\(words[0]) \(tag)".utf8)
    for hit in try program.tree.answer(.mention(tag, below: ""))
    where hit.file.hasSuffix(".c") || hit.file.hasSuffix(".h") {
      guard files.insert(hit.file).inserted, Self.mayHoldTable(program.bytes(hit.file), mark) else { continue }
      let names = Self.positionalTables(of: words, CTokens(program.bytes(hit.file)).all.map(\.text))
      if names.isEmpty { continue }
      guard hit.file.hasSuffix(".c") else { return nil }
      let unit = try program.declarations(of: hit.file)
      for name in names {
        guard let variable = unit.variables[name], let initializer = variable.initializer else { continue }
        guard let functions = Self.functions(in: initializer, of: variable.type, field: field) else { return nil }
        found.formUnion(functions.map { TableFunction(name: $0, file: hit.file) })
      }
    }
    return found
  }

  /// Whether some `struct tag name … = {` may stand in the text: what is only declared or pointed to needs no reading.
  private static func mayHoldTable(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
    var at = 0
    while at + mark.count < bytes.count {
      guard bytes[at] == mark[0], bytes[at..<(at + mark.count)].elementsEqual(mark) else {
        at += 1
        continue
      }
      at += mark.count
      var end = at
      while end < bytes.count, ![0x3b, 0x28, 0x29, 0x2c, 0x7b, 0x2a].contains(bytes[end]) { end += 1 }
      if end < bytes.count, bytes[end] == 0x7b, bytes[at..<end].contains(0x3d) { return true }
    }
    return false
  }

  /// Variables of the record whose initializer begins with a value.
  static func positionalTables(of record: [String], _ tokens: [String]) -> [String] {
    var names: [String] = []
    for position in tokens.indices.dropLast(6) where tokens[position] == record[0] && tokens[position + 1] == record[1]
    {
      var at = position + 2
      while at < tokens.count, ["*", "const"].contains(tokens[at]) || tokens[at].hasPrefix("__") { at += 1 }
      guard at < tokens.count, tokens[at].first.map({ $0.isLetter || $0 == "_" }) == true else { continue }
      let name = tokens[at]
      at += 1
      while at < tokens.count, tokens[at] != "=", ![";", "(", ",", ")", "{"].contains(tokens[at]) { at += 1 }
      guard at + 1 < tokens.count, tokens[at] == "=", tokens[at + 1] == "{" else { continue }
      at += 1
      while at < tokens.count, tokens[at] == "{" { at += 1 }
      guard at < tokens.count, tokens[at] != ".", tokens[at] != "}" else { continue }
      if tokens[at] == "[" {
        // `[X] = { .field = … }`
        let rest = tokens[at...].prefix(24)
        if rest.contains(".") { continue }
      }
      names.append(name)
    }
    return names
  }

  /// The functions that an initializer gives a field, in a table or an array of tables; nil where a value is no function.
  static func functions(in list: Cursor, of type: CType, field: String) -> Set<String>? {
    var type = type
    var list = list
    while list.kind != .initializerList, let inner = list.children.last { list = inner }
    if type.isArray {
      type = type.element
      var found: Set<String> = []
      for child in list.children {
        guard let inner = functions(in: child, of: type, field: field) else { return nil }
        found.formUnion(inner)
      }
      return found
    }
    let fields = type.fields.map(\.spelling)
    var found: Set<String> = []
    for (position, child) in list.children.enumerated() {
      let designated = child.children.first { $0.kind == .memberReference }?.spelling
      guard (designated ?? (fields.indices.contains(position) ? fields[position] : "")) == field else { continue }
      found.formUnion(functionNames(in: child))
    }
    return found
  }

  static func functionNames(in cursor: Cursor) -> [String] {
    if cursor.kind == .declarationReference, cursor.referenced?.kind == .functionDeclaration {
      return [cursor.spelling]
    }
    return cursor.children.flatMap(functionNames)
  }
}
