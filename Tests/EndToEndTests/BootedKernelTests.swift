import Foundation
import Testing

private let booted = ProcessInfo.processInfo.environment["WALKER_BOOT"] ?? ""

/// `walker verify` on a distribution kernel that is really booted. Set-up says which one, or why none.
@Suite(.serialized, .enabled(if: !booted.isEmpty, "set-up found no kernel to boot"))
struct BootedKernelTests {
  private static let annotations = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Annotations").standardized.path

  private func verify(
    _ walkthrough: String, kernel: String = booted, annotations: String = annotations, _ more: String...
  ) throws -> (status: Int32, kernel: [String: Any], errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
      path: "walker")
    process.arguments =
      [
        "verify", walkthrough, "--boot", kernel, "--snippets", RealKernelTests.folder, "--annotations", annotations,
        "--format", "json", "--timeout", "3600",
      ] + (more.contains("--cases") ? more : more + ["--cases", "24"])
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let report = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let kernels = try #require(report?["kernels"] as? [[String: Any]], "\(said)")
    return (process.terminationStatus, try #require(kernels.first), said)
  }

  /// A copy of the annotations, with one claim or whatever else edited.
  private func edited(_ path: String, of folder: String, _ edit: (String) -> String) throws -> URL {
    let root = FileManager.default.temporaryDirectory.appending(path: "walker-booted-\(UUID().uuidString)")
    try FileManager.default.copyItem(atPath: folder, toPath: root.path)
    let file = root.appending(path: path)
    let bytes = try Data(contentsOf: file)
    let text = try #require(String(data: bytes, encoding: .isoLatin1))
    let new = edit(text)
    #expect(new != text)
    try #require(new.data(using: .isoLatin1)).write(to: file)
    return root
  }

  @Test func agreesWithTheKernelItWasDerivedFrom() throws {
    let run = try verify("listen-backlog")
    #expect(run.status == 0, "\(run.errors)")
    let results = try #require(run.kernel["results"] as? [[String: Any]])
    #expect(results.count >= 4)
    for result in results {
      #expect(result["verdict"] as? String == "verified", "\(result)")
      #expect((result["agree"] as? Int ?? 0) >= 10, "\(result)")
    }
    let chain = try #require(run.kernel["chain"] as? [String: Any])
    #expect(chain["verdict"] as? String == "verified", "\(chain)")
  }

  @Test func agreesOnASubjectThatIsNoSocket() throws {
    let run = try verify("pipe-size")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func catchesASourceThatTheKernelWasNotBuiltFrom() throws {
    // The clamp to half of the limit, in a tree that has the image's version.
    let tree = try edited("net/socket.c", of: "\(RealKernelTests.folder)/\(booted)") {
      $0.replacing(#/(\w+) = somaxconn;/#) { "\($0.output.1) = somaxconn / 2;" }
    }
    defer { try? FileManager.default.removeItem(at: tree) }
    try FileManager.default.removeItem(at: tree.appending(path: "PROVENANCE.json"))
    let image = try image()
    let run = try verify("listen-backlog", kernel: tree.path, "--image", image)
    #expect(run.status == 1, "\(run.errors)")
    let results = try #require(run.kernel["results"] as? [[String: Any]])
    let limit = try #require(results.first { $0["id"] as? String == "accept-queue-limit" })
    #expect(limit["verdict"] as? String == "refuted", "\(limit)")
    // With the input that shows it.
    let difference = try #require(limit["difference"] as? [String: Any], "\(limit)")
    #expect((difference["inputs"] as? [String: Any])?["backlog"] != nil, "\(difference)")
  }

  /// The image of the kernel, which verifying it has fetched.
  private func image() throws -> String {
    let cache =
      ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].map { $0 + "/walker" }
      ?? NSHomeDirectory() + "/.cache/walker"
    let provenance = try Data(contentsOf: URL(filePath: "\(RealKernelTests.folder)/\(booted)/PROVENANCE.json"))
    let set = try #require(JSONSerialization.jsonObject(with: provenance) as? [String: Any])
    let package = try #require(set["package"] as? [String: Any])
    let version = try #require((package["version"] as? String)?.split(separator: "-").first)
    func found() -> String? {
      let images = FileManager.default.enumerator(atPath: cache + "/images")?.compactMap { $0 as? String } ?? []
      return images.first { $0.contains("_\(version)-") && $0.hasSuffix("/vmlinuz") }
    }
    if found() == nil { _ = try verify("pipe-size", "--cases", "1") }
    return cache + "/images/" + (try #require(found(), "no image of \(version)"))
  }
}
