import Foundation
import Testing
import WalkerModel

@Test func beginsAWalkthroughThatCanBePrinted() throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("new", "gadget-room", "--function", "widget_open", "--track", "room", "--kernel", "mini")
  #expect(run.status == 0, "\(run.errors)")
  #expect(run.output == "Annotations/gadget-room/walkthrough.md\n")
  let text = try String(
    contentsOf: sandbox.root.appending(path: "Annotations/gadget-room/walkthrough.md"), encoding: .utf8)
  #expect(text.contains("stored-in: struct widget.room\n"))
  #expect(text.contains("claim: \"min((u32) room, widget_max)\"\n"))
  #expect(text.contains("function: gadget_open\nrole: store\nfield: struct widget.room\n"))
  // What was written must be read without a complaint.
  let printed = try sandbox.walker("gadget-room", "--kernel", "mini")
  #expect(printed.status == 0, "\(printed.errors)")
  guard case .walk(let walkthrough) = try sandbox.request().operation else {
    Issue.record("the engine was asked for something else")
    return
  }
  #expect(walkthrough.entry == .function(["widget_open"]))
  #expect(walkthrough.annotations.count > 4)
}

@Test func overwritesNoWalkthrough() throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("new", "widget-room", "--syscall", "x", "--track", "room", "--kernel", "mini")
  #expect(run.status == ExitStatus.broken && run.errors.contains("is there already"))
  #expect(try sandbox.walker("new", "../x", "--syscall", "x", "--track", "room").status == ExitStatus.usage)
  #expect(try sandbox.walker("new", "x", "--track", "room").status == ExitStatus.usage)
}
