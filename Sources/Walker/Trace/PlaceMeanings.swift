internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What places mean in their own function, whoever calls it: each function is walked in its own right, and a place is what
/// happens there, under which conditions, what the function then returns, and what comes before and after it.
final class PlaceMeanings {
  private let machine: Machine
  let names: CanonicalNames
  private let definition: (String) -> Cursor?
  private let closed: Set<String>
  private var walks: [String: OwnWalk] = [:]
  private var missing: Set<String> = []

  /// - Parameter closed: functions that are compared in their own right, so that a place that asks them stays as it is
  ///   where they change.
  init(machine: Machine, closed: Set<String>, definition: @escaping (String) -> Cursor?) {
    self.closed = closed
    self.machine = machine
    self.definition = definition
    names = CanonicalNames(machine: machine, renaming: [:]) { _, _ in false }
  }

  func walk(_ function: String) -> OwnWalk? {
    if let known = walks[function] { return known }
    guard !missing.contains(function), let definition = definition(function),
      let walk = machine.walkApart(definition, closed: closed.subtracting([function]))
    else {
      missing.insert(function)
      return nil
    }
    walks[function] = walk
    return walk
  }

  /// Nil where the walk does not come by. Throws `UserError` when libcrypto can't hash.
  func meaning(of site: AnchorSite) throws -> SitePrint.Meaning? {
    guard let function = site.function, let walk = walk(function), walk.isWhole else { return nil }
    if site.role == .entry { return try wholeFunction(walk) }
    guard let kind = Self.kind(site.role) else { return nil }
    let here = (walk.here[site.range.start] ?? []).filter { position in
      let event = walk.events[position]
      return event.kind == kind && (event.name.isEmpty || site.names.contains(event.name))
    }
    guard let first = here.first.map({ walk.events[$0] }) else { return nil }
    // A loop comes by more than once.
    var seen: Set<String> = []
    let values = try here.flatMap { try walk.events[$0].values.map(names.text) }
    let given = try names.conditions(first.guards) ?? []
    let (earlier, later) = order(of: here[0], in: walk, site.role)
    let inputs = (here.flatMap { walk.events[$0].values } + first.guards.map(\.expression)).flatMap(\.inputs)
    var meaning = SitePrint.Meaning(
      values: here.count > 1 ? values.filter { seen.insert($0).inserted } : values, given: given, earlier: earlier,
      later: later, asks: Self.asked(inputs))
    if kind == .condition, let condition = first.values.first {
      meaning.returns = try returns(condition, first.guards, walk)
      meaning.leaves = leaves(at: site.range.start, condition, walk)
    }
    return meaning
  }

  private static func kind(_ role: Anchor.Role) -> WalkEvent.Kind? {
    switch role {
    case .guardBranch: .condition
    case .call: .call
    case .store: .store
    case .returned: .returned
    default: nil
    }
  }

  /// What the function returns where the condition is true, and where it is false; nothing where it returns none.
  private func returns(_ condition: Expression, _ guards: [Guard], _ walk: OwnWalk) throws -> [String] {
    guard let returned = walk.returned else { return [] }
    return try [condition, .not(condition)].map { holds in
      let value = returned.simplified(under: .and(guards.map(\.expression) + [holds]))
      return value.printedSize(upTo: Self.outcomeLimit) < Self.outcomeLimit ? try names.text(value) : ""
    }
  }

  /// Whether the branch leaves where its condition is true; nil where it does not leave, or both ways do.
  private func leaves(at place: SourceLocation, _ condition: Expression, _ walk: OwnWalk) -> Bool? {
    let exit = walk.events.first { $0.kind == .exit && $0.location == place && $0.node === walk.root }
    return exit?.values.first.map { $0 == condition }
  }

  private static let outcomeLimit = 40

  // MARK: - Order

