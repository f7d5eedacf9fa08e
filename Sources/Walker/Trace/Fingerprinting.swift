internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Makes what a check compares, out of a walk that is done.
struct Fingerprinting {
  private let machine: Machine
  private let program: Program
  private let walkthrough: Walkthrough
  private let chain: [CallNode]
  private let kept: [CallNode]
  private let names: CanonicalNames
  /// A test is asked after a call that succeeded.
  private let testNames: CanonicalNames
  private let implies: Implication

  /// - Parameter assuming: what holds when a test is asked.
  init(
    machine: Machine, walkthrough: Walkthrough, renaming: [String: Expression], assuming: Expression,
    chain: [CallNode], side: [CallNode], stored: [(Expression, field: String)], implies: @escaping Implication
  ) {
    self.machine = machine
    self.walkthrough = walkthrough
    self.implies = implies
    program = machine.program
    self.chain = chain
    kept = chain + side
    names = CanonicalNames(machine: machine, renaming: renaming, implies: implies)
    let given = assuming.substituting(renaming).simplified
    // However a stored result came about: that is compared where it is proved.
    let known = stored.map { ($0.simplified(under: given), CanonicalNames.short($1)) }
      .filter { $0.0.constantNumber == nil && !$0.0.isPlainInput }
    testNames = CanonicalNames(
      machine: machine, renaming: renaming, assuming: given, known: Dictionary(known) { first, _ in first },
      implies: implies)
  }

  /// - Parameter knobs: the knobs' names, by the ids of the inputs that stand for them.
  /// - Throws: `UserError` when libcrypto can't hash.
  func make(
    _ sites: [AnchorSite], knobs: [String: String], _ found: [Knob], tracked: TrackedPosition?
  ) throws -> Fingerprints {
    // Before functions are walked in their own right, which the walk's names do not speak of.
    let given = try names.conditions(chain.last?.guards ?? []) ?? []
    let reads = knobReads(knobs)
    let meanings = PlaceMeanings(machine: machine, closed: tests, definition: definition)
    let prints = try prints(sites + choices(sites), meanings)
    let answers = try meanings.answers(to: prints.filter(isAnnotated).compactMap(\.meaning)) { definition in
      try TokenText(bytes(of: definition)).digest(without: definition.spelling)
    }
    let named = kept.map(\.definition) + Set(sites.compactMap(\.function)).compactMap(definition)
    let counters = try CounterSearch(
      program: program, meanings: meanings, files: Set(named.map { program.location($0).file })
    ).find(counters)
    return Fingerprints(
      functions: try functions(sites, answers.map(\.name) + counters.map(\.function)), sites: prints, given: given,
      answers: answers, knobReads: reads, counters: counters,
      facts: try StatedFacts(program: program, meanings: meanings, knobs: found, implies: implies).decide(walkthrough),
      knownNames: knownNames(), tracked: tracked)
  }

  /// Of `struct a.b` all parts have to stand somewhere.
  private func knownNames() -> [String] {
    let names = Set(walkthrough.annotations.flatMap(\.names).map(\.text))
    guard !names.isEmpty else { return [] }
    func words(_ name: String) -> [String] {
      name.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    }
    var missing = Set(names.flatMap(words))
    let opened = Set(program.parsedFiles.flatMap { $0.unit.includedFiles.compactMap(program.relative) })
    for file in opened.sorted() where !missing.isEmpty {
      missing.subtract(WordSearch.found(missing, in: program.bytes(file)))
    }
    return names.filter { name in words(name).allSatisfy { !missing.contains($0) } }.sorted()
  }

  private var thresholds: [Observation.Threshold] { walkthrough.results.compactMap(\.subject.threshold) }

  /// The tests that say of themselves what their result is.
  private var tests: Set<String> { Set(thresholds.filter(\.until.isEmpty).flatMap(\.test)) }

  /// `struct widget.taken`
  private var counters: [String] {
    var found: [String] = []
    for counter in thresholds.map(\.counter).joined() {
      for part in counter.split(separator: " - ").map(String.init) where !found.contains(part) { found.append(part) }
    }
    return found
  }

