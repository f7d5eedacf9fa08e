import Testing

/// What a result may observe beside a field: what is returned, refused and handed on.
@Suite struct ObservationTests {
  private static let head = """
    typedef unsigned int u32;
    #include "../include/uapi/asm-generic/errno-base.h"
    #define PLENTY 4096
    enum mode { MODE_SLOW = 3, MODE_FAST = 7 };
    struct limits { int kind; u32 room; };
    struct widget { u32 room; int state; };
    extern int widget_cap;
    int able(int cap);
    void *kmalloc(u32 size);
    void *find_widget(int id);
    long fill(struct widget *w, u32 count);
    long apply(struct widget *w, struct limits *l);
    """

  /// Functions that are called and not entered.
  private static let helpers = """
    #include "head.h"
    static struct widget one;
    void *find_widget(int id) { int n = 0; while (n < id) n += 2; return n ? &one : 0; }
    long fill(struct widget *w, u32 count) { u32 n = 0; while (n < count) n += 3; return n; }
    """

  private func kernel(
    _ body: String, _ result: String, claim: String, assume: String = "", before: String = "",
    parameters: String = "int id, unsigned int size"
  ) -> JudgedKernel {
    JudgedKernel(
      results: """
          asked:
            \(result)
            eras:
              - {id: claimed, claim: "\(claim)"}
        """,
      assume: assume,
      entry: """
        #include "head.h"
        int widget_cap = 64;
        \(before)
        long sys_widget(\(parameters))
        {
        	\(body)
        }
        """,
      headers: [
        "net/head.h": Self.head, "net/helpers.c": Self.helpers,
        "include/uapi/asm-generic/errno-base.h":
          "#define EPERM 1\n#define EBADF 9 /* no */\n#define ENOMEM 12\n#define EINVAL 22\n",
      ])
  }

  private static let refusing = """
    struct widget *w = find_widget(id);
    if (!w) return -EBADF;
    if (size > PLENTY && !able(3)) return -EPERM;
    if (!size) return -EINVAL;
    if (!kmalloc(size)) return -ENOMEM;
    w->room = size;
    return size & ~7u;
    """

  @Test func provesWhatIsReturnedWithErrorsByName() throws {
    let claim = "!size ? -EINVAL : size > PLENTY ? -EPERM : size & ~7"
    let verdict = try kernel(
      Self.refusing, "returns:", claim: claim, assume: "assume: [\"able() == 0\"]"
    ).judge()
    #expect(verdict.proof("asked") == "proved", "\(verdict.formula("asked")) \(verdict.errors)")
    #expect(verdict.results["asked"]?["kind"] as? String == "returns")
    let wrong = try kernel(
      Self.refusing, "returns:", claim: "!size ? -EPERM : size > PLENTY ? -EPERM : size & ~7",
      assume: "assume: [\"able() == 0\"]"
    ).judge()
    #expect(wrong.proof("asked") == "refuted", "\(wrong.formula("asked"))")
    // Whether the caller is able decides: without a word on it there is no proof, and the obligation names it.
    for claim in ["!size ? -EINVAL : size & ~7", claim] {
      let open = try kernel(Self.refusing, "returns:", claim: claim).judge()
      #expect(open.proof("asked") == "conditional", "\(open.formula("asked"))")
      #expect(open.open("asked").contains { $0.contains("able()") }, "\(open.open("asked"))")
    }
    let able = try kernel(
      Self.refusing, "returns:", claim: "!size ? -EINVAL : size & ~7", assume: "assume: [\"able() == 1\"]"
    ).judge()
    #expect(able.proof("asked") == "proved", "\(able.formula("asked"))")
    let assumptions = able.results["asked"]?["assumptions"] as? [String] ?? []
    #expect(assumptions.contains("memory is to be had"), "\(assumptions)")
  }

