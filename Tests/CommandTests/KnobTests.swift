import Foundation
import Testing

/// A knob's default and range, as kernels of several times write them.
@Suite struct KnobTests {
  private func knob(_ files: [String: String]) throws -> [String: Any] {
    let sandbox = try Sandbox.withEngine()
    var tree = MiniTree()
    for (path, text) in files { tree.files[path] = text }
    try sandbox.write(tree, "one")
    let run = try sandbox.walker("print", "--kernel", "one", "--format", "json")
    let json = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    return try #require((json["knobs"] as? [[String: Any]])?.first, "\(run.errors)")
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

  @Test func readsBoundsThatVariablesHold() throws {
    let sysctl = table(
      ".extra1 = &zero,\n\t\t.extra2 = &cap_max,",
      before: "static int zero;\nstatic int cap_max = WIDGET_MAX;")
    let header = MiniTree().all["include/linux/widget.h"]?.replacingOccurrences(
      of: "#define WIDGET_H\n", with: "#define WIDGET_H\n#define WIDGET_MAX ((unsigned short)(~0U))\n")
    let knob = try knob(["kernel/sysctl.c": sysctl, "include/linux/widget.h": header ?? ""])
    #expect(knob["name"] as? String == "net.widget.cap")
    #expect(knob["default"] as? Int == 64)
    #expect(knob["minimum"] as? Int == 0)
    #expect(knob["maximum"] as? Int == 65535)
  }

  @Test func readsBoundsThatMacrosName() throws {
    let sysctl = table(
      ".extra1 = KNOB_ONE,\n\t\t.extra2 = KNOB_MANY,", before: "const int knob_values[] = { 0, 1, 1000 * 2, -1 };")
    let header = """
      #define KNOB_ONE ((void *)&knob_values[1])
      #define KNOB_MANY ((void *)&knob_values[2])

      """
    let knob = try knob(["kernel/sysctl.c": sysctl, "include/linux/knobs.h": header])
    #expect(knob["minimum"] as? Int == 1)
    #expect(knob["maximum"] as? Int == 2000)
  }

  @Test func leavesABoundOpenThatHeadersDisagreeOn() throws {
    let sysctl = table(".extra2 = &cap_max,", before: "static int cap_max = WIDGET_MAX;")
    let knob = try knob([
      "kernel/sysctl.c": sysctl, "include/linux/a.h": "#define WIDGET_MAX 7\n",
      "include/linux/b.h": "#define WIDGET_MAX 8\n",
    ])
    #expect(knob["maximum"] is NSNull || knob["maximum"] == nil)
  }

  @Test func givesADefaultComputedAtBootAsItsFormula() throws {
    let code = """
      #include <linux/widget.h>
      void widget_boot(void)
      {
      \tunsigned int count = table.mask + 1;
      \tcount = table->mask + 1;
      \twidget_cap = max(128, count / 256);
      }

      """
    let knob = try knob(["net/boot.c": code, "kernel/sysctl.c": table("")])
    #expect(knob["default"] is NSNull)
    #expect(knob["defaultFormula"] as? String == "max(128, (table->mask + 1) / 256)")
  }
}
