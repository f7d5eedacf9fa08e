internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Decides what annotations state in `holds:`.
///
///     calls NAME                      never calls NAME
///     stores FIELD                    stores FIELD as EXPRESSION
///     FIRST before SECOND             each `NAME()`, or `store FIELD`
///     returns VALUE when CONDITION    a branch that leaves, or all of what is returned where the condition holds
///     returns VALUE                   always
///     default KNOB == NUMBER          range KNOB == LEAST..GREATEST
///
/// Each is about the annotation's function, or about another one: `calls NAME in FUNCTION`; of alternatives, `FACT or FACT`,
/// one has to hold. Expressions are C over the
/// fields, parameters and calls of the function, by their last names, and the kernel's constants.
struct StatedFacts {
  let program: Program
  let meanings: PlaceMeanings
  let knobs: [Knob]
  let implies: Implication

  enum Decision {
    case isTrue
    case isFalse(String, SourceLocation?)
    case unknown(String)
  }

  /// Throws `UserError` when libcrypto can't hash.
  func decide(_ walkthrough: Walkthrough) throws -> [FactPrint] {
    try walkthrough.annotations.flatMap { annotation in
      try annotation.holds.map { fact in
        let functions = annotation.anchor.function
        let (state, why, location): (FactPrint.State, String, SourceLocation?) =
          switch try decide(fact.text, functions) {
          case .isTrue: (.isTrue, "", nil)
          case .isFalse(let why, let place): (.isFalse, why, place)
          case .unknown(let why): (.unknown, why, nil)
          }
        return FactPrint(
          annotation: annotation.id, text: fact.text, statedAt: fact.location, state: state, why: why,
          location: location)
      }
    }
  }

  /// One of several, `FACT or FACT`, is enough.
  private func decide(_ text: String, _ functions: [String]) throws -> Decision {
    let plain = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let alternatives = plain.split(separator: " or ").map(String.init)
    guard alternatives.count > 1 else { return try decideOne(plain, functions) }
    var answer: Decision?
    for alternative in alternatives {
      let decision = try decideOne(alternative, functions)
      if case .isTrue = decision { return decision }
      if case .unknown? = answer { continue }
      answer = decision
    }
    return answer ?? .unknown("it says nothing")
  }

  private func decideOne(_ plain: String, _ functions: [String]) throws -> Decision {
    if let match = plain.wholeMatch(of: /(.+) in (\w+)(?:\(\))?/) {
      return try decideOne(String(match.1), [String(match.2)])
    }
    if let match = plain.wholeMatch(of: /default ([\w.]+) == (.+)/) {
      return standard(String(match.1), String(match.2))
    }
    if let match = plain.wholeMatch(of: /range ([\w.]+) == (-?\d*)\.\.(-?\d*)/) {
      return range(String(match.1), String(match.2), String(match.3))
    }
    guard let (name, walk) = functions.lazy.compactMap({ name in self.meanings.walk(name).map { (name, $0) } }).first
    else {
      return .unknown(
        "\(functions.isEmpty ? "it names no function" : "this kernel has no \(functions.joined(separator: " or ")) that could be followed")"
      )
    }
    guard walk.isWhole else { return .unknown("\(name)() is too long to be followed") }
    if let match = plain.wholeMatch(of: /(never )?calls (\w+)(?:\(\))?/) {
      return calls(String(match.2), isNever: match.1 != nil, name, walk)
    }
    if let match = plain.wholeMatch(of: /stores ([\w .]+?)(?: as (.+))?/) {
      return try stores(String(match.1), match.2.map(String.init), name, walk)
    }
    if let match = plain.wholeMatch(of: /(store )?([\w.]+)(?:\(\))? before (store )?([\w.]+)(?:\(\))?/) {
      return order((match.1 != nil, String(match.2)), (match.3 != nil, String(match.4)), name, walk)
    }
    if let match = plain.wholeMatch(of: /returns (.+?)(?: when (.+))?/) {
      return try returns(String(match.1), match.2.map(String.init), name, walk)
    }
    return .unknown("that is no sentence that walker decides: see Documentation/format.md")
  }

  // MARK: - Knobs

  private func standard(_ name: String, _ value: String) -> Decision {
    guard let knob = knobs.first(where: { $0.name == name || $0.variable == name }) else {
      return .unknown("the walk reads no sysctl \(name)")
    }
    let found = knob.defaultValue.map(String.init) ?? knob.defaultFormula
    guard let found else { return .unknown("its default was not found") }
    if found == value || knob.defaultValue != nil && knob.defaultValue == ConstantText(program: program).number(value) {
      return .isTrue
    }
    return .isFalse("it starts at \(found)", knob.defaultLocation ?? knob.location)
  }

  private func range(_ name: String, _ least: String, _ greatest: String) -> Decision {
    guard let knob = knobs.first(where: { $0.name == name || $0.variable == name }) else {
      return .unknown("the walk reads no sysctl \(name)")
    }
    let ends = [knob.minimum, knob.maximum].map { $0.map(String.init) ?? "" }
    return ends == [least, greatest]
      ? .isTrue : .isFalse("it takes \(ends == ["", ""] ? "anything" : ends.joined(separator: ".."))", knob.location)
  }

  // MARK: - Acts

  private func calls(_ callee: String, isNever: Bool, _ name: String, _ walk: OwnWalk) -> Decision {
    let call = walk.events.first { $0.kind == .call && lastComponent($0.name) == callee }
    if isNever {
      return call.map { .isFalse("\(name)() calls \(callee)()", $0.location) } ?? .isTrue
    }
    return call == nil ? .isFalse("\(name)() does not call \(callee)()", place(walk)) : .isTrue
  }

  private func place(_ walk: OwnWalk) -> SourceLocation { program.location(walk.root.definition) }