  @Test func tellsWhichNumbersAreRefused() throws {
    let unable = "assume: [\"able() == 0\"]"
    let right = try kernel(Self.refusing, "refused: EPERM", claim: "size > PLENTY", assume: unable).judge()
    #expect(right.proof("asked") == "proved", "\(right.formula("asked"))")
    let wrong = try kernel(Self.refusing, "refused: EPERM", claim: "size >= PLENTY", assume: unable).judge()
    #expect(wrong.proof("asked") == "refuted")
    #expect(
      try kernel(Self.refusing, "refused: EINVAL", claim: "size == 0", assume: unable).judge().proof("asked")
        == "proved")
    let unknown = try kernel(Self.refusing, "refused: EPREM", claim: "size == 0").judge()
    #expect(unknown.formula("asked").contains("EPREM is no error of this kernel"), "\(unknown.formula("asked"))")
  }

  @Test func provesWhatACallIsHanded() throws {
    let body = """
      struct widget *w = find_widget(id);
      if (!w) return -EBADF;
      if (size > (u32)widget_cap) size = widget_cap;
      return fill(w, size);
      """
    let result = "passed-to: {function: fill, argument: count}"
    let right = try kernel(body, result, claim: "min(size, (u32) widget_cap)").judge()
    #expect(right.proof("asked") == "proved", "\(right.formula("asked")) \(right.errors)")
    #expect(try kernel(body, result, claim: "size").judge().proof("asked") == "refuted")
    let byNumber = try kernel(
      body, "passed-to: {function: fill, argument: 2}", claim: "min(size, (u32) widget_cap)"
    ).judge()
    #expect(byNumber.proof("asked") == "proved", "\(byNumber.formula("asked"))")
    let none = try kernel(body, "passed-to: {function: fill, argument: amount}", claim: "size").judge()
    #expect(none.formula("asked").contains("has no argument amount: w, count"), "\(none.formula("asked"))")
    // Two calls with different numbers are no one number.
    let twice = try kernel("fill(0, size); return fill(0, size + 1);", result, claim: "size").judge()
    #expect(twice.proof("asked") == "not-derivable", "\(twice.formula("asked"))")
    let ways = try kernel(
      "if (size > 9) return fill(0, 9); return fill(0, size);", result, claim: "min(size, 9)"
    ).judge()
    #expect(ways.proof("asked") == "proved", "\(ways.formula("asked"))")
  }

  @Test(arguments: [
    "struct limits l; l.kind = 1; l.room = size * 2; return apply(0, &l);",
    "struct limits l = { .kind = 1, .room = size * 2 }; return apply(0, &l);",
    "struct limits l = { 1, size * 2 }, m; m = l; return apply(0, &m);",
    "return apply(0, &(struct limits){ .room = size * 2 });",
  ])
  func looksIntoRecordsThatAreHandedOn(_ body: String) throws {
    let handed = try kernel(
      body, "passed-to: {function: apply, argument: l, field: room}", claim: "size * 2"
    ).judge()
    #expect(handed.proof("asked") == "proved", "\(body): \(handed.formula("asked")) \(handed.errors)")
    let wrong = try kernel(
      body, "passed-to: {function: apply, argument: l, field: room}", claim: "size"
    ).judge()
    #expect(wrong.proof("asked") == "refuted", "\(body)")
  }

  @Test func looksIntoRecordsOfTheFunction() throws {
    for body in [
      "struct limits l; l.kind = 1; l.room = size * 2; return l.kind;",
      "struct limits l = { .kind = 1, .room = size * 2 }; return l.kind;",
    ] {
      let stored = try kernel(body, "stored-in: struct limits.room", claim: "size * 2").judge()
      #expect(stored.proof("asked") == "proved", "\(body): \(stored.formula("asked"))")
      #expect(try kernel(body, "stored-in: struct limits.room", claim: "size").judge().proof("asked") == "refuted")
    }
    // Who is given its address may change it.
    let given = try kernel(
      "struct limits l = { .room = size }; return apply(0, &l);", "stored-in: struct limits.room", claim: "size"
    ).judge()
    #expect(given.proof("asked") == "conditional", "\(given.formula("asked"))")
  }

  @Test func looksAtVariablesAndElements() throws {
    let variable = try kernel("widget_cap = size / 2; return 0;", "stored-in: widget_cap", claim: "(int) (size / 2)")
      .judge()
    #expect(variable.proof("asked") == "proved", "\(variable.formula("asked"))")
    let before = "struct table { u32 rows[4]; }; extern struct table the_table;"
    let body = "the_table.rows[1] = 7; the_table.rows[2] = size; return 0;"
    let element = try kernel(body, "stored-in: struct table.rows[2]", claim: "size", before: before).judge()
    #expect(element.proof("asked") == "proved", "\(element.formula("asked"))")
    #expect(
      try kernel(body, "stored-in: struct table.rows[1]", claim: "size", before: before).judge().proof("asked")
        == "refuted")
  }

  @Test func hasTheKernelsConstants() throws {
    let body = "if (id == MODE_FAST) size = size * PLENTY; widget_cap = size; return 0;"
    let right = try kernel(
      body, "stored-in: widget_cap", claim: "(int) (size * PLENTY)", assume: "assume: [\"id == MODE_FAST\"]"
    ).judge()
    #expect(right.proof("asked") == "proved", "\(right.formula("asked")) \(right.errors)")
    let other = try kernel(
      body, "stored-in: widget_cap", claim: "(int) size", assume: "assume: [\"id == MODE_SLOW\"]"
    ).judge()
    #expect(other.proof("asked") == "proved", "\(other.formula("asked"))")
    let unknown = try kernel(
      body, "stored-in: widget_cap", claim: "(int) size", assume: "assume: [\"id == MODE_FSAT\"]"
    ).judge()
    #expect(unknown.errors.contains("MODE_FSAT") && unknown.status != 0, "\(unknown.errors)")
  }
}
