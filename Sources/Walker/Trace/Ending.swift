internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Where the walk came out: memory, and what was assumed to stay on the path.
struct Ending {
  let state: State?
  /// The conditions on the way down the chain that the value has no part in, that the call succeeds, and what the
  /// walkthrough takes as given.
  let assuming: Expression
  /// That the call succeeds, as far as it depends on the value: elsewhere no result is reached.
  let succeeds: Expression
  /// What `assuming` says without that the call succeeds.
  let way: Expression
  /// What the entry returns, and what that was made of; nil: no number.
  let returned: Expression?
  let returnedRests: Rests
  let chain: [CallNode]
  /// That the call succeeds, whichever way was taken.
  let succeedsAnyway: Expression
  /// What that all rests on.
  let rests: Rests

  init(machine: Machine, chain: [CallNode], returned: Value) {
    state = machine.state
    self.chain = chain
    returnedRests = machine.union(
      [machine.pending, machine.state?.decided ?? .none] + (machine.state?.guards ?? []).map(\.rests))
    if case .none = returned { self.returned = nil } else { self.returned = machine.simplify(machine.number(returned)) }
    // The way to the end of the chain and out of the entry again, and what was returned.
    rests = machine.union(
      [machine.pending, machine.state?.decided ?? .none] + (machine.state?.guards ?? []).map(\.rests)
        + (chain.last?.guards ?? []).map(\.rests))
    let guards = chain.last?.guards.map(\.expression).filter { !machine.isTracked($0) } ?? []
    var assuming = Expression.and(guards + machine.assumed.met)
    way = assuming
    var succeeds = Expression.true
    succeedsAnyway = returned.expression.map { Self.success($0, machine) } ?? .true
    if let result = returned.expression {
      let success = Self.success(result.simplified(under: assuming), machine).simplified(under: assuming)
      if machine.isTracked(success) {
        succeeds = success
      } else if !success.isConstantFalse {
        assuming = .and(assuming, success)
      }
    }
    (self.assuming, self.succeeds) = (assuming, succeeds)
  }

  /// The call succeeds: it returns 0, or, where what it returns depends on the value, no error.
  private static func success(_ result: Expression, _ machine: Machine) -> Expression {
    func succeeds(_ result: Expression) -> Expression {
      if case .select(let condition, let then, let otherwise) = result.kind {
        return .or(.and(condition, succeeds(then)), .and(.not(condition), succeeds(otherwise)))
      }
      if case .convert(let inner) = result.kind, result.type.width >= inner.type.width, inner.type.isSigned {
        return succeeds(inner)
      }
      if let number = result.constantNumber { return isError(number, result.type) ? .false : .true }
      let zero = Expression.constant(0, result.type)
      return .compare(machine.isTracked(result) && result.type.isSigned ? .greaterOrEqual : .equal, result, zero)
    }
    return succeeds(result)
  }

  /// The result is no error; of a number that the walk does not know, that it is not in their range.
  static func isNoError(_ result: Expression) -> Expression {
    if case .select(let condition, let then, let otherwise) = result.kind {
      return .or(.and(condition, isNoError(then)), .and(.not(condition), isNoError(otherwise)))
    }
    if case .convert(let inner) = result.kind, result.type.width >= inner.type.width, inner.type.isSigned {
      return isNoError(inner)
    }
    if let number = result.constantNumber { return isError(number, result.type) ? .false : .true }
    guard result.type.width >= 32 else { return .true }
    let first = Expression.constant(-4095, result.type.unsigned)
    return .compare(.less, .convert(result, to: result.type.unsigned), first)
  }

  /// `-EINVAL` and its kin, also where the function returns them without a sign (include/linux/err.h: MAX_ERRNO).
  private static func isError(_ number: Int128, _ type: IntegerType) -> Bool {
    let signed = IntegerType(width: type.width, isSigned: true)
    return (-4095...(-1)).contains(signed.number(fromBits: type.bits(of: number)))
  }
}
