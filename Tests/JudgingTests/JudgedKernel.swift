import Foundation
import Testing

/// An invented kernel and an invented walkthrough, walked and judged by the real `walker`.
struct JudgedKernel {
  /// What the function that is handed the number does with `w` and `size`.
  var body = "w->room = size; return 0;"
  /// Before that function, in its file.
  var before = ""
  /// Of another file in the same folder.
  var other = ""
  /// Of a third file: functions that are called and not entered.
  var helpers = "int is_busy(struct widget *w) { int n = 0; while (n < w->used) n += w->state; return n; }"
  var record = "int state; u32 room; int used;"
  var field = "struct widget.room"
  var claim = "min((u32) size, (u32) widget_cap)"
  var isOptional = false
  /// YAML lines below `results:`, in place of the stored field's.
  var results: String?
  var assume = ""
  /// The whole file of the entry, in place of the one with `body`.
  var entry: String?
  /// YAML for what is entered and followed.
  var head = "entry: {syscall: widget}\ntrack: size"
  /// Headers of the invented kernel beside its own, by their path.
  var headers: [String: String] = [:]

  struct Verdict {
    let status: Int32
    let results: [String: [String: Any]]
    let errors: String

    func proof(_ id: String = "room") -> String { results[id]?["proof"] as? String ?? "none" }
    /// What is open of what the result rests on, as `kind subject why`.
    func open(_ id: String = "room") -> [String] {
      let all = results[id]?["restsOn"] as? [[String: Any]] ?? []
      return all.filter { $0["state"] as? String == "open" }.map {
        "\($0["kind"] ?? "") \($0["subject"] ?? "") \($0["why"] ?? "") \($0["file"] ?? ""):\($0["line"] ?? "")"
      }
    }
    func formula(_ id: String = "room") -> String { results[id]?["formula"] as? String ?? "none" }
  }

  var files: [String: String] {
    var files = own
    if let entry { files["net/entry.c"] = entry }
    return files.merging(headers) { $1 }
  }

  private var own: [String: String] {
    [
      "Makefile": "VERSION = 1\n",
      "arch/x86/include/asm/types.h": "\n",
      "net/widget.h": """
      typedef unsigned int u32;
      typedef unsigned long size_t;
      void *memset(void *s, int c, size_t n);
      extern int widget_cap;
      struct widget { \(record) };
      struct ctl_table { const char *procname; void *data; };
      int is_busy(struct widget *w);
      void late(struct widget *w);
      void fill_in(u32 *room);
      u32 *somewhere(void);
      """,
      "net/entry.c": """
      #include "widget.h"
      int widget_cap = 64;
      static struct ctl_table widget_table[] = {
      	{ .procname = "widget_cap", .data = &widget_cap },
      };
      void register_widget(void) { register_net_sysctl("net/widget", widget_table); }
      \(before)
      static int set_room(struct widget *w, struct widget *v, int size)
      {
      	\(body)
      }
      long sys_widget(struct widget *w, struct widget *v, int size)
      {
      	if ((u32)size > (u32)widget_cap)
      		size = widget_cap;
      	return set_room(w, v, size);
      }
      """,
      "net/other.c": "#include \"widget.h\"\n\(other)\n",
      "net/helpers.c": "#include \"widget.h\"\n\(helpers)\n",
    ]
  }

  var walkthrough: String {
    let stored = """
        room:
          stored-in: \(field)
          optional: \(isOptional)
          eras:
            - {id: claimed, claim: "\(claim)"}
      """
    return """
      ---
      title: Widget
      \(head)
      \(assume)
      results:
      \(results ?? stored)
      ---
      Widgets.

      ## Entry {#entry}
      ```anchor
      function: sys_widget
      role: entry
      ```
      Text.
      """
  }

  func judge() throws -> Verdict {
    let root = FileManager.default.temporaryDirectory.appending(path: "walker-judged-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func write(_ text: String, _ path: String) throws {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    for (path, text) in files { try write(text, "kernel/" + path) }
    try write(walkthrough, "annotations/widget/walkthrough.md")
    for name in ["output", "errors"] { try write("", name) }
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
      path: "walker")
    process.arguments = [
      "print", "widget", "--annotations", root.path + "/annotations", "--kernel", root.path + "/kernel", "--format",
      "json", "--no-cache",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": root.path + "/cache"]) { $1 }
    process.standardOutput = FileHandle(forWritingAtPath: root.path + "/output")
    process.standardError = FileHandle(forWritingAtPath: root.path + "/errors")
    try process.run()
    process.waitUntilExit()
    let errors = try String(contentsOfFile: root.path + "/errors", encoding: .utf8)
    let walk = try? JSONSerialization.jsonObject(with: Data(contentsOf: root.appending(path: "output")))
    let results = (walk as? [String: Any])?["results"] as? [[String: Any]] ?? []
    return Verdict(
      status: process.terminationStatus,
      results: Dictionary(uniqueKeysWithValues: results.map { ($0["id"] as? String ?? "", $0) }), errors: errors)
  }
}
