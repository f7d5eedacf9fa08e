import Foundation
import Testing
import WalkerModel

/// A running `walker serve`, ended with the test.
private final class Server {
  let sandbox: Sandbox
  let process: Process
  let port: UInt16

  init(_ sandbox: Sandbox, _ arguments: String...) throws {
    self.sandbox = sandbox
    process = try sandbox.start(["serve", "--kernel", "mini", "--port", "0"] + arguments)
    var port: UInt16?
    for _ in 0..<200 where port == nil {
      usleep(250_000)
      let text = try String(contentsOfFile: sandbox.root.path + "/stdout", encoding: .utf8)
      port = text.firstMatch(of: /^http:\/\/127\.0\.0\.1:(\d+)\/\n/).flatMap { UInt16($0.1) }
      if !process.isRunning { break }
    }
    let errors = try String(contentsOfFile: sandbox.root.path + "/stderr", encoding: .utf8)
    self.port = try #require(port, "walker serve said no address: \(errors)")
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  /// Sends a request as it is, and returns all that comes.
  func send(_ text: String) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    try #require(isConnected)
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  func get(_ path: String, host: String? = nil, extra: String = "", method: String = "GET") throws -> String {
    try send("\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n\(extra)\r\n")
  }

  func state() throws -> [String: Any] {
    let text = try get("/widget-room/state")
    let body = try #require(text.components(separatedBy: "\r\n\r\n").last)
    return try #require(JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
  }

  /// The walkthrough's page once it fits; the last one when it never does.
  func page(_ fits: (String) -> Bool) throws -> String {
    var page = ""
    for _ in 0..<1200 {
      page = try get("/widget-room/page")
      if fits(page) { return page }
      usleep(50_000)
    }
    return page
  }

  /// The state once it fits; the last one when it never does.
  func state(_ fits: ([String: Any]) -> Bool) throws -> [String: Any] {
    var state: [String: Any] = [:]
    for _ in 0..<1200 {
      state = try self.state()
      if fits(state) { return state }
      usleep(50_000)
    }
    return state
  }
}

private func status(_ answer: String) -> Int? { answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } }

@Test func servesTheWalkthroughsPage() throws {
  let server = try Server(try Sandbox())
  let state = try server.state { ($0["page"] as? Int ?? 0) > 0 }
  #expect((state["mistakes"] as? [String]) == [])
  let index = try server.get("/")
  #expect(status(index) == 200 && index.contains("<a href=\"/widget-room/\">"))
  #expect(index.contains("Content-Security-Policy: default-src 'none'; script-src 'self'"))
  #expect(try server.get("/widget-room/").contains("<iframe id=\"page\""))
  let page = try server.get("/widget-room/page")
  #expect(status(page) == 200 && page.contains("X-Content-Type-Options: nosniff"))
  #expect(page.contains("<!DOCTYPE html>") && page.contains("widget_open"))
  #expect(try server.get("/live.js").contains("text/javascript"))
  let head = try server.get("/", method: "HEAD")
  #expect(status(head) == 200 && head.hasSuffix("\r\n\r\n"))
}

@Test func showsNewProseAtOnceAndMistakesInPlace() throws {
  // The walk is held back until the preview was seen: what it tells then is the stand-in's prose, whatever the file says.
  let sandbox = try Sandbox(
    engine: "cat > \"$root/request\"; while [ -e \"$root/hold\" ]; do sleep 0.1; done; cat \"$root/response\"\n")
  let server = try Server(sandbox)
  let first = try server.state { ($0["page"] as? Int ?? 0) > 0 }["page"] as? Int ?? 0
  try sandbox.write("", "hold")
  try sandbox.write(
    Sandbox.walkthrough.replacing("Nobody gets more.", with: "Nobody gets any more."),
    "Annotations/widget-room/walkthrough.md")
  let page = try server.page { $0.contains("Nobody gets any more.") }
  let seen = try server.state()
  #expect(page.contains("Nobody gets any more."), "\(seen)")
  #expect(seen["preview"] as? Bool == true && seen["page"] as? Int ?? 0 > first)
  try FileManager.default.removeItem(at: sandbox.root.appending(path: "hold"))
  #expect(try server.state { $0["preview"] as? Bool == false }["preview"] as? Bool == false)
  try sandbox.write(
    Sandbox.walkthrough.replacing("role: clamp", with: "role: clmap"), "Annotations/widget-room/walkthrough.md")
  let wrong = try server.state { ($0["mistakes"] as? [String])?.isEmpty == false }
  let mistake = try #require((wrong["mistakes"] as? [String])?.first)
  #expect(mistake.contains("did you mean \"clamp\"?") && mistake.hasSuffix(" ^~~~~"), "\(mistake)")
  // What could be made last is still there.
  #expect(try server.get("/widget-room/page").contains("id=\"walk\""))
}

