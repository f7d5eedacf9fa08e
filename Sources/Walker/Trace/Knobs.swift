internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Finds the sysctl that exposes a variable: the `ctl_table` entry whose `.data` is the variable's address, the
/// directory from where that table is registered, the default from the code that sets the variable.
struct KnobFinder {
  let program: Program
  let origins: [String: InputOrigin]

  struct Found {
    var knobs: [Knob] = []
    /// The knob as an input, by the id of the input that it stands for.
    var renaming: [String: Expression] = [:]
  }

  func find(_ inputs: Set<Input>) throws -> Found {
    var found = Found()
    var known: [String: Knob?] = [:]
    for input in inputs.sorted(by: { ($0.id, $0.type.name) < ($1.id, $1.type.name) }) {
      guard let origin = origins[input.id] else { continue }
      if known[origin.storage] == nil { known[origin.storage] = .some(try knob(origin, input.type)) }
      guard let knob = known[origin.storage] ?? nil else { continue }
      if !found.knobs.contains(where: { $0.name == knob.name }) { found.knobs.append(knob) }
      // One input, of the type that the variable was read with first, however else it is read.
      found.renaming[input.id] = .convert(
        .input(Input(id: "knob:" + knob.name, name: knob.variable, role: .knob, type: knob.type)), to: input.type)
    }
    found.knobs.sort { $0.name < $1.name }
    return found
  }

  private func knob(_ origin: InputOrigin, _ type: IntegerType) throws -> Knob? {
    for hit in try program.tree.answer(.initializer(field: "data"), naming: origin.name) {
      guard let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file),
        let quoted = block.fields["procname"], quoted.hasPrefix("\""), try exposes(block, hit, origin)
      else { continue }
      let name = String(quoted.dropFirst().dropLast())
      guard let folder = try directory(block.variable, hit.file, depth: 0) else { continue }
      let constants = ConstantText(program: program)
      let initial = try KnobDefault(program: program, constants: constants).find(origin, top: top(hit.file))
      let ranged = block.fields["proc_handler"]?.contains("minmax") ?? false
      return Knob(
        name: (folder + [name]).joined(separator: "."), variable: name, storage: origin.storage, type: type,
        defaultValue: initial?.number, defaultFormula: initial?.number == nil ? initial?.text : nil,
        defaultLocation: initial?.location,
        minimum: ranged ? constants.bound(block.fields["extra1"], in: hit.file) : nil,
        maximum: ranged ? constants.bound(block.fields["extra2"], in: hit.file) : nil,
        location: SourceLocation(file: hit.file, line: hit.line))
    }
    return nil
  }

  /// Whether the table's entry holds the address of that very variable, or of that field of that record: a last name in
  /// common is nothing. Where the table is not among what its file declares, the text has to do.
  private func exposes(_ block: InitializerBlock, _ hit: IndexHit, _ origin: InputOrigin) throws -> Bool {
    let isMember = block.fields["data"].map { $0.contains(".") || $0.contains("->") } ?? false
    guard isMember != origin.isGlobal else { return false }
    if origin.isGlobal { return true }
    guard let initializer = try program.declarations(of: hit.file).variables[block.variable]?.initializer else {
      return true
    }
    return holds(initializer, origin)
  }

  private func holds(_ cursor: Cursor, _ origin: InputOrigin) -> Bool {
    if cursor.kind == .memberAccess, cursor.spelling == origin.name, let base = cursor.children.first {
      let record = (base.type.isPointer ? base.type.pointee : base.type).recordName
      // A member of an anonymous record is one of the record around it, which the walk names.
      if record == nil || record.map({ "\($0).\(origin.name)" == origin.storage }) == true { return true }
    }
    return cursor.children.contains { holds($0, origin) }
  }

  private func top(_ file: String) -> String { file.split(separator: "/").first.map(String.init) ?? "" }

  /// `["net", "core"]` for a table that is registered there.
  private func directory(_ table: String, _ file: String, depth: Int) throws -> [String]? {
    guard depth < 6 else { return nil }
    let tokens = CTokens(program.bytes(file)).all.map(\.text)
    if let path = registered(table, tokens) { return path }
    for hit in try program.tree.answer(.initializer(field: "child"), naming: table) {
      guard let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file),
        let quoted = block.fields["procname"]
      else { continue }
      let above = try directory(block.variable, hit.file, depth: depth + 1) ?? []
      return above + [String(quoted.dropFirst().dropLast())]
    }
    return depth > 0 ? [] : nil
  }

  /// From a call of a registering function in the same file that is given the table, a copy of it, or nothing else.
  private func registered(_ table: String, _ tokens: [String]) -> [String]? {
    var paths: [(path: [String], mentions: Bool)] = []
    for (position, token) in tokens.enumerated()
    where token.contains("register") && token.contains("sysctl") && position + 1 < tokens.count
      && tokens[position + 1] == "("
    {
      let arguments = tokens[(position + 2)...].prefix { $0 != ";" }
      let mentions = arguments.contains(table)
      if let literal = arguments.first(where: { $0.hasPrefix("\"") }) {
        paths.append((literal.dropFirst().dropLast().split(separator: "/").map(String.init), mentions))
      } else if let path = arguments.lazy.compactMap({ procnames($0, tokens) }).first {
        paths.append((path, mentions))
      }
    }
    if let own = paths.first(where: \.mentions) { return own.path }
    return Set(paths.map(\.path)).count == 1 ? paths.first?.path : nil
  }

  /// The names of a `ctl_path` array of the file.
  private func procnames(_ variable: String, _ tokens: [String]) -> [String]? {
    guard variable.contains("path"),
      let start = tokens.indices.first(where: {
        tokens[$0] == variable && $0 + 1 < tokens.count && tokens[$0 + 1] == "["
      })
    else { return nil }
    let body = Array(tokens[start...].prefix { $0 != ";" })
    let names = body.indices.dropLast(2).filter { body[$0] == "procname" && body[$0 + 2].hasPrefix("\"") }
    return names.isEmpty ? nil : names.map { String(body[$0 + 2].dropFirst().dropLast()) }
  }
}
