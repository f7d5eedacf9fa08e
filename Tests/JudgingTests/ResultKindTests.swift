import Testing

@Suite struct ResultKindTests {
  @Test func tellsAFieldThatIsNotThereFromOneThatIsNotFollowed() throws {
    var kernel = JudgedKernel(field: "struct widget.extra", isOptional: true)
    let absent = try kernel.judge()
    #expect(absent.proof() == "absent" && absent.status == 0, "\(absent.formula())")
    // The same without the key is an error, and so is a field that the kernel has and does not write.
    kernel.isOptional = false
    let missing = try kernel.judge()
    #expect(missing.proof() == "not-derivable" && missing.status == 2)
    kernel = JudgedKernel(
      record: "int state; u32 room; int used; int extra;", field: "struct widget.extra", isOptional: true)
    #expect(try kernel.judge().proof() == "not-derivable")
  }

  @Test func keepsTwoObjectsApartByProof() throws {
    // Which of the two is written is told by bits of one number: no rewrite shows that, the prover does.
    var kernel = JudgedKernel(
      body:
        "if ((widget_cap & 6) == 6) w->room = size; if (widget_cap & 4) return 0; if (widget_cap & 2) v->room = 7; return 0;"
    )
    kernel.claim =
      "(widget_cap & 6) == 6 ? min((u32) size, (u32) widget_cap) : (widget_cap & 6) == 2 ? 7 : never"
    let verdict = try kernel.judge()
    // That the two may be one object all the same stays open.
    #expect(verdict.proof() == "conditional", "\(verdict.formula())")
    #expect(verdict.open().contains { $0.hasPrefix("alias v->room may be the same memory") }, "\(verdict.open())")
  }

  private static let helpers = """
    int is_busy(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return n; }
    int is_known(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return n; }
    int accept(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return n; }
    struct widget first;
    struct widget *other(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return n ? w : &first; }
    struct widget *owner(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return n ? w : &first; }
    struct peer *peer_of(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return 0; }
    """

  private static let queue = """
    int accept(struct widget *w);
    int is_known(struct widget *w);
    int queue_one(struct widget *w, int urgent)
    {
    	int mode = w->mode;
    	if (w->used >= w->room)
    		return -1;
    	if (!is_known(w) && !mode && widget_cap - w->used < (widget_cap >> 2))
    		return -1;
    	if (is_busy(w))
    		return -1;
    	return accept(w);
    }
    """

  private func entries(_ assume: String, _ claim: String) -> JudgedKernel {
    JudgedKernel(
      other: Self.queue, helpers: Self.helpers, record: "int state; u32 room; int used; int mode;",
      results: """
          entries:
            threshold: {test: queue_one, counter: struct widget.used, until: [accept], assume: [\(assume)]}
            eras:
              - {id: claimed, claim: "\(claim)"}
        """)
  }

  @Test func countsWhatGetsThroughWhereNothingElseIsInItsWay() throws {
    let limit = "min((u32) size, (u32) widget_cap)"
    let quarter = "(u32) max(widget_cap - (widget_cap >> 2) + 1, 0)"
    let verdict = try entries("is_known() == 0, mode == 0", "min(\(limit), \(quarter))").judge()
    #expect(verdict.proof("entries") == "proved", "\(verdict.formula("entries"))")
    #expect(verdict.results["entries"]?["monotone"] as? Bool == false)
    let assumptions = verdict.results["entries"]?["assumptions"] as? [String] ?? []
    #expect(assumptions.contains("is_known() == 0") && assumptions.contains("mode == 0"), "\(assumptions)")
    // Without the assumptions one who is known gets in as long as there is room.
    #expect(try entries("mode == 0", limit).judge().proof("entries") == "proved")
    #expect(try entries("mode == 0", "min(\(limit), \(quarter))").judge().proof("entries") == "refuted")
  }

  @Test(arguments: [
    // What it says of another object that may be the same one counts; what it puts there itself, or does not use, not.
    ("if (other(w)->state == 3) return -1;", "not-derivable"),
    ("struct widget *o = other(w); o->state = 12; if (o->state == 3) return -1;", "proved"),
    ("struct widget *o = other(w); int state = o->state; (void)state;", "proved"),
  ])
  func mindsWhatIsReadInAnotherObject(_ look: String, _ proof: String) throws {
    let limit = "min((u32) size, (u32) widget_cap)"
    let kernel = JudgedKernel(
      body: "w->state = 3; w->room = size; return 0;",
      other: """
        int accept(struct widget *w);
        struct widget *other(struct widget *w);
        int queue_one(struct widget *w)
        {
        	\(look)
        	if (w->used >= w->room)
        		return -1;
        	return accept(w);
        }
        """,
      helpers: Self.helpers,
      results: """
          entries:
            threshold: {test: queue_one, counter: struct widget.used, until: [accept]}
            eras:
              - {id: claimed, claim: "\(limit)"}
        """)
    let verdict = try kernel.judge()
    #expect(verdict.proof("entries") == proof, "\(look): \(verdict.formula("entries"))")
  }

  @Test func knowsWhenAPointerIsNull() throws {
    // No peer is looked for, so there is none; two pointers that have to be one are one circumstance.
    let limit = "min((u32) size, (u32) widget_cap)"
    let quarter = "(u32) max(widget_cap - (widget_cap >> 2) + 1, 0)"
    func kernel(_ assume: String, _ claim: String) -> JudgedKernel {
      JudgedKernel(
        other: """
          struct peer { u32 stamp; };
          extern struct widget first;
          int accept(struct widget *w);
          struct peer *peer_of(struct widget *w);
          struct widget *owner(struct widget *w);
          int queue_one(struct widget *w)
          {
          	struct peer *p = (void *)0;
          	if (w->used >= w->room || owner(w) != &first)
          		return -1;
          	if (w->state && (p = peer_of(w)) != (void *)0) {
          		if (p->stamp < 60)
          			return -1;
          	} else if (widget_cap - w->used < (widget_cap >> 2) && (!p || !p->stamp)) {
          		return -1;
          	}
          	return accept(w);
          }
          """,
        helpers: Self.helpers,
        results: """
            entries:
              threshold: {test: queue_one, counter: struct widget.used, until: [accept], assume: [\(assume)]}
              eras:
                - {id: claimed, claim: "\(claim)"}
          """)
    }
    let unknown = try kernel("struct widget.state == 0", "min(\(limit), \(quarter))").judge()
    #expect(unknown.proof("entries") == "proved", "\(unknown.formula("entries"))")
    // One who is known gets in as long as there is room.
    let known = try kernel("struct widget.state == 1", limit).judge()
    #expect(known.proof("entries") == "proved", "\(known.formula("entries"))")
  }

  @Test func refusesAnAssumptionThatIsNone() throws {
    var kernel = JudgedKernel()
    kernel.assume = "assume: [the widget is idle]"
    let verdict = try kernel.judge()
    #expect(verdict.status == 1 && verdict.results.isEmpty)
    #expect(
      verdict.errors.contains("walkthrough.md:5") && verdict.errors.contains("\"flags == 0\""), "\(verdict.errors)")
  }
}
