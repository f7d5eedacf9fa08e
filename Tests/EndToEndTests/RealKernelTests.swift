import Foundation
import Testing

/// `walker print` on the kernels that set-up fetched. What it says is compared with an independent look at the files.
@Suite(.serialized) struct RealKernelTests {
  static let folder = ProcessInfo.processInfo.environment["WALKER_TEST_KERNELS"] ?? ""

  static var kernels: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let wanted = Set(
      (ProcessInfo.processInfo.environment["WALKER_KERNELS"] ?? "").split(separator: " ").map(String.init))
    return names.sorted().filter {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)/PROVENANCE.json")
        && (wanted.isEmpty || wanted.contains($0))
    }
  }

  private func walk(_ kernel: String) throws -> [String: Any] {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
      path: "walker")
    process.arguments = [
      "print", "listen-backlog", "--kernel", kernel, "--snippets", Self.folder, "--format", "json", "--no-source",
      "--annotations",
      URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Annotations").standardized.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func line(_ kernel: String, _ place: [String: Any]) throws -> String {
    let file = try #require(place["file"] as? String)
    let number = try #require(place["line"] as? Int)
    let bytes = try Data(contentsOf: URL(filePath: "\(Self.folder)/\(kernel)/\(file)"))
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return String(try #require(lines.indices.contains(number - 1) ? lines[number - 1] : nil))
  }

  @Test func hasKernelsToTest() {
    #expect(!Self.kernels.isEmpty, "no kernel was fetched: run make test")
  }

  @Test(arguments: kernels) func printsTheWholeChain(_ kernel: String) throws {
    let walk = try walk(kernel)
    let frames = try #require(walk["frames"] as? [[String: Any]])
    let functions = frames.compactMap { $0["function"] as? String }
    #expect(functions.suffix(2) == ["inet_csk_listen_start", "reqsk_queue_alloc"])
    #expect(functions.contains("inet_listen"))
    for frame in frames {
      let function = try #require(frame["function"] as? String)
      let text = try line(kernel, frame)
      #expect(text.contains(function) || text.contains("SYSCALL_DEFINE"), "\(function): \(text)")
      let reached = try #require(frame["reachedBy"] as? [String: Any])
      guard reached["kind"] as? String == "indirect" else { continue }
      #expect(reached["through"] as? String == "struct proto_ops.listen")
      #expect(reached["table"] as? String == "inet_stream_ops")
      let rejected = try #require(reached["rejected"] as? [[String: Any]])
      for other in rejected {
        #expect(try line(kernel, other).contains(try #require(other["function"] as? String)))
        #expect((other["why"] as? String)?.isEmpty == false)
      }
      let families = Set(rejected.compactMap { $0["function"] as? String })
      #expect(families.isSuperset(of: ["unix_listen", "sctp_inet_listen", "vsock_listen"]))
    }
  }

  @Test(arguments: kernels) func storesTheClampedNumber(_ kernel: String) throws {
    let walk = try walk(kernel)
    let results = try #require(walk["results"] as? [[String: Any]])
    let limit = try #require(results.first { $0["id"] as? String == "accept-queue-limit" })
    #expect(limit["formula"] as? String == "min((u32) backlog, (u32) somaxconn)")
    #expect(limit["proof"] as? String == "proved")
    #expect(results.allSatisfy { $0["proof"] as? String == "proved" }, "\(results)")
    let reaches = try #require(walk["reaches"] as? [[String: Any]])
    let store = try #require(reaches.last { $0["field"] as? String == "struct sock.sk_max_ack_backlog" })
    #expect(try line(kernel, store).contains("sk_max_ack_backlog"))
  }

  @Test(arguments: kernels) func bindsEveryAnnotation(_ kernel: String) throws {
    let walk = try walk(kernel)
    let coverage = try #require(walk["coverage"] as? [String: Int])
    #expect(coverage["unbound"] == 0)
    #expect((coverage["bound"] ?? 0) > 10)
    let errors = (walk["findings"] as? [[String: Any]] ?? []).filter { $0["severity"] as? String == "error" }
    #expect(errors.isEmpty, "\(errors)")
  }

  @Test(arguments: kernels) func namesTheKnobWithItsDefault(_ kernel: String) throws {
    let knobs = try #require(try walk(kernel)["knobs"] as? [[String: Any]])
    let cap = try #require(knobs.first { $0["name"] as? String == "net.core.somaxconn" })
    #expect(cap["default"] as? Int == 4096)
    #expect(cap["variable"] as? String == "somaxconn")
  }
}

