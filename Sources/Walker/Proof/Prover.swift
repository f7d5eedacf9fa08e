public import WalkerFormula
public import WalkerModel

// The Proof layer: whether two expressions are equal for all inputs, and if not, an input that shows it. It is the only
// importer of CZ3.
//
//   Prover        the questions: satisfiable, equivalent, a claim against a derivation, a threshold's closed form, an era
//   Question      what a claim being right means, as one condition that must be impossible
//   Witness       from some input that refutes to one with small, telling numbers
//   Examples      models that are kept, so that what they refute need not be asked
//   Solver        one Z3 context; Encoder, PrimitiveEncoding: expressions as terms over bits; IntegerEncoder: over numbers
//
// A proof is *sound*: `proved` is said only when Z3 found no input that refutes. What Z3 does not decide within the
// limits is `unproved`, never equal. A counterexample is evaluated again without Z3 before it is shown.

/// What came of a claim.
public enum Verdict: Sendable, Hashable {
  /// Right for every input for which the C is defined.
  case proved
  case refuted(Counterexample)
  case unproved(reason: String)
}

/// What came of comparing two expressions.
public enum Equivalence: Sendable, Hashable {
  case proved
  /// Some input for which they differ.
  case refuted([Input: Int128])
  case unproved(reason: String)
}

/// Proves, within limits. Keeps what it has encoded: use one for one kernel's results, from one task at a time.
public final class Prover {
  let solver: Solver

  /// Throws a `UserError` when Z3 cannot be started.
  public init(limits: ProofLimits = ProofLimits()) throws {
    guard let solver = Solver(limits: limits) else {
      throw UserError("Z3 could not be started: not enough memory for a context")
    }
    self.solver = solver
  }

  /// nil: not decided within the limits.
  public func isSatisfiable(_ condition: Expression) -> Bool? {
    switch solver.check([condition]) {
    case .impossible: false
    case .possible: true
    case .unknown: nil
    }
  }

  /// `condition` is true wherever `assumption` is; nil: not decided within the limits.
  public func implies(_ assumption: Expression, _ condition: Expression) -> Bool? {
    isSatisfiable(.and(assumption, .not(condition))).map { !$0 }
  }

  /// Many questions under one assumption, which Z3 takes in once.
  public func given(_ assumption: Expression) -> Given {
    Given(assumption: assumption, session: solver.session([assumption]))
  }

  /// What an assumption decides.
  public final class Given {
    private let assumption: Expression
    private let session: Solver.Session?
    private var examples = Examples()

    init(assumption: Expression, session: Solver.Session?) {
      self.assumption = assumption
      self.session = session
    }

    /// `condition` is true wherever the assumption and all `others` are; nil: not decided within the limits.
    public func implies(_ condition: Expression, when others: [Expression] = []) -> Bool? {
      if examples.refute(condition, when: [assumption] + others) { return false }
      switch session?.check(assuming: others + [.not(condition)]) {
      case .impossible: return true
      case .possible(let model):
        examples.add(model)
        return false
      case .unknown, nil: return nil
      }
    }
  }

  /// The same number wherever `assumption` is true and both expressions have a value. Types may differ.
  public func equivalent(
    _ left: Expression, _ right: Expression, assuming assumption: Expression = .true
  ) -> Equivalence {
    let conditions = [
      assumption, .not(left.noValueWhen), .not(right.noValueWhen), .not(Question.sameNumber(left, right)),
    ]
    return switch solver.check(conditions) {
    case .impossible: .proved
    case .possible(let inputs): .refuted(inputs)
    case .unknown(let reason): .unproved(reason: reason)
    }
  }

  /// Whether the claim is right for every input within `domains` for which the C is defined and the assumptions hold.
  ///
  /// A *stored* value is compared where the store is reached, as the bits that the field holds when the claim is as wide
  /// as the field or narrower, and as a number when it is wider; `never` exactly where it is not reached. For a
  /// *threshold* the claim must be the smallest counter for which the test is true, and `never` exactly where there is
  /// none.
  ///
  /// A counterexample uses the `typical` number of an input where that shows the difference as well.
  public func equal(
    derived: Derivation, claim: Claim, era: String = "", domains: [Input: ClosedRange<Int128>] = [:],
    typical: [Input: Int128] = [:]
  ) -> Verdict {
    if saysTheSame(derived, claim, domains) { return .proved }
    let question = Question(derived, claim, domains)
    var undecided: String?
    for refutation in question.refutations {
      switch solver.check(refutation) {
      case .impossible: continue
      case .unknown(let reason): undecided = reason
      case .possible(let inputs):
        let witness = Witness(solver: solver, refutation: refutation, counter: derived.counter, typical: typical)
        return verdict(witness.minimized(from: inputs), derived, claim, era)
      }
    }
    return undecided.map { .unproved(reason: "Z3 did not decide it within its limits (\($0))") } ?? .proved
  }

  /// The claim is the threshold's closed form in other words. That form is proved, and to compare two formulas costs
  /// little against proving one right of every counter.
  private func saysTheSame(_ derived: Derivation, _ claim: Claim, _ domains: [Input: ClosedRange<Int128>]) -> Bool {
    guard let closed = derived.closedForm, let never = derived.neverWhen else { return false }
    let differs = Expression.or(
      .binary(.xor, never, claim.neverWhen),
      .and(.not(claim.neverWhen), .or(claim.value.noValueWhen, .not(Question.sameNumber(closed, claim.value)))))
    if case .impossible = solver.check(derived.given + [Question.bounds(domains), differs]) { return true }
    return false
  }

  /// The counterexample, computed anew without Z3.
  private func verdict(
    _ witness: Witness.Found, _ derived: Derivation, _ claim: Claim, _ era: String
  ) -> Verdict {
    let claimed: Int128?
    do throws(EvaluationError) {
      claimed = try claim.evaluate(witness.inputs)
    } catch {
      return .unproved(reason: "the claim has no value for \(witness.named): \(error)")
    }
    var number: Int128?
    do throws(DerivationError) {
      number = try derived.searched.evaluate(witness.inputs)
    } catch .notReached {
      number = nil
    } catch {
      return .unproved(reason: "for \(witness.named): \(error)")
    }
    if number == claimed {
      return .unproved(reason: "Z3 and walker's own evaluation disagree for \(witness.named)")
    }
    return .refuted(
      Counterexample(inputs: witness.shown, derived: number, claimed: claimed, era: era))
  }
}

extension Derivation {
  /// Without closed form: what the source's own test says.
  var searched: Derivation {
    Derivation(form: form, reachedWhen: reachedWhen, undefinedWhen: undefinedWhen, assuming: assuming)
  }
}
