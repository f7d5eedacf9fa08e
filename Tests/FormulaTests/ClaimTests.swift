import Testing
import WalkerFormula
import WalkerModel

@Suite struct ClaimTests {
  private let names: [String: Expression] = [
    "backlog": Sample.backlog, "somaxconn": Sample.somaxconn, "net.core.somaxconn": Sample.somaxconn,
    "sock->state": Sample.input("sock->state", .u8), "wide": Sample.input("wide", .u64),
  ]

  private func value(_ text: String) throws -> Int128 {
    try Claim.parse(text, names: names).value.evaluate([:])
  }

  @Test(
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 3 - 2", 5), ("1 << 2 + 1", 8), ("7 & 3 == 3", 1), ("1 | 6 ^ 2", 5),
      ("-7 / 2", -3), ("-7 % 3", -1), ("7u - 8u > 0", 1), ("-1 < 1u", 0), ("-1 < 1l", 1), ("(u16) 65537", 1),
      ("(s8) 200", -56), ("(unsigned char) -1", 255), ("!5", 0), ("!!5 + 1", 2), ("~0", -1), ("~0u == 0xffffffff", 1),
      ("1 ? 2 : 3 ? 4 : 5", 2), ("0 ? 2 : 0 ? 4 : 5", 5), ("min(3, -1)", -1), ("min(3u, -1)", 3),
      ("min_t(int, 3u, -1)", -1), ("max_t(unsigned long, 1, 2)", 2), ("clamp(500, 8, 100)", 100),
      ("clamp_t(u8, 300, 8, 100)", 44), ("roundup_pow_of_two(9)", 16), ("ilog2(4096)", 12), ("fls(0)", 0),
      ("fls(0x100)", 9),
      ("ffs(8)", 4), ("swab16(0x1234)", 0x3412), ("0x7fffffff + 0", 0x7fff_ffff), ("2147483648 > 0", 1), ("010", 8),
      ("0b101", 5), ("(unsigned int) -1 == 4294967295", 1), ("(long) -1 < 0", 1), ("(u4) 31", 15), ("(bool) 8", 1),
      ("18446744073709551615ul >> 63", 1), ("1ull << 40 >> 40", 1),
    ] as [(String, Int128)])
  func computesAsC(text: String, number: Int128) throws {
    #expect(try value(text) == number, "\(text)")
  }

  @Test func readsNamesOfEveryKind() throws {
    let claim = try Claim.parse("min((u32) backlog, (u32) net.core.somaxconn) + sock->state", names: names)
    #expect(claim.value.type == .u32)
    #expect(claim.value.inputs.map(\.name) == ["backlog", "somaxconn", "sock->state"])
    #expect(claim.neverWhen.isConstantFalse)
  }

  @Test func readsNever() throws {
    let claim = try Claim.parse("backlog < 0 ? never : backlog > 9 ? backlog : (never)", names: names)
    let input = Input(id: "backlog", name: "backlog", role: .tracked, type: .s32)
    for (number, expected) in [(-1, nil), (5, nil), (10, 10)] as [(Int128, Int128?)] {
      #expect(try claim.evaluate([input: number]) == expected)
    }
    #expect(try Claim.parse("never", names: [:]).neverWhen.isConstantTrue)
  }

  @Test(arguments: [
    ("min(backlog, somaxcon)", 14, "`somaxcon` is not known; did you mean `somaxconn`?"),
    ("core.somaxconn", 1, "`core.somaxconn` is not known; did you mean `net.core.somaxconn`?"),
    ("backlog +", 10, "a number, a name or `(` is expected before the end"),
    ("(backlog", 9, "`)` is expected before the end"), ("backlog somaxconn", 9, "`somaxconn` is not expected here"),
    ("backlog = 5", 9, "`=` has no meaning in a claim"), ("", 1, "the claim is empty"),
    ("minn(1, 2)", 1, "the function `minn` is not known; did you mean `min`?"),
    ("min(1)", 1, "`min` takes 2 numbers, here are 1"), ("fls(1, 2)", 1, "`fls` takes 1 number, here are 2"),
    ("min_t(1, 2)", 7, "`min_t` takes a type first, as in `min_t(u32, a, b)`"),
    ("1 + never", 5, "`never` can only be the whole claim or an arm of `?:`, nothing can be computed from it"),
    (
      "(backlog ? never : 1) + 1", 1,
      "`never` can only be the whole claim or an arm of `?:`, nothing can be computed from it"
    ),
    ("18446744073709551616", 1, "`18446744073709551616` does not fit 64 bits"),
    ("12ab", 1, "`12ab` is no integer of C"),
    ("089", 1, "`089` is no integer of C"), ("0x", 1, "`0x` is no integer of C"),
    ("u32", 1, "`u32` is a type; a conversion is written `(u32) x`"),
    ("1 / 0", 1, "C gives this no value: a division by zero, or a shift past the width"),
    ("1 << 32", 1, "C gives this no value: a division by zero, or a shift past the width"),
    ("backlog ? 1", 12, "`:` is expected before the end"), ("min(1; 2)", 6, "`;` has no meaning in a claim"),
  ])
  func pointsAtWhatIsWrong(text: String, column: Int, message: String) {
    #expect {
      try Claim.parse(text, names: names)
    } throws: { error in
      let error = error as? ClaimError
      return error?.message == message && error?.column == column
    }
  }

  @Test func drawsACaret() {
    #expect {
      try Claim.parse("min(backlog, somaxcon)", names: names)
    } throws: {
      ($0 as? ClaimError)?.diagram
        == "`somaxcon` is not known; did you mean `somaxconn`?\n  min(backlog, somaxcon)\n               ^~~~~~~~"
    }
  }

  @Test func refusesDeepNesting() {
    let deep = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
    #expect(throws: ClaimError.self) { try Claim.parse(deep, names: [:]) }
    let signs = String(repeating: "- ", count: 5000) + "1"
    #expect(throws: ClaimError.self) { try Claim.parse(signs, names: [:]) }
  }
}
