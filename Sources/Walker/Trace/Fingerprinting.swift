internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Makes what a check compares, out of a walk that is done.
struct Fingerprinting {
  private let machine: Machine
  private let program: Program
  private let chain: [CallNode]
  private let kept: [CallNode]
  private let names: CanonicalNames
  /// A test is asked after a call that succeeded.
  private let testNames: CanonicalNames
  private let events: [SourceLocation: [WalkEvent]]

  /// - Parameter assuming: what holds when a test is asked.
  init(
    machine: Machine, renaming: [String: Expression], assuming: Expression, chain: [CallNode], side: [CallNode],
    stored: [(Expression, field: String)], implies: @escaping Implication
  ) {
    self.machine = machine
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
    events = Dictionary(grouping: machine.events, by: \.location)
  }

  /// Throws `UserError` when libcrypto can't hash.
  func make(_ sites: [AnchorSite], tracked: TrackedPosition?) throws -> Fingerprints {
    let given = try names.conditions(chain.last?.guards ?? []) ?? []
    return Fingerprints(
      functions: try functions(sites), sites: try prints(sites + choices(sites)), given: given,
      exits: try exits(except: given), happenings: try happenings(), tracked: tracked)
  }

  private func names(in node: CallNode) -> CanonicalNames {
    node.path.contains(where: \.isTest) ? testNames : names
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

  // MARK: - Conditions

  private func exits(except given: [ConditionPrint]) throws -> [ConditionPrint] {
    let members = Set(kept.map(\.id))
    let onTheWay = Set(given.map(\.text))
    var seen: Set<String> = []
    var found: [ConditionPrint] = []
    for event in machine.events where event.kind == .exit && members.contains(event.node.id) {
      guard let condition = event.values.first else { continue }
      // The opposite of an exit is what has to be true to go on.
      let names = names(in: event.node)
      func beyond(_ condition: Expression) throws -> [ConditionPrint]? {
        let last = Guard(expression: condition, location: event.location, source: event.source)
        return try names.conditions(event.guards + [last], after: event.guards.count)
      }
      guard let leaves = try beyond(condition) else { continue }
      if let stays = try beyond(.not(condition)), stays.allSatisfy({ onTheWay.contains($0.text) }) { continue }
      for print in leaves where seen.insert(print.text).inserted {
        found.append(print)
      }
    }
    return found.sorted { $0.text < $1.text }
  }

  /// Within a test its own conditions count; elsewhere all from the entry on. Nil where they can't all hold.
  private func conditions(_ event: WalkEvent) throws -> [ConditionPrint]? {
    let root = event.node.path.first { $0.isTest }
    return try names(in: event.node).conditions(event.guards, after: root?.guards.count ?? 0)
  }

  private func conditions(of node: CallNode) throws -> [ConditionPrint]? {
    let root = node.path.first { $0.isTest }
    return try names(in: node).conditions(node.guards, after: root?.guards.count ?? 0)
  }

  // MARK: - Functions

  private func functions(_ sites: [AnchorSite]) throws -> [FunctionPrint] {
    var prints: [String: FunctionPrint] = [:]
    for node in kept where prints[node.name] == nil {
      let behaviour = try behaviour(node)
      let isOnChain = chain.contains { $0 === node }
      prints[node.name] = try print(
        node.definition, name: node.name, behaviour: behaviour, role: node.isTest ? .test : isOnChain ? .path : .side,
        caller: node.parent?.name)
    }
    for name in Set(sites.compactMap(\.function)).sorted() where prints[name] == nil {
      guard let definition = definition(of: name) else { continue }
      prints[name] = try print(definition, name: name, behaviour: nil, role: nil, caller: nil)
    }
    return prints.values.sorted { $0.name < $1.name }
  }

  private func definition(of name: String) -> Cursor? {
    if let node = kept.first(where: { $0.name == name || $0.name == "SYSC_" + name.dropFirst("sys_".count) }) {
      return node.definition
    }
    return program.noting { try program.definition(of: name, near: nil) { _ in true } }?.0
  }

  private func print(
    _ definition: Cursor, name: String, behaviour: String?, role: Frame.Role?, caller: String?
  ) throws -> FunctionPrint {
    let text = TokenText(bytes(of: definition))
    let location = program.location(definition)
    let body = definition.children.last { $0.kind == .compoundStatement }?.end?.line ?? location.line
    return FunctionPrint(
      name: name, location: location, endLine: max(definition.end?.line ?? location.line, body),
      text: try text.digest(without: name),
      sketch: text.sketch(without: name), behaviour: behaviour,
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

  /// What happened in the function and in those that it entered, in no order. A call that was entered is what happened in
  /// it, so a helper that is made of a part of the function changes nothing.
  private func behaviour(_ node: CallNode) throws -> String {
    var members: Set<Int> = []
    func add(_ node: CallNode) {
      members.insert(node.id)
      node.children.forEach(add)
    }
    add(node)
    let entered = Set(machine.nodes.filter { members.contains($0.id) && $0 !== node }.map(\.reachedBy.location))
    var lines: Set<String> = []
    for event in machine.events where members.contains(event.node.id) {
      if event.kind == .call, entered.contains(event.location) { continue }
      if event.kind == .condition || event.kind == .returned && event.node !== node { continue }
      if let line = try line(event, in: node) { lines.insert(line) }
    }
    return try Digest.of(lines.sorted().joined(separator: "\n"))
  }

  /// Nil where it can't happen.
  private func line(_ event: WalkEvent, in node: CallNode) throws -> String? {
    let names = names(in: node)
    guard let given = try names.conditions(event.guards, after: node.guards.count) else { return nil }
    return "\(try words(event, names)) \(given.map(\.text).sorted())"
  }

  private func words(_ event: WalkEvent, _ names: CanonicalNames) throws -> String {
    let values = try event.values.map(names.text).joined(separator: ", ")
    return switch event.kind {
    case .call: "call \(event.name)(\(values))"
    case .store: "store \(values) in \(CanonicalNames.short(event.name))"
    case .condition, .exit, .returned: "\(event.kind.rawValue) \(values)"
    }
  }

  /// What happened in the functions that are shown, each once, told apart by its words and by the conditions within its
  /// function.
  private func happenings() throws -> [Happening] {
    let path = Dictionary(kept.map { ($0.id, $0) }) { first, _ in first }
    let entered = Set(machine.nodes.map(\.reachedBy.location))
    var seen: Set<String> = []
    var found: [Happening] = []
    for event in machine.events where event.kind != .condition && event.kind != .exit {
      guard let node = event.node.path.last(where: { path[$0.id] != nil }) else { continue }
      if event.kind == .call, entered.contains(event.location) { continue }
      if event.kind == .returned && event.node !== node { continue }
      guard let line = try line(event, in: node), seen.insert("\(node.name) \(line)").inserted else { continue }
      found.append(
        Happening(
          function: node.name, text: try words(event, names(in: node)), digest: try Digest.of(line),
          location: event.location))
    }
    return found.sorted { ($0.function, $0.text, $0.digest) < ($1.function, $1.text, $1.digest) }
  }

  // MARK: - Places

  private func prints(_ sites: [AnchorSite]) throws -> [SitePrint] {
    let texts = try sites.map(text)
    var readers: [String: SiteReader] = [:]
    var order: [String: [Int]] = [:]
    for position in sites.indices { order[sites[position].function ?? "", default: []].append(position) }
    for (function, positions) in order {
      order[function] = positions.sorted { sites[$0].range.start < sites[$1].range.start }
      if !function.isEmpty, let definition = definition(of: function) {
        readers[function] = try SiteReader(program: program, definition: definition)
      }
    }
    return try sites.indices.map { position in
      let site = sites[position]
      let neighbours = order[site.function ?? ""] ?? []
      let rank = neighbours.firstIndex(of: position) ?? 0
      func neighbour(_ others: some Sequence<Int>) -> String? {
        site.function == nil ? nil : others.first { texts[$0] != texts[position] }.map { texts[$0] }
      }
      let read = try site.function.flatMap { try readers[$0]?.read(site) }
      let (value, given) = try executed(site)
      return SitePrint(
        site: site, text: texts[position], shape: try read?.taken.shape ?? declared(site),
        expansion: read?.taken.expansion, uses: read?.taken.uses ?? [], value: value, given: given ?? read?.given ?? [],
        before: neighbour(neighbours[..<rank].reversed()),
        after: neighbour(neighbours.dropFirst(rank + 1)))
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

  /// A declaration's type.
  private func declared(_ site: AnchorSite) throws -> String? {
    guard site.role == .declaration, let name = site.names.first else { return nil }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    for parsed in program.parsedFiles {
      guard let record = parsed.records[parts[0]] else { continue }
      let fields = record.type.fields.filter { parts.count == 1 || $0.spelling == parts[1] }
      return try Digest.of(
        fields.map { "\($0.spelling) \($0.type.integer?.name ?? $0.type.canonical.spelling)" }.joined(separator: "\n"))
    }
    return nil
  }

  /// What the walk computed at the place, and under which conditions.
  private func executed(_ site: AnchorSite) throws -> (value: String?, given: [ConditionPrint]?) {
    if site.role == .entry {
      guard let node = kept.first(where: { program.location($0.definition) == site.range.start }) else {
        return (nil, nil)
      }
      return (try behaviour(node), try conditions(of: node))
    }
    if site.role == .clamp || site.role == .assign { return try step(site) }
    let kind: WalkEvent.Kind? =
      switch site.role {
      case .guardBranch: .condition
      case .call: .call
      case .store: .store
      case .returned: .returned
      default: nil
      }
    guard let kind else { return (nil, nil) }
    let all = (events[site.range.start] ?? []).filter { event in
      event.kind == kind && (kind == .condition || kind == .returned || site.names.contains(event.name))
    }
    let shown = all.filter { event in kept.contains { $0 === event.node } }
    // A function that was entered in passing.
    let here = try (shown.isEmpty ? all : shown).filter { try conditions($0) != nil }
    guard let first = here.first else { return (nil, nil) }
    // A loop comes by more than once.
    let values = try here.map { event in
      let arguments = try event.values.map(names(in: event.node).text).joined(separator: ", ")
      return event.name.isEmpty ? arguments : "\(event.name)(\(arguments))"
    }
    var seen: Set<String> = []
    return (values.filter { seen.insert($0).inserted }.joined(separator: "; "), try conditions(first))
  }

  private func step(_ site: AnchorSite) throws -> (String?, [ConditionPrint]?) {
    for node in kept {
      let steps = node.steps.filter {
        $0.range.start == site.range.start && ($0.kind == .clamp || $0.kind == .assign)
      }
      guard let last = steps.last else { continue }
      return (try names(in: node).text(last.value), try conditions(of: node))
    }
    return (nil, nil)
  }
}

extension Expression {
  fileprivate var isPlainInput: Bool { if case .input = kind { true } else { false } }
}
