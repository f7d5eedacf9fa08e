import Testing
import WalkerFormula
import WalkerModel

@Test func fuzzedClaims() throws {
  let claims = [
    "min((u32) backlog, (u32) somaxconn) + 1", "backlog < 0 ? never : clamp_t(u8, backlog, 8, 100) << 3",
    "roundup_pow_of_two(max_t(unsigned long, backlog, 0x7fffffff)) % 7 ^ ~somaxconn",
    "-7 / 2 >= (s64) backlog && !ilog2(9)",
    "(18446744073709551615ul >> 63) - fls64(wide) * swab32(5)", "a->b.c + net.core.somaxconn",
  ]
  let names: [String: Expression] = [
    "backlog": Sample.backlog, "somaxconn": Sample.somaxconn, "wide": Sample.input("wide", .u64),
  ]
  try Fuzz.run("claims", claims.map { Array($0.utf8) }, isExpected: { $0 is UserError || $0 is ClaimError }) { bytes in
    let claim = try Claim.parse(String(decoding: bytes, as: UTF8.self), names: names)
    let simple = claim.value.simplified
    _ = simple.text
    for number in [0, -1, 1 << 31] as [Int128] {
      _ = try? claim.value.evaluate(Dictionary(uniqueKeysWithValues: claim.value.inputs.map { ($0, number) }))
    }
  }
}
