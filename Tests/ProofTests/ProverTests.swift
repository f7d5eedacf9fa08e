import Testing
import WalkerFormula
import WalkerModel
import WalkerProof

@Suite struct ProverTests {
  private func claim(_ text: String) throws -> Claim { try Claim.parse(text, names: ListenSample.names) }

  private func verdict(
    _ derivation: Derivation, _ text: String, typical: [Input: Int128] = [:],
    domains: [Input: ClosedRange<Int128>] = [:]
  ) throws -> Verdict {
    try Prover().equal(derived: derivation, claim: claim(text), era: "era", domains: domains, typical: typical)
  }

  @Test func provesAStoredLimit() throws {
    #expect(try verdict(ListenSample.stored(.u32), "(u32) min((u32) backlog, (u32) net.core.somaxconn)") == .proved)
    #expect(try verdict(ListenSample.stored(.u16), "(u16) min((u32) backlog, (u32) somaxconn)") == .proved)
    let clamped = "(u32) backlog > (u32) somaxconn ? somaxconn : backlog"
    #expect(try verdict(ListenSample.stored(.u32), "(u32) (\(clamped))") == .proved)
    #expect(try verdict(ListenSample.stored(.s32), clamped) == .proved)
  }

  /// 4294967295 in an unsigned field is not -1, though the bits are the same.
  @Test func comparesNumbersNotBits() throws {
    guard
      case .refuted(let example) = try verdict(ListenSample.stored(.u32), "(int) min((u32) backlog, (u32) somaxconn)")
    else {
      Issue.record("not refuted")
      return
    }
    #expect(example.derived.map { $0 - (1 << 32) } == example.claimed)
    let known = [ListenSample.somaxconn: Int128(0)...Int128(Int32.max)]
    #expect(
      try verdict(ListenSample.stored(.u32), "(int) min((u32) backlog, (u32) somaxconn)", domains: known) == .proved)
  }

  @Test func remembersWhatRefutesAnImplication() throws {
    func over(_ number: Int128) -> Expression {
      .compare(.greater, ListenSample.b, .constant(number, ListenSample.b.type))
    }
    let given = try Prover().given(over(10))
    #expect(given.implies(over(20)) == false)
    #expect(given.implies(over(9)) == true)
    // Known examples refute nothing that follows, and whatever is looked at together with the assumption counts.
    #expect(given.implies(over(15), when: [over(16)]) == true)
    #expect(given.implies(over(30), when: [over(16)]) == false)
    #expect(given.implies(.not(over(9))) == false)
    #expect(given.implies(over(8)) == true)
  }

  @Test func tellsNarrowFromWide() throws {
    guard
      case .refuted(let example) = try verdict(
        ListenSample.stored(.u16), "min((u32) backlog, (u32) somaxconn)", typical: [ListenSample.somaxconn: 128])
    else {
      Issue.record("not refuted")
      return
    }
    let derived = try #require(example.derived)
    let claimed = try #require(example.claimed)
    #expect(claimed > 65535)
    #expect(derived == claimed % 65536)
  }

  @Test func showsATellingCounterexample() throws {
    let signed = try verdict(
      ListenSample.stored(.u32), "min(backlog, somaxconn)", typical: [ListenSample.somaxconn: 4096])
    #expect(
      signed
        == .refuted(
          Counterexample(
            inputs: [.init(name: "backlog", number: -1), .init(name: "somaxconn", number: 4096)], derived: 4096,
            claimed: -1, era: "era")))
  }

  @Test func staysWithinDomains() throws {
    let wrong = "backlog < 0 ? somaxconn : min(backlog, somaxconn)"
    #expect(try verdict(ListenSample.stored(.u32), wrong) != .proved)
    #expect(
      try verdict(ListenSample.stored(.u32), wrong, domains: [ListenSample.somaxconn: 0...2_147_483_647]) == .proved)
  }

  @Test func leavesOutInputsThatMakeNoDifference() throws {
    let opaque = Input(id: "o", name: "sock->state", role: .opaque, type: .s32)
    let derivation = ListenSample.derivation(
      .stored(
        .binary(
          .add, .select(.compare(.equal, .input(opaque), .constant(7, .s32)), ListenSample.b, ListenSample.b),
          .constant(1, .s32))))
    guard case .refuted(let example) = try verdict(derivation, "backlog") else {
      Issue.record("not refuted")
      return
    }
    #expect(example.inputs.map(\.name) == ["backlog"])
    let depends = ListenSample.derivation(
      .stored(.select(.compare(.equal, .input(opaque), .constant(7, .s32)), .constant(1, .s32), ListenSample.b)))
    guard case .refuted(let second) = try verdict(depends, "backlog") else {
      Issue.record("not refuted")
      return
    }
    #expect(second.inputs.contains(.init(name: "sock->state", number: 7)))
  }

  @Test func asksNothingWhereTheSourceIsUndefinedAndForNeverWhereItIsNotReached() throws {
    let isNegative = Expression.compare(.less, ListenSample.b, .constant(0, .s32))
    let value = Expression.select(isNegative, .constant(99, .s32), ListenSample.b)
    func derivation(reached: Expression, undefined: Expression) -> Derivation {
      Derivation(form: .stored(value), reachedWhen: reached, undefinedWhen: undefined, assuming: .true)
    }
    #expect(try verdict(derivation(reached: .true, undefined: .false), "backlog") != .proved)
    #expect(try verdict(derivation(reached: .true, undefined: isNegative), "backlog") == .proved)
    let reached = derivation(reached: .not(isNegative), undefined: .false)
    // A claim that says a number where there is none is wrong.
    #expect(try verdict(reached, "backlog") != .proved)
    #expect(try verdict(reached, "backlog < 0 ? never : backlog") == .proved)
    #expect(try verdict(reached, "backlog < 5 ? never : backlog") != .proved)
    #expect(try verdict(reached, "backlog < -5 ? never : backlog") != .proved)
  }

  @Test func provesCapacities() throws {
    let wide = ListenSample.threshold(ListenSample.length, .greater, .convert(ListenSample.clamped, to: .u32))
    let limit = "min((u32) backlog, (u32) somaxconn)"
    #expect(try verdict(wide, "\(limit) == 0xffffffff ? never : \(limit) + 1") == .proved)
    #expect(try verdict(wide, "\(limit) + 1") != .proved)
    #expect(try verdict(wide, limit) != .proved)
    let short = ListenSample.threshold(ListenSample.shortLength, .greater, .convert(ListenSample.clamped, to: .u16))
    #expect(try verdict(short, "(u16) \(limit) == 65535 ? never : (u16) \(limit) + 1") == .proved)
    guard case .refuted(let example) = try verdict(short, "(u16) \(limit) + 1") else {
      Issue.record("not refuted")
      return
    }
    #expect(example.derived == nil)
    #expect(example.claimed == 65536)
  }

  @Test(arguments: [true, false])
  func provesTheRoundedTable(unrolled: Bool) throws {
    let text = "roundup_pow_of_two(max(min(min((u32) backlog, (u32) somaxconn), (u32) max_syn_backlog), 8) + 1)"
    let derivation = ListenSample.table(unrolled: unrolled)
    #expect(try verdict(derivation, text) == .proved)
    #expect(try verdict(derivation, text.replacing("8", with: "7")) != .proved)
    let solved = try Prover().solve(derivation)
    let closed = try #require(solved.closedForm)
    #expect(closed.displayText == text)
    #expect(solved.neverWhen?.isConstantFalse == true)
    #expect(
      try solved.evaluate([ListenSample.backlog: 511, ListenSample.somaxconn: 128, ListenSample.synBacklog: 1024])
        == 256)
    #expect(
      try derivation.evaluate([ListenSample.backlog: 5, ListenSample.somaxconn: 128, ListenSample.synBacklog: 1024])
        == 16)
  }

  @Test func solvesTheThreeQuarterRule() throws {
    let test = Expression.compare(
      .less, .binary(.subtract, ListenSample.m, .input(ListenSample.signedLength)),
      .binary(.shiftRight, ListenSample.m, .constant(2, .s32)))
    let derivation = ListenSample.derivation(.threshold(counter: ListenSample.signedLength, test: test))
    let prover = try Prover()
    #expect(prover.isMonotone(derivation) == false)
    let solved = prover.solve(derivation)
    let knob = ListenSample.synBacklog
    for (number, full) in [(1024, 769), (128, 97), (0, 1), (-1, 1), (-2, 0), (-100, 0)] as [(Int128, Int128)] {
      #expect(try derivation.evaluate([knob: number]) == full)
      #expect(try solved.evaluate([knob: number]) == full)
    }
    #expect(
      solved.closedForm?.displayText
        == "max_syn_backlog < (max_syn_backlog >> 2) ? 0 : max_syn_backlog - (max_syn_backlog >> 2) + 1")
  }

  @Test func choosesTheEraThatIsProved() throws {
    let eras = [
      EraClaim(id: "signed", claim: try claim("min(backlog, somaxconn)")),
      EraClaim(id: "sixteen-bit", claim: try claim("(u16) min((u32) backlog, (u32) somaxconn)")),
      EraClaim(id: "full-width", claim: try claim("(u32) min((u32) backlog, (u32) somaxconn)")),
    ]
    let prover = try Prover()
    #expect(prover.chooseEra(ListenSample.stored(.u32), eras) == .known(era: "full-width"))
    #expect(prover.chooseEra(ListenSample.stored(.u16), eras) == .known(era: "sixteen-bit"))
    let mutant = ListenSample.derivation(
      .stored(.binary(.add, .convert(ListenSample.clamped, to: .u32), .constant(0, .u32))))
    #expect(prover.chooseEra(mutant, eras) == .known(era: "full-width"))
    let other = ListenSample.derivation(.stored(.maximum(.convert(ListenSample.clamped, to: .u32), .constant(1, .u32))))
    guard case .new(let nearest) = prover.chooseEra(other, eras) else {
      Issue.record("no new behaviour")
      return
    }
    #expect(nearest.era == "full-width")
    #expect(nearest.derived == 1)
    #expect(nearest.claimed == 0)
    #expect(prover.chooseEra(other, []) == .none)
  }

  @Test func saysWhenItRunsOutOfSteps() throws {
    let prover = try Prover(limits: ProofLimits(milliseconds: 10_000, steps: 100_000))
    // The product of two primes just below 1 << 32.
    let (x, y) = (
      Expression.convert(ListenSample.b.converted, to: .u64), Expression.convert(ListenSample.s.converted, to: .u64)
    )
    let product = Expression.constant(4_294_967_291 * 4_294_967_279, .u64)
    let isFactored = Expression.and([
      .compare(.equal, .binary(.multiply, x, y), product), .compare(.greater, x, .constant(1, .u64)),
      .compare(.greater, y, .constant(1, .u64)),
    ])
    #expect(prover.isSatisfiable(isFactored) == nil)
    let derivation = ListenSample.derivation(.stored(.convert(isFactored, to: .u32)))
    guard case .unproved = prover.equal(derived: derivation, claim: try claim("0")) else {
      Issue.record("decided within the steps")
      return
    }
  }

  @Test func provesFiveResultsQuickly() throws {
    let limit = "min((u32) backlog, (u32) somaxconn)"
    let wide = ListenSample.threshold(ListenSample.length, .greater, .convert(ListenSample.clamped, to: .u32))
    let reaches = ListenSample.threshold(ListenSample.length, .greaterOrEqual, .convert(ListenSample.clamped, to: .u32))
    let table = "roundup_pow_of_two(max(min(\(limit), (u32) max_syn_backlog), 8) + 1)"
    let questions = [
      (ListenSample.stored(.u32), try claim(limit)),
      (wide, try claim("\(limit) == 0xffffffff ? never : \(limit) + 1")),
      (reaches, try claim(limit)),
      (ListenSample.table(unrolled: true), try claim(table)),
      (ListenSample.table(unrolled: false), try claim(table)),
    ]
    let clock = ContinuousClock()
    let start = clock.now
    let prover = try Prover()
    for (derivation, claim) in questions { #expect(prover.equal(derived: derivation, claim: claim) == .proved) }
    // A limit that only a blow-up passes; figures are the benchmark's.
    #expect(clock.now - start < .seconds(30))
  }
}

extension Expression {
  fileprivate var converted: Expression { .convert(self, to: .u32) }
}
