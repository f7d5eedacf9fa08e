import Foundation
import Testing
import WalkerKernel
import WalkerModel
import WalkerTrace

/// An invented kernel of a few files, written to a folder of its own, and the walk through it.
struct MiniKernel {
  var files: [String: String] = [
    "Makefile": "VERSION = 1\n",
    "widget/widget.h": """
    typedef unsigned int u32;
    extern int widget_cap;
    struct widget { int state; u32 room; unsigned short narrow; int spare; };
    struct widget_ops { int kind; int (*resize)(struct widget *w, int size); };
    struct slot { struct widget *w; const struct widget_ops *ops; };
    struct slot *find_slot(int id);
    int check_widget(struct widget *w, int size);
    int other_helper(int size);
    #define clamp_to(a, b) ({ u32 __a = (a); u32 __b = (b); __a < __b ? __a : __b; })
    static inline int widget_is_full(const struct widget *w) { return w->spare > w->room; }
    """,
    "widget/entry.c": """
    #include "widget.h"
    int widget_cap = 64;
    long sys_widget(int id, int size)
    {
    	struct slot *slot = find_slot(id);
    	int err = -9;
    	if (slot) {
    		int cap = widget_cap;
    		if ((u32)size > (u32)cap)
    			size = cap;
    		err = check_widget(slot->w, size);
    		if (!err)
    			err = slot->ops->resize(slot->w, size);
    	}
    	return err;
    }
    """,
    "widget/round.c": MiniKernel.round("w->room = size;"),
    "widget/flat.c": """
    #include "widget.h"
    static int flat_resize(struct widget *w, int size) { return -95; }
    const struct widget_ops flat_ops = {
    	.kind = 2,
    	.resize = flat_resize,
    };
    """,
  ]

  /// The file whose function stores the value, with `body` where it does.
  static func round(_ body: String, before: String = "") -> String {
    """
    #include "widget.h"
    \(before)
    static int round_resize(struct widget *w, int size)
    {
    	int err = -22;
    	if (w->state != 7)
    		goto out;
    	\(body)
    	err = 0;
    out:
    	return err;
    }
    const struct widget_ops round_ops = {
    	.kind = 1,
    	.resize = round_resize,
    };
    """
  }

  var waypoints: [String] = []
  var field = "struct widget.room"

  /// `jointly`: with files that are parsed together where that changes nothing.
  func trace(jointly: Bool = false) throws -> Traced {
    try inFolder { tree, environment in
      jointly
        ? try Tracer.trace(tree: tree, environment: environment, walkthrough: walkthrough)
        : try Tracer(tree: tree, environment: environment, walkthrough: walkthrough).run()
    }
  }

  func inFolder<Answer>(_ body: (FolderTree, ParseEnvironment) throws -> Answer) throws -> Answer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "walker-trace-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    // A kernel's sources lie in folders that walker knows.
    for (path, text) in files {
      let file = folder.appending(path: path.replacingOccurrences(of: "widget/", with: "net/"))
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let environment = ParseEnvironment(
      arguments: ["-x", "c", "-w", "-target", "x86_64-linux-gnu"], virtualFiles: [:], prefix: folder.path,
      configurationSource: "none", configurationSHA256: "", configuration: [:])
    return try body(FolderTree(folder.path, source: "folder:mini"), environment)
  }

  var walkthrough: Walkthrough {
    let place = SourceLocation(file: "walkthrough.md", line: 1)
    return Walkthrough(
      name: "widget", title: "Widget", entry: .syscall("widget"), track: "size", waypoints: waypoints,
      conditions: [Walkthrough.Condition(field: "kind", value: "1")], assumptions: [],
      results: [
        ResultSpecification(id: "room", title: nil, subject: .storedIn([field]), eras: [], location: place),
        ResultSpecification(
          id: "full", title: nil,
          subject: .threshold(
            Observation.Threshold(
              test: ["widget_is_full"], counter: ["struct widget.spare"], until: [], assumptions: [])),
          eras: [], location: place),
      ], introduction: "", annotations: [])
  }
}

extension Traced {
  func stored() throws -> WalkerModel.Expression {
    let derivation = try #require(results[0].derivation, "\(results[0].why ?? "")")
    guard case .stored(let value) = derivation.form else { throw UserError("not a stored result") }
    return value
  }
}
