import Foundation
import Testing
import WalkerModel

private let sysctls = """
  #include <linux/widget.h>
  static int zero;
  static int hundred = 100;
  int widget_level = 7;
  int other_level = 9;
  int widget_marks[3] = { 1, [2] = 3 };
  static struct ctl_table widget_table[] = {
  \t{
  \t\t.procname = "cap",
  \t\t.data = &widget_cap,
  \t\t.maxlen = sizeof(unsigned int),
  \t\t.proc_handler = proc_douintvec,
  \t},
  \t{
  \t\t.procname = "level",
  \t\t.data = &widget_level,
  \t\t.maxlen = sizeof(int),
  \t\t.proc_handler = proc_dointvec_minmax,
  \t\t.extra1 = &zero,
  \t\t.extra2 = &hundred,
  \t},
  \t{
  \t\t.procname = "marks",
  \t\t.data = &widget_marks,
  \t\t.maxlen = 3 * sizeof(int),
  \t\t.proc_handler = proc_dointvec,
  \t},
  \t{
  \t\t.procname = "delay",
  \t\t.data = &other_level,
  \t\t.maxlen = sizeof(int),
  \t\t.proc_handler = proc_dointvec_jiffies,
  \t},
  };
  void widget_init(void) { register_sysctl("net/widget", widget_table); }

  """

private func sandbox() throws -> Sandbox {
  let sandbox = try Sandbox.withEngine()
  try sandbox.write(MiniTree(files: ["kernel/sysctl.c": sysctls]), "one")
  try sandbox.write(
    MiniTree(files: ["kernel/sysctl.c": sysctls.replacing("widget_level = 7", with: "widget_level = 8")]), "two")
  return sandbox
}

@Test func tellsASysctlInManyKernels() throws {
  let run = try sandbox().walker("knobs", "net.widget.level", "net/widget/cap", "--kernel", "one", "--kernel", "two")
  #expect(run.status == 0, "\(run.errors)")
  #expect(
    run.output == """
      net.widget.level
        one  default 7  0..100  int  kernel/sysctl.c:15
        two  default 8  0..100  int  kernel/sysctl.c:15

      net.widget.cap
        one  default 64  any value  u32  kernel/sysctl.c:9
        two  default 64  any value  u32  kernel/sysctl.c:9

      """)
}

@Test func findsASysctlByItsLastName() throws {
  let run = try sandbox().walker("knobs", "delay", "--kernel", "one", "--format", "csv")
  #expect(run.status == 0, "\(run.errors)")
  #expect(
    run.output == "kernel,name,default,range,type,namespace,place\r\n"
      + "one,net.widget.delay,9,,int,,kernel/sysctl.c:29\r\n")
  let text = try sandbox().walker("knobs", "delay", "--kernel", "one")
  #expect(text.output.contains("kept in jiffies, read and written in seconds"))
}

@Test func saysWhatItCannotTellOfASysctl() throws {
  let sandbox = try sandbox()
  let unknown = try sandbox.walker("knobs", "net.widget.levle", "--kernel", "one")
  #expect(unknown.status == ExitStatus.unchecked)
  #expect(unknown.output.contains("no ctl_table entry is written with this name; did you mean \"level\"?"))
  let elsewhere = try sandbox.walker("knobs", "vm.level", "--kernel", "one")
  #expect(elsewhere.status == ExitStatus.unchecked)
  #expect(elsewhere.output.contains("none of them is known to be in this folder"))
}

@Test func tellsTheElementsOfAnArray() throws {
  let sandbox = try sandbox()
  let array = try sandbox.walker("knobs", "net.widget.marks", "--kernel", "one")
  #expect(array.status == 0, "\(array.errors)")
  #expect(
    array.output == """
      net.widget.marks[0]
        one  default 1  any value  int  kernel/sysctl.c:23

      net.widget.marks[1]
        one  default 0  any value  int  kernel/sysctl.c:23

      net.widget.marks[2]
        one  default 3  any value  int  kernel/sysctl.c:23

      """)
  let one = try sandbox.walker("knobs", "marks[2]", "--kernel", "one", "--format", "csv")
  #expect(one.output.contains("one,net.widget.marks[2],3,,int,,kernel/sysctl.c:23\r\n"), "\(one.output)")
  let none = try sandbox.walker("knobs", "net.widget.marks[3]", "--kernel", "one")
  #expect(none.status == ExitStatus.unchecked)
  #expect(none.output.contains("none of them is known to have an element 3"), "\(none.output)")
}

/// Two variables whose last names are alike: what is known of the first is not said of the second.
@Test func takesNoSysctlForAnother() throws {
  let sandbox = try Sandbox.withEngine()
  let other = """
    #include <linux/widget.h>
    struct gadget_space { int widget_level; };
    extern struct gadget_space init_gadget;
    static struct ctl_table gadget_table[] = {
    \t{
    \t\t.procname = "grade",
    \t\t.data = &init_gadget.widget_level,
    \t\t.maxlen = sizeof(int),
    \t\t.proc_handler = proc_dointvec,
    \t},
    };
    void gadget_init(void) { register_sysctl("net/gadget", gadget_table); }

    """
  try sandbox.write(MiniTree(files: ["kernel/sysctl.c": sysctls, "kernel/zz.c": other]), "one")
  let run = try sandbox.walker("knobs", "net.gadget.grade", "--kernel", "one")
  #expect(run.status == 0, "\(run.errors)")
  #expect(
    run.output == """
      net.gadget.grade
        one  no default known  any value  int, one for each gadget space namespace  kernel/zz.c:6
          its default is not told: where init_gadget is defined is not found

      """)
}

@Test func asksForTheWholeSourceWhereASetHasNoAnswer() throws {
  let sandbox = try Sandbox.withEngine()
  try sandbox.addKernel("6.12", isWhole: true)
  let run = try sandbox.walker("knobs", "net.core.somaxconn", "--kernel", "6.12")
  #expect(run.status == ExitStatus.unchecked)
  #expect(
    run.errors.contains("is here in part")
      && run.errors.contains("walker knobs net.core.somaxconn --kernel apt:linux-source-6.12"), "\(run.errors)")
}
