import Foundation
import Testing
import WalkerModel

/// Emulators that go wrong, each a script in the place of QEMU: none may pass for agreement, and none may stay.
@Suite struct VerifyCommandTests {
  static let probes = """
    probes:
      input: listen
      sweep:
        room: [-1, 0, 1, 5, 100, 4096, 2147483647]
        net.core.somaxconn: [3, 20, 128]
      results:
        room-limit: {read: "tcp-info:tcpi_sacked", witness: "sock-diag:idiag_wqueue"}
    """

  /// A sandbox whose engine answers that a listener's limit is `value`.
  private func sandbox(stores value: WalkerModel.Expression = capped) throws -> Sandbox {
    let sandbox = try Sandbox()
    let guest = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../.build/walker-guest")
    try FileManager.default.copyItem(at: guest.standardized, to: sandbox.root.appending(path: "bin/walker-guest"))
    let text = Sandbox.walkthrough.replacing("---\nWidgets.", with: Self.probes + "\n---\nWidgets.")
    try sandbox.write(text, "Annotations/widget-room/walkthrough.md")
    try sandbox.write("no kernel\n", "vmlinuz")
    let result = WalkResult(
      id: "room-limit", kind: .stored,
      derivation: Derivation(form: .stored(value), reachedWhen: .true, undefinedWhen: .false, assuming: .true),
      formula: "the formula", subject: "struct widget.room", location: nil, era: nil, proof: .proved,
      counterexample: nil, undefinedWhen: nil, assumptions: [])
    let mini = MiniKernel.walk(results: [result])
    try sandbox.respond(
      .walk(
        Walk(
          walkthrough: mini.walkthrough, title: mini.title, kernel: mini.kernel, tracked: mini.tracked,
          frames: mini.frames, sideFrames: [], reaches: [], results: [result], openEnds: [],
          knobs: [
            Knob(
              name: "net.core.somaxconn", variable: "somaxconn", storage: "somaxconn", type: .u32, defaultValue: nil,
              defaultFormula: nil, defaultLocation: nil, minimum: nil, maximum: nil,
              location: SourceLocation(file: "drivers/widget/sysctl.c", line: 20))
          ], annotations: [], introduction: "", findings: [], coverage: mini.coverage, files: mini.files),
        restingOn: nil))
    return sandbox
  }

  private static let most = WalkerModel.Expression.input(
    Input(id: "somaxconn", name: "somaxconn", role: .knob, type: .u32))
  private static let capped = WalkerModel.Expression(
    .binary(.minimum, WalkerModel.Expression(.convert(MiniKernel.room), .u32), most), .u32)

  private func boot(_ script: String, seconds: Int = 20, arguments: [String] = []) throws -> Sandbox.Run {
    let sandbox = try sandbox()
    try sandbox.write("#!/bin/sh\n" + script, "bin/qemu", isExecutable: true)
    return try sandbox.walker(
      [
        "verify", "--boot", "mini", "--image", "vmlinuz", "--qemu", sandbox.root.path + "/bin/qemu", "--guest-time",
        "\(seconds)",
      ] + arguments)
  }

  @Test(arguments: [
    ("sleep 100 & sleep 100", 1, "did not answer within 1 s"),
    ("echo '[ 1.0] Kernel panic - not syncing: No working init found.' >&2; echo bye >&2", 20, "Kernel panic"),
    ("head -c 100000 /dev/urandom; exit 0", 20, "ended without an answer"),
    ("while :; do echo 0123456789012345678901234567890123456789; done", 20, "wrote more than 32 MB"),
    ("while :; do echo 0123456789012345678901234567890123456789 >&2; done", 20, "wrote more than 32 MB"),
    ("echo 'qemu: cannot set up guest memory' >&2; exit 1", 20, "cannot set up guest memory"),
    ("echo 'Could not set up host forwarding rule: port in use' >&2; exit 1", 20, "port in use"),
    ("kill -9 $$", 20, "ended without an answer"),
  ])
  func saysWhyAGuestGaveNoAnswer(_ script: String, _ seconds: Int, _ why: String) throws {
    let run = try boot(script, seconds: seconds)
    #expect(run.status == 2)
    #expect(run.output.replacing(/\s+/, with: " ").contains(why), "\(run.output)\(run.errors)")
    #expect(run.output.contains("? mini") && !run.output.contains("✓"))
  }

