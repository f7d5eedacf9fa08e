import Foundation
import Testing

/// A knob's identity, default and range, as kernels of several times write them.
@Suite struct KnobTests {
  private func knobs(_ files: [String: String], _ limit: String? = nil) throws -> [[String: Any]] {
    let json = try walk(files, limit)
    return try #require(json["knobs"] as? [[String: Any]])
  }

  private func walk(_ files: [String: String], _ limit: String? = nil) throws -> [String: Any] {
    let sandbox = try Sandbox.withEngine()
    var tree = MiniTree()
    if let limit { tree.limit = limit }
    for (path, text) in files { tree.files[path] = text }
    try sandbox.write(tree, "one")
    let run = try sandbox.walker("print", "--kernel", "one", "--format", "json")
    return try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.errors)")
  }

  private func knob(_ files: [String: String], _ limit: String? = nil) throws -> [String: Any] {
    try #require(try knobs(files, limit).first)
  }

  private func table(_ fields: String, before: String = "", folder: String = "net/widget") -> String {
    """
    #include <linux/widget.h>
    \(before)
    static struct ctl_table widget_table[] = {
    \t{
    \t\t.procname = "cap",
    \t\t.data = &widget_cap,
    \t\t.proc_handler = proc_dointvec_minmax,
    \t\t\(fields)
    \t},
    };
    void widget_init(void) { register_sysctl("\(folder)", widget_table); }

    """
  }

  /// The file that defines `widget_cap`, with other code behind it.
  private func widget(_ definition: String, _ code: String = "") throws -> String {
    let text = try #require(MiniTree().all["net/widget.c"])
    return text.replacingOccurrences(of: "u32 widget_cap = 64;", with: definition) + code
  }

  private func header(_ more: String) throws -> String {
    let text = try #require(MiniTree().all["include/linux/widget.h"])
    return text.replacingOccurrences(of: "#define WIDGET_H\n", with: "#define WIDGET_H\n" + more)
  }

  // MARK: - Range

  @Test func readsBoundsThatVariablesHold() throws {
    let sysctl = table(
      ".extra1 = &zero,\n\t\t.extra2 = &cap_max,",
      before: "static int zero;\nstatic int cap_max = WIDGET_MAX;")
    let knob = try knob([
      "kernel/sysctl.c": sysctl, "include/linux/widget.h": try header("#define WIDGET_MAX ((unsigned short)(~0U))\n"),
    ])
    #expect(knob["name"] as? String == "net.widget.cap")
    #expect(knob["default"] as? Int == 64)
    #expect(knob["minimum"] as? Int == 0)
    #expect(knob["maximum"] as? Int == 65535)
  }

  @Test func readsBoundsThatMacrosName() throws {
    let more = """
      extern const int knob_values[];
      #define KNOB_ONE ((void *)&knob_values[1])
      #define KNOB_MANY ((void *)&knob_values[2])

      """
    let knob = try knob([
      "kernel/sysctl.c": table(".extra1 = KNOB_ONE,\n\t\t.extra2 = KNOB_MANY,"),
      "include/linux/widget.h": try header(more),
      "kernel/values.c": "const int knob_values[] = { 0, 1, 1000 * 2, -1 };\n",
    ])
    #expect(knob["minimum"] as? Int == 1)
    #expect(knob["maximum"] as? Int == 2000)
  }

  @Test func readsABoundUnderTheConfiguration() throws {
    let before = """
      #ifdef CONFIG_UNRELATED
      static int cap_max = 7;
      #else
      static int cap_max = 8;
      #endif
      """
    let knob = try knob(["kernel/sysctl.c": table(".extra2 = &cap_max,", before: before)])
    #expect(knob["maximum"] as? Int == 8)
  }

  @Test func takesNoBoundOfAHandlerThatKeepsNone() throws {
    let text = table(".extra2 = &cap_max,", before: "static int cap_max = 8;")
      .replacingOccurrences(of: "proc_dointvec_minmax", with: "proc_dointvec")
    let knob = try knob(["kernel/sysctl.c": text])
    #expect(knob["maximum"] is NSNull)
  }

  // MARK: - Default

  @Test func givesADefaultComputedAtBootAsItsFormula() throws {
    let code = """
      #define __init
      struct slots { unsigned int mask; } table, *tables = &table;
      void __init widget_boot(void)
      {
      \tunsigned int count = table.mask + 1;
      \tcount = tables->mask + 1;
      \twidget_cap = max(128, count / 256);
      }

      """
    let more = "unsigned int max(unsigned int a, unsigned int b);\n"
    let knob = try knob([
      "net/boot.c": "#include <linux/widget.h>\n" + code, "kernel/sysctl.c": table(""),
      "include/linux/widget.h": try header(more),
    ])
    #expect(knob["default"] is NSNull)
    #expect(knob["defaultFormula"] as? String == "max(128, (tables->mask + 1) / 256)")
  }

  @Test(arguments: [
    // What is left out is zero; the branch that is compiled counts.
    ("u32 widget_cap;", "", 0),
    ("#ifdef CONFIG_UNRELATED\nu32 widget_cap = 3;\n#else\nu32 widget_cap = 5;\n#endif", "", 5),
    // Start-up code: by an initcall, by a mark, by a call of such a function.
    ("u32 widget_cap = 64;", "static int start(void) { widget_cap = 40; return 0; }\ncore_initcall(start);\n", 40),
    ("u32 widget_cap = 64;", "void __init start(void) { widget_cap = 40; }\n", 40),
    (
      "u32 widget_cap = 64;",
      "static void tune(void) { widget_cap = 40; }\nvoid __init start(void) { tune(); }\n", 40
    ),
    // A branch that is not taken, and one that is; a way out that fails.
    ("u32 widget_cap = 64;", "void __init start(void) { if (0) widget_cap = 40; }\n", 64),
    (
      "u32 widget_cap = 64;",
      "int ready(void);\nint __init start(void) { int e = ready(); if (e) return e; widget_cap = 40; return 0; }\n", 40
    ),
    // Code that runs later, or for a parameter of the boot line.
    ("u32 widget_cap = 64;", "void later(void) { widget_cap = 40; }\n", 64),
    (
      "u32 widget_cap = 64;",
      "static int __init setup(char *s) { widget_cap = *s; return 1; }\n__setup(\"cap=\", setup);\n", 64
    ),
  ])
  func findsTheDefault(_ definition: String, _ code: String, _ number: Int) throws {
    let marks = """
      #define __init
      #define core_initcall(f) int (*f##_at_start)(void) = f
      #define __setup(s, f) int (*f##_set)(char *) = f

      """
    let knob = try knob(["net/widget.c": try widget(marks + definition, code), "kernel/sysctl.c": table("")])
    #expect(knob["default"] as? Int == number, "\(knob)")
  }

  @Test(arguments: [
    "int ready(void);\nvoid __init start(void) { if (ready()) widget_cap = 40; }\n",
    "int ready(void);\nint __init start(void) { if (ready()) return 0; widget_cap = 40; return 0; }\n",
    "int parse(u32 *to);\nvoid __init start(void) { parse(&widget_cap); }\n",
  ])
  func saysThatADefaultIsNotDecided(_ code: String) throws {
    let knob = try knob([
      "net/widget.c": try widget("#define __init\nu32 widget_cap = 64;", code), "kernel/sysctl.c": table(""),
    ])
    #expect(knob["default"] is NSNull && knob["defaultFormula"] == nil || knob["defaultFormula"] is NSNull, "\(knob)")
    #expect((knob["defaultNote"] as? String)?.contains("it may start as") == true, "\(knob)")
  }

  @Test(arguments: [
    // A jump into a branch that the way goes on from; and one to a way out of its own.
    (
      """
      int __init start(int n) {
      \tif (ready())
      \t\tgoto small;
      \tn = ready();
      \tif (!n) {
      small:
      \t\tn = 2;
      \t}
      \twidget_cap = 40;
      \treturn 0;
      }

      """, 40 as Int?
    ),
    (
      """
      int __init start(void) {
      \tif (ready())
      \t\tgoto small;
      \twidget_cap = 40;
      \treturn 0;
      small:
      \twidget_cap = 4;
      \treturn 0;
      }

      """, nil
    ),
    (
      """
      int __init start(void) {
      \tdo {
      \t\tif (ready())
      \t\t\tbreak;
      \t\twidget_cap = 40;
      \t} while (0);
      \treturn 0;
      }

      """, nil
    ),
    // What the compiler can't make sense of says nothing.
    ("int __init start(void) { widget_cap = 40 + no_such_thing; return 0; }\n", nil),
  ])
  func followsJumpsOfStartUpCode(_ code: String, _ number: Int?) throws {
    let before = "#define __init\nint ready(void);\n"
    let knob = try knob([
      "net/start.c": "#include <linux/widget.h>\n" + before + code, "kernel/sysctl.c": table(""),
    ])
    #expect(knob["default"] as? Int == number, "\(knob)")
    #expect((knob["defaultNote"] is String) == (number == nil), "\(knob)")
  }

  @Test func takesNoDefaultOfADefinitionThatDoesNotCompile() throws {
    let knob = try knob([
      "net/widget.c": try widget("extern u32 widget_cap;"), "kernel/sysctl.c": table(""),
      "net/cap.c": "#include <linux/widget.h>\nu32 widget_cap = NO_SUCH_MACRO;\n",
    ])
    #expect(knob["default"] is NSNull)
    #expect((knob["defaultNote"] as? String)?.contains("could not be read") == true, "\(knob)")
  }

  // MARK: - Identity

  private static let namespaces = """
    struct gadgets { int other; u32 caps[3]; u32 cap; };
    struct space { struct gadgets a, b; };
    extern struct space init_space;
    struct space *space_of(int id);

    """

  private func spaceTable(_ data: String, size: String = "sizeof(u32)") -> String {
    """
    #include <linux/widget.h>
    struct space init_space = { .b = { .cap = 9, .caps = { 4, 100 } } };
    static struct ctl_table widget_table[] = {
    \t{ .procname = "cap", .data = \(data), .maxlen = \(size), .proc_handler = proc_dointvec },
    };
    void widget_init(void) { register_sysctl("net/widget", widget_table); }

    """
  }

  private func spaced(_ data: String, size: String = "sizeof(u32)", read: String) throws -> [[String: Any]] {
    try knobs(
      [
        "kernel/sysctl.c": spaceTable(data, size: size),
        "include/linux/widget.h": try header("typedef unsigned int u32;\n" + Self.namespaces),
      ], "struct space *space = space_of(id);\n\tif ((u32)room > \(read))\n\t\troom = \(read);")
  }

  @Test func takesTheFieldOfThatPath() throws {
    let found = try spaced("&init_space.b.cap", read: "space->b.cap")
    #expect(found.map { $0["default"] as? Int } == [9])
    #expect(found.map { $0["perNamespace"] as? String } == ["space"])
    #expect(try spaced("&init_space.b.cap", read: "space->a.cap").isEmpty)
    #expect(try spaced("&init_space.b.cap", read: "init_space.a.cap").isEmpty)
  }

  @Test func takesTheElementThatIsRead() throws {
    let whole = try spaced("&init_space.b.caps", size: "sizeof(init_space.b.caps)", read: "space->b.caps[1]")
    #expect(whole.map { $0["name"] as? String } == ["net.widget.cap[1]"])
    #expect(whole.map { $0["default"] as? Int } == [100])
    #expect(try spaced("&init_space.b.caps[0]", read: "space->b.caps[1]").isEmpty)
    let unknown = try spaced(
      "&init_space.b.caps", size: "sizeof(init_space.b.caps)", read: "init_space.b.caps[id & 1]")
    #expect(unknown.isEmpty)
  }

  @Test func tellsAStaticVariableByItsFile() throws {
    let found = try knobs(
      [
        "kernel/sysctl.c": table("", before: "static u32 top = 7;")
          .replacingOccurrences(of: "&widget_cap", with: "&top"),
        "net/widget.c": try widget("u32 widget_cap = 64;\nstatic u32 top = 9;")
          .replacingOccurrences(of: "> widget_cap", with: "> top"),
      ])
    #expect(found.isEmpty, "\(found)")
  }

  /// Each namespace has a number of its own.
  @Test func takesNoTwoNamespacesForOneSysctl() throws {
    let files = [
      "kernel/sysctl.c": spaceTable("&init_space.b.cap"),
      "include/linux/widget.h": try header("typedef unsigned int u32;\n" + Self.namespaces),
    ]
    let limit = "if (space_of(id)->b.cap != space_of(id + 1)->b.cap)\n\t\troom = 7;"
    let json = try walk(files, limit)
    #expect((json["knobs"] as? [Any])?.isEmpty == true)
    let findings = try #require(json["findings"] as? [[String: Any]])
    #expect(findings.contains { $0["id"] as? String == "walker.knob.shared" }, "\(findings)")
    let results = try #require(json["results"] as? [[String: Any]])
    #expect((results[0]["formula"] as? String)?.contains("7") == true, "\(results)")
  }

  // MARK: - What can't be read

  @Test(arguments: [
    String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300), "no_such_thing",
  ])
  func goesOnWithoutATableThatCantBeRead(_ number: String) throws {
    let json = try walk(["kernel/sysctl.c": table(".mode = \(number),")])
    #expect((json["knobs"] as? [Any])?.isEmpty == true)
    let findings = try #require(json["findings"] as? [[String: Any]])
    #expect(findings.contains { $0["id"] as? String == "walker.knob.unreadable" }, "\(findings)")
    let results = try #require(json["results"] as? [[String: Any]])
    #expect((results[0]["formula"] as? String)?.contains("widget_cap") == true, "\(results)")
  }
}
