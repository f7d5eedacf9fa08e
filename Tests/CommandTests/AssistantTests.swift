import Foundation
import Testing
import WalkerModel

/// A client of `walker mcp` that says its lines and reads the answers.
private struct Client {
  let sandbox: Sandbox

  func answers(_ lines: [String]) throws -> [[String: Any]] {
    try sandbox.write(lines.map { $0 + "\n" }.joined(), "requests")
    let output = try sandbox.run("XDG_CACHE_HOME=cache ./bin/walker mcp < requests")
    return try output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  /// The text of one tool's answer, as JSON where it is that.
  func call(_ tool: String, _ arguments: String = "{}") throws -> (text: String, isError: Bool) {
    let line =
      #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)}}"#
    let answer = try #require(answers([line]).first)
    #expect(answer["id"] as? Int == 7)
    let result = try #require(answer["result"] as? [String: Any], "\(answer)")
    let content = try #require((result["content"] as? [[String: Any]])?.first)
    #expect(content["type"] as? String == "text")
    return (try #require(content["text"] as? String), try #require(result["isError"] as? Bool))
  }

  func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}

private func code(_ answer: [String: Any]) -> Int? { (answer["error"] as? [String: Any])?["code"] as? Int }

@Test func greetsAnAssistantAndListsTheTools() throws {
  let client = Client(sandbox: try Sandbox())
  let answers = try client.answers([
    #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{}}}"#,
    #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
    #"{"jsonrpc":"2.0","id":"two","method":"tools/list"}"#,
    #"{"jsonrpc":"2.0","id":3,"method":"ping"}"#,
    #"{"jsonrpc":"2.0","id":4,"method":"initialize","params":{"protocolVersion":"1999-01-01"}}"#,
  ])
  #expect(answers.count == 4)
  let hello = try #require(answers[0]["result"] as? [String: Any])
  #expect(hello["protocolVersion"] as? String == "2024-11-05")
  #expect((hello["serverInfo"] as? [String: Any])?["version"] as? String == WalkerVersion.current)
  #expect(answers[1]["id"] as? String == "two")
  let tools = try #require((answers[1]["result"] as? [String: Any])?["tools"] as? [[String: Any]])
  let names = tools.compactMap { $0["name"] as? String }
  #expect(names == ["list", "walk", "eval", "check", "anchors", "knobs", "source"])
  #expect(tools.allSatisfy { ($0["inputSchema"] as? [String: Any])?["type"] as? String == "object" })
  #expect((answers[2]["result"] as? [String: Any])?.isEmpty == true)
  #expect((answers[3]["result"] as? [String: Any])?["protocolVersion"] as? String == "2025-06-18")
}

@Test(arguments: [
  ("junk", -32700), ("[]", -32600), (#"{"id":1,"method":"ping"}"#, -32600),
  (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":"nope"}"#, -32601),
  (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wlak"}}"#, -32602),
  (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"walk","arguments":{"kernal":"6.12"}}}"#, -32602),
  (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"eval","arguments":{"set":{"a":1.5}}}}"#, -32602),
  (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"source"}}"#, -32602),
])
func refusesAnAssistantsMistakeAndGoesOn(_ line: String, _ expected: Int) throws {
  let answers = try Client(sandbox: try Sandbox()).answers([line, #"{"jsonrpc":"2.0","id":9,"method":"ping"}"#])
  #expect(answers.count == 2 && code(answers[0]) == expected, "\(answers)")
  #expect(answers.last?["id"] as? Int == 9)
}

@Test func answersAnAssistantFromTheWalk() throws {
  let client = Client(sandbox: try Sandbox())
  let list = try client.object(client.call("list").text)
  let walkthrough = try #require((list["walkthroughs"] as? [[String: Any]])?.first)
  #expect(walkthrough["name"] as? String == "widget-room" && walkthrough["results"] as? [String] == ["room-limit"])
  let walk = try client.object(client.call("walk", #"{"kernel":"mini"}"#).text)
  let result = try #require((walk["results"] as? [[String: Any]])?.first)
  #expect(result["proof"] as? String == "proved")
  #expect((walk["chain"] as? [[String: Any]])?.isEmpty == false)
  let full = try client.object(client.call("walk", #"{"kernel":"mini","full":true}"#).text)
  #expect(full["schema"] as? String == "walker.walk/1")
  let eval = try client.object(client.call("eval", #"{"kernels":["mini"],"set":{"room":5}}"#).text)
  #expect(eval["schema"] as? String == "walker.eval/1")
  let function = try #require((walk["chain"] as? [[String: Any]])?.first?["function"] as? String)
  let source = try client.object(client.call("source", #"{"kernel":"mini","function":"\#(function)"}"#).text)
  #expect((source["lines"] as? [String])?.isEmpty == false && source["licence"] as? String == "GPL-2.0-only")
}

@Test func tellsAnAssistantWhatWentWrong() throws {
  let client = Client(sandbox: try Sandbox())
  let missing = try client.call("walk", #"{"kernel":"nowhere"}"#)
  #expect(missing.isError && missing.text.contains("there is no kernel nowhere"))
  let unlocked = try client.call("check", #"{"kernels":["mini"]}"#)
  #expect(unlocked.isError && unlocked.text.contains("walker accept"))
}

@Test func checksAndFindsForAnAssistantWithTheRealEngine() throws {
  let sandbox = try Sandbox.withEngine()
  try sandbox.write(MiniTree(), "one")
  let client = Client(sandbox: sandbox)
  #expect(
    try sandbox.walker("accept", "widget-room", "--kernel", "one", "--all", "--prose-still-true").status == 0)
  let check = try client.object(client.call("check", #"{"kernels":["one"]}"#).text)
  #expect(check["schema"] as? String == "walker.check/1" && check["exit"] as? Int == 0)
  let anchors = try client.object(client.call("anchors", #"{"function":"round_open","kernel":"one"}"#).text)
  #expect((anchors["anchors"] as? String)?.contains("role: store") == true)
  let knobs = try client.object(client.call("knobs", #"{"names":["net.widget.cap"],"kernels":["one"]}"#).text)
  #expect(knobs["schema"] as? String == "walker.knobs/1")
}
