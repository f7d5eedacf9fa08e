internal import WalkerModel

/// What a result rests on, from the reads that it was made of: each effect that may have changed one of them.
struct ObligationFinder {
  let machine: Machine
  let modSets: ModSets
  let trust: [Walkthrough.Trust]

  /// In the order in which the effects happened. Everything that was not followed is there once for each field.
  ///
  /// - Parameter counts: of what was read as it was before the entry, by its input, whether it counts.
  func obligations(_ rests: Rests, counts: (String) -> Bool = { _ in true }) -> [Obligation] {
    var found: [Obligation] = machine.lost
    var calls: [Int: CallAnswer] = [:]
    for number in machine.restsTable.reads(rests) {
      let read = machine.reads[number]
      if let input = read.input, !counts(input) { continue }
      for index in read.effects {
        let effect = machine.effects[index]
        if let given = trust.first(where: { $0.holds(within: effect.within) }) {
          append(
            Obligation(
              kind: .call, subject: given.function, location: effect.location,
              why: "changes nothing that it reads itself",
              state: .trusted, how: given.because), to: &found)
          continue
        }
        switch effect.kind {
        case .call(let call): judge(call, effect, read, &calls[index, default: CallAnswer()])
        case .store(let path): append(alias(path, effect, read), to: &found)
        case .reach(_, let kind), .anything(let kind):
          append(
            Obligation(
              kind: kind, subject: effect.why, location: effect.location, why: "may write \(Self.name(read.path))",
              how: "rewrite the place, or say why it does not by `trust`"), to: &found)
        }
      }
    }
    for index in calls.keys.sorted() {
      if let answer = calls[index] { found += answer.obligations(machine.effects[index]) }
    }
    return folded(found).map(settled)
  }

  private func append(_ obligation: Obligation, to found: inout [Obligation]) {
    if !found.contains(obligation) { found.append(obligation) }
  }

  private func alias(_ path: AccessPath, _ effect: Effect, _ read: MemoryRead) -> Obligation {
    Obligation(
      kind: .alias, subject: path.text.isEmpty ? "a pointer" : path.text, location: effect.location,
      why: "may be the same memory as \(Self.name(read.path)) of \(read.path.object.name)",
      how: "take as given by `trust: [{alias: \"\(path.text)\", because: …}]` that it is not")
  }

  static func name(_ path: AccessPath) -> String {
    path.steps.last?.name ?? (path.text.isEmpty ? path.object.name : path.text)
  }

  /// What one call did to all that was read after it.
  private struct CallAnswer {
    var functions = 0
    var isHandedOnly = false
    var fields: Set<String> = []
    var open: [Obligation] = []
    var trusted: Set<String> = []

    func obligations(_ effect: Effect) -> [Obligation] {
      guard case .call(let call) = effect.kind else { return [] }
      var found = open
      if !trusted.isEmpty {
        found.append(
          Obligation(
            kind: .call, subject: call.target.name, location: effect.location,
            why: "may write \(trusted.sorted().joined(separator: ", "))", state: .trusted))
      }
      guard !fields.isEmpty else { return found }
      let others = functions - 1
      let who =
        functions < 2
        ? "writes"
        : "and the \(others) function\(others == 1 ? "" : "s") that it \(isHandedOnly ? "hands anything to" : "leads to") write"
      found.append(
        Obligation(
          kind: .call, subject: call.target.name, location: effect.location, why: "is not entered", state: .discharged,
          how: "\(call.target.name) \(who) none of \(fields.sorted().joined(separator: ", "))"))
      return found
    }
  }

  private func judge(_ call: UnenteredCall, _ effect: Effect, _ read: MemoryRead, _ answer: inout CallAnswer) {
    let field = Self.name(read.path)
    if answer.fields.contains(read.path.key) || answer.trusted.contains(field) { return }
    switch modSets.answer(call, effect.location, mayWrite: read.path) {
    case .never(let functions, let isHandedOnly):
      answer.isHandedOnly = answer.isHandedOnly || isHandedOnly
      answer.functions = max(answer.functions, functions)
      answer.fields.insert(field)
    case .trusted: answer.trusted.insert(field)
    case .may(let write):
      let how = write.function == call.target.bareName ? "" : "\(write.function)() does, "
      let obligation = Obligation(
        kind: .call, subject: call.target.name, location: effect.location, why: "may write \(field)",
        how:
          "\(how)\(write.location); take as given by `trust: [{call: \(call.target.bareName), because: …}]` that it does not"
      )
      if !answer.open.contains(obligation) { answer.open.append(obligation) }
    case .open(let gap):
      let obligation = Obligation(
        kind: gap.kind, subject: call.target.name, location: effect.location,
        why: "may write \(field): \(gap.subject) \(gap.why)\(gap.location.file.isEmpty ? "" : ", \(gap.location)")",
        how: "take as given by `trust: [{call: \(call.target.bareName), because: …}]` that it does not")
      if !answer.open.contains(obligation) { answer.open.append(obligation) }
    }
  }

  /// Open ones that differ in the field alone, as one.
  private func folded(_ all: [Obligation]) -> [Obligation] {
    var order: [String] = []
    var groups: [String: [Obligation]] = [:]
    for obligation in all {
      // What is taken on trust of a whole function is said once.
      let place = obligation.state == .trusted ? "" : "\(obligation.location)"
      let key = "\(obligation.kind.rawValue) \(obligation.subject) \(place) \(obligation.state.rawValue)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(obligation)
    }
    return order.compactMap { key in
      guard let group = groups[key], let first = group.first else { return nil }
      guard group.count > 1 else { return first }
      if first.state == .trusted { return first }
      return Obligation(
        kind: first.kind, subject: first.subject, location: first.location,
        why: first.why + (group.count > 1 ? ", and \(group.count - 1) more" : ""), state: first.state, how: first.how)
    }
  }

  /// With what the walkthrough's author vouches for.
  func settled(_ obligations: [Obligation]) -> [Obligation] { obligations.map(settled) }

  private func settled(_ obligation: Obligation) -> Obligation {
    var obligation = obligation
    if obligation.state == .discharged { return obligation }
    if let given = trust.first(where: { $0.covers(obligation) }) {
      obligation.state = .trusted
      obligation.how = given.because
    } else if obligation.state == .trusted, obligation.how.isEmpty {
      obligation.how = "what it leads to is taken on trust"
    }
    return obligation
  }
}

extension AccessPath {
  /// Paths with one key are written by the same.
  fileprivate var key: String { "\(object.name) \(extent.offset) \(extent.width) \(record ?? "")" }
}

extension UnenteredCall.Target {
  /// As a person writes it.
  var name: String {
    switch self {
    case .function(let name): "\(name)()"
    case .field(let record, let field): "\(record).\(field)"
    case .pointer(let text): text
    }
  }

  /// As `trust` names it.
  var bareName: String {
    switch self {
    case .function(let name): name
    case .field(let record, let field): "\(record).\(field)"
    case .pointer(let text): text
    }
  }
}

extension Walkthrough.Trust {
  fileprivate func covers(_ obligation: Obligation) -> Bool {
    switch what {
    case .call(let name):
      obligation.subject == name || obligation.subject == "\(name)()" || obligation.subject.hasSuffix(".\(name)")
    case .alias(let text): obligation.kind == .alias && obligation.subject == text
    case .within: false
    }
  }

  fileprivate func holds(within functions: [String]) -> Bool {
    if case .within(let name) = what { functions.contains(name) } else { false }
  }

  fileprivate var function: String { if case .within(let name) = what { "\(name)()" } else { "" } }
}
