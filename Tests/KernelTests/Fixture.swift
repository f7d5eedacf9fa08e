import FoundationEssentials
import Glibc
import Testing
import WalkerModel

/// A temporary folder that goes away with the test, and the invented kernel that tests are made from.
final class Fixture {
  let folder: String

  init() throws {
    var template = Array("/tmp/walker-test-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let target = path(name)
    let parent = String(target[..<(try #require(target.lastIndex(of: "/")))])
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: target))
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func names(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/" + name).sorted()
  }

  /// A shell command in the folder; it has to succeed.
  func run(_ command: String, _ comment: Comment? = nil) throws {
    let status = system("cd '\(folder)' && { \(command); } >shell.log 2>&1")
    let log = (try? String(contentsOfFile: path("shell.log"), encoding: .utf8)) ?? ""
    try #require(status == 0, comment ?? "\(command): \(log)")
    unlink(path("shell.log"))
  }

  /// A tree with one ops table used in net, one in a driver, and what a walk has to skip.
  static let kernel: [(name: String, text: String)] = [
    ("Makefile", "VERSION = 9\nPATCHLEVEL = 4\nSUBLEVEL = 7\nEXTRAVERSION =\nNAME = Test\n"),
    ("COPYING", "The licence.\n"),
    (
      "include/linux/gate.h",
      "struct gate_ops { int (*listen)(int depth); };\nint open_gate(int depth);\n#define GATE_LIMIT 7\n"
    ),
    ("include/linux/unused.h", "struct unused;\n"),
    ("include/asm-generic/Kbuild", "mandatory-y += gate.h\n"),
    (
      "net/gate.c",
      """
      #include <linux/gate.h>
      /* .listen = in_a_comment, */
      static const char *text = ".listen = in_a_string,";
      // .listen = in_a_line_comment,
      int open_gate(int depth)
      {
      \tgate->listen = not_an_initializer;
      \treturn depth;
      }
      static const struct gate_ops north = {
      \t.listen = open_gate,
      };
      static const struct gate_ops south = {
      \t.listen\t\t= (gate_fn *)&shut_gate,
      };

      """
    ),
    ("drivers/gate/far.c", "static struct gate_ops far = { .owner = THIS, .listen = far_gate };\n"),
    ("drivers/gate/far.h", "int far_gate(int depth);\n"),
    ("arch/x86/gate.c", "struct gate_ops x86 = { .listen = x86_gate };\n"),
    ("arch/arm/gate.c", "struct gate_ops arm = { .listen = arm_gate };\n"),
    ("tools/gate.c", "struct gate_ops tool = { .listen = tool_gate };\n"),
    ("Documentation/gate.c", "struct gate_ops doc = { .listen = doc_gate };\n"),
  ]

  /// What `.initializer(field: "listen")` has to find in `kernel`.
  static let listeners = [
    "arch/x86/gate.c:1 x86_gate", "drivers/gate/far.c:1 far_gate", "net/gate.c:11 open_gate", "net/gate.c:14 shut_gate",
  ]

  @discardableResult
  func makeKernel(_ name: String = "linux-9.4", without: Set<String> = []) throws -> String {
    for file in Self.kernel where !without.contains(file.name) { try write(file.text, name + "/" + file.name) }
    return path(name)
  }
}

/// The `UserError` that the body throws. Checks that it is one sentence, names `mentions`, and exits non-zero.
func userError(
  mentioning mentions: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws {
  do {
    try body()
  } catch let error as UserError {
    for mention in mentions {
      #expect(error.message.contains(mention), "\(error.message)", sourceLocation: sourceLocation)
    }
    #expect(error.exitStatus != 0, sourceLocation: sourceLocation)
    #expect(
      !error.message.contains("\n") && !error.message.hasSuffix("."), "\(error.message)", sourceLocation: sourceLocation
    )
    return
  }
  Issue.record("no error where one mentioning \(mentions) was expected", sourceLocation: sourceLocation)
}
