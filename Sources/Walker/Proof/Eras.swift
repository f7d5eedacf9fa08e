public import WalkerFormula
public import WalkerModel

/// A behaviour that kernels are known to have.
public struct EraClaim: Sendable, Hashable {
  public let id: String
  public let claim: Claim

  public init(id: String, claim: Claim) {
    self.id = id
    self.claim = claim
  }
}

/// Which known behaviour a derivation has.
public enum EraChoice: Sendable, Hashable {
  /// The first era whose claim is proved.
  case known(era: String)
  /// Every claim is refuted: the nearest era (it agrees with the source on most sample points), and where it differs.
  case new(nearest: Counterexample)
  /// At least one claim could be neither proved nor refuted, and none was proved.
  case undecided(reason: String)
  /// There is nothing to compare with.
  case none
}

extension Prover {
  /// Tries the eras in order.
  public func chooseEra(
    _ derivation: Derivation, _ eras: [EraClaim], domains: [Input: ClosedRange<Int128>] = [:],
    typical: [Input: Int128] = [:]
  ) -> EraChoice {
    guard !eras.isEmpty else { return .none }
    // By agreement on sample points first: what differs there needs no attempt at a proof before the others.
    let points = SamplePoints(derivation, eras.map(\.claim), domains, typical: typical)
    let agreement = eras.map { points.agreement(of: $0.claim) }
    let order = eras.indices.sorted { (-agreement[$0], $0) < (-agreement[$1], $1) }
    var refuted: [(Int, Counterexample)] = []
    var undecided: String?
    for index in eras.indices where agreement[index] == points.count {
      switch equal(
        derived: derivation, claim: eras[index].claim, era: eras[index].id, domains: domains, typical: typical)
      {
      case .proved: return .known(era: eras[index].id)
      case .refuted(let example): refuted.append((index, example))
      case .unproved(let reason): undecided = "\(eras[index].id): \(reason)"
      }
    }
    if let undecided { return .undecided(reason: undecided) }
    for index in order {
      if let (_, example) = refuted.first(where: { $0.0 == index }) { return .new(nearest: example) }
      switch equal(
        derived: derivation, claim: eras[index].claim, era: eras[index].id, domains: domains, typical: typical)
      {
      case .refuted(let example): return .new(nearest: example)
      case .proved: return .known(era: eras[index].id)
      case .unproved(let reason): return .undecided(reason: "\(eras[index].id): \(reason)")
      }
    }
    return .none
  }
}

/// Inputs at which claims are compared with the source, the same ones in every run.
struct SamplePoints {
  private let outcomes: [(inputs: [Input: Int128], derived: Int128?)]

  var count: Int { outcomes.count }

  init(
    _ derivation: Derivation, _ claims: [Claim], _ domains: [Input: ClosedRange<Int128>], typical: [Input: Int128]
  ) {
    var inputs: Set<Input> = []
    switch derivation.form {
    case .stored(let value): inputs.formUnion(value.inputs)
    case .threshold(let counter, let test): inputs.formUnion(test.inputs.filter { $0 != counter })
    }
    for condition in [derivation.reachedWhen, derivation.undefinedWhen, derivation.assuming] {
      inputs.formUnion(condition.inputs)
    }
    for claim in claims { inputs.formUnion(claim.value.inputs + claim.neverWhen.inputs) }
    if let counter = derivation.counter { inputs.remove(counter) }
    let ordered = inputs.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    let telling: [Int128] = [0, 1, 5, 128, 511, 1024, 4096, 8192, 65535, 65536, 1_000_000, -1, 7, 100]
    var outcomes: [([Input: Int128], Int128?)] = []
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    for round in 0..<96 {
      var point: [Input: Int128] = [:]
      for input in ordered {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let choice = Int(state >> 33)
        var number = telling[choice % telling.count]
        if round % 4 == 0, input.role == .knob, let usual = typical[input] { number = usual }
        if let domain = domains[input] { number = min(max(number, domain.lowerBound), domain.upperBound) }
        point[input] = input.type.number(fromBits: input.type.bits(of: number))
      }
      // The points only choose which claim is tried first, and which is the nearest; the prover decides.
      let assumed = try? derivation.assuming.evaluate(point)
      guard assumed != 0 else { continue }
      do throws(DerivationError) {
        outcomes.append((point, try derivation.evaluate(point)))
      } catch .notReached {
        outcomes.append((point, nil))
      } catch {
        continue
      }
    }
    self.outcomes = outcomes
  }

  /// At how many points the claim says what the source gives.
  func agreement(of claim: Claim) -> Int {
    outcomes.count { point in
      // As above.
      guard let claimed = try? claim.evaluate(point.inputs) else {
        return point.derived == nil && (try? claim.neverWhen.evaluate(point.inputs)) == 1
      }
      return claimed == point.derived
    }
  }
}
