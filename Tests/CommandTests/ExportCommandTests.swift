import Foundation
import Testing
import WalkerModel

@Test(arguments: [
  ("markdown", "# How `widget_open()` finds room"), ("html", "<!DOCTYPE html>"), ("json", "walker.walk/1"),
  ("mermaid", "flowchart TD"), ("dot", "digraph"), ("svg", "<svg "), ("codetour", "codetour-schema"),
])
func exportsEachFormatToAFile(_ format: String, _ sign: String) throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("export", "--kernel", "mini", "--format", format, "-o", "out")
  #expect(run.status == 0, "\(run.errors)")
  #expect(run.output.isEmpty && run.errors.isEmpty)
  let text = try String(contentsOf: sandbox.root.appending(path: "out"), encoding: .utf8)
  #expect(text.contains(sign))
  // The same bytes on standard output.
  #expect(try sandbox.walker("export", "--kernel", "mini", "--format", format).output == text)
}

@Test func keepsAFileThatIsThere() throws {
  let sandbox = try Sandbox()
  try sandbox.write("mine", "out.md")
  let file = sandbox.root.appending(path: "out.md")
  let kept = try sandbox.walker("export", "--kernel", "mini", "--format", "markdown", "-o", "out.md")
  #expect(kept.status == ExitStatus.broken)
  #expect(kept.errors.contains("out.md is there already and was kept") && kept.errors.contains("--force"))
  #expect(try String(contentsOf: file, encoding: .utf8) == "mine")
  #expect(sandbox.calls == 0)
  let forced = try sandbox.walker("export", "--kernel", "mini", "--format", "markdown", "-o", "out.md", "--force")
  #expect(forced.status == 0)
  #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix("# How"))
}

@Test(arguments: [
  (["-o", "none/out"], 1, "none/out could not be written (No such file or directory)"),
  (["-o", "mini"], 1, "mini is a folder"),
  (["-o", "/dev/full"], 1, "/dev/full could not be written"),
  (["--browser", "javascript:{file}"], 64, "is no link template"),
  (["--date", "2026-13-01"], 64, "--date must be a day"),
])
func explainsAnExportThatCannotBe(_ arguments: [String], _ status: Int32, _ message: String) throws {
  let sandbox = try Sandbox()
  let run = try sandbox.walker("export", "--kernel", "mini", "--format", "markdown", arguments[0], arguments[1])
  #expect(run.status == status)
  #expect(run.errors.contains(message), "\(run.errors)")
  let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.path)
  #expect(!left.contains { $0.hasSuffix(".partial") })
}

@Test func refusesATourOfTwoTrees() throws {
  let run = try Sandbox().walker("export", "--format", "codetour", "--kernel", "mini", "--kernel", "mini")
  #expect(run.status == ExitStatus.usage)
  #expect(run.errors.contains("one --kernel"))
}

@Test func exportsSeveralKernelsInTheirOrder() throws {
  let sandbox = try Sandbox()
  try FileManager.default.copyItem(
    at: sandbox.root.appending(path: "mini"), to: sandbox.root.appending(path: "other"))
  let run = try sandbox.walker("export", "--format", "json", "--kernel", "other", "--kernel", "mini")
  #expect(run.status == 0, "\(run.errors)")
  let walks = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  #expect(walks["schema"] as? String == "walker.walks/1")
  #expect((walks["walks"] as? [Any])?.count == 2)
  #expect(sandbox.calls == 2)
}

@Test func datesABlogByTheTextsLastChange() throws {
  let sandbox = try Sandbox()
  let file = sandbox.root.appending(path: "Annotations/widget-room/walkthrough.md")
  // 2024-02-29, noon.
  try FileManager.default.setAttributes(
    [.modificationDate: Date(timeIntervalSince1970: 1_709_208_000)], ofItemAtPath: file.path)
  let run = try sandbox.walker("export", "--kernel", "mini", "--format", "markdown", "--flavor", "jekyll")
  #expect(run.output.hasPrefix("---\nlayout: post\n"))
  #expect(run.output.contains("\ndate: 2024-02-29\n"))
}

@Test func saysOfAnExportWhatIsWrongWithTheWalk() throws {
  let sandbox = try Sandbox()
  try sandbox.respond(.walk(MiniKernel.walk(results: [MiniKernel.results[2]]), restingOn: Sandbox.basis))
  let run = try sandbox.walker("export", "--kernel", "mini", "--format", "markdown")
  #expect(run.status == ExitStatus.unchecked)
  #expect(run.output.contains("not derivable"))
}
