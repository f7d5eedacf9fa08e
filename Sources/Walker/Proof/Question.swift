internal import WalkerFormula
internal import WalkerModel

/// What a claim being right means: conditions of which each must be impossible.
struct Question {
  /// Each a conjunction; an input that makes all of its parts true refutes the claim.
  let refutations: [[Expression]]

  /// `asksWhereNotReached`: the claim has to say `never` where there is no result.
  init(
    _ derived: Derivation, _ claim: Claim, _ domains: [Input: ClosedRange<Int128>], asksWhereNotReached: Bool = true
  ) {
    var refutations: [[Expression]]
    switch derived.form {
    case .stored(let value):
      refutations = Self.stored(derived, value, claim, domains)
    case .threshold(let counter, let test):
      refutations = Self.threshold(derived, counter, derived.wholeTest ?? test, claim, domains)
    }
    let isOfInputs = derived.counter.map { !derived.reachedWhen.inputs.contains($0) } ?? true
    if asksWhereNotReached, isOfInputs, !derived.reachedWhen.isConstantTrue {
      refutations.append([
        derived.assuming, .not(derived.undefinedWhen), Self.bounds(domains), .not(derived.reachedWhen),
        .not(claim.neverWhen),
      ])
    }
    self.refutations = refutations
  }

  private static func stored(
    _ derived: Derivation, _ value: Expression, _ claim: Claim, _ domains: [Input: ClosedRange<Int128>]
  ) -> [[Expression]] {
    let says = Expression.and(.not(claim.neverWhen), .not(claim.value.noValueWhen))
    return [derived.given + [bounds(domains), .or(.not(says), .not(sameNumber(value, claim.value)))]]
  }

  private static func threshold(
    _ derived: Derivation, _ counter: Input, _ test: Expression, _ claim: Claim,
    _ domains: [Input: ClosedRange<Int128>]
  ) -> [[Expression]] {
    let given = derived.given + [bounds(domains.filter { $0.key != counter })]
    let (value, never) = (claim.value, claim.neverWhen)
    let type = counter.type.unsigned
    let fits = Expression.and(
      .compare(.greaterOrEqual, value, .constant(0, value.type)),
      value.type.maximum <= type.maximum
        ? .true : .compare(.lessOrEqual, value, .constant(type.maximum, value.type)))
    let limit = Expression.convert(value, to: type)
    let isNumber = Expression.and(.not(value.noValueWhen), fits)
    let isBefore = Expression.compare(.less, .convert(.input(counter), to: type), limit)
    // The claim has no number that a counter can have, or the test is not true at it.
    let isLate = given + [.not(never), .not(.and(isNumber, test.substituting([counter: limit])))]
    // The test is true before; it is true although the claim says never. Each of its reasons by itself: Z3 is quicker
    // about several small questions than about one.
    return [isLate] + test.disjuncts.map { given + [.not(never), isNumber, isBefore, $0] }
      + test.disjuncts.map { given + [never, $0] }
  }

  static func bounds(_ domains: [Input: ClosedRange<Int128>]) -> Expression {
    let ordered = domains.sorted { ($0.key.name, $0.key.id) < ($1.key.name, $1.key.id) }
    return .and(
      ordered.flatMap { input, range -> [Expression] in
        let type = input.type
        var conditions: [Expression] = []
        if range.lowerBound > type.minimum {
          conditions.append(
            range.lowerBound > type.maximum
              ? .false
              : .compare(.greaterOrEqual, .input(input), .constant(range.lowerBound, type)))
        }
        if range.upperBound < type.maximum {
          conditions.append(
            range.upperBound < type.minimum
              ? .false
              : .compare(.lessOrEqual, .input(input), .constant(range.upperBound, type)))
        }
        return conditions
      })
  }

  /// `bool`: equal as numbers, whatever the two types.
  static func sameNumber(_ left: Expression, _ right: Expression) -> Expression {
    if left.type.holds(right.type) { return .compare(.equal, left, right) }
    if right.type.holds(left.type) { return .compare(.equal, right, left) }
    let (signed, unsigned) = left.type.isSigned ? (left, right) : (right, left)
    return .and(
      .compare(.greaterOrEqual, signed, .constant(0, signed.type)),
      .compare(.equal, unsigned, .convert(signed, to: unsigned.type)))
  }
}
