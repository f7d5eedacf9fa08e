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
    var findings: [Finding] = []
  }

  /// - Parameters:
  ///   - formulas: the inputs of each formula that the walk made.
  ///   - origins: where each input was read, by its id.
  /// - Throws: `UserError` when the tree can't be searched, or does not hold a file that is needed.
  func find(_ formulas: [Set<Input>], origins: [String: InputOrigin]) throws -> Found {
    var matched: [(input: Input, element: Element)] = []
    let inputs = formulas.reduce(into: Set<Input>()) { $0.formUnion($1) }
    for input in inputs.sorted(by: { ($0.id, $0.type.name) < ($1.id, $1.type.name) }) {
      guard let origin = origins[input.id], origin.isInitial(input), let element = try element(origin, input.type)
      else { continue }
      matched.append((input, element))
    }
    var found = Found()
    let shared = sharedNames(matched, formulas, origins)
    for (element, places) in shared.sorted(by: { $0.key.name < $1.key.name }) {
      found.findings.append(Self.sharedName(element, places))
    }
    matched.removeAll { shared[$0.element] != nil }
    let short = Dictionary(grouping: Set(matched.map(\.element)), by: \.shortName).filter { $0.value.count == 1 }
    for (input, element) in matched {
      let knob: Knob
      if let known = found.knobs.first(where: { $0.name == element.name }) {
        knob = known
      } else {
        // Two of one last name are told apart by the whole.
        let variable = short[element.shortName] == nil ? element.name : element.shortName
        knob = try self.knob(element, named: variable, element.type ?? input.type)
        found.knobs.append(knob)
      }
      // One input, of the type that the variable has, however it is read.
      found.renaming[input.id] = .convert(
        .input(Input(id: "knob:" + knob.name, name: knob.variable, role: .knob, type: knob.type)), to: input.type)
    }
    found.knobs.sort { $0.name < $1.name }
    found.findings += tables.unreadable.sorted { $0.key < $1.key }.map { Self.unreadable($0.key, $0.value) }
    return found
  }

  /// Elements that one formula reads of two objects, which may be two namespaces with a number each.
  private func sharedNames(
    _ matched: [(input: Input, element: Element)], _ formulas: [Set<Input>], _ origins: [String: InputOrigin]
  ) -> [Element: [SourceLocation]] {
    var shared: [Element: [SourceLocation]] = [:]
    for (element, all) in Dictionary(grouping: matched, by: \.element) {
      for formula in formulas {
        let own = all.compactMap { formula.contains($0.input) ? origins[$0.input.id] : nil }
        guard Set(own.map(\.place.object)).count > 1 else { continue }
        shared[element] = Set(shared[element, default: []] + own.map(\.location)).sorted()
      }
    }
    return shared
  }

  /// Tables that can't be read, with a sentence each.
  var unreadable: [SourceLocation: String] { tables.unreadable }

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

  private func element(_ origin: InputOrigin, _ type: IntegerType) throws -> Element? {
    var seen: Set<String> = []
    for name in origin.names {
      for hit in try program.tree.answer(.initializer(field: "data"), naming: name)
      where hit.file.hasSuffix(".c") && seen.insert(hit.file).inserted && tables.mayHold(hit.file) {
        for entry in try tables.entries(of: hit.file) {
          guard let data = entry.data, let index = origin.element(of: data, type),
            let directory = try directory(entry.table, entry.file, depth: 0)
          else { continue }
          return Element(entry: entry, data: data, directory: directory, index: data.count > 1 ? index : nil)
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

extension KnobFinder {
  private static func sharedName(_ element: Element, _ places: [SourceLocation]) -> Finding {
    Finding(
      id: "walker.knob.shared", severity: .warning,
      summary:
        "\(element.name) is read of two objects that may be two namespaces, so that neither is taken for the sysctl: \(places.map { "\($0)" }.joined(separator: ", ")).",
      location: places.first, notes: ["Give each a name by `inputs:`, as the source writes it."])
  }

  private static func unreadable(_ place: SourceLocation, _ why: String) -> Finding {
    Finding(
      id: "walker.knob.unreadable", severity: .warning,
      summary: "Which sysctls \(place.file) has is not known: \(why)", location: place,
      notes: ["What they expose is named as the source names it, and has no default."])
  }
}

extension InputOrigin {
  /// The input is what stood there before the entry, rather than what some write left there.
  fileprivate func isInitial(_ input: Input) -> Bool {
    input.id == Machine.cellID(place.object, Extent(offset: place.offset, width: width(input.type)))
  }

  private func width(_ type: IntegerType) -> Int { type.width == 1 ? 8 : type.width }

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
    // A layout that an error of one of the two parses has changed is told by the fields' names.
    guard width(type) == data.width, place.bitWidth == nil,
      data.field == nil || place.lastField.map({ $0.field == data.field }) ?? true
    else { return nil }
    return starts.lazy.map { place.offset - $0 - data.offset }
      .first { $0 >= 0 && $0 % data.width == 0 && $0 / data.width < data.count }.map { $0 / data.width }
  }
}
