import Testing

@testable import WalkerDrift

@Suite struct ReadableTextTests {
  @Test(arguments: [
    ("or[bool](a == 1, b)", "(a == 1) || b"),
    ("!(and[bool](and[bool](a, b), call(x, y) != 0))", "!((a && b) && (call(x, y) != 0))"),
    ("(minimum[u32]((u32) cap, (u32) value) <u (u32) qlen)", "(min((u32) cap, (u32) value) < (u32) qlen)"),
    (
      "shiftRight[u32]((u32) roundup_pow_of_two[u64](value), 12) != 0", "(((u32) roundup_pow_of_two(value)) >> 12) != 0"
    ),
    ("negate[s32](add[s32](a, 1)) <=s b", "-(a + 1) <= b"),
    ("became complement[u32](flags)", "became ~flags"),
    (
      "no longer calls f, g; returns (and[bool](a, b) ? f() : -98)",
      "no longer calls f, g; returns ((a && b) ? f() : -98)"
    ),
    ("table[index](x) != 0 (in the source: hooks[u8](w))", "table[index](x) != 0 (in the source: hooks[u8](w))"),
    ("and[bool](a, b", "and[bool](a, b"), ("", ""), ("[", "["), ("or[bool](a)", "or(a)"),
  ])
  func writesWhatALockKeepsAsCWould(_ kept: String, _ expected: String) {
    #expect(ReadableText.of(kept) == expected)
  }
}
