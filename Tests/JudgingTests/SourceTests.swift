import Testing

/// Numbers that do not come as a parameter: from the caller's memory, from a record, from state with a name.
@Suite struct SourceTests {
  static let user = """
    #define __user
    typedef unsigned int u32;
    typedef unsigned long size_t;
    unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
    unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);
    #define get_user(x, ptr) ({ \\
    	int __ret_gu; \\
    	unsigned long __val_gu; \\
    	__asm__ volatile("call __get_user_%P3" : "=a" (__ret_gu), "=r" (__val_gu) : "0" (ptr), "i" (sizeof(*(ptr)))); \\
    	(x) = (__typeof__(*(ptr))) __val_gu; \\
    	__builtin_expect(__ret_gu, 0); \\
    })
    #define put_user(x, ptr) ({ \\
    	int __ret_pu; \\
    	void __user *__ptr_pu; \\
    	__typeof__(*(ptr)) __val_pu; \\
    	__ptr_pu = (ptr); \\
    	__val_pu = (x); \\
    	__asm__ volatile("call __put_user_%P3" : "=c" (__ret_pu) : "0" (__ptr_pu), "r" (__val_pu), "i" (sizeof(*(ptr)))); \\
    	__builtin_expect(__ret_pu, 0); \\
    })
    #define WIDGET_MIN 16
    #define EPERM 1
    #define EFAULT 14
    #define EINVAL 22
    struct widget { u32 room; int state; };
    struct request { u32 flags; u32 entries; u32 more; };
    extern int widget_cap;
    int able(int cap);
    """

  private func kernel(
    _ body: String, head: String, claim: String, result: String = "stored-in: struct widget.room",
    parameters: String = "struct widget *w, char __user *optval, int len"
  ) -> JudgedKernel {
    JudgedKernel(
      results: """
          room:
            \(result)
            eras:
              - {id: claimed, claim: "\(claim)"}
        """,
      entry: """
        #include "user.h"
        int widget_cap = 64;
        long sys_widget(\(parameters))
        {
        	\(body)
        }
        """,
      head: "entry: {syscall: widget}\n" + head, headers: ["net/user.h": Self.user])
  }

  @Test(arguments: [
    "int val; if (len < (int)sizeof(int)) return -EINVAL; if (copy_from_user(&val, optval, sizeof(val))) return -EFAULT; w->room = val < WIDGET_MIN ? WIDGET_MIN : val; return 0;",
    "int val; if (get_user(val, (int __user *)optval)) return -EFAULT; w->room = val < WIDGET_MIN ? WIDGET_MIN : val; return 0;",
  ])
  func followsTheNumberBehindAPointer(_ body: String) throws {
    let right = kernel(body, head: "track: {user: optval, as: int}", claim: "(u32) max(optval, WIDGET_MIN)")
    let verdict = try right.judge()
    #expect(verdict.proof() == "proved", "\(verdict.formula()) \(verdict.open()) \(verdict.errors)")
    let wrong = kernel(body, head: "track: {user: optval, as: int}", claim: "(u32) max(optval, 17)")
    #expect(try wrong.judge().proof() == "refuted")
    // Another type than what the code reads is another number.
    let short = kernel(body, head: "track: {user: optval, as: short}", claim: "(u32) max(optval, WIDGET_MIN)")
    #expect(try short.judge().proof() != "proved")
  }

  @Test func followsAFieldOfTheCallersStructure() throws {
    let body = """
      struct request r; if (copy_from_user(&r, params, sizeof(r))) return -EFAULT;
      if (r.flags & 4) w->room = r.entries * 2; else w->room = r.entries; return 0;
      """
    func asked(_ more: String, _ claim: String) -> JudgedKernel {
      kernel(
        body, head: "track: {user: params, field: entries}" + more, claim: claim,
        parameters: "struct widget *w, struct request __user *params")
    }
    let named = try asked("\ninputs: {flags: struct request.flags}", "flags & 4 ? entries * 2 : entries").judge()
    #expect(named.proof() == "proved", "\(named.formula()) \(named.open()) \(named.errors)")
    let assumed = try asked("\nassume: [\"struct request.flags == 0\"]", "entries").judge()
    #expect(assumed.proof() == "proved", "\(assumed.formula())")
    // Without a word on the flags nothing is proved of either.
    #expect(try asked("", "entries").judge().proof() == "conditional")
    #expect(try asked("", "entries * 2").judge().proof() == "conditional")
  }

