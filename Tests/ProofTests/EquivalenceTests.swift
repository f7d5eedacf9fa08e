import Testing
import WalkerFormula
import WalkerModel
import WalkerProof

@Suite struct EquivalenceTests {
  let backlog = Input(id: "tracked", name: "backlog", role: .tracked, type: .s32)
  let limit = Input(id: "knob", name: "limit", role: .knob, type: .s32)

  private var names: [String: Expression] { ["backlog": .input(backlog), "limit": .input(limit)] }

  private func stored(_ claim: String) throws -> Derivation {
    let value = try Claim.parse(claim, names: names).value
    return Derivation(
      form: .stored(.convert(value, to: .u32)), reachedWhen: .true, undefinedWhen: .false, assuming: .true)
  }

  @Test func provesThatAStrictComparisonClampsAsWell() throws {
    let derivation = try stored("(u32) backlog > (u32) limit ? (u32) limit : (u32) backlog")
    let claim = try Claim.parse("(u32) backlog >= (u32) limit ? (u32) limit : (u32) backlog", names: names)
    #expect(try Prover().equal(derived: derivation, claim: claim) == .proved)
  }

  @Test func refutesASignedClampWithAnInputThatShowsIt() throws {
    let derivation = try stored("min((u32) backlog, (u32) limit)")
    let claim = try Claim.parse("(u32) min(backlog, limit)", names: names)
    let verdict = try Prover().equal(derived: derivation, claim: claim)
    guard case .refuted(let example) = verdict else {
      Issue.record("not refuted: \(verdict)")
      return
    }
    #expect(example.derived != example.claimed)
    #expect(example.inputs.contains { $0.number < 0 })
  }
}
