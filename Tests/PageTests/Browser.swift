import Foundation
import Testing

/// Runs `Tests/Browser/drive.py` with what `Scripts/browser-tests.sh` has made.
enum Browser {
  struct Outcome {
    /// By check: nil when it is ok, else why not.
    let checks: [String: String?]
    let complaint: String
  }

  /// The Python with Selenium and axe-core: what `WALKER_BROWSER` names, else where `make test` puts it.
  static var python: String {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["WALKER_BROWSER"], !named.isEmpty { return named }
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
    return cache + "/walker/browser-tests/bin/python"
  }

  static var tests: URL { URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent() }

  static func drive(_ job: [String: Any], in folder: URL) throws -> Outcome {
    try #require(
      FileManager.default.isExecutableFile(atPath: python),
      "there is no \(python): run Scripts/browser-tests.sh \"${XDG_CACHE_HOME:-$HOME/.cache}/walker/browser-tests\"")
    var job = job
    job["chromium"] = "/usr/bin/chromium"
    job["driver"] = "/usr/bin/chromedriver"
    let file = folder.appending(path: "job.json")
    try JSONSerialization.data(withJSONObject: job).write(to: file)
    let output = try run(python, [tests.appending(path: "Browser/drive.py").path, file.path])
    var checks: [String: String?] = [:]
    for line in output.output.split(separator: "\n") {
      if line.hasPrefix("ok ") {
        checks[String(line.dropFirst(3))] = .some(nil)
      } else if line.hasPrefix("FAIL "), let colon = line.firstIndex(of: ":") {
        checks[String(line[line.index(line.startIndex, offsetBy: 5)..<colon])] = String(line[colon...].dropFirst(2))
      }
    }
    return Outcome(checks: checks, complaint: output.errors)
  }

  struct Output {
    let status: Int32
    let output: String
    let errors: String
  }

  static func run(_ program: String, _ arguments: [String]) throws -> Output {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let folder = FileManager.default.temporaryDirectory.appending(path: "walker-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: nothing has to be read while it runs.
    let files = [folder.appending(path: "out"), folder.appending(path: "err")]
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return Output(
      status: process.terminationStatus, output: try String(contentsOf: files[0], encoding: .utf8),
      errors: try String(contentsOf: files[1], encoding: .utf8))
  }
}

/// `walker` on the kernels that set-up fetched.
enum RealKernels {
  static var folder: String {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["WALKER_TEST_KERNELS"], !named.isEmpty { return named }
    return (environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache") + "/walker/test-kernels"
  }

  static var names: [String] {
    let wanted = (ProcessInfo.processInfo.environment["WALKER_KERNELS"] ?? "").split(separator: " ").map(String.init)
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)/PROVENANCE.json")
        && (wanted.isEmpty || wanted.contains($0))
    }
  }

  static func walker(_ arguments: [String]) throws -> Browser.Output {
    let walker = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "walker").path
    return try Browser.run(
      walker,
      arguments + [
        "--snippets", folder, "--annotations", Browser.tests.appending(path: "../Annotations").standardized.path,
      ])
  }
}
