internal import CZ3
internal import WalkerFormula
internal import WalkerModel

/// One Z3 context, and the only place that hands expressions to it.
///
/// Nodes that the context makes live as long as the context: use one for one kernel's proofs, then let it go. Errors
/// are asked for after each check; nothing in Z3 aborts the process.
final class Solver {
  /// What came of a check.
  enum Answer {
    case impossible
    case possible([Input: Int128])
    case unknown(String)
  }

  let context: Z3_context
  private let limits: ProofLimits
  private lazy var encoder = Encoder(context: context)

  /// nil: Z3 gave no context.
  init?(limits: ProofLimits) {
    guard let configuration = Z3_mk_config() else { return nil }
    defer { Z3_del_config(configuration) }
    Z3_set_param_value(configuration, "model", "true")
    guard let context = Z3_mk_context(configuration) else { return nil }
    self.context = context
    self.limits = limits
    // Without a handler Z3 ends the process at an error.
    Z3_set_error_handler(context) { _, _ in }
  }

  deinit { Z3_del_context(context) }

  /// Can all conditions be true together?
  ///
  /// Bit-vectors know all of C, but sums cost them much; whole numbers are quick about sums. So what the former do not
  /// decide at once is tried with the latter.
  func check(_ conditions: [Expression]) -> Answer {
    if conditions.contains(where: \.isConstantFalse) { return .impossible }
    switch session(conditions, steps: limits.stepsAtOnce)?.check() {
    case .impossible: return .impossible
    case .possible(let numbers): return .possible(numbers)
    case .unknown, nil: break
    }
    if isImpossibleForNumbers(conditions) { return .impossible }
    return session(conditions)?.check() ?? .unknown("Z3 has no memory left")
  }

  func isImpossibleForNumbers(_ conditions: [Expression]) -> Bool {
    guard let solver = solver(for: "QF_LIA", steps: 4_000_000) else { return false }
    defer { Z3_solver_dec_ref(context, solver) }
    let encoder = IntegerEncoder(context: context)
    let terms = conditions.map { encoder.condition($0) }
    for term in terms + encoder.definitions { Z3_solver_assert(context, solver, term) }
    return Z3_solver_check(context, solver) == Z3_L_FALSE && Z3_get_error_code(context) == Z3_OK
  }

  /// Conditions asserted once, to be asked about several times. `steps`: fewer than the limits allow.
  func session(_ conditions: [Expression], steps: UInt32? = nil) -> Session? {
    guard let solver = solver(for: "QF_BV", steps: steps ?? limits.steps) else { return nil }
    let session = Session(owner: self, solver: solver, encoder: encoder)
    for condition in conditions { session.assert(condition) }
    return session
  }

  /// With a reference of its own.
  private func solver(for logic: String, steps: UInt32) -> Z3_solver? {
    guard let logic = Z3_mk_string_symbol(context, logic), let solver = Z3_mk_solver_for_logic(context, logic) else {
      return nil
    }
    Z3_solver_inc_ref(context, solver)
    if let parameters = Z3_mk_params(context) {
      Z3_params_inc_ref(context, parameters)
      Z3_params_set_uint(context, parameters, Z3_mk_string_symbol(context, "timeout"), limits.milliseconds)
      Z3_params_set_uint(
        context, parameters, Z3_mk_string_symbol(context, "rlimit"), min(steps, limits.steps))
      Z3_solver_set_params(context, solver, parameters)
      Z3_params_dec_ref(context, parameters)
    }
    return solver
  }

  /// One Z3 solver; keeps its context alive.
  final class Session {
    private let owner: Solver
    private let solver: Z3_solver
    private let encoder: Encoder
    private(set) var inputs: [Input] = []

    init(owner: Solver, solver: Z3_solver, encoder: Encoder) {
      self.owner = owner
      self.solver = solver
      self.encoder = encoder
    }

    deinit { Z3_solver_dec_ref(owner.context, solver) }

    func assert(_ condition: Expression) {
      for input in condition.inputs where !inputs.contains(input) { inputs.append(input) }
      Z3_solver_assert(owner.context, solver, encoder.condition(condition))
    }

    /// With some inputs given a number, which is taken back afterwards.
    func check(fixing fixed: [(Input, Int128)] = []) -> Answer {
      check(fixed.map { input, number in encoder.equality(input, number) })
    }

    /// With more conditions, which are taken back afterwards; an answer's numbers are those of the session's inputs.
    func check(assuming conditions: [Expression]) -> Answer { check(conditions.map { encoder.condition($0) }) }

    private func check(_ assumptions: [Z3_ast?]) -> Answer {
      let context = owner.context
      var assumptions = assumptions
      let result = Z3_solver_check_assumptions(context, solver, UInt32(assumptions.count), &assumptions)
      let error = Z3_get_error_code(context)
      if error != Z3_OK {
        return .unknown("Z3 reports: " + (Z3_get_error_msg(context, error).map { String(cString: $0) } ?? "an error"))
      }
      switch result {
      case Z3_L_FALSE: return .impossible
      case Z3_L_TRUE:
        guard let model = Z3_solver_get_model(context, solver) else { return .unknown("Z3 gave no model") }
        Z3_model_inc_ref(context, model)
        defer { Z3_model_dec_ref(context, model) }
        var numbers: [Input: Int128] = [:]
        for input in inputs { numbers[input] = encoder.number(of: input, in: model) }
        return .possible(numbers)
      default:
        let reason = Z3_solver_get_reason_unknown(context, solver).map { String(cString: $0) } ?? "unknown"
        return .unknown(reason)
      }
    }
  }
}

/// How much one question may cost.
public struct ProofLimits: Sendable {
  public var milliseconds: UInt32
  /// Z3's own count of work (`rlimit`): unlike time it is the same on every machine.
  public var steps: UInt32
  /// Of those, what bits may cost before numbers are tried; nearly all questions need less.
  public var stepsAtOnce: UInt32

  public init(milliseconds: UInt32 = 30_000, steps: UInt32 = 60_000_000, stepsAtOnce: UInt32 = 300_000) {
    self.milliseconds = milliseconds
    self.steps = steps
    self.stepsAtOnce = stepsAtOnce
  }
}
