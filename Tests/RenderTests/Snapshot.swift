import Foundation
import Testing

/// Compares `text` with the file `Tests/Snapshots/<name>`. With `WALKER_RECORD=1` in the environment the file
/// is written instead, and the test fails: nobody looked at the new text yet.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Snapshots/\(name)")
  if ProcessInfo.processInfo.environment["WALKER_RECORD"] == "1" {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name): look at it, and run again", sourceLocation: sourceLocation)
    return
  }
  let expected = try String(contentsOf: file, encoding: .utf8)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
  if let index = (0..<min(lines.count, wanted.count)).first(where: { lines[$0] != wanted[$0] }) {
    Issue.record(
      "\(name):\(index + 1): \"\(lines[index])\", recorded was \"\(wanted[index])\"", sourceLocation: sourceLocation)
  }
  #expect(lines.count == wanted.count, sourceLocation: sourceLocation)
}
