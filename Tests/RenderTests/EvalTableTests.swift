import Foundation
import Testing
import WalkerModel
import WalkerRender

private let table = EvalTable(
  walkthrough: "widget-room",
  rows: [
    .init(
      kernel: "mini", inputs: [.init(name: "room", number: 511), .init(name: "widget.max", number: 128)],
      results: [
        .init(id: "room-limit", value: .number(128), decidedBy: "capped by widget.max at drivers/widget/core.c:48"),
        .init(id: "full-at", value: .never),
      ]),
    .init(
      kernel: "old, \"mini\"", inputs: [.init(name: "room", number: -1)],
      results: [.init(id: "room-limit", value: .none("C gives no value when room < 0"))]),
  ])

@Test func tabulatesForPeople() {
  let text = table.text(TextOptions(width: 80, palette: .none, showsSource: true))
  #expect(
    text == """
      kernel       room  widget.max  room-limit  full-at
      mini          511         128         128    never
          room-limit: capped by widget.max at drivers/widget/core.c:48
      old, "mini"    -1                       -
          room-limit: C gives no value when room < 0

      """)
}

@Test func writesCSVThatOthersRead() {
  #expect(
    table.csv == "kernel,room,widget.max,room-limit,full-at\r\nmini,511,128,128,\r\n\"old, \"\"mini\"\"\",-1,,,\r\n")
}

@Test func writesTheEvalContract() throws {
  let json = try #require(JSONSerialization.jsonObject(with: Data(table.json.indented.utf8)) as? [String: Any])
  #expect(json["schema"] as? String == "walker.eval/1")
  let rows = try #require(json["rows"] as? [[String: Any]])
  #expect(rows[0]["inputs"] as? [String: Int] == ["room": 511, "widget.max": 128])
  let results = try #require(rows[0]["results"] as? [String: Any])
  #expect(results["room-limit"] as? Int == 128 && results["full-at"] is NSNull)
}

@Test func writesNoFormulasForSpreadsheets() {
  let table = EvalTable(
    walkthrough: "widget-room",
    rows: ["=cmd()", "+1+1", "-1+1", "@x", "-12"].map { EvalTable.Row(kernel: $0, inputs: [], results: []) })
  #expect(table.csv == "kernel\r\n'=cmd()\r\n'+1+1\r\n'-1+1\r\n'@x\r\n-12\r\n")
}
