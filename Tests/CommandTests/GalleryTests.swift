import Foundation
import Testing
import WalkerModel

@Test func exportsAllWalkthroughsWithAnIndex() throws {
  let sandbox = try Sandbox()
  try sandbox.write(
    Sandbox.walkthrough.replacing("How widget_open() finds room", with: "Other <b>"),
    "Annotations/other/walkthrough.md")
  let run = try sandbox.walker("export", "--all", "--format", "html", "-o", "site", "--kernel", "mini")
  #expect(run.status == 0, "\(run.errors)")
  let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.path + "/site").sorted()
  #expect(names == ["index.html", "other.html", "widget-room.html"])
  let index = try String(contentsOfFile: sandbox.root.path + "/site/index.html", encoding: .utf8)
  #expect(index.contains("href=\"widget-room.html\"") && index.contains("✓ proved"))
  #expect(index.contains("Content-Security-Policy") && index.contains("script-src 'sha256-"))
  // What is there is kept, and nothing is walked for it.
  let calls = sandbox.calls
  let again = try sandbox.walker("export", "--all", "--format", "html", "-o", "site", "--kernel", "mini", "--no-cache")
  #expect(again.status == ExitStatus.broken && again.errors.contains("site/index.html is there already"))
  #expect(sandbox.calls == calls)
  let forced = try sandbox.walker("export", "--all", "--format", "html", "-o", "site", "--kernel", "mini", "--force")
  #expect(forced.status == 0)
  #expect(try String(contentsOfFile: sandbox.root.path + "/site/index.html", encoding: .utf8) == index)
}

@Test func goesOnPastAWalkthroughThatCannotBeWalked() throws {
  let sandbox = try Sandbox()
  try sandbox.write("---\ntitle: x\n---\n", "Annotations/broken/walkthrough.md")
  let run = try sandbox.walker("export", "--all", "--format", "html", "-o", "site", "--kernel", "mini")
  #expect(run.status == ExitStatus.unchecked)
  #expect(run.errors.contains("broken"))
  #expect(FileManager.default.fileExists(atPath: sandbox.root.path + "/site/widget-room.html"))
}

@Test(arguments: [
  ["--all", "--format", "html"], ["--all", "--format", "svg", "-o", "x"],
  ["widget-room", "--all", "--format", "html", "-o", "x"],
])
func refusesAGalleryOfAnotherForm(_ arguments: [String]) throws {
  let run = try Sandbox().walker(["export"] + arguments)
  #expect(run.status == ExitStatus.usage)
}