  /// What others can tell from a store or a call: stores, and calls of what is not one of the kernel's own services, that
  /// come before it and after it on one way.
  private func order(of position: Int, in walk: OwnWalk, _ role: Anchor.Role) -> ([String], [String]) {
    guard role == .store || role == .call else { return ([], []) }
    let event = walk.events[position]
    var (earlier, later): (Set<String>, Set<String>) = ([], [])
    for (other, happened) in walk.events.enumerated() where other != position {
      guard let name = visible(happened, walk), happened.location != event.location || happened.node !== event.node,
        !excludes(happened.guards, event.guards)
      else { continue }
      // Two stores, of one object, are told apart by nobody who does not look in between.
      if role == .store, happened.kind == .store { continue }
      if other < position { earlier.insert(name) } else { later.insert(name) }
    }
    return (earlier.subtracting(later).sorted(), later.subtracting(earlier).sorted())
  }

  /// `sk_state` of a store, `get_port()` of a call that is not looked into.
  private func visible(_ event: WalkEvent, _ walk: OwnWalk) -> String? {
    switch event.kind {
    case .store: return event.name.contains(".") ? lastComponent(event.name) : nil
    case .call:
      guard !event.name.isEmpty, !walk.entered.contains(event.location), !CoreServices.writesNothing(event.name),
        !event.name.hasPrefix("__builtin")
      else { return nil }
      return event.name + "()"
    default: return nil
    }
  }

  private func excludes(_ left: [Guard], _ right: [Guard]) -> Bool {
    left.contains { one in
      right.contains { $0.location == one.location && $0.expression == .not(one.expression) }
    }
  }

  // MARK: - Whole functions

  /// What happens in the function and in those that it enters: a helper that is made of a part of it changes nothing.
  private func wholeFunction(_ walk: OwnWalk) throws -> SitePrint.Meaning {
    var acts: Set<String> = []
    var inputs: [Input] = []
    for event in walk.events {
      let words: String
      switch event.kind {
      case .store where event.name.contains("."):
        words = "store \(CanonicalNames.short(event.name)) \(try event.values.map(names.text).joined(separator: " "))"
      case .call:
        guard visible(event, walk) != nil else { continue }
        words = "call \(event.name)"
      case .returned where event.node === walk.root:
        words = "return \(try event.values.map(names.text).joined(separator: " "))"
      default: continue
      }
      guard let given = try names.conditions(event.guards) else { continue }
      inputs += event.values.flatMap(\.inputs)
      let conditions = given.map(\.text).sorted().joined(separator: " ")
      acts.insert(conditions.isEmpty ? words : "\(words) when \(try Digest.of(conditions).prefix(8))")
    }
    return SitePrint.Meaning(values: acts.sorted(), asks: Self.asked(inputs))
  }

  // MARK: - Answers

  /// The functions whose numbers, or pointers, are asked for.
  static func asked(_ inputs: some Sequence<Input>) -> [String] {
    Set(
      inputs.compactMap { input -> String? in
        guard input.role == .opaque, !input.id.contains("@") else { return nil }
        let id = input.id.hasPrefix("&") ? input.id.dropFirst() : input.id[...]
        guard id.hasPrefix("call:"), let end = id.firstIndex(of: "#") else { return nil }
        let name = String(id[id.index(id.startIndex, offsetBy: 5)..<end])
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? name : nil
      }
    ).sorted()
  }

  /// What the functions answer that these places ask, and those that they ask in turn, some calls deep.
  func answers(to places: [SitePrint.Meaning], text: (Cursor) throws -> String) throws -> [AnswerPrint] {
    var prints: [String: AnswerPrint] = [:]
    var next = Set(places.flatMap(\.asks))
    for _ in 0..<Self.depth {
      var found: Set<String> = []
      for name in next.sorted() where prints[name] == nil && prints.count < Self.most {
        guard !CoreServices.writesNothing(name), !closed.contains(name), let definition = definition(name) else {
          continue
        }
        let walk = walk(name)
        let returned = walk?.isWhole == true ? walk?.returned : nil
        let asks = Self.asked(returned?.inputs ?? []).filter { $0 != name }
        prints[name] = AnswerPrint(
          name: name, location: machine.program.location(definition), value: try returned.map(names.text),
          text: try text(definition), asks: asks)
        found.formUnion(asks)
      }
      next = found
    }
    return prints.values.sorted { $0.name < $1.name }
  }

  private static let depth = 3
  private static let most = 60
}