  /// An annotation may be bound there.
  private func isAnnotated(_ print: SitePrint) -> Bool {
    let site = print.site
    return walkthrough.annotations.contains { annotation in
      let anchor = annotation.anchor
      return anchor.role == site.role && (site.function.map(anchor.function.contains) ?? true)
        && anchor.mentions.allSatisfy(site.mentions.contains)
        && (anchor.of.isEmpty || !Set(anchor.of).isDisjoint(with: site.names))
    }
  }

  private func names(in node: CallNode) -> CanonicalNames {
    node.path.contains(where: \.isTest) ? testNames : names
  }

  /// Over which field each knob was reached, or the global variable that holds it.
  private func knobReads(_ knobs: [String: String]) -> [String: [String]] {
    var reads: [String: Set<String>] = [:]
    for (id, knob) in knobs {
      let steps = names.name(ofID: id).split(separator: ">").map { $0.hasSuffix("-") ? $0.dropLast() : $0 }
      guard steps.count > 1, let last = steps.dropLast().last else { continue }
      reads[knob, default: []].insert(String(last))
    }
    return reads.mapValues { $0.sorted() }
  }

  /// The conditions of `?:`, which no anchor names: an `if` may become one.
  private func choices(_ sites: [AnchorSite]) -> [AnchorSite] {
    var found: [AnchorSite] = []
    func visit(_ cursor: Cursor, _ function: String) {
      if cursor.kind == .conditional, !cursor.isFromMacro, let condition = cursor.children.first {
        found.append(
          AnchorSite(
            role: .guardBranch, function: function, names: [], mentions: [], range: program.range(condition),
            isTracked: false))
      }
      for child in cursor.children { visit(child, function) }
    }
    for node in kept { visit(node.definition, node.name) }
    let known = Set(sites.map(\.range))
    return found.filter { !known.contains($0.range) }
  }

  // MARK: - Functions

  private func functions(_ sites: [AnchorSite], _ others: [String]) throws -> [FunctionPrint] {
    var prints: [String: FunctionPrint] = [:]
    for node in kept where prints[node.name] == nil {
      let isOnChain = chain.contains { $0 === node }
      prints[node.name] = try print(
        node.definition, name: node.name, role: node.isTest ? .test : isOnChain ? .path : .side,
        caller: node.parent?.name)
    }
    for name in Set(sites.compactMap(\.function) + others).sorted() where prints[name] == nil {
      guard let definition = definition(of: name) else { continue }
      prints[name] = try print(definition, name: name, role: nil, caller: nil)
    }
    return prints.values.sorted { $0.name < $1.name }
  }

  private func definition(of name: String) -> Cursor? {
    if let node = kept.first(where: { $0.name == name || $0.name == "SYSC_" + name.dropFirst("sys_".count) }) {
      return node.definition
    }
    for parsed in program.parsedFiles { if let found = parsed.functions[name] { return found } }
    return nil
  }

  private func print(
    _ definition: Cursor, name: String, role: Frame.Role?, caller: String?
  ) throws -> FunctionPrint {
    let text = TokenText(bytes(of: definition))
    let location = program.location(definition)
    let body = definition.children.last { $0.kind == .compoundStatement }?.end?.line ?? location.line
    return FunctionPrint(
      name: name, location: location, endLine: max(definition.end?.line ?? location.line, body),
      text: try text.digest(without: name), sketch: text.sketch(without: name), pieces: text.pieces(without: name),
      calls: machine.traits(of: definition).callees.sorted(), role: role, caller: caller)
  }

  private func bytes(of definition: Cursor) -> ArraySlice<UInt8> {
    guard let start = definition.start, let path = program.relative(start.path) else { return [] }
    let body = definition.children.last { $0.kind == .compoundStatement }?.end
    let stop = max(definition.end?.offset ?? 0, body?.offset ?? 0)
    return slice(path, start.offset, stop)
  }

  private func slice(_ path: String, _ start: Int, _ stop: Int) -> ArraySlice<UInt8> {
    let bytes = program.bytes(path)
    guard start >= 0, start < stop, stop <= bytes.count else { return [] }
    return bytes[start..<stop]
  }

