import Testing

/// A claim that is right for most inputs, or for what a quick look at the source shows, and wrong all the same.
@Suite struct SoundnessTests {
  @Test func provesTheClampOfAPlainStore() throws {
    let verdict = try JudgedKernel().judge()
    #expect(verdict.proof() == "proved", "\(verdict.formula()) \(verdict.errors)")
    #expect(verdict.status == 0)
  }

  @Test(arguments: [
    // A store after the one that is seen first, in another file; and one more call away.
    ("w->room = size; late(w); return 0;", "", "void late(struct widget *w) { w->room = 3; }"),
    (
      "w->room = size; late(w); return 0;", "",
      "static void inner(struct widget *w) { w->room = 3; }\nvoid late(struct widget *w) { inner(w); }"
    ),
    // Through its address.
    ("u32 *p; w->room = size; p = &w->room; *p = 3; return 0;", "", ""),
    ("w->room = size; fill_in(&w->room); return 0;", "", ""),
    ("w->room = size; *somewhere() = 3; return 0;", "", ""),
    // As a part of the whole record.
    ("w->room = size; memset(w, 0, sizeof(*w)); return 0;", "", ""),
    ("w->room = size; *w = *v; return 0;", "", ""),
    ("w->room = size; clear(w); return 0;", "static void clear(struct widget *w) { memset(w, 0, sizeof(*w)); }", ""),
    // In a loop, and on the second try.
    ("w->room = size; while (is_busy(w)) w->room = 3; return 0;", "", ""),
    ("w->room = size; while (is_busy(w)) late(w); return 0;", "", "void late(struct widget *w) { w->room = 3; }"),
    ("again:\n w->room = size; if (is_busy(w)) { size = 1; goto again; } return 0;", "", ""),
    ("again:\n if (is_busy(w)) { late(w); goto again; } return 0;", "", "void late(struct widget *w) { w->room = 3; }"),
    // By a condition that has nothing to do with the number.
    ("if (is_busy(w)) w->room = size; else w->room = 3; return 0;", "", ""),
    ("w->room = size; if (v->state) w->room = 3; return 0;", "", ""),
    // By a function that nothing names, by assembly that is given the address, on the other side of a computed goto.
    (
      "w->room = size; hook(w); return 0;",
      "static void cut(struct widget *w) { w->room = 3; }\nstatic void (*hook)(struct widget *) = cut;", ""
    ),
    (
      "u32 *p = &w->room; w->room = size; __asm__ volatile(\"movl $4, (%0)\" : : \"r\" (p) : \"memory\"); return 0;",
      "", ""
    ),
    ("void *there = &&out; if (size > 9) goto *there; size = 2; out: w->room = size; return 0;", "", ""),
    ("int n; if (fetch(&n)) n = 1; w->room = n; return 0;", "int fetch(int *n);", ""),
    // In one of two objects.
    ("w->room = size; v->room = 3; return 0;", "", ""),
    // Not for every number.
    ("if (size > 32) return -22; w->room = size; return 0;", "", ""),
    ("w->room = size; if (size > 32) return -22; return 0;", "", ""),
    ("if (size <= 32) w->room = size; return 0;", "", ""),
    // Narrowed on the way.
    ("unsigned char n = size; w->room = n; return 0;", "", ""),
  ])
  func provesNothingThatIsNotSo(_ body: String, _ before: String, _ other: String) throws {
    let verdict = try JudgedKernel(body: body, before: before, other: other).judge()
    #expect(
      ["refuted", "not-derivable", "conditional"].contains(verdict.proof()),
      "\(body): \(verdict.proof()), \(verdict.formula())")
  }

  @Test(arguments: [
    ("w->room = 7; w->room = size; return 0;", "", ""),
    ("memset(w, 0, sizeof(*w)); w->room = size; return 0;", "", ""),
    ("late(w); w->room = size; return 0;", "", "void late(struct widget *w) { w->room = 3; }"),
    ("w->room = size; late(w); return 0;", "", "void late(struct widget *w) { w->used = 3; }"),
    ("again:\n if (is_busy(w)) goto again;\n w->room = size; return 0;", "", ""),
    ("again:\n w->room = size; if (is_busy(w)) goto again; return 0;", "", ""),
    ("while (is_busy(w)) w->used = 3; w->room = size; return 0;", "", ""),
    ("u32 *p = &w->room; *p = size; return 0;", "", ""),
    ("switch (size) { case 10 ... 20: w->room = size; break; default: w->room = size; } return 0;", "", ""),
    ("if (is_busy(w)) return -16; w->room = size; return 0;", "", ""),
    ("struct widget n = *w; n.room = size; *w = n; w->room = n.room; return 0;", "", ""),
  ])
  func provesWhatIsSo(_ body: String, _ before: String, _ other: String) throws {
    let verdict = try JudgedKernel(body: body, before: before, other: other).judge()
    #expect(verdict.proof() == "proved", "\(body): \(verdict.proof()), \(verdict.formula())")
  }

  @Test(arguments: [
    "again:\n if (is_busy(w)) { size++; goto again; } w->room = size; return 0;",
    "while (is_busy(w)) size++;\n w->room = size; return 0;",
    "fill_in((u32 *)&size); w->room = size; return 0;",
  ])
  func givesAnUnfollowedNumberAnotherName(_ body: String) throws {
    let verdict = try JudgedKernel(body: body).judge()
    #expect(["refuted", "not-derivable", "conditional"].contains(verdict.proof()), "\(body): \(verdict.proof())")
    #expect(verdict.formula().contains("size after "), "\(body): \(verdict.formula())")
  }

  @Test func wantsNeverWhereNothingIsStored() throws {
    var kernel = JudgedKernel(body: "if (size > 32) return -22; w->room = size; return 0;")
    kernel.claim = "(int) min((u32) size, (u32) widget_cap) > 32 ? never : min((u32) size, (u32) widget_cap)"
    let verdict = try kernel.judge()
    #expect(verdict.proof() == "proved", "\(verdict.formula())")
    #expect(verdict.formula().contains("not stored when"))
    // To say it where something is stored is as wrong.
    kernel.claim = "(int) min((u32) size, (u32) widget_cap) > 31 ? never : min((u32) size, (u32) widget_cap)"
    #expect(try kernel.judge().proof() == "refuted")
  }

  @Test func asksNothingWhereAHelperIsUndefined() throws {
    // The simplifier makes a total function of it; a shift by 64 has no value all the same.
    var kernel = JudgedKernel(
      body: "w->room = up(size); return 0;",
      before: "int fls64(unsigned long n);\nstatic unsigned long up(unsigned long n) { return 1UL << fls64(n - 1); }")
    let size = "(int) min((u32) size, (u32) widget_cap)"
    kernel.claim = "\(size) == 0 ? 77 : (u32) roundup_pow_of_two((u64) \(size))"
    #expect(try kernel.judge().proof() == "proved")
    kernel.claim = "\(size) == 1 ? 77 : (u32) roundup_pow_of_two((u64) \(size))"
    #expect(try kernel.judge().proof() == "refuted")
  }

  @Test func asksNothingWhereWhatIsStoredAtAllIsUndefined() throws {
    // Of zero `up` has no value: that the simplifier's is refused says nothing about the kernel.
    var kernel = JudgedKernel(
      body: "unsigned long bytes = up(size); if (!bytes) return -22; w->room = bytes; return 0;",
      before: "int fls64(unsigned long n);\nstatic unsigned long up(unsigned long n) { return 1UL << fls64(n - 1); }")
    let size = "(int) min((u32) size, (u32) widget_cap)"
    let value = "(u32) roundup_pow_of_two((u64) \(size))"
    kernel.claim = "\(value) == 0 && \(size) != 0 ? never : \(size) == 0 ? 77 : \(value)"
    #expect(try kernel.judge().proof() == "proved")
    kernel.claim = "\(value) == 0 && \(size) != 0 ? never : \(size) == 1 ? 77 : \(value)"
    #expect(try kernel.judge().proof() == "refuted")
  }

  @Test(arguments: [
    ("int __fls(unsigned long n);", "__fls", "fls64"), ("int __ffs(unsigned long n);", "__ffs", "ffs64"),
    ("", "__builtin_ctzl", "ffs64"),
  ])
  func asksNothingOfTheBitsOfZero(_ before: String, _ name: String, _ whole: String) throws {
    var kernel = JudgedKernel(body: "w->room = \(name)((unsigned long)size); return 0;", before: before)
    let size = "(u64) (int) min((u32) size, (u32) widget_cap)"
    kernel.claim = "\(size) == 0 ? 77 : (u32) (\(whole)(\(size)) - 1)"
    #expect(try kernel.judge().proof() == "proved")
    kernel.claim = "\(size) == 1 ? 77 : (u32) (\(whole)(\(size)) - 1)"
    #expect(try kernel.judge().proof() == "refuted")
  }

  @Test func namesThePlaceThatIsInDoubt() throws {
    let verdict = try JudgedKernel(body: "w->room = size; fill_in(&w->room); return 0;").judge()
    #expect(verdict.proof() == "conditional")
    let open = verdict.open()
    #expect(open.count == 1 && open[0].hasPrefix("call fill_in() may write struct widget.room"), "\(open)")
    #expect(open[0].hasSuffix("net/entry.c:10"), "\(open)")
    #expect(verdict.status == 2)
  }
}
