internal import Dispatch
internal import Glibc
internal import Synchronization
internal import WalkerModel

/// A small HTTP/1.1 server for one person's browser on this machine: loopback only, GET and HEAD only, one answer a
/// connection.
///
/// A page of another origin can make a browser send requests here, and a name that was bound to 127.0.0.1 can make it show
/// the answers to that page. So a request has to name this server as its host, and to come from no other origin.
final class LoopbackServer: Sendable {
  struct Response: Sendable {
    var status = 200
    var type = "text/html; charset=utf-8"
    var body: [UInt8]
    /// For pages that have no policy of their own.
    var policy: String?

    init(_ text: String, status: Int = 200, type: String = "text/html; charset=utf-8", policy: String? = nil) {
      (self.status, self.type, self.policy) = (status, type, policy)
      body = Array(text.utf8)
    }
  }

  typealias Handler = @Sendable (_ path: String) -> Response

  /// What a request may have, and how long it may take.
  private static let longestHead = 16_384
  private static let patience = 5
  private static let mostConnections = 64

  let port: UInt16
  private let listener: Int32
  private let handler: Handler
  private let connections = Mutex(0)

  /// - Parameter port: 0 for any that is free.
  /// - Throws: `UserError` when the port can't be had.
  init(port: UInt16, handler: @escaping Handler) throws {
    self.handler = handler
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else { throw Self.failure(port) }
    var one: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) == 0 }
    }
    guard isBound, listen(listener, 16) == 0 else {
      let error = Self.failure(port)
      close(listener)
      throw error
    }
    var bound = sockaddr_in()
    var boundLength = length
    _ = withUnsafeMutablePointer(to: &bound) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &boundLength) }
    }
    self.listener = listener
    self.port = UInt16(bigEndian: bound.sin_port)
  }

  deinit { close(listener) }

  private static func failure(_ port: UInt16) -> UserError {
    errno == EADDRINUSE
      ? UserError("the port \(port) is in use: choose another with --port, or let walker choose with --port 0")
      : UserError("the port \(port) can't be used (\(String(cString: strerror(errno)))): choose another with --port")
  }

  /// Accepts connections in the background for as long as the process lives.
  func start() {
    let thread = DispatchQueue(label: "walker.accept")
    thread.async { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 {
          // Out of descriptors, for instance: what holds them ends sooner or later.
          usleep(50_000)
          continue
        }
        // The engine, which is started meanwhile, has no business with it.
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        let isWelcome = connections.withLock { count in
          guard count < Self.mostConnections else { return false }
          count += 1
          return true
        }
        guard isWelcome else {
          close(connection)
          continue
        }
        DispatchQueue.global().async { [self] in
          serve(connection)
          connections.withLock { $0 -= 1 }
        }
      }
    }
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var wait = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(connection, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
    }
    guard let head = Self.head(connection) else { return }
    let (response, isHead) = answer(head)
    var lines = [
      "HTTP/1.1 \(response.status) \(Self.reason(response.status))", "Content-Type: \(response.type)",
      "Content-Length: \(response.body.count)", "Connection: close", "Cache-Control: no-store",
      "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "X-Frame-Options: SAMEORIGIN",
      "Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Opener-Policy: same-origin",
    ]
    if let policy = response.policy { lines.append("Content-Security-Policy: \(policy)") }
    if response.status == 405 { lines.append("Allow: GET, HEAD") }
    let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
    Self.send(Array(text.utf8) + (isHead ? [] : response.body), to: connection)
    // What the other side still sends must not turn the answer into a reset.
    shutdown(connection, Int32(SHUT_WR))
    var rest = [UInt8](repeating: 0, count: 4096)
    _ = recv(connection, &rest, rest.count, 0)
  }

  /// nil when none came whole in time; one that is too long is cut, and so refused.
  private static func head(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    let end = ContinuousClock.now + .seconds(patience)
    while bytes.count < longestHead, ContinuousClock.now < end {
      let count = recv(connection, &buffer, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      if bytes.suffix(count + 3).contains([13, 10, 13, 10]) { return String(decoding: bytes, as: UTF8.self) }
    }
    return bytes.count < longestHead ? nil : ""
  }

  private func answer(_ head: String) -> (Response, isHead: Bool) {
    func refusal(_ status: Int, _ words: String) -> (Response, Bool) {
      (Response(words + "\n", status: status, type: "text/plain; charset=utf-8"), false)
    }
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let request = lines.first?.split(separator: " ", omittingEmptySubsequences: false) ?? []
    guard request.count == 3, request[2].hasPrefix("HTTP/1.") else { return refusal(400, "This is no HTTP request.") }
    var fields: [String: [String]] = [:]
    for line in lines.dropFirst().prefix(while: { !$0.isEmpty }) {
      guard let colon = line.firstIndex(of: ":") else { return refusal(400, "A header line has no colon.") }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      fields[line[..<colon].lowercased(), default: []].append(String(value))
    }
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = fields["host"], host.count == 1, hosts.contains(host[0].lowercased()) else {
      return refusal(421, "This server answers to \(hosts.joined(separator: " and ")) only.")
    }
    let origins = hosts.map { "http://" + $0 }
    guard (fields["origin"] ?? []).allSatisfy(origins.contains),
      (fields["sec-fetch-site"] ?? []).allSatisfy({ $0 == "same-origin" || $0 == "none" })
    else { return refusal(403, "Pages of other origins get nothing here.") }
    guard request[0] == "GET" || request[0] == "HEAD" else { return refusal(405, "Only GET and HEAD are answered.") }
    let path = request[1].prefix { $0 != "?" && $0 != "#" }
    return (handler(String(path)), request[0] == "HEAD")
  }

  private static func send(_ bytes: [UInt8], to connection: Int32) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(connection, buffer.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      done += count
    }
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 421: "Misdirected Request"
    default: "Error"
    }
  }
}
