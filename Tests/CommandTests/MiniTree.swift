import Foundation
import Testing

/// An invented kernel, small but whole: the real engine walks it. What varies between versions of it is a property.
struct MiniTree {
  var version = "1.2.0"
  /// How `sys_widget_open` limits the room.
  var limit = "if ((u32)room > widget_cap)\n\t\troom = widget_cap;"
  var files: [String: String] = [:]

  var all: [String: String] {
    let numbers = version.split(separator: ".").map(String.init)
    let name = numbers.count > 2 ? numbers : numbers + ["0", "0"]
    return [
      "Makefile": "VERSION = \(name[0])\nPATCHLEVEL = \(name[1])\nSUBLEVEL = \(name[2])\nEXTRAVERSION =\n",
      "COPYING": "An invented licence.\n",
      "Kconfig": "config WIDGETS\n\tbool \"Widgets\"\n\tdefault y\n\nconfig UNRELATED\n\tbool\n",
      "arch/x86/include/asm/types.h": "typedef unsigned int u32;\n",
      "include/linux/widget.h": """
      #ifndef WIDGET_H
      #define WIDGET_H
      #include <asm/types.h>
      extern u32 widget_cap;
      struct widget { u32 state; u32 room; };
      struct widget_ops { int kind; int (*open)(struct widget *w, int room); };
      struct slot { struct widget *w; const struct widget_ops *ops; };
      struct slot *find_slot(int id);
      #ifdef CONFIG_WIDGETS
      #define WIDGET_EXTRA 0
      #else
      #define WIDGET_EXTRA 1
      #endif
      typedef int proc_handler(int write, void *buffer);
      proc_handler proc_dointvec, proc_douintvec, proc_dointvec_minmax, proc_dointvec_jiffies;
      struct ctl_table {
      \tconst char *procname;
      \tvoid *data;
      \tint maxlen;
      \tunsigned short mode;
      \tproc_handler *proc_handler;
      \tvoid *extra1, *extra2;
      };
      void *register_sysctl(const char *path, struct ctl_table *table);
      #endif

      """,
      "net/widget.c": """
      #include <linux/widget.h>
      u32 widget_cap = 64;
      long sys_widget_open(int id, int room)
      {
      \tstruct slot *slot = find_slot(id);
      \tif (!slot)
      \t\treturn -9;
      \t\(limit)
      \treturn slot->ops->open(slot->w, room);
      }

      """,
      "net/round.c": """
      #include <linux/widget.h>
      static int round_open(struct widget *w, int room)
      {
      \tw->room = room + WIDGET_EXTRA;
      \treturn 0;
      }
      const struct widget_ops round_ops = {
      \t.kind = 1,
      \t.open = round_open,
      };

      """,
      "net/slots.c": """
      #include <linux/widget.h>
      static struct slot slots[4];
      struct slot *find_slot(int id) { return id >= 0 && id < 4 ? &slots[id] : 0; }

      """,
      "kernel/sysctl.c": """
      #include <linux/widget.h>
      static struct ctl_table widget_table[] = {
      \t{
      \t\t.procname = "cap",
      \t\t.data = &widget_cap,
      \t\t.mode = 0644,
      \t},
      };
      void widget_init(void) { register_sysctl("net/widget", widget_table); }

      """,
      "drivers/flat/flat.c": """
      #include <linux/widget.h>
      static int flat_open(struct widget *w, int room) { return -95; }
      const struct widget_ops flat_ops = {
      \t.kind = 2,
      \t.open = flat_open,
      };

      """,
      "drivers/flat/other.c": "int other;\n",
    ].merging(files) { $1 }
  }

  func write(to folder: URL) throws {
    for (path, text) in all {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      if (try? String(contentsOf: file, encoding: .utf8)) != text { try Data(text.utf8).write(to: file) }
    }
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where !path.hasPrefix(".git") {
      var isFolder: ObjCBool = false
      let file = folder.appending(path: path).path
      guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      if all[path] == nil { try FileManager.default.removeItem(atPath: file) }
    }
  }

  static let walkthrough = """
    ---
    title: How widget_open() finds room
    entry: {syscall: widget_open}
    track: room
    when: {kind: 1}
    results:
      room-limit:
        stored-in: struct widget.room
        eras:
          - {id: capped, claim: "min((u32) room, cap)"}
          - {id: free, claim: "(u32) room"}
    ---
    Widgets.

    ## The store {#store}
    ```anchor
    function: round_open
    role: store
    of: struct widget.room
    ```
    It is kept.
    """
}

extension Sandbox {
  /// A sandbox in which the real engine is run, and its runs are counted.
  static func withEngine() throws -> Sandbox {
    let engine = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "walker-engine")
    let sandbox = try Sandbox(engine: "exec '\(engine.path)' \"$@\"\n")
    try sandbox.write(MiniTree.walkthrough, "Annotations/widget-room/walkthrough.md")
    return sandbox
  }

  /// Writes the tree, and waits until its times of change are past: what is walked while it changes is not kept.
  func write(_ tree: MiniTree, _ name: String) throws {
    try tree.write(to: root.appending(path: name))
    Thread.sleep(forTimeInterval: 0.05)
  }

  /// A shell command in the sandbox; it has to succeed.
  @discardableResult
  func run(_ command: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-ec", command]
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment.merging([
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
      "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
    ]) { $1 }
    let output = root.appending(path: "run.log")
    try write("", "run.log")
    process.standardOutput = FileHandle(forWritingAtPath: output.path)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: output, encoding: .utf8)
    try #require(process.terminationStatus == 0, "\(command): \(text)")
    return text
  }

  /// Runs `walker` and does not wait for it.
  func start(_ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = root.appending(path: "bin/walker")
    process.arguments = arguments
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": root.path + "/cache"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// The number of walks that are kept.
  var keptWalks: Int {
    ((try? FileManager.default.subpathsOfDirectory(atPath: root.path + "/cache/walker/walks")) ?? [])
      .filter { $0.hasSuffix(".walk") }.count
  }
}
