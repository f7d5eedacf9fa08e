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
  #expect(
    lines == [
      "   NAME  VERSION  FILES  SOURCE", "   5.10  5.10.1   1      apt:linux-source-5.10",
      "   6.1   6.1.1    1      apt:linux-source-6.1", "   6.12  6.12.1   1      apt:linux-source-6.12",
      "*  7.2   7.2.1    1      apt:linux-source-7.2", "   8.0   not here; walker kernels add 8.0",
      "* is meant where no --kernel is given",
    ])
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
  try sandbox.respond(.added(folder: "kernel-snippets/old", files: 3, misfits: []))
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

@Test func makesASetAgainOnlyWhenItIsStale() throws {
  let sandbox = try Sandbox()
  try sandbox.respond(.added(folder: "kernel-snippets/old", files: 3, misfits: []))
  // Not there: it is made.
  #expect(try sandbox.walker("kernels", "add", "mini", "--name", "old", "--if-stale").status == ExitStatus.ok)
  #expect(sandbox.calls == 1)
  // There, but not as it was fetched: it is made again.
  try sandbox.addKernel("old")
  #expect(try sandbox.walker("kernels", "add", "mini", "--name", "old", "--if-stale").status == ExitStatus.ok)
  #expect(sandbox.calls == 2)
  // Whole, by another worker, and every walk is answered: nothing is made, and the next time nothing is asked.
  try sandbox.addKernel("old", isWhole: true)
  try sandbox.respond(.walk(MiniKernel.walk(results: [MiniKernel.results[0]]), restingOn: Sandbox.basis))
  for _ in 0..<2 {
    let run = try sandbox.walker("kernels", "add", "mini", "--name", "old", "--if-stale")
    #expect(run.status == ExitStatus.ok && run.output.isEmpty, "\(run.errors)")
    #expect(sandbox.calls == 3)
  }
  #expect(try sandbox.walker("kernels", "verify", "old").output == "old: as fetched\n")
  // A walkthrough that asks for more.
  try sandbox.write(
    Sandbox.walkthrough.replacingOccurrences(of: "role: clamp", with: "role: entry"),
    "Annotations/widget-room/walkthrough.md")
  let verified = try sandbox.walker("kernels", "verify", "old")
  #expect(verified.status == ExitStatus.unchecked)
  #expect(verified.output.contains("widget-room") && verified.output.contains("walker kernels add old"))
  try sandbox.respond(.added(folder: "kernel-snippets/old", files: 3, misfits: []))
  #expect(try sandbox.walker("kernels", "add", "mini", "--name", "old", "--if-stale").output.contains("3 files"))
  #expect(sandbox.calls == 4)
}

@Test func makesASetAgainThatCanNotAnswerAWalk() throws {
  let sandbox = try Sandbox()
  try sandbox.addKernel("old", isWhole: true)
  try sandbox.respond(
    .failed(UserError("the snippet set old was made without this walkthrough: run `walker kernels add old` again")))
  let run = try sandbox.walker("kernels", "add", "mini", "--name", "old", "--if-stale")
  // The worker of this test answers the same to the request that would make it.
  #expect(run.status == ExitStatus.broken && sandbox.calls == 2)
  guard case .add = try sandbox.request().operation else {
    Issue.record("the set was not made again")
    return
  }
}

@Test func saysWhichWalkthroughDoesNotFitAKernel() throws {
  let sandbox = try Sandbox()
  let why = UserError("mini has no function gadget_open: name another entry", exitStatus: ExitStatus.unchecked)
  try sandbox.respond(
    .added(folder: "kernel-snippets/old", files: 3, misfits: [Misfit(walkthrough: "gadget", why: why)]))
  let run = try sandbox.walker("kernels", "add", "mini", "--name", "old")
  #expect(run.status == ExitStatus.ok && run.output == "old: 3 files in kernel-snippets/old\n")
  #expect(run.errors == "walker: gadget does not fit old and is left out: \(why.message)\n")
}
