internal import WalkerFormula
internal import WalkerModel

/// What is not the same about a place.
struct MeaningDifference {
  enum Kind { case value, condition, outcome, order, answer }

  let kind: Kind
  /// Shown: the two differ for some inputs that both know. Else nothing proves them the same.
  let isShown: Bool
  let words: String
  /// In the checked kernel, where the difference itself has a place.
  let location: SourceLocation?
  /// Something that stood before the place is gone.
  var isLoss = false
}

/// One place in two kernels: what it computes or asks, under which conditions it is reached, what its function returns
/// then, and what comes before and after it.
struct PlaceComparison {
  let role: Anchor.Role
  let oracle: MeaningOracle
  /// The place is in another function, which may be handed what the other one looks up, and has fewer conditions.
  let isElsewhere: Bool

  func differences(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    switch role {
    case .entry: return []
    case .declaration, .macro, .table: return plain(old, new)
    case .guardBranch: return branch(old, new)
    default: return conditions(old, new) + values(old, new) + order(old, new)
    }
  }

  private func all(_ conditions: [ConditionPrint]) -> Expression {
    isElsewhere ? .true : MeaningOracle.all(conditions.map(\.text))
  }

  private func expression(_ text: String) -> Expression {
    let read = MeaningOracle.expression(text)
    return isElsewhere ? read.withoutWays : read
  }

  /// Facts that are words.
  private func plain(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    guard old.values != new.values else { return [] }
    let gone = old.values.filter { !new.values.contains($0) }
    let added = new.values.filter { !old.values.contains($0) }
    let isReadable = (gone + added).allSatisfy { $0.count < 60 && $0.wholeMatch(of: /[0-9a-f]{16}/) == nil }
    let words = "\(Self.list(gone)) became \(Self.list(added))"
    return [
      MeaningDifference(
        kind: .value, isShown: isReadable, words: isReadable ? words : "its text is another one", location: nil)
    ]
  }

  private static func list(_ words: [String]) -> String { words.isEmpty ? "nothing" : words.joined(separator: ", ") }

  // MARK: - Branches

  private func branch(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    let whole = { conditions(old, new) + values(old, new) + order(old, new) }
    guard old.values.count == 1, new.values.count == 1 else { return whole() }
    let (before, now) = (expression(old.values[0]), expression(new.values[0]))
    guard before.type == .bool, now.type == .bool else { return whole() }
    let (above, below) = (all(old.given), all(new.given))
    let taken = Expression.and(above, before)
    var (isInverted, found): (Bool, [MeaningDifference]) = (false, [])
    if oracle.compare(taken, .and(below, now)) != .same {
      if oracle.compare(taken, .and(below, .not(now))) == .same {
        isInverted = true
      } else if oracle.compare(before, now, given: .and(above, below)) == .same {
        found += conditions(old, new)
      } else {
        found.append(changed(.condition, before, now, "the condition", given: .and(above, below)))
      }
    }
    return found + outcome(old, new, taken: taken, isInverted: isInverted) + order(old, new)
  }

  /// What the function returns when the branch is one that leaves.
  private func outcome(
    _ old: SitePrint.Meaning, _ new: SitePrint.Meaning, taken: Expression, isInverted: Bool
  ) -> [MeaningDifference] {
    guard let leaves = old.leaves else { return [] }
    let goesOn = MeaningDifference(
      kind: .outcome, isShown: true, words: "the function goes on where it left", location: nil)
    guard old.returns.count == 2, new.returns.count == 2 else { return new.leaves == nil ? [goesOn] : [] }
    let position = leaves ? 0 : 1
    let (before, now) = (old.returns[position], new.returns[isInverted ? 1 - position : position])
    // What is returned says nothing where it is the same both ways.
    if new.leaves == nil, now.isEmpty || before == old.returns[1 - position] { return [goesOn] }
    guard !before.isEmpty, !now.isEmpty, before != now else { return [] }
    let (was, isNow) = (expression(before), expression(now))
    if oracle.compare(was, isNow, given: taken) == .same { return [] }
    return [changed(.outcome, was, isNow, "what is returned then", given: taken)]
  }