  @Test func saysWhenTheSameMemoryIsReadTwice() throws {
    let body = """
      int first, second; if (get_user(first, (int __user *)optval)) return -EFAULT;
      if (first > 100) return -EINVAL;
      if (copy_from_user(&second, optval, sizeof(second))) return -EFAULT;
      w->room = second; return 0;
      """
    let verdict = try kernel(
      body, head: "track: {user: optval, as: int}", claim: "optval > 100 ? never : (u32) optval"
    ).judge()
    #expect(verdict.proof() == "proved", "\(verdict.formula())")
    let rests = verdict.results["room"]?["restsOn"] as? [[String: Any]] ?? []
    #expect(
      rests.contains { ($0["why"] as? String ?? "").contains("a second time") && $0["state"] as? String == "trusted" },
      "\(rests)")
    // Once on each of two ways is once.
    let once = try kernel(
      """
      int val; if (len > 3) { if (get_user(val, (int __user *)optval)) return -EFAULT; }
      else { if (copy_from_user(&val, optval, sizeof(val))) return -EFAULT; }
      w->room = val; return 0;
      """, head: "track: {user: optval, as: int}", claim: "(u32) optval"
    ).judge()
    #expect(once.proof() == "proved", "\(once.formula())")
    let own = once.results["room"]?["restsOn"] as? [[String: Any]] ?? []
    #expect(!own.contains { ($0["why"] as? String ?? "").contains("a second time") }, "\(own)")
  }

  @Test func looksIntoWhatIsHandedBack() throws {
    let body = "int val; if (get_user(val, (int __user *)optval)) return -EFAULT; val = val * 2; "
    for write in [
      "if (put_user(val, (int __user *)optval)) return -EFAULT; return 0;",
      "if (copy_to_user(optval, &val, sizeof(val))) return -EFAULT; return 0;",
    ] {
      let asked = kernel(
        body + write, head: "track: {user: optval, as: int}", claim: "optval * 2",
        result: "handed-back: {pointer: optval, as: int}")
      let verdict = try asked.judge()
      #expect(verdict.proof() == "proved", "\(verdict.formula()) \(verdict.errors)")
    }
    let nothing = kernel(
      body + "return 0;", head: "track: {user: optval, as: int}", claim: "optval",
      result: "handed-back: {pointer: optval, as: int}")
    #expect(try nothing.judge().proof() == "not-derivable")
    // Of which numbers nothing is written, a function says that is not looked into.
    let chosen = kernel(
      "extern int wanted(int n); int val; if (get_user(val, (int __user *)optval)) return -EFAULT; "
        + "if (!wanted(val)) return 0; if (put_user(val, (int __user *)optval)) return -EFAULT; return 0;",
      head: "track: {user: optval, as: int}", claim: "optval", result: "handed-back: {pointer: optval, as: int}")
    #expect(try chosen.judge().proof() != "proved")
  }

  @Test func saysHowToFollowWhatAPointerLeadsTo() throws {
    let body = "w->room = len; return 0;"
    let pointer = try kernel(body, head: "track: optval", claim: "optval").judge()
    #expect(pointer.errors.contains("track: {user: optval, as: int}"), "\(pointer.errors)")
    let field = try kernel(
      body, head: "track: {user: params, field: entires}", claim: "1",
      parameters: "struct widget *w, struct request __user *params, int len"
    ).judge()
    #expect(field.errors.contains("did you mean entries?"), "\(field.errors)")
    let parameter = try kernel(body, head: "track: lenn", claim: "len").judge()
    #expect(parameter.errors.contains("did you mean len?"), "\(parameter.errors)")
  }

  @Test func takesTheSourceThatTheEntryHas() throws {
    let verdict = try kernel(
      "w->room = len; return 0;", head: "track: [{user: value, as: int, name: len}, {parameter: len, name: len}]",
      claim: "(u32) len"
    ).judge()
    #expect(verdict.proof() == "proved", "\(verdict.formula()) \(verdict.errors)")
  }

  @Test func knowsTheCallingTask() throws {
    let before = """
      struct task { u32 slack; u32 usual; };
      struct task *get_current(void);
      """
    func kernel(_ claim: String) -> JudgedKernel {
      JudgedKernel(
        results: """
            slack:
              stored-in: struct task.slack
              eras:
                - {id: claimed, claim: "\(claim)"}
          """,
        entry: """
          typedef unsigned int u32;
          \(before)
          long sys_widget(unsigned int size)
          {
          	if (!size)
          		get_current()->slack = get_current()->usual;
          	else
          		get_current()->slack = size;
          	return 0;
          }
          """,
        head: "entry: {syscall: widget}\ntrack: size\ninputs: {usual: struct task.usual}")
    }
    let right = try kernel("size ? size : usual").judge()
    #expect(right.proof("slack") == "proved", "\(right.formula("slack")) \(right.open("slack"))")
    #expect(try kernel("size").judge().proof("slack") == "refuted")
  }

  @Test func takesStaticKeysByTheirNames() throws {
    let body = """
      if (arch_static_branch(&limit_key.key, 0)) len = 7;
      w->room = len; return 0;
      """
    func kernel(_ assume: String, _ claim: String) -> JudgedKernel {
      var kernel = self.kernel(body, head: "track: len\n" + assume, claim: claim)
      kernel.headers["net/user.h"] =
        Self.user + """

          struct static_key { int enabled; };
          struct static_key_false { struct static_key key; };
          extern struct static_key_false limit_key;
          static inline _Bool arch_static_branch(struct static_key *key, _Bool branch)
          {
          	__asm__ goto("1: nop" : : "i" (key), "i" (branch) : : yes);
          	return 0;
          yes:
          	return 1;
          }

          """
      return kernel
    }
    let off = try kernel("assume: [\"limit_key == 0\"]", "(u32) len").judge()
    #expect(off.proof() == "proved", "\(off.formula())")
    let on = try kernel("assume: [\"limit_key == 1\"]", "7").judge()
    #expect(on.proof() == "proved", "\(on.formula())")
    #expect(try kernel("", "(u32) len").judge().proof() != "proved")
  }

  @Test func countsLoopsOfAsManyTurnsAsAByteHas() throws {
    let body = """
      unsigned char turns; int most = 1;
      for (turns = 0; turns < 255; turns++) most += 2;
      w->room = (u32)len < (u32)most ? len : most; return 0;
      """
    let right = try kernel(body, head: "track: len", claim: "min((u32) len, 511u)").judge()
    #expect(right.proof() == "proved", "\(right.formula())")
    let wrong = try kernel(body, head: "track: len", claim: "min((u32) len, 509u)").judge()
    #expect(wrong.proof() != "proved")
  }

  @Test func storesOnlyWhatDiffers() throws {
    let body = "if (w->room != (u32)len) w->room = len; return 0;"
    let right = try kernel(body, head: "track: len", claim: "(u32) len").judge()
    #expect(right.proof() == "proved", "\(right.formula())")
    #expect(try kernel(body, head: "track: len", claim: "(u32) len + 1").judge().proof() != "proved")
  }
}
