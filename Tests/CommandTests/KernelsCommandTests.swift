import Foundation
import Testing
import WalkerModel

@Test func listsKernelsByVersion() throws {
  let sandbox = try Sandbox()
  for name in ["6.12", "6.1", "7.2", "5.10"] { try sandbox.addKernel(name) }
  try sandbox.make("kernel-snippets/not-a-kernel")
  let catalog = #"{"format":1,"kernels":[{"name":"8.0","source":"apt:linux-source","walkthroughs":[]}]}"#
  try sandbox.write(catalog, "kernel-snippets/catalog.json")
  let run = try sandbox.walker("kernels", "list")
  let lines = run.output.split(separator: "\n")
  #expect(lines.map { $0.prefix { $0 != " " } } == ["5.10", "6.1", "6.12", "7.2", "8.0"])
  #expect(lines.first == "5.10  Linux 5.10.1  1 files  apt:linux-source-5.10")
  #expect(lines.last == "8.0   not here; walker kernels add 8.0")
  _ = try sandbox.walker("print")
  #expect(try sandbox.request().kernel.name == "7.2")
}

@Test func verifiesEveryFile() throws {
  let sandbox = try Sandbox()
  #expect(try sandbox.walker("kernels", "verify").status == ExitStatus.broken)
  try sandbox.addKernel("6.12")
  let run = try sandbox.walker("kernels", "verify")
  #expect(run.status == ExitStatus.broken)
  #expect(run.output == "6.12: not as fetched\n  Makefile: changed\n")
}

@Test func removesOnlyWhatWasAdded() throws {
  let sandbox = try Sandbox()
  try sandbox.addKernel("6.12")
  let missing = try sandbox.walker("kernels", "remove", "6.11")
  #expect(missing.status == ExitStatus.broken && missing.errors.contains("6.12"))
  #expect(try sandbox.walker("kernels", "remove", "../mini").status == ExitStatus.broken)
  #expect(try sandbox.walker("kernels", "remove", "6.12").status == ExitStatus.ok)
  #expect(!FileManager.default.fileExists(atPath: sandbox.root.path + "/kernel-snippets/6.12"))
  #expect(FileManager.default.fileExists(atPath: sandbox.root.path + "/mini"))
}

@Test func addsAKernelForEveryWalkthrough() throws {
  let sandbox = try Sandbox()
  try sandbox.respond(.added(folder: "kernel-snippets/old", files: 3))
  let run = try sandbox.walker("kernels", "add", "mini", "--name", "old")
  #expect(run.output == "old: 3 files in kernel-snippets/old\n")
  guard case .add(let walkthroughs, let name, let folder) = try sandbox.request().operation else {
    Issue.record("the engine was asked for something else")
    return
  }
  #expect(walkthroughs.map(\.name) == ["widget-room"] && name == "old" && folder == "kernel-snippets/old")
  #expect(try sandbox.walker("kernels", "add", "mini", "--name", "../x").status == ExitStatus.usage)
}

@Test func printsAnchorsReadyToPaste() throws {
  let sandbox = try Sandbox()
  let sites = [
    AnchorSite(
      role: .clamp, function: "widget_open", names: [], mentions: ["most", "room"],
      range: MiniKernel.core.place(49, "room = most"), isTracked: true),
    AnchorSite(
      role: .store, function: "widget_open", names: ["struct widget.room"], mentions: ["room"],
      range: MiniKernel.core.place(53, "room"), isTracked: false),
  ]
  try sandbox.respond(.anchors(sites))
  let run = try sandbox.walker("anchors", "widget_open", "--kernel", "mini")
  #expect(run.status == 0)
  #expect(
    run.output == """
      drivers/widget/core.c:49 (the followed value)

      ```anchor
      function: widget_open
      role: clamp
      ```

      drivers/widget/core.c:53

      ```anchor
      function: widget_open
      role: store
      field: struct widget.room
      ```

      """)
}