  private func isOf(_ event: WalkEvent, _ field: String) -> Bool {
    event.name == field || CanonicalNames.short(event.name) == field || lastComponent(event.name) == field
  }

  private func stores(_ field: String, _ value: String?, _ name: String, _ walk: OwnWalk) throws -> Decision {
    let stores = walk.events.filter { $0.kind == .store && isOf($0, field) }
    guard let first = stores.first else { return .isFalse("\(name)() does not store \(field)", place(walk)) }
    guard let value else { return .isTrue }
    guard let wanted = expression(value, walk, first.guards) else {
      return .unknown("\"\(value)\" speaks of something that \(name)() does not")
    }
    for store in stores {
      guard let stored = store.values.first else { continue }
      if implies(.and(store.guards.map(\.expression)), .compare(.equal, stored, .convert(wanted, to: stored.type))) {
        return .isTrue
      }
    }
    return .isFalse("\(name)() stores something else in \(field)", first.location)
  }

  private func order(
    _ first: (isStore: Bool, name: String), _ second: (isStore: Bool, name: String), _ name: String, _ walk: OwnWalk
  ) -> Decision {
    func positions(_ act: (isStore: Bool, name: String)) -> [Int] {
      walk.events.indices.filter { position in
        let event = walk.events[position]
        return act.isStore
          ? event.kind == .store && isOf(event, act.name)
          : event.kind == .call && lastComponent(event.name) == act.name
      }
    }
    let (earlier, later) = (positions(first), positions(second))
    func missing(_ act: (isStore: Bool, name: String)) -> Decision {
      .isFalse("\(name)() does not \(act.isStore ? "store \(act.name)" : "call \(act.name)()")", place(walk))
    }
    guard let start = earlier.first else { return missing(first) }
    guard let end = later.first else { return missing(second) }
    return start < end
      ? .isTrue : .isFalse("\(name)() has them the other way round", walk.events[end].location)
  }

  // MARK: - What is returned

  private func returns(_ value: String, _ condition: String?, _ name: String, _ walk: OwnWalk) throws -> Decision {
    guard let returned = walk.returned else { return .unknown("what \(name)() returns is not known") }
    let names = value.wholeMatch(of: /E[A-Z0-9]+/) != nil ? "-\(value)" : value == "NULL" ? "0" : value
    guard let wanted = expression(names, walk, []) else {
      return .unknown("\"\(value)\" speaks of something that \(name)() does not")
    }
    let isWanted = Expression.compare(.equal, returned, .convert(wanted, to: returned.type))
    guard let condition else {
      return implies(.true, isWanted) ? .isTrue : .isFalse("\(name)() returns something else as well", place(walk))
    }
    guard let holds = expression(condition, walk, [])?.isTrue else {
      return .unknown("\"\(condition)\" speaks of something that \(name)() does not")
    }
    if implies(holds, isWanted) { return .isTrue }
    // A branch that leaves for that reason, though others may have left before it.
    var nearest: SourceLocation?
    for exit in walk.events where exit.kind == .exit && exit.node === walk.root {
      guard let leaving = exit.values.first else { continue }
      let above = Expression.and(exit.guards.map(\.expression))
      let isThatCondition =
        implies(.and(above, holds), leaving) && implies(.and(above, leaving), holds)
      if !Set(leaving.inputs).isDisjoint(with: holds.inputs) { nearest = nearest ?? exit.location }
      guard isThatCondition else { continue }
      return implies(.and(above, leaving), isWanted)
        ? .isTrue : .isFalse("\(name)() returns something else then", exit.location)
    }
    return .isFalse("\(name)() has no branch that returns \(value) just then", nearest ?? place(walk))
  }

  // MARK: - Expressions

  /// C over what the function reads and asks, by last names; nil where a name is not one of these.
  private func expression(_ text: String, _ walk: OwnWalk, _ guards: [Guard]) -> Expression? {
    var names: [String: Expression] = [:]
    var doubtful: Set<String> = []
    let all = walk.events.flatMap { $0.values + $0.guards.map(\.expression) } + [walk.returned].compactMap(\.self)
    for input in Set(all.flatMap(\.inputs)).sorted(by: { $0.id < $1.id }) {
      let full = meanings.names.name(input)
      var last = full.split(separator: ">").last.map(String.init) ?? full
      if last.hasSuffix("()") { last = String(last.dropLast(2)) }
      last = lastComponent(last)
      guard last.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { continue }
      if let known = names[last], case .input(let other) = known.kind, meanings.names.name(other) != full {
        doubtful.insert(last)
      } else {
        names[last] = names[last] ?? .input(input)
      }
    }
    for (position, parameter) in walk.root.definition.arguments.enumerated() {
      if let own = names["argument\(position + 1)"] { names[parameter.spelling] = own }
    }
    let plain = text.replacing("()", with: "")
    for _ in 0..<12 {
      do throws(ClaimError) {
        return try Claim.parse(plain, names: names.filter { !doubtful.contains($0.key) }).value
      } catch {
        guard let name = error.unknownName, names[name] == nil, let number = constant(name) else { return nil }
        names[name] = .constant(number, (-0x8000_0000...0x7fff_ffff).contains(number) ? .s32 : .s64)
      }
    }
    return nil
  }

  /// An enumerator of the walked units, or a macro of the headers.
  private func constant(_ name: String) -> Int128? {
    for parsed in program.parsedFiles {
      for declaration in parsed.unit.root.children where declaration.kind == .enumDeclaration {
        if let found = declaration.children.first(where: { $0.kind == .enumConstant && $0.spelling == name }) {
          return Int128(Int64(bitPattern: found.enumConstantBits))
        }
      }
    }
    return ConstantText(program: program).number(name)
  }
}
