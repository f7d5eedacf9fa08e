import Foundation
import Testing
import WalkerModel

@Test func findsNoMistakeInAGoodWalkthrough() throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("lint")
  #expect(run.status == 0 && run.output == "1 walkthrough: no mistake\n", "\(run.output)\(run.errors)")
  #expect(sandbox.calls == 0)
}

@Test(arguments: [
  (
    "role: clamp", "role: clmap", "unknown role \"clmap\": did you mean \"clamp\"?",
    "   15 | role: clmap\n      |       ^~~~~"
  ),
  (
    "min((u32) room, widget_max)", "min((u32) room, widget_max", "the claim of era \"wide\" of room-limit:",
    "min((u32) room, widget_max\n"
  ),
  ("track: room", "trakc: room", "unknown key \"trakc\" in the front matter: did you mean \"track\"?", "trakc: room"),
  ("track: room", "track: room\nformat: 2", "has format 2, this walker reads 1: install a newer walker", "format: 2"),
])
func pointsAtAMistake(_ good: String, _ bad: String, _ message: String, _ shown: String) throws {
  let sandbox = try Sandbox()
  #expect(Sandbox.walkthrough.contains(good))
  try sandbox.write(Sandbox.walkthrough.replacing(good, with: bad), "Annotations/widget-room/walkthrough.md")
  let run = try sandbox.walker("lint", "widget-room")
  #expect(run.status == ExitStatus.broken)
  #expect(run.output.contains(message), "\(run.output)\(run.errors)")
  #expect(run.output.contains(shown), "\(run.output)")
}

@Test func takesTheFormatThatItReads() throws {
  let sandbox = try Sandbox()
  try sandbox.write(
    Sandbox.walkthrough.replacing("track: room", with: "track: room\nformat: 1"),
    "Annotations/widget-room/walkthrough.md")
  #expect(try sandbox.walker("lint").status == 0)
}

@Test func lintsNothingWithoutWords() throws {
  let sandbox = try Sandbox()
  try FileManager.default.removeItem(at: sandbox.root.appending(path: "Annotations/widget-room"))
  let run = try sandbox.walker("lint")
  #expect(run.status == ExitStatus.unchecked && run.errors.contains("there is no walkthrough in Annotations"))
  #expect(try sandbox.walker("lint", "none").errors.contains("there is no walkthrough \"none\""))
}
