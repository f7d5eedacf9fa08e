import Foundation
import Testing
import WalkerAnnotation
import WalkerModel

private func withFolder(_ body: (AnnotationsFolder) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "walker-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  for name in ["widget-open", "gadget"] {
    let place = folder.appending(path: name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Data("---\n".utf8).write(to: place.appending(path: "walkthrough.md"))
  }
  try FileManager.default.createDirectory(at: folder.appending(path: "empty"), withIntermediateDirectories: true)
  try body(AnnotationsFolder(path: folder.path))
}

@Test func listsTheFoldersThatHoldAWalkthrough() throws {
  try withFolder { folder in
    let names = try folder.names()
    #expect(names == ["gadget", "widget-open"])
  }
}

@Test func showsFirstWhatTheFolderSays() throws {
  try withFolder { folder in
    #expect(try folder.firstName() == "gadget")
    let file = URL(filePath: folder.path).appending(path: "first")
    try Data("widget-open\n".utf8).write(to: file)
    #expect(try folder.firstName() == "widget-open")
    #expect(try folder.names() == ["gadget", "widget-open"])
    // A nearer folder without any leaves the choice to the next one.
    let nearer = AnnotationsFolder(path: folder.path + "/empty", others: [folder.path])
    #expect(try nearer.firstName() == "widget-open")
    for text in ["wigdet-open", "", "gadget widget-open"] {
      try Data(text.utf8).write(to: file)
      let error = try #require(throws: UserError.self) { try folder.firstName() }
      #expect(
        error.message.contains("/first has to name one walkthrough of its folder: write one of gadget, widget-open"))
      #expect(error.exitStatus == ExitStatus.unchecked)
    }
  }
}

/// The bundled walkthroughs have one that is shown where none is named.
@Test func showsABundledWalkthroughFirst() throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Annotations").standardized
  let first = try String(contentsOf: folder.appending(path: "first"), encoding: .utf8)
  #expect(try AnnotationsFolder(path: folder.path).firstName() == first.trimmingCharacters(in: .newlines))
}

@Test func suggestsTheNearestWalkthrough() throws {
  try withFolder { folder in
    let error = try #require(throws: UserError.self) { try folder.text(of: "wigdet-open") }
    #expect(error.message.contains("did you mean \"widget-open\"?"))
    #expect(error.exitStatus == ExitStatus.unchecked)
    let other = try #require(throws: UserError.self) { try folder.text(of: "zzz") }
    #expect(other.message.contains("use one of gadget, widget-open"))
    let climbing = try #require(throws: UserError.self) { try folder.text(of: "../widget-open") }
    #expect(climbing.message.contains("there is no walkthrough"))
  }
}

@Test func namesTheFileThatIsWrong() throws {
  try withFolder { folder in
    let error = try #require(throws: UserError.self) { try folder.walkthrough("gadget") }
    #expect(error.message.contains("/gadget/walkthrough.md:1: the front matter is not closed"))
  }
}

@Test func listsWhereItLookedForAFolder() throws {
  let error = try #require(throws: UserError.self) { try AnnotationsFolder.first(of: ["/nowhere/a", "/nowhere/b"]) }
  #expect(error.message.contains("/nowhere/a, /nowhere/b") && error.message.contains("--annotations"))
}

@Test func measuresSlipsOfTheFingers() {
  #expect(Spelling.distance("clamp", "clmap") == 1)
  #expect(Spelling.distance("", "abc") == 3)
  #expect(Spelling.nearest(to: "stord", among: ["store", "guard"]) == "store")
  #expect(Spelling.nearest(to: "xyzzy", among: ["store", "guard"]) == nil)
}