  // MARK: - Places

  private func prints(_ sites: [AnchorSite], _ meanings: PlaceMeanings) throws -> [SitePrint] {
    let texts = try sites.map(text)
    var readers: [String: SiteReader] = [:]
    var order: [String: [Int]] = [:]
    for position in sites.indices { order[sites[position].function ?? "", default: []].append(position) }
    for (function, positions) in order {
      order[function] = positions.sorted { sites[$0].range.start < sites[$1].range.start }
      if !function.isEmpty, let definition = definition(of: function) {
        readers[function] = SiteReader(program: program, definition: definition)
      }
    }
    return try sites.indices.map { position in
      let site = sites[position]
      let neighbours = order[site.function ?? ""] ?? []
      let rank = neighbours.firstIndex(of: position) ?? 0
      func neighbour(_ others: some Sequence<Int>) -> String? {
        site.function == nil ? nil : others.first { texts[$0] != texts[position] }.map { texts[$0] }
      }
      return SitePrint(
        site: site, text: texts[position], shape: try site.function.flatMap { try readers[$0]?.shape(site) },
        meaning: try meaning(site, texts[position], meanings), before: neighbour(neighbours[..<rank].reversed()),
        after: neighbour(neighbours.dropFirst(rank + 1)))
    }
  }

  private func meaning(_ site: AnchorSite, _ text: String, _ meanings: PlaceMeanings) throws -> SitePrint.Meaning? {
    switch site.role {
    case .clamp, .assign: return try step(site)
    case .declaration: return declared(site)
    case .table: return SitePrint.Meaning(values: site.names + site.mentions)
    case .macro: return SitePrint.Meaning(values: [number(ofMacro: site) ?? text])
    default: return try meanings.meaning(of: site)
    }
  }

  private func text(_ site: AnchorSite) throws -> String {
    if site.role == .entry, let name = site.function, let definition = definition(of: name) {
      return try TokenText(bytes(of: definition)).digest(without: definition.spelling)
    }
    let lines = LineTable(program.bytes(site.range.start.file))
    if site.role == .table || site.role == .macro {
      return try TokenText(lines.logicalLine(site.range.start.line)).digest()
    }
    return try TokenText(lines.bytes(site.range)).digest()
  }

  /// A declaration's type: of one field, or of each field of a record.
  private func declared(_ site: AnchorSite) -> SitePrint.Meaning? {
    guard let name = site.names.first else { return nil }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    for parsed in program.parsedFiles {
      guard let record = parsed.records[parts[0]] else { continue }
      func type(_ field: Cursor) -> String {
        let bits = field.isBitField ? " : \(field.bitFieldWidth)" : ""
        return (field.type.integer?.name ?? field.type.canonical.spelling) + bits
      }
      if parts.count > 1 {
        return record.type.fields.first { $0.spelling == parts[1] }.map { SitePrint.Meaning(values: [type($0)]) }
      }
      return SitePrint.Meaning(values: record.type.fields.map { "\($0.spelling) \(type($0))" })
    }
    return nil
  }

  /// Where the macro is one number.
  private func number(ofMacro site: AnchorSite) -> String? {
    let lines = LineTable(program.bytes(site.range.start.file))
    let words = TokenText(lines.logicalLine(site.range.start.line)).words.filter { $0 != "(" && $0 != ")" }
    return words.count == 4 && Int(words[3]) != nil ? words[3] : nil
  }

  /// What the walk computed there of the followed value.
  private func step(_ site: AnchorSite) throws -> SitePrint.Meaning? {
    for node in kept {
      let steps = node.steps.filter {
        $0.range.start == site.range.start && ($0.kind == .clamp || $0.kind == .assign)
      }
      guard let last = steps.last else { continue }
      return SitePrint.Meaning(values: [try names(in: node).text(last.value)])
    }
    return nil
  }
}

extension Expression {
  fileprivate var isPlainInput: Bool { if case .input = kind { true } else { false } }
}