  @Test func saysThatTheEmulatorIsMissing() throws {
    let sandbox = try sandbox()
    let run = try sandbox.walker([
      "verify", "--boot", "mini", "--image", "vmlinuz", "--qemu", "no-such-emulator",
    ])
    #expect(run.status == 2)
    #expect(run.output.contains("no-such-emulator can't be started"), "\(run.output)")
  }

  @Test func leavesNothingBehindWhenItIsInterrupted() throws {
    let sandbox = try sandbox()
    let mark = sandbox.root.path + "/guest.pid"
    try sandbox.write("#!/bin/sh\necho $$ > '\(mark)'\nsleep 300\n", "bin/qemu", isExecutable: true)
    for signal in [SIGINT, SIGTERM, SIGKILL] {
      try? FileManager.default.removeItem(atPath: mark)
      let process = try sandbox.start([
        "verify", "--boot", "mini", "--image", "vmlinuz", "--qemu", sandbox.root.path + "/bin/qemu",
      ])
      let guest = try #require(
        waited { (try? String(contentsOfFile: mark, encoding: .utf8)).flatMap { pid_t($0.dropLast()) } })
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(waited { kill(guest, 0) != 0 ? true : nil } == true, "the guest \(guest) outlives signal \(signal)")
      guard signal != SIGKILL else { continue }
      #expect(process.terminationReason == .exit && process.terminationStatus == 2)
      let output = try String(contentsOfFile: sandbox.root.path + "/stdout", encoding: .utf8)
      #expect(output.contains("interrupted"))
    }
  }

  /// The value as soon as there is one, for at most 20 seconds.
  private func waited<Value>(_ value: () -> Value?) -> Value? {
    for _ in 0..<400 {
      if let value = value() { return value }
      usleep(50_000)
    }
    return nil
  }

  @Test func saysThatAWalkthroughDeclaresNoProbes() throws {
    let run = try Sandbox().walker("verify", "--live", "--kernel", "mini")
    #expect(run.status == 2)
    #expect(run.errors.contains("declares no probes"))
  }

  @Test(arguments: [
    [], ["--image", "vmlinuz", "--live"], ["--boot", "mini", "--kernel", "mini"], ["--live", "--cases", "0"],
  ])
  func refusesACommandLineThatMakesNoSense(_ arguments: [String]) throws {
    #expect(try sandbox().walker(["verify"] + arguments).status == 64)
  }

  // MARK: The kernel that runs here

  @Test func agreesWithTheRunningKernel() throws {
    let run = try sandbox().walker("verify", "--live", "--kernel", "mini", "--format", "json")
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(report["schema"] as? String == "walker.verify/1")
    let kernel = try #require((report["kernels"] as? [[String: Any]])?.first)
    #expect(kernel["verdict"] as? String == "verified")
    let result = try #require((kernel["results"] as? [[String: Any]])?.first)
    #expect((result["agree"] as? Int ?? 0) > 10 && result["differ"] as? Int == 0)
    let notes = try #require(kernel["notes"] as? [String])
    #expect(
      notes.contains { $0.contains("knobs were") } && notes.contains { $0.contains("not of the source's version") })
  }

  @Test func refutesAWrongDerivationOnTheRunningKernel() throws {
    let uncapped = WalkerModel.Expression(.convert(MiniKernel.room), .u32)
    let run = try sandbox(stores: uncapped).walker("verify", "--live", "--kernel", "mini")
    #expect(run.status == 1)
    #expect(run.output.replacing(/\s+/, with: " ").contains("with room = -1"), "\(run.output)")
    #expect(run.output.contains("derived was 4294967295"))
  }

  @Test func changesNoKnobOfThisMachine() throws {
    let path = "/proc/sys/net/core/somaxconn"
    let before = try String(contentsOfFile: path, encoding: .utf8)
    _ = try sandbox().walker("verify", "--live", "--kernel", "mini")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
  }
}
