internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Finds the sysctl that exposes a variable: the `ctl_table` entry whose `.data` is the address of that very object (the same
/// variable, the same bits of it), the directory from where that table is registered, the default from the variable's
/// definition or the code that sets it at start.
final class KnobFinder {
  private let program: Program
  private let tables: SysctlTables
  private let defaults: KnobDefault

  init(program: Program) {
    self.program = program
    tables = SysctlTables(program: program)
    defaults = KnobDefault(program: program)
  }

  struct Found {
    var knobs: [Knob] = []
    /// The knob as an input, by the id of the input that it stands for.
    var renaming: [String: Expression] = [:]
  }

  /// - Parameter origins: where each input was read, by its id.
  /// - Throws: `UserError` when the tree can't be searched, or a file that it needs can't be parsed.
  func find(_ inputs: Set<Input>, origins: [String: InputOrigin]) throws -> Found {
    var matched: [(input: Input, match: Match)] = []
    for input in inputs.sorted(by: { ($0.id, $0.type.name) < ($1.id, $1.type.name) }) {
      guard let origin = origins[input.id], let match = try match(origin, input.type) else { continue }
      matched.append((input, match))
    }
    let full = Dictionary(grouping: matched.map(\.match), by: \.element).keys
    let short = Dictionary(grouping: full, by: \.shortName).filter { $0.value.count == 1 }
    var found = Found()
    for (input, match) in matched {
      let knob: Knob
      if let known = found.knobs.first(where: { $0.name == match.element.name }) {
        knob = known
      } else {
        // Two of one last name are told apart by the whole.
        let variable = short[match.element.shortName] == nil ? match.element.name : match.element.shortName
        knob = try self.knob(match.element, named: variable, match.element.type ?? input.type)
        found.knobs.append(knob)
      }
      // One input, of the type that the variable has, however it is read.
      found.renaming[input.id] = .convert(
        .input(Input(id: "knob:" + knob.name, name: knob.variable, role: .knob, type: knob.type)), to: input.type)
    }
    found.knobs.sort { $0.name < $1.name }
    return found
  }

  /// One element of an entry, or the whole where it has one.
  struct Element: Hashable {
    let entry: SysctlEntry
    let data: SysctlEntry.Data
    let directory: [String]
    /// nil where there is one alone.
    let index: Int?

    private var suffix: String { index.map { "[\($0)]" } ?? "" }
    var shortName: String { entry.procname + suffix }
    var name: String { (directory + [entry.procname]).joined(separator: ".") + suffix }
    var storage: String { data.text + (data.isWhole ? suffix : "") }
    var offset: Int { data.offset + (index ?? 0) * data.width }
    var type: IntegerType? { data.type }
  }

  private struct Match {
    let element: Element
  }

  private func match(_ origin: InputOrigin, _ type: IntegerType) throws -> Match? {
    var seen: Set<String> = []
    for name in origin.names {
      for hit in try program.tree.answer(.initializer(field: "data"), naming: name)
      where hit.file.hasSuffix(".c") && seen.insert(hit.file).inserted && tables.mayHold(hit.file) {
        for entry in try tables.entries(of: hit.file) {
          guard let data = entry.data, let index = origin.element(of: data, type),
            let directory = try directory(entry.table, entry.file, depth: 0)
          else { continue }
          return Match(
            element: Element(entry: entry, data: data, directory: directory, index: data.count > 1 ? index : nil))
        }
      }
    }
    return nil
  }

  /// - Parameter type: of the variable, or of the read where its own is none of C's integers.
  func knob(_ element: Element, named variable: String, _ type: IntegerType) throws -> Knob {
    var initial: KnobDefault.Initial?
    var note: String?
    switch try defaults.find(element.entry, element.data, element: element.offset, type) {
    case .initial(let found): initial = found
    case .undecided(let why): note = why
    }
    let entry = element.entry
    return Knob(
      name: element.name, variable: variable, storage: element.storage, type: type, defaultValue: initial?.number,
      defaultFormula: initial?.number == nil ? initial?.text : nil, defaultLocation: initial?.location,
      minimum: entry.isRanged ? try defaults.number(entry.minimum) : nil,
      maximum: entry.isRanged ? try defaults.number(entry.maximum) : nil,
      location: SourceLocation(file: entry.file, line: entry.line),
      namespace: element.data.isNamespace ? element.data.namespace : nil, defaultNote: note)
  }

  /// The entries of a file, with where their table is registered; nil in place of that where it is not known.
  ///
  /// - Throws: `UserError` as `find` does.
  func entries(of file: String) throws -> [(entry: SysctlEntry, directory: [String]?)] {
    try tables.entries(of: file).map { ($0, try directory($0.table, file, depth: 0)) }
  }

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
      } else if let path = arguments.lazy.compactMap({ self.procnames($0, tokens) }).first {
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

extension InputOrigin {
  /// What the address of the object is written with last, as far as the walk knows.
  fileprivate var names: [String] {
    var text = place.text[...]
    while text.last == "]", let open = text.lastIndex(of: "[") { text = text[..<open] }
    let word = String(text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    return Set([word, place.lastField?.field ?? word, objectName]).filter { !$0.isEmpty }.sorted()
  }

  /// The variable's own name.
  private var objectName: String {
    place.object.kind == .global ? String(place.object.name.dropFirst().split(separator: ":").last ?? "") : ""
  }

  /// Which of an entry's elements was read: of that very variable, or of the initial namespace object's record where the walk
  /// knows a pointer alone. nil where it is none, or not exactly one.
  fileprivate func element(of data: SysctlEntry.Data, _ type: IntegerType) -> Int? {
    let starts: [Int] =
      switch place.object.kind {
      case .global: place.object == data.object ? [0] : []
      case .pointee, .summary:
        data.isNamespace ? place.steps.filter { $0.record == data.record }.map(\.base) : []
      case .local, .literal, .allocation, .element: []
      }
    let width = type.width == 1 ? 8 : type.width
    guard width == data.width, place.bitWidth == nil else { return nil }
    return starts.lazy.map { place.offset - $0 - data.offset }
      .first { $0 >= 0 && $0 % data.width == 0 && $0 / data.width < data.count }.map { $0 / data.width }
  }
}
