import Foundation
import Testing
import WalkerFormula
import WalkerModel

@testable import WalkerRender

/// Exported pages in a real browser. One run of it serves all checks: to start it takes longer than to ask it.
@Suite(.serialized) struct PageTests {
  static let checks = [
    "loads_quietly", "asks_nothing_of_the_network", "computes_as_c_does", "searches_thresholds_as_walker_does",
    "says_what_eval_says", "moves_with_the_slider", "takes_what_is_typed", "switches_kernels", "leads_to_annotations",
    "keeps_its_state_in_the_address", "cuts_nothing_in_its_header", "steps_by_keys", "changes_colours", "is_accessible",
    "fits_a_phone", "paints_soon", "runs_no_foreign_script",
  ]

  @Test(arguments: ["listen-backlog", "pipe-size"])
  func worksInABrowser(_ walkthrough: String) throws {
    let kernels = RealKernels.names
    try #require(!kernels.isEmpty, "no kernel was fetched: run make test")
    let folder = FileManager.default.temporaryDirectory.appending(path: "walker-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "page.html")
    let named = kernels.flatMap { ["--kernel", $0] }
    let export = try RealKernels.export(walkthrough, named, to: page.path)
    #expect(export.status == 0, "\(export.errors)")
    let size = try #require(try page.resourceValues(forKeys: [.fileSizeKey]).fileSize)
    #expect(size * 4 <= 1_500_000 * max(4, kernels.count), "\(size) bytes for \(kernels.count) kernels")
    let hostile = folder.appending(path: "hostile.html")
    try Data(try WalkPage.render([Hostile.walk], ExportOptions()).utf8).write(to: hostile)
    let outcome = try Browser.drive(
      [
        "page": page.path, "hostile": hostile.path, "kernels": kernels,
        "slugs": PageIdentity.all(of: RealKernels.walks(walkthrough, named)).map(\.slug),
        "programs": RandomPrograms.values, "searches": RandomPrograms.searches,
        "cases": try EvalCases.make(walkthrough, kernels),
      ], in: folder)
    for check in Self.checks {
      guard let result = outcome.checks[check] else {
        Issue.record("\(check) was not made: \(outcome.complaint)")
        continue
      }
      #expect(result == nil, "\(check): \(result ?? "")")
    }
  }
}

extension RealKernels {
  static func export(_ walkthrough: String, _ kernels: [String], to path: String) throws -> Browser.Output {
    try walker(["export", walkthrough, "--format", "html", "-o", path] + kernels)
  }

  /// Only their names, which is all that slugs are made from.
  static func walks(_ walkthrough: String, _ named: [String]) -> [Walk] {
    named.filter { $0 != "--kernel" }.map { MiniKernel.walk(kernel: MiniKernel.kernel(name: $0, version: "1.0.3")) }
  }
}

/// Inputs, with what `walker eval` makes of them.
enum EvalCases {
  static func make(_ walkthrough: String, _ kernels: [String]) throws -> [[String: Any]] {
    let walk = try json("print", walkthrough, ["--kernel", kernels[0]])
    let tracked = try #require((walk["tracked"] as? [String: Any])?["name"] as? String)
    let first = try evaluate(walkthrough, [kernels[0]], [tracked: "5"])
    let names = try #require((first.first?["inputs"] as? [String: Any])?.keys.sorted())
    var random = SystemNumbers(seed: 7)
    var numbers: [Int64] = [-1, 0, 1, 2_147_483_647, -2_147_483_648, 4096, 65535, 65536, 4_294_967_295]
    while numbers.count < 56 { numbers.append(random.number()) }
    var cases: [[String: Any]] = []
    for (turn, number) in numbers.enumerated() {
      var inputs = [tracked: "\(number)"]
      if turn.isMultiple(of: 2) {
        for name in names where name != tracked { inputs[name] = "\(random.number())" }
      }
      for row in try evaluate(walkthrough, kernels, inputs) {
        guard let kernel = kernels.firstIndex(where: { $0 == row["kernel"] as? String }),
          let results = row["results"] as? [String: Any], let words = row["words"] as? [String: String]
        else { continue }
        // Knobs that another kernel does not have are left out of its rows.
        let known = Set(((row["inputs"] as? [String: Any]) ?? [:]).keys)
        cases.append([
          "kernel": kernel, "inputs": inputs.filter { known.contains($0.key) },
          // An error is shown by its name.
          "results": Dictionary(
            uniqueKeysWithValues: results.map { id, value -> (String, Any) in
              (id, (value as? NSNumber).map { words[id] ?? "\($0)" } ?? NSNull())
            }),
        ])
      }
    }
    return cases
  }

  private static func json(_ command: String, _ walkthrough: String, _ arguments: [String]) throws -> [String: Any] {
    let output = try RealKernels.walker([command, walkthrough, "--format", "json"] + arguments)
    return try #require(
      JSONSerialization.jsonObject(with: Data(output.output.utf8)) as? [String: Any], "\(output.errors)")
  }

  private static func evaluate(
    _ walkthrough: String, _ kernels: [String], _ inputs: [String: String]
  ) throws -> [[String: Any]] {
    var arguments: [String] = []
    for kernel in kernels { arguments += ["--kernel", kernel] }
    for (name, number) in inputs.sorted(by: { $0.key < $1.key }) { arguments += ["--set", "\(name)=\(number)"] }
    let table = try json("eval", walkthrough, arguments)
    return try #require(table["rows"] as? [[String: Any]])
  }
}

/// The same numbers in every run, of all sizes and both signs.
struct SystemNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func number() -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let bits = Int64(truncatingIfNeeded: state >> 33) & 0x7fff_ffff
    let size = bits >> Int64(state >> 20 & 31)
    return state >> 40 & 3 == 0 ? -size : size
  }
}
