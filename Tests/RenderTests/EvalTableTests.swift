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
        .init(id: "full-at", value: .never, reservations: ["while slow = 0; it is 1"]),
        .init(id: "wait", value: .open(formula: "min(5, widget_wait)", why: "widget.wait is computed at boot")),
      ]),
    .init(
      kernel: "old, \"mini\"", inputs: [.init(name: "room", number: -1)],
      results: [.init(id: "room-limit", value: .none("C gives no value when room < 0"))]),
  ])

@Test func tabulatesForPeople() {
  let text = table.text(TextOptions(width: 80, palette: .none, showsSource: true))
  #expect(
    text == """
                     mini  old, "mini"
      room            511           -1
      widget.max      128
      ────────────────────────────────
      room-limit      128            -
          mini: capped by widget.max at drivers/widget/core.c:48
          old, "mini": C gives no value when room < 0
      full-at       never               mini: while slow = 0; it is 1
      wait        at boot
          mini: min(5, widget_wait): widget.wait is computed at boot

      """)
}

@Test(arguments: [40, 60, 80, 200])
func keepsTablesWithinTheWidth(_ width: Int) {
  let rows = (1...9).map { number in
    EvalTable.Row(
      kernel: "6.\(number).117-a-long-name", inputs: [.init(name: "net.ipv4.tcp_max_syn_backlog", number: 4096)],
      results: [.init(id: "accept-queue-capacity", value: .number(512), reservations: ["while slow = 0; it is 1"])])
  }
  let text = EvalTable(walkthrough: "w", rows: rows).text(TextOptions(width: width, palette: .none, showsSource: true))
  for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  for number in 1...9 { #expect(text.contains("6.\(number).117-a-long-name")) }
}

@Test func writesCSVThatOthersRead() {
  #expect(
    table.csv
      == "kernel,room,widget.max,room-limit,full-at,wait\r\nmini,511,128,128,,\r\n\"old, \"\"mini\"\"\",-1,,,,\r\n")
}

@Test func writesTheEvalContract() throws {
  let json = try #require(JSONSerialization.jsonObject(with: Data(table.json.indented.utf8)) as? [String: Any])
  #expect(json["schema"] as? String == "walker.eval/1")
  let rows = try #require(json["rows"] as? [[String: Any]])
  #expect(rows[0]["inputs"] as? [String: Int] == ["room": 511, "widget.max": 128])
  let results = try #require(rows[0]["results"] as? [String: Any])
  #expect(results["room-limit"] as? Int == 128 && results["full-at"] is NSNull)
  #expect(rows[0]["while"] as? [String: [String]] == ["full-at": ["while slow = 0; it is 1"]])
}

@Test func waitsForADefaultOfTheBootWithoutFailing() {
  #expect(!table.isComplete)
  #expect(EvalTable(walkthrough: "widget-room", rows: [table.rows[0]]).isComplete)
}

@Test func writesNoFormulasForSpreadsheets() {
  let table = EvalTable(
    walkthrough: "widget-room",
    rows: ["=cmd()", "+1+1", "-1+1", "@x", "-12"].map { EvalTable.Row(kernel: $0, inputs: [], results: []) })
  #expect(table.csv == "kernel\r\n'=cmd()\r\n'+1+1\r\n'-1+1\r\n'@x\r\n-12\r\n")
}
