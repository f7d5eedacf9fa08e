import Foundation
import Testing
import WalkerModel

/// A folder with the real `walker`, an engine that answers what a test wants, walkthroughs and a kernel tree.
final class Sandbox {
  let root: URL

  /// - Parameter engine: a shell script, run with the request on its standard input and `$root` set; nil: it answers
  ///   with the mini-kernel's walk.
  init(engine: String? = nil) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "walker-\(UUID().uuidString)")
    try make("bin")
    // SwiftPM puts a package's executables beside the test bundle.
    let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    try FileManager.default.copyItem(at: products.appending(path: "walker"), to: root.appending(path: "bin/walker"))
    try write(
      "#!/bin/sh\nroot='\(root.path)'\necho called >> \"$root/calls\"\n"
        + (engine ?? "cat > \"$root/request\"; cat \"$root/response\"\n"),
      "bin/walker-engine", isExecutable: true)
    try write(Sandbox.walkthrough, "Annotations/widget-room/walkthrough.md")
    for file in ["drivers/widget/core.c", "drivers/widget/gadget.c", "include/widget/widget.h"] {
      try write("int x;\n", "mini/" + file)
    }
    try write("VERSION = 1\n", "mini/Makefile")
    try respond(.walk(MiniKernel.walk(results: [MiniKernel.results[0]]), restingOn: Sandbox.basis))
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func make(_ folder: String) throws {
    try FileManager.default.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
  }

  func write(_ text: String, _ path: String, isExecutable: Bool = false) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    if isExecutable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path) }
  }

  /// A snippet set with one file, whose checksum is wrong where the set is not whole.
  func addKernel(_ name: String, isWhole: Bool = false) throws {
    let checksum =
      isWhole ? "ed02548f2e1dd0375d577be34807c3f8794cd224518171659de1a7e8153dab43" : String(repeating: "0", count: 64)
    let file = #"{"path":"Makefile","size":9,"sha256":"\#(checksum)"}"#
    try write(
      #"{"format":1,"name":"\#(name)","source":"apt:linux-source-\#(name)","kernelVersion":"\#(name).1","licence":"GPL-2.0-only","walkthroughs":[],"files":[\#(file)],"index":[]}"#,
      "kernel-snippets/\(name)/PROVENANCE.json")
    try write("VERSION=1", "kernel-snippets/\(name)/Makefile")
  }

  func respond(_ response: EngineResponse) throws {
    try JSONEncoder().encode(response).write(to: root.appending(path: "response"))
  }

  /// How often the engine was run.
  var calls: Int {
    let text = (try? String(contentsOf: root.appending(path: "calls"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").count
  }

  func request() throws -> EngineRequest {
    try JSONDecoder().decode(EngineRequest.self, from: Data(contentsOf: root.appending(path: "request")))
  }

  struct Run {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs `walker` in the sandbox, with no terminal.
  func walker(_ arguments: String..., environment: [String: String] = [:], output: String? = nil) throws -> Run {
    try walker(arguments, environment: environment, output: output)
  }

  func walker(_ arguments: [String], environment: [String: String] = [:], output: String? = nil) throws -> Run {
    let process = try start(arguments, environment: environment, output: output)
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus,
      output: output == nil ? try String(contentsOfFile: root.path + "/stdout", encoding: .utf8) : "",
      errors: try String(contentsOfFile: root.path + "/stderr", encoding: .utf8))
  }

  /// Runs it without waiting for its end.
  func start(_ arguments: [String], environment: [String: String] = [:], output: String? = nil) throws -> Process {
    let process = Process()
    process.executableURL = root.appending(path: "bin/walker")
    process.arguments = arguments
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment
      .merging([
        "XDG_CACHE_HOME": root.path + "/cache", "XDG_DATA_HOME": root.path + "/data",
        "XDG_DATA_DIRS": root.path + "/system", "COLUMNS": "100",
      ]) { $1 }.merging(environment) { $1 }
    // Files, not pipes: nothing has to be read while it runs.
    let outputFile = output ?? root.path + "/stdout"
    if output == nil { try write("", "stdout") }
    try write("", "stderr")
    process.standardOutput = FileHandle(forWritingAtPath: outputFile)
    process.standardError = FileHandle(forWritingAtPath: root.path + "/stderr")
    // A copy of the program is busy while another test's child, just forked, still holds the file that it was written to.
    for _ in 0..<50 {
      do {
        try process.run()
        return process
      } catch let error as NSError where error.isBusy { usleep(20_000) }
    }
    try process.run()
    return process
  }

  /// The number that a script writes to a file, as soon as it is there.
  func number(in file: String) throws -> Int32 {
    for _ in 0..<3000 {
      if let text = try? String(contentsOf: root.appending(path: file), encoding: .utf8), text.hasSuffix("\n") {
        return try #require(Int32(text.dropLast()))
      }
      usleep(10_000)
    }
    throw CocoaError(.fileReadNoSuchFile)
  }

  /// Waits for a process that is ending; false when it goes on.
  func isGone(_ process: Int32) -> Bool {
    for _ in 0..<3000 {
      if kill(process, 0) != 0 { return true }
      usleep(10_000)
    }
    return false
  }

  /// What no other tree has: the walk is known by its kernel's place only.
  static let basis = WalkBasis(files: [WalkBasis.File(path: "drivers/widget/core.c", id: "none")])

  static let walkthrough = """
    ---
    title: How widget_open() finds room
    entry: {function: widget_open}
    track: room
    results:
      room-limit:
        stored-in: struct widget.room
        eras: [{id: wide, claim: "min((u32) room, widget_max)"}]
    ---
    Widgets.

    ## The cap {#cap}
    ```anchor
    function: widget_open
    role: clamp
    ```
    Nobody gets more.
    """
}

extension NSError {
  fileprivate var isBusy: Bool {
    (userInfo[NSUnderlyingErrorKey] as? NSError).map { $0.domain == NSPOSIXErrorDomain && $0.code == Int(ETXTBSY) }
      ?? false
  }
}