/// What a person sees first, and what no person should have to read.
@Suite(.serialized) struct AnswerFirstTests {
  private func walker(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
      path: "walker")
    let annotations = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Annotations")
    process.arguments =
      arguments + ["--snippets", RealKernelTests.folder, "--annotations", annotations.standardized.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private static let cases = RealKernelTests.kernels.flatMap { kernel in
    ["listen-backlog", "pipe-size"].map { (kernel, $0) }
  }

  /// Every bundled walkthrough, in one kernel: to walk all of them in all kernels takes a quarter of an hour.
  private static let allWalkthroughs: [(String, String)] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Annotations").standardized
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return RealKernelTests.kernels.suffix(1).flatMap { kernel in
      names.sorted().filter { FileManager.default.fileExists(atPath: "\(folder.path)/\($0)/walkthrough.md") }
        .map { (kernel, $0) }
    }
  }()

  @Test func knowsTheBundledWalkthroughs() { #expect(Self.allWalkthroughs.count > 2) }

  @Test(arguments: allWalkthroughs) func answersEveryWalkthrough(_ kernel: String, _ walkthrough: String) throws {
    let run = try walker(["print", walkthrough, "--kernel", kernel, "--width", "80", "--no-source"])
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let answer = lines.prefix { !$0.isEmpty }
    #expect(answer.count <= 5 && answer.first?.hasPrefix("✓ ") == true, "\(answer.joined(separator: " "))")
  }

  @Test(arguments: cases) func answersWithinFiveLines(_ kernel: String, _ walkthrough: String) throws {
    let run = try walker(["print", walkthrough, "--kernel", kernel, "--width", "80"])
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let json = try walker(["eval", walkthrough, "--kernel", kernel, "--format", "json"]).output
    let table = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let row = try #require((table["rows"] as? [[String: Any]])?.first)
    let results = try #require(row["results"] as? [String: Any])
    let id = walkthrough == "pipe-size" ? "ring-slots" : "accept-queue-capacity"
    let number = try #require(results[id] as? Int)
    let head = lines.prefix(5).joined(separator: " ")
    #expect(head.contains("\(number) ") && head.hasPrefix("✓ "), "\(head)")
  }

  /// Conditions stand after "given" and "fails", each with its place, and after "⇒ decides on"; those of a result stand in a row.
  @Test(arguments: cases + allWalkthroughs) func printsNoConditionThatNobodyReads(
    _ kernel: String, _ walkthrough: String
  ) throws {
    for words in [[], ["--no-source"], ["--brief"]] {
      let run = try walker(["print", walkthrough, "--kernel", kernel, "--width", "80"] + words)
      let conditions = Self.conditions(run.output)
      #expect(!conditions.isEmpty)
      for condition in conditions {
        #expect(condition.count <= 200, "\(condition)")
        #expect(!Self.isAlwaysTrue(condition), "\(condition)")
        #expect(!condition.contains("pointer->"), "\(condition)")
      }
    }
  }

  /// All that stands in the text as a condition or as what a step comes to.
  private static func conditions(_ text: String) -> [String] {
    var conditions: [String] = []
    var facts = ""
    var step: (column: Int, text: String)?
    var isFact = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let indent = line.prefix { $0 == " " }.count
      if let open = step, indent > open.column, !line.contains("⇒ ") {
        step?.text += " " + line.dropFirst(indent)
        continue
      }
      if let ended = step { conditions.append(ended.text) }
      step = line.firstRange(of: "⇒ ").map {
        (line.distance(from: line.startIndex, to: $0.lowerBound), String(line[$0.upperBound...]))
      }
      let label = line.prefix(14).trimmingCharacters(in: .whitespaces)
      if ["given", "fails", "with"].contains(label) {
        isFact = true
        // What is handed over has no place behind it that would end it.
        facts += " x.c:0 "
      } else if !label.isEmpty || line.isEmpty {
        isFact = false
      }
      if isFact { facts += " " + line.dropFirst(14) }
    }
    for fact in facts.split(separator: #/[a-z][\w\/.-]*\.[ch]:[0-9]+/#) {
      conditions.append(fact.trimmingCharacters(in: .whitespaces))
    }
    return conditions
  }

  /// `1`, `x == x`, and what holds of every number of its type.
  private static func isAlwaysTrue(_ condition: String) -> Bool {
    if ["1", "true", "0 == 0"].contains(condition) { return true }
    let sides = condition.split(separator: " == ")
    return sides.count == 2 && sides[0] == sides[1] && !condition.contains("&&")
  }
}
