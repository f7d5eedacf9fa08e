import Foundation
import Testing
import WalkerModel

/// Every command of the README is one that walker takes. Those that need a network, a running or a booted kernel, a clone
/// or another machine's files are only read.
@Suite struct ReadmeTests {
  private static let readme =
    (try? String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md"),
      encoding: .utf8)) ?? ""

  /// Code spans of tables and indented lines that begin with `walker`.
  static let commands: [String] = {
    let spans = readme.matches(of: #/`(walker [^`]*)`/#).map { String($0.1) }
    let lines = readme.split(separator: "\n").filter { $0.hasPrefix("    walker ") || $0.hasPrefix("    $ walker") }
      .map { $0.drop { " $".contains($0) } }.map(String.init)
    // Placeholders of prose, and commands that are only spoken of.
    let spoken = ["walker check", "walker verify"]
    return (spans + lines).filter {
      !spoken.contains($0) && !$0.contains("NAME") && !$0.contains("TEMPLATE") && !$0.contains("…")
    }
  }()

  private static let outside = ["kernels add", "--git", "verify", "git:", ".tar.xz", "/boot/", "--live"]

  @Test func findsTheCommands() { #expect(Self.commands.count > 15, "\(Self.commands)") }

  @Test(arguments: commands) func runs(_ command: String) throws {
    let sandbox = try Sandbox()
    for kernel in ["5.10", "6.12", "7.2"] { try sandbox.addKernel(kernel, isWhole: true) }
    try FileManager.default.moveItem(
      at: sandbox.root.appending(path: "Annotations/widget-room"),
      to: sandbox.root.appending(path: "Annotations/listen-backlog"))
    let text = Sandbox.walkthrough.replacing("track: room", with: "track: room\nexample: 5")
    try sandbox.write(text, "Annotations/listen-backlog/walkthrough.md")
    // The stand-in's walk has other names for its inputs and places.
    let words = command.replacing("backlog=", with: "room=").replacing("net.core.somaxconn", with: "widget.max")
      .replacing("clamp", with: "cap").replacing("FUNCTION", with: "widget_open").replacing("'", with: "")
      .split(separator: " ").dropFirst().map { String($0).replacing("~/src/linux", with: sandbox.root.path + "/mini") }
    guard !Self.outside.contains(where: command.contains) else {
      // An unknown option is told before anything is fetched.
      let run = try sandbox.walker(Array(words) + ["--no-such-option"])
      #expect(run.errors.contains("Unknown option '--no-such-option'"), "\(command): \(run.errors)")
      return
    }
    let run = try sandbox.walker(Array(words))
    #expect(run.status != ExitStatus.usage, "\(command): \(run.errors)")
    if words.first == "print" || words.first == "eval" || words.isEmpty {
      #expect(run.status == 0, "\(command): \(run.errors)")
    }
  }
}
