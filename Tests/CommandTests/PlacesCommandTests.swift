import Foundation
import Testing
import WalkerModel

extension Sandbox {
  fileprivate func removeProject() throws {
    try FileManager.default.removeItem(at: root.appending(path: "Annotations"))
  }

  fileprivate func titled(_ title: String) -> String {
    Self.walkthrough.replacing("How widget_open() finds room", with: title)
  }
}

@Test func looksForWalkthroughsInTheProjectThenTheUsersThenTheSystems() throws {
  let sandbox = try Sandbox()
  try sandbox.write(sandbox.titled("user"), "data/walker/Annotations/widget-room/walkthrough.md")
  try sandbox.write(sandbox.titled("user"), "data/walker/Annotations/mine/walkthrough.md")
  try sandbox.write(sandbox.titled("installed"), "share/walker/Annotations/zebra/walkthrough.md")
  try sandbox.write(sandbox.titled("system"), "system/walker/Annotations/zebra/walkthrough.md")
  func walked(_ name: String) throws -> Walkthrough? {
    let run = try sandbox.walker("print", name, "--kernel", "mini", "--no-cache")
    guard run.status == 0, case .walk(let walkthrough) = try sandbox.request().operation else { return nil }
    return walkthrough
  }
  #expect(try walked("widget-room")?.title == "How widget_open() finds room")
  #expect(try walked("mine")?.title == "user")
  #expect(try walked("zebra")?.title == "installed")
  try sandbox.removeProject()
  #expect(try walked("widget-room")?.title == "user")
  // What was given is all there is.
  let given = try sandbox.walker("print", "mine", "--kernel", "mini", "--annotations", "share/walker/Annotations")
  #expect(given.status == ExitStatus.unchecked)
  #expect(given.errors.contains("there is no walkthrough \"mine\" in share/walker/Annotations"))
}

@Test func showsTheNearestWalkthroughWhereNoneIsNamed() throws {
  let sandbox = try Sandbox()
  try sandbox.write(sandbox.titled("system"), "share/walker/Annotations/alpha/walkthrough.md")
  #expect(try sandbox.walker("print", "--kernel", "mini").status == 0)
  guard case .walk(let walkthrough) = try sandbox.request().operation else {
    Issue.record("no walk was asked for")
    return
  }
  #expect(walkthrough.name == "widget-room")
}

@Test func looksForKernelsInTheSameOrder() throws {
  let sandbox = try Sandbox()
  try sandbox.addKernel("1.0")
  for place in ["data/walker", "share/walker"] {
    for name in ["1.0", "2.0"] {
      try sandbox.write(
        try String(contentsOf: sandbox.root.appending(path: "kernel-snippets/1.0/PROVENANCE.json"), encoding: .utf8)
          .replacing("1.0", with: name),
        "\(place)/kernel-snippets/\(name)/PROVENANCE.json")
    }
  }
  _ = try sandbox.walker("print", "--kernel", "2.0")
  guard case .set(let folder) = try sandbox.request().kernel.kind else {
    Issue.record("no set was walked")
    return
  }
  #expect(folder.hasSuffix("data/walker/kernel-snippets/2.0"))
  // What is not in the folder that is written to stays.
  let removal = try sandbox.walker("kernels", "remove", "2.0")
  #expect(removal.status == ExitStatus.broken && removal.errors.contains("not yours to remove"))
  #expect(FileManager.default.fileExists(atPath: sandbox.root.path + "/data/walker/kernel-snippets/2.0"))
}

@Test func keepsNewThingsInTheUsersFolderOutsideOfAProject() throws {
  let sandbox = try Sandbox()
  try sandbox.removeProject()
  try sandbox.write(Sandbox.walkthrough, "share/walker/Annotations/widget-room/walkthrough.md")
  let made = try sandbox.walker("new", "gadget", "--function", "widget_open", "--track", "room", "--kernel", "mini")
  #expect(made.output == sandbox.root.path + "/data/walker/Annotations/gadget/walkthrough.md\n", "\(made.errors)")
  try sandbox.respond(.added(folder: "x", files: 1, misfits: []))
  _ = try sandbox.walker("kernels", "add", "mini", "--name", "old")
  guard case .add(_, name: "old", folder: let folder) = try sandbox.request().operation else {
    Issue.record("nothing was added")
    return
  }
  #expect(folder == sandbox.root.path + "/data/walker/kernel-snippets/old")
}

@Test func listsThePlacesWithWhatIsThere() throws {
  let sandbox = try Sandbox()
  try sandbox.write(Sandbox.walkthrough, "share/walker/Annotations/widget-room/walkthrough.md")
  try sandbox.write(Sandbox.walkthrough, "share/walker/Annotations/zebra/walkthrough.md")
  try sandbox.addKernel("6.12")
  let run = try sandbox.walker("places")
  #expect(run.status == 0, "\(run.errors)")
  let lines = run.output.split(separator: "\n").map(String.init)
  func line(_ start: String) -> String { lines.first { $0.hasPrefix(start) } ?? "" }
  #expect(line("  project   Annotations ").hasSuffix("widget-room; new ones go here"))
  #expect(lines.contains { $0.contains("share/walker/Annotations") && $0.contains("widget-room (hidden") })
  #expect(line("  project   kernel-snippets ").contains("6.12"))
  #expect(line("  user ").contains("data/walker/Annotations") && line("  user ").contains("not there"))
}
