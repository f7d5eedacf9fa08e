import Testing
import WalkerClang

@Suite struct TranslationUnitTests {
  private func parse(_ text: String) throws -> TranslationUnit {
    let index = try #require(ClangIndex())
    return try TranslationUnit(
      index: index, path: "/memory/a.c", arguments: ["-x", "c", "-w"],
      unsavedFiles: [UnsavedFile(path: "/memory/a.c", bytes: Array(text.utf8))])
  }

  @Test func parsesAFileThatIsOnlyInMemory() throws {
    let unit = try parse("int f(int a) { return a + 2; }\n")
    #expect(unit.errors.isEmpty)
    let function = try #require(unit.root.children.first { $0.kind == .functionDeclaration })
    #expect(function.spelling == "f")
    #expect(function.arguments.map(\.spelling) == ["a"])
    #expect(function.start?.line == 1)
  }

  @Test func keepsEveryErrorWithItsLine() throws {
    let unit = try parse("int f(void) {\n return missing;\n}\n")
    #expect(unit.errors.map(\.line) == [2])
  }

  @Test func knowsOffsetsAlsoInsideOfAnonymousMembers() throws {
    let unit = try parse("struct s { int a; union { int b; char c; }; }; struct s x;\n")
    let variable = try #require(unit.root.children.first { $0.kind == .variableDeclaration })
    #expect(variable.type.offset(ofField: "b") == 32)
    #expect(variable.type.recordName == "struct s")
  }

  @Test func doesNotFailOnBytesThatAreNotUTF8() throws {
    let index = try #require(ClangIndex())
    let text = Array("/* ".utf8) + [0xe9] + Array(" */ int y;\n".utf8)
    let unit = try TranslationUnit(
      index: index, path: "/memory/b.c", arguments: ["-x", "c"],
      unsavedFiles: [UnsavedFile(path: "/memory/b.c", bytes: text)])
    #expect(unit.errors.isEmpty)
  }
}