  // MARK: - Values

  private func values(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    guard old.values != new.values else { return [] }
    guard old.values.count == new.values.count else {
      return [MeaningDifference(kind: .value, isShown: false, words: "it is given other things", location: nil)]
    }
    let given = Expression.and(all(old.given), all(new.given))
    return zip(old.values, new.values).compactMap { before, now in
      let (was, isNow) = (expression(before), expression(now))
      return oracle.compare(was, isNow, given: given) == .same
        ? nil : changed(.value, was, isNow, noun, given: given)
    }
  }

  private var noun: String {
    switch role {
    case .call: "an argument"
    case .returned: "what is returned"
    case .store: "what is stored"
    default: "the value"
    }
  }

  /// Two things that are not proved the same.
  private func changed(
    _ kind: MeaningDifference.Kind, _ old: Expression, _ new: Expression, _ noun: String, given: Expression
  ) -> MeaningDifference {
    let (before, now) = (old.atoms, new.atoms)
    // Where each asks for something that the other does not know, they may be one by what neither shows.
    let isComparable = before.isSubset(of: now) || now.isSubset(of: before)
    let isShown = isComparable && oracle.compare(old, new, given: given) == .differs
    if let (was, isNow) = ConditionText.apart(old, new) {
      return MeaningDifference(
        kind: kind, isShown: isShown, words: "\(noun) was \(was), and is \(isNow)", location: nil)
    }
    return MeaningDifference(kind: kind, isShown: isShown, words: "\(noun) is another one", location: nil)
  }

  // MARK: - Conditions

  private func conditions(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    guard !isElsewhere else { return [] }
    let (before, now) = (all(old.given), all(new.given))
    guard before != now, oracle.compare(before, now) != .same else { return [] }
    let (was, isNow) = (before.atoms, now.atoms)
    let isComparable = was.isSubset(of: isNow) || isNow.isSubset(of: was)
    let isShown = isComparable && oracle.compare(before, now) == .differs
    let added = new.given.filter { !oracle.implies(before, MeaningOracle.condition($0.text)) }
    let gone = old.given.filter { !oracle.implies(now, MeaningOracle.condition($0.text)) }
    let location = added.first?.location
    switch (gone.first, added.first) {
    case (nil, let more?):
      return [
        MeaningDifference(
          kind: .condition, isShown: isShown, words: "it is reached only where \(Self.words(more)) as well",
          location: location)
      ]
    case (let less?, nil):
      return [
        MeaningDifference(
          kind: .condition, isShown: isShown, words: "it no longer waits for \(Self.words(less))", location: nil,
          isLoss: true)
      ]
    case (let less?, let more?):
      let (was, isNow) = ConditionText.apart(less.text, more.text)
      return [
        MeaningDifference(
          kind: .condition, isShown: isShown, words: "it is reached where \(isNow), and was where \(was)",
          location: location)
      ]
    case (nil, nil):
      return [
        MeaningDifference(
          kind: .condition, isShown: false, words: "nothing proves the conditions of the place the same",
          location: new.given.last?.location)
      ]
    }
  }

  private static func words(_ condition: ConditionPrint) -> String {
    ConditionText.of(condition.text).map { "(\($0))" } ?? "another condition holds"
  }

  // MARK: - Order

  private func order(_ old: SitePrint.Meaning, _ new: SitePrint.Meaning) -> [MeaningDifference] {
    let behind = old.earlier.filter(new.later.contains).map { "\($0) now comes after it" }
    let before = old.later.filter(new.earlier.contains).map { "\($0) now comes before it" }
    return (behind + before).map { MeaningDifference(kind: .order, isShown: true, words: $0, location: nil) }
  }
}