@Test(arguments: [
  "/../Annotations/widget-room/walkthrough.md", "/widget-room/../../mini/Makefile", "/%2e%2e/mini/Makefile",
  "/widget-room/walkthrough.md", "/mini", "//etc/passwd", "/widget-room/page/", "*", "",
])
func givesNothingButItsPages(_ path: String) throws {
  let answer = try Server(try Sandbox()).get(path)
  #expect([400, 404].contains(status(answer)), "\(answer)")
  #expect(!answer.contains("VERSION") && !answer.contains("role: clamp"))
}

@Test func answersToItsOwnOriginOnly() throws {
  let server = try Server(try Sandbox())
  #expect(status(try server.get("/", host: "evil.example:\(server.port)")) == 421)
  #expect(status(try server.get("/", host: "127.0.0.1")) == 421)
  #expect(status(try server.get("/", host: "localhost:\(server.port)")) == 200)
  #expect(status(try server.get("/", extra: "Origin: http://evil.example\r\n")) == 403)
  #expect(status(try server.get("/", extra: "Origin: null\r\n")) == 403)
  #expect(status(try server.get("/", extra: "Sec-Fetch-Site: cross-site\r\n")) == 403)
  #expect(status(try server.get("/", extra: "Origin: http://127.0.0.1:\(server.port)\r\n")) == 200)
  #expect(status(try server.get("/", extra: "Host: evil.example\r\n")) == 421)
  for method in ["POST", "PUT", "OPTIONS", "TRACE"] {
    #expect(status(try server.get("/", method: method)) == 405)
  }
}

@Test func outlivesHostileRequests() throws {
  let server = try Server(try Sandbox())
  #expect(status(try server.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nno colon\r\n\r\n")) == 400)
  #expect(status(try server.send("nonsense\r\n\r\n")) == 400)
  #expect(status(try server.send("GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\n\r\n")) == 400)
  #expect(status(try server.send(String(decoding: [0, 255, 13, 10, 13, 10], as: UTF8.self))) == 400)
  #expect(status(try server.get("/")) == 200)
  #expect(server.process.isRunning)
}

/// Other machines don't reach it.
@Test func listensOnLoopbackOnly() throws {
  let server = try Server(try Sandbox())
  let hexadecimal = String(server.port, radix: 16, uppercase: true)
  let digits = String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
  let sockets = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n")
    .filter { $0.contains(":\(digits) 00000000:0000 0A") }
  #expect(sockets.count == 1 && sockets[0].contains(" 0100007F:\(digits) "), "\(sockets)")
}

@Test func saysWhoseThePortIs() throws {
  let sandbox = try Sandbox()
  let server = try Server(sandbox)
  let other = try Sandbox()
  let run = try other.walker("serve", "--kernel", "mini", "--port", "\(server.port)")
  #expect(run.status == ExitStatus.broken)
  #expect(run.errors.contains("the port \(server.port) is in use: choose another with --port"))
}

@Test func watchesAWalkthrough() throws {
  let sandbox = try Sandbox()
  let good = try sandbox.walker("watch", "widget-room", "--kernel", "mini", "--rounds", "1")
  #expect(good.status == 0, "\(good.errors)")
  #expect(good.output.contains(" annotations bound"), "\(good.output)")
  try sandbox.write(
    Sandbox.walkthrough.replacing("role: clamp", with: "role: clmap"), "Annotations/widget-room/walkthrough.md")
  let bad = try sandbox.walker("watch", "widget-room", "--kernel", "mini", "--rounds", "1")
  #expect(bad.output.contains("did you mean \"clamp\"?"), "\(bad.output)")
  #expect(bad.output.contains("      |       ^~~~~\n"), "\(bad.output)")
  let process = try sandbox.start(["watch", "widget-room", "--kernel", "mini", "--rounds", "2"])
  for _ in 0..<100 {
    usleep(250_000)
    if try String(contentsOfFile: sandbox.root.path + "/stdout", encoding: .utf8).contains("clmap") { break }
  }
  try sandbox.write(Sandbox.walkthrough, "Annotations/widget-room/walkthrough.md")
  for _ in 0..<200 where process.isRunning { usleep(250_000) }
  #expect(!process.isRunning)
  if process.isRunning { process.terminate() }
  #expect(
    try String(contentsOfFile: sandbox.root.path + "/stdout", encoding: .utf8).contains("annotations bound"))
}

/// A request to end is heeded whatever thread gets it.
@Test func endsWhenItIsTold() throws {
  let sandbox = try Sandbox()
  for round in 0..<12 {
    let process = try Server(sandbox).process
    // `Server` has ended with its scope, which waited for the process.
    #expect(!process.isRunning, "round \(round)")
  }
}
