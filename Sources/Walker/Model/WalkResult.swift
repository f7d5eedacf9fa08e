/// What a walkthrough asks about: derived from the source, then compared with what the walkthrough claims.
public struct WalkResult: Sendable, Codable {
  /// An observation's kind, as JSON has it.
  public typealias Kind = ObservationKind

  public enum Proof: String, Sendable, Codable {
    /// Equal to the era's claim for every input for which the C is defined.
    case proved
    /// There is a formula, and something that it rests on is neither seen, nor discharged, nor trusted: `restsOn` lists it.
    case conditional
    /// No era's claim is right; the counterexample is against the nearest.
    case refuted
    /// The source in front of us does not give the value; a finding says why.
    case notDerivable = "not-derivable"
    /// Not proved in time, or nothing is claimed.
    case unproved
    /// The kernel has nothing of the kind, and the walkthrough says that some have not.
    case absent
  }

  public let id: String
  /// As the walkthrough words what is asked.
  public let title: String?
  public let kind: Kind
  public let derivation: Derivation?
  /// The derived formula as text; a sentence beginning `not derivable:` where there is none.
  public let formula: String
  /// The field that receives it, or the test function.
  public let subject: String
  public let location: SourceLocation?
  public let era: String?
  public let proof: Proof
  public let counterexample: Counterexample?
  /// In words and C, the inputs for which the C has no value.
  public let undefinedWhen: String?
  /// What the result holds under: the path's conditions, as text.
  public let assumptions: [String]
  /// For a threshold whether a longer queue is always full, too; nil for a stored result, and where it was not decided.
  public let isMonotone: Bool?
  /// Where a threshold is not monotone: inputs for which the test is true at a length, and not at a greater one.
  public let relapse: Relapse?
  /// What the walk did not follow and the result rests on, and how each was settled.
  public let restsOn: [Obligation]

  /// Obligations that nothing settles.
  public var openObligations: [Obligation] { restsOn.filter { $0.state == .open } }

  public init(
    id: String, kind: Kind, derivation: Derivation?, formula: String, subject: String,
    location: SourceLocation?, era: String?, proof: Proof, counterexample: Counterexample?,
    undefinedWhen: String?, assumptions: [String], isMonotone: Bool? = nil, relapse: Relapse? = nil,
    title: String? = nil, restsOn: [Obligation] = []
  ) {
    self.id = id
    self.title = title
    self.kind = kind
    self.derivation = derivation
    self.formula = formula
    self.subject = subject
    self.location = location
    self.era = era
    self.proof = proof
    self.counterexample = counterexample
    self.undefinedWhen = undefinedWhen
    self.assumptions = assumptions
    self.isMonotone = isMonotone
    self.relapse = relapse
    self.restsOn = restsOn
  }
}

/// Inputs for which a threshold's test is true at `full`, and false again at `notFull`, which is greater.
public struct Relapse: Sendable, Hashable, Codable {
  public let inputs: [Counterexample.NamedNumber]
  public let full: Int128
  public let notFull: Int128

  public init(inputs: [Counterexample.NamedNumber], full: Int128, notFull: Int128) {
    self.inputs = inputs
    self.full = full
    self.notFull = notFull
  }
}

/// The formula of a result.
public struct Derivation: Sendable, Codable, Hashable {
  public enum Form: Sendable, Codable, Hashable {
    /// What is observed: what the field holds, what is returned; of a refusal whether there is one.
    case stored(Expression)
    /// The smallest value of the counter (0 up to all bits of its type, counted without a sign) for which `test` is true.
    case threshold(counter: Input, test: Expression)
  }

  public let form: Form
  /// `bool`: the inputs for which there is a value at all (the store is reached); true where always.
  public let reachedWhen: Expression
  /// `bool`: the inputs for which the C is undefined; false where never.
  public let undefinedWhen: Expression
  /// `bool`: what was assumed of untracked conditions to stay on the path; true where nothing was.
  public let assuming: Expression
  /// For a threshold, the closed form that was proved to be that smallest value; nil while none is known.
  public let closedForm: Expression?
  /// `bool`: the inputs for which a threshold is never reached; nil while not known.
  public let neverWhen: Expression?

  public init(
    form: Form, reachedWhen: Expression, undefinedWhen: Expression, assuming: Expression,
    closedForm: Expression? = nil, neverWhen: Expression? = nil
  ) {
    self.form = form
    self.reachedWhen = reachedWhen
    self.undefinedWhen = undefinedWhen
    self.assuming = assuming
    self.closedForm = closedForm
    self.neverWhen = neverWhen
  }
}

/// An input for which two formulas differ.
public struct Counterexample: Sendable, Hashable, Codable {
  /// By input name, sorted by name.
  public let inputs: [NamedNumber]
  /// What the source gives; nil: the threshold is never reached.
  public let derived: Int128?
  /// What the claim says; nil: never.
  public let claimed: Int128?
  /// The era whose claim it is.
  public let era: String

  public init(inputs: [NamedNumber], derived: Int128?, claimed: Int128?, era: String) {
    self.inputs = inputs
    self.derived = derived
    self.claimed = claimed
    self.era = era
  }

  public struct NamedNumber: Sendable, Hashable, Codable {
    public let name: String
    public let number: Int128

    public init(name: String, number: Int128) {
      self.name = name
      self.number = number
    }
  }
}
