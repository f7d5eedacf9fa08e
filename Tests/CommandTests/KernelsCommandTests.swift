import Foundation
import Testing
import WalkerModel

@Test func listsAddedKernelsByVersion() throws {
  let sandbox = try Sandbox()
  for name in ["6.12", "6.1", "7.2", "5.10"] { try sandbox.write("{}", "kernel-snippets/\(name)/PROVENANCE.json") }
  try sandbox.make("kernel-snippets/not-a-kernel")
  let run = try sandbox.walker("kernels", "list")
  #expect(run.output == "5.10\n6.1\n6.12\n7.2\n")
  _ = try sandbox.walker("print")
  #expect(try sandbox.request().kernel.name == "7.2")
}

@Test func suggestsTheNearestKernel() throws {
  let sandbox = try Sandbox()
  try sandbox.write("{}", "kernel-snippets/6.12/PROVENANCE.json")
  #expect(try sandbox.walker("--kernel", "6.21").errors.contains("did you mean 6.12?"))
}

@Test func removesOnlyWhatWasAdded() throws {
  let sandbox = try Sandbox()
  try sandbox.write("{}", "kernel-snippets/6.12/PROVENANCE.json")
  #expect(try sandbox.walker("kernels", "remove", "6.11").status == ExitStatus.unchecked)
  #expect(try sandbox.walker("kernels", "remove", "../mini").status == ExitStatus.unchecked)
  #expect(try sandbox.walker("kernels", "remove", "6.12").status == ExitStatus.ok)
  #expect(!FileManager.default.fileExists(atPath: sandbox.root.path + "/kernel-snippets/6.12"))
  #expect(FileManager.default.fileExists(atPath: sandbox.root.path + "/mini"))
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
