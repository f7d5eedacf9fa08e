import Testing

@testable import WalkerKernel

@Suite struct TextScanTests {
  private func hits(_ query: IndexQuery, _ text: String) -> [String] {
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      TextScan.hits(of: query, in: buffer, file: "f").map { "\($0.line)" + ($0.value.map { " " + $0 } ?? "") }
    }
  }

  private func all(_ text: String) -> [String] {
    var found: [String] = []
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      TextScan.allInitializers(in: buffer) { field, line, value in
        found.append("\(String(decoding: field, as: UTF8.self)):\(line) \(String(decoding: value, as: UTF8.self))")
      }
    }
    return found
  }

  @Test(arguments: [
    (".a = x,", ["1 x"]),
    (".a\n  = \n  x }", ["1 x"]),
    (".a=&t->b.c,", ["1 c"]),
    (".a = (fn *)x }", ["1 x"]),
    (".a = WRAP(x, 3), .b = y", ["1 x"]),
    (".a /* why */ = /* because */ x /* , y */,", ["1 x"]),
    (".a = COND ? x : y,", ["1 y"]),
    (".a = \"s, }\" x,", ["1 x"]),
    ("{ [3].a = x }", ["1 x"]),
    ("{ .u.a = x }", ["1 x"]),
    ("{ .u[2].a = x }", ["1 x"]),
    ("{\n#ifdef B\n.a = x,\n#endif\n}", ["3 x"]),
    ("p.a = x;", []),
    ("p[1].a = x;", []),
    ("p [1].a = x;", []),
    ("f(p).a = x;", []),
    ("p->q.a = x;", []),
    (".a == x", []),
    (".a = 3,", []),
    (".a = \"x\",", []),
    (".a = { .b = x },", []),
    (".ab = x, .ba = y, .a_ = z", []),
    ("/* .a = x */ // .a = y\n\".a = z\"", []),
    ("/* it's */ .a = x,", ["1 x"]),
    ("// it's\n.a = x,", ["2 x"]),
    ("\"/*\" .a = x, /* .a = y */ .a = z", ["1 x", "1 z"]),
    ("// /*\n.a = x, // */", ["2 x"]),
    ("'\"' .a = x,", ["1 x"]),
    ("/* open .a = x,", []),
    (".a = ", []), (".a", []), ("a", []), ("", []),
  ])
  func findsInitializersAndNothingElse(_ text: String, _ expected: [String]) {
    #expect(hits(.initializer(field: "a"), text) == expected)
  }

  @Test func findsEveryFieldInOnePass() {
    let text = "{\n .a = x, .b.c = y,\n/* .d = no */ p.e = z; v = 1.5; f(...); .g = 7, .h = w }"
    #expect(all(text) == ["a:2 x", "c:2 y", "h:3 w"])
  }

  @Test(arguments: [
    ("int a(int b)\n{", ["1"]),
    ("int\na(void) {", ["2"]),
    ("static int *a(int (*f)(void), const char *s)\n\t__acquires(lock) __must_check\n{", ["1"]),
    ("SYSCALL_DEFINE2(a, int, fd, int, n)\n{", ["1"]),
    ("int a(int b); /* { */", []),
    ("\tif (a(b)) {", []),
    ("\tx = 1;\n\ta(b) {", []),
    ("int a(int b), c(void) {", []),
    ("int ab(void) {} int ba(void) {}", []),
    ("\"int a(void) {\"", []),
    ("int a(void", []),
    ("EXPORT(a)\nint b(void) {", []),
  ])
  func findsDefinitions(_ text: String, _ expected: [String]) {
    #expect(hits(.definition("a"), text) == expected)
  }

  @Test func findsMentionsOncePerLine() {
    #expect(hits(.mention("a", below: ""), "a a\nab\n// a\n/*\n a */ a\n\"a\" a") == ["1", "5", "6"])
  }

  @Test func doesNotMindBytesThatAreNotText() {
    let bytes: [UInt8] = [0x2f, 0x2a, 0xe9, 0x2a, 0x2f, 0x00, 0x2e, 0x61, 0x3d, 0xff, 0x78, 0x2c]
    let found = bytes.withUnsafeBufferPointer { TextScan.hits(of: .initializer(field: "a"), in: $0, file: "f") }
    #expect(found == [IndexHit(file: "f", line: 1, value: "x")])
  }

  @Test func survivesEveryPrefixOfDifficultText() {
    let text = Array("/*a*/ \"\\\"\" 'a' .a[3].b = (x){ .c = \"y\\\" } // z\n SYSCALL(a, b) __x(y) { .a = ((((x".utf8)
    for length in 0...text.count {
      text[..<length].withUnsafeBufferPointer { buffer in
        for query in [IndexQuery.initializer(field: "a"), .definition("a"), .mention("a", below: "")] {
          _ = TextScan.hits(of: query, in: buffer, file: "f")
        }
        TextScan.allInitializers(in: buffer) { _, _, _ in }
      }
    }
  }

  @Test(arguments: [
    ("void f(struct w *p)\n{\n\tp->a = 1;\n}", ["3 f"]),
    ("void f(struct w *p) { p->a += 1; }\nvoid g(void) { h(); }\nvoid i(struct w *p) { p->a++; }", ["1 f", "3 i"]),
    ("static void f(int x)\n{\n\tif (x) {\n\t\tw[x].b.a |= 2;\n\t}\n}", ["4 f"]),
    ("void f(void) { WRITE_ONCE(q(p)->a, 1); }", ["1 f"]),
    ("void f(void) { atomic_set(&p->b[2].a, 1); }", ["1 f"]),
    ("void f(void) { --p->a; p->a[3] = 4; p->a <<= 1; }", ["1 f"]),
    ("#define SET(p) \\\n\tdo { (p)->a = 1; } while (0)", ["2 SET"]),
    ("void f(void) { if (p->a == 1 || x && p->a || x & p->a) g(p->a); }", []),
    ("void f(void) { int a = 1; a = 2; q->ab = 1; READ_ONCE(p->a); /* p->a = 1 */ }", []),
    ("int a = 1; struct w w = { .a = 1 };", []),
  ])
  func findsWhoWritesAField(_ text: String, _ expected: [String]) {
    #expect(hits(.writer(field: "a"), text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("void f(void)\n{\n\ta(1);\n}\nvoid g(void) { x(a (2)); }", ["3 f", "5 g"]),
    ("int a(int x);\nint a(int x) { return a(x - 1); }", []),
    ("void f(void) { int a; b(a); struct t t = { .x = a }; /* a() */ }", []),
  ])
  func findsWhoCallsAFunction(_ text: String, _ expected: [String]) {
    #expect(hits(.caller(of: "a"), text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("struct t t = { .x = a, .y = &a };", ["1 x", "1 y"]),
    ("void f(void) {\n p->x = a; q.y == a; z = a; g(a); p->w = a(); }", ["2 x"]),
  ])
  func findsWhereAFunctionIsHeld(_ text: String, _ expected: [String]) {
    #expect(hits(.holder(of: "a"), text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("struct a x = { f, g };", ["1 x"]),
    ("static const struct a __read_mostly x[] __used = {\n\t[1] = { f },\n};", ["1 x"]),
    ("struct a x = { .f = f, ONE(g) };", ["1 x"]),
    ("struct a x = { .f = f, .s = \"}, g\", /* g */ };\nstruct a y = { };", []),
    ("struct a x[2] = { { .f = f }, { .f = g } };", []),
    ("struct a x = { .f = f }, y = { g };", ["1 y"]),
    ("struct a x = OPS(f);", ["1 x"]),
    ("void h(void)\n{\n\tstruct a x = g();\n\tstruct a y = { f };\n\tstruct a z;\n}", ["4 y"]),
    ("struct o {\n\tint n;\n\tunion { struct a in; };\n};", ["3 struct/o"]),
    ("struct a *x = { &f }; struct a f(struct a p); struct a z; struct a { int n; };", []),
    // What has no name of its own.
    ("struct a *x = &(const struct a){ f };", ["1"]),
    ("typedef const struct a b;", ["1"]),
    ("#define T(n) struct a n = { f }", ["1"]),
  ])
  func findsTablesFilledByPlace(_ text: String, _ expected: [String]) {
    #expect(hits(.table(of: "a"), text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("int a;\nstatic int b[3], a[2] = { 1 };", ["1", "2"]),
    ("int a __read_mostly = 1;\nextern int a;", ["1"]),
    ("void f(void)\n{\n\ta = 1;\n\tg(&a);\n\tp->a = 2;\n\tif (a == 1) h(a);\n}", ["3 f", "4 f"]),
  ])
  func findsWhereAVariableIsSet(_ text: String, _ expected: [String]) {
    #expect(hits(.variable("a"), text) == expected, "\(text)")
  }
}
