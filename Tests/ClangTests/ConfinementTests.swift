import Foundation
import Testing
import WalkerClang
import WalkerModel

/// A parse reads one folder, and what is nested too deeply is told as that.
@Suite struct ConfinementTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "walker-\(UUID().uuidString)")

  private func parse(_ text: String, in folder: String = "tree") throws -> TranslationUnit {
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, text) in ["tree/a.c": text, "tree/inc/in.h": "int inside;\n", "out.h": "int outside;\n"] {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try FileManager.default.createSymbolicLink(
      atPath: root.path + "/tree/inc/link.h", withDestinationPath: "../../out.h")
    try FileManager.default.createSymbolicLink(atPath: root.path + "/tree/linked", withDestinationPath: "..")
    let index = try #require(ClangIndex())
    return try TranslationUnit(
      index: index, path: root.path + "/tree/a.c",
      arguments: ["-nostdinc", "-I\(root.path)/tree/inc", TranslationUnit.confining + root.path + "/" + folder],
      unsavedFiles: [UnsavedFile(path: "/nowhere/made.h", bytes: Array("int made;\n".utf8))])
  }

  @Test func readsWhatLiesInTheFolderOrIsServed() throws {
    let unit = try parse("#include <in.h>\n#include \"/nowhere/made.h\"\n#include \"inc/../inc/in.h\"\nint x;\n")
    #expect(unit.errors.isEmpty && unit.includedFiles.count == 4)
  }

  @Test(arguments: ["\"../out.h\"", "<link.h>", "\"linked/out.h\"", "\"inc/../../out.h\"", "\"/etc/hostname\""])
  func refusesWhatLiesElsewhere(_ name: String) {
    #expect {
      try parse("#include \(name)\nint x;\n")
    } throws: { error in
      (error as? UserError)?.message.contains("outside of the kernel's tree") == true
    }
  }

  @Test func tellsNesting() {
    let deep = String(repeating: "(", count: 3000) + "1" + String(repeating: ")", count: 3000)
    #expect {
      try parse("int x = \(deep);\n")
    } throws: { error in
      (error as? UserError)?.message.hasPrefix("a.c:1: C is nested too deeply") == true
    }
  }
}
