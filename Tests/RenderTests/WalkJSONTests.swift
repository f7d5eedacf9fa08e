import Foundation
import Testing
import WalkerModel
import WalkerRender

private func object(_ value: Any?) throws -> [String: Any] { try #require(value as? [String: Any]) }
private func objects(_ value: Any?) throws -> [[String: Any]] { try #require(value as? [[String: Any]]) }

private func decoded() throws -> [String: Any] {
  let text = WalkJSON.render(MiniKernel.walk()).indented
  return try object(JSONSerialization.jsonObject(with: Data(text.utf8)))
}

@Test func hasEveryMemberOfTheContract() throws {
  let walk = try decoded()
  #expect(walk["schema"] as? String == "walker.walk/1")
  let members = [
    "schema", "walkthrough", "kernel", "frames", "reaches", "results", "openEnds", "knobs", "annotations", "findings",
    "coverage",
  ]
  for member in members { #expect(walk[member] != nil, "\(member)") }
  let kernel = try object(walk["kernel"])
  #expect(Set(kernel.keys) == ["name", "version", "source", "config"])
  #expect(Set(try object(kernel["config"]).keys) == ["source", "sha256", "depends"])
  let frame = try objects(walk["frames"])[1]
  #expect(frame["function"] as? String == "gadget_open" && frame["line"] as? Int == 71)
  let reached = try object(frame["reachedBy"])
  #expect(reached["kind"] as? String == "indirect" && reached["through"] as? String == "struct widget_ops.open")
  #expect(reached["table"] as? String == "gadget_ops" && reached["line"] as? Int == 53)
  let rejected = try objects(reached["rejected"])
  #expect(rejected.count == 3)
  #expect(Set(rejected[0].keys) == ["function", "table", "file", "line", "why"])
  let step = try objects(frame["steps"])[0]
  #expect(step["kind"] as? String == "store" && step["value"] as? String == "min((u32) room, widget_max)")
  #expect(step["line"] as? Int == 84 && step["column"] as? Int == 2 && step["annotations"] as? [String] == ["store"])
  let knob = try objects(walk["knobs"])[0]
  #expect(knob["name"] as? String == "widget.max" && knob["default"] as? Int == 4096)
  let coverage = try object(walk["coverage"])
  #expect(coverage as? [String: Int] == ["annotations": 5, "bound": 4, "otherEra": 1, "unbound": 0])
}

@Test func givesResultsWithNullsWhereThereIsNothing() throws {
  let results = try objects(decoded()["results"])
  #expect(results.map { $0["proof"] as? String } == ["proved", "refuted", "not-derivable"])
  #expect(results[0]["counterexample"] is NSNull && results[0]["undefinedWhen"] is NSNull)
  #expect(results[0]["era"] as? String == "wide" && results[1]["era"] is NSNull)
  let example = try object(results[1]["counterexample"])
  #expect(example["derived"] as? Int == 4097 && example["claimed"] is NSNull)
  #expect(try object(example["inputs"]) as? [String: Int] == ["room": -1, "widget_max": 4096])
}

@Test func leavesQuotedConditionsOutWithoutSource() {
  let text = WalkJSON.render(MiniKernel.walk(), showsSource: false).indented
  #expect(!text.contains("WIDGET_CLOSED"))
  #expect(WalkJSON.render(MiniKernel.walk()).indented.contains("WIDGET_CLOSED"))
}

@Test func escapesWhatJSONDoesNotAllow() throws {
  let text = JSONText.list([.text("a\"b\\c\n\u{1}é"), .null, .flag(true), .number(-5), .list([]), .object([])]).indented
  #expect(text.contains(#""a\"b\\c\n\u0001é""#))
  let values = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any])
  #expect(values[0] as? String == "a\"b\\c\n\u{1}é")
}

@Test func aWalkSurvivesTheWire() throws {
  let walk = MiniKernel.walk()
  let data = try JSONEncoder().encode(EngineResponse.walk(walk, restingOn: nil))
  guard case .walk(let back, restingOn: nil) = try JSONDecoder().decode(EngineResponse.self, from: data) else {
    Issue.record("another response came back")
    return
  }
  #expect(WalkJSON.render(back) == WalkJSON.render(walk))
  #expect(back.frames == walk.frames)
}
