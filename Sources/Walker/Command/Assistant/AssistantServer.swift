internal import WalkerModel
internal import WalkerRender

/// The Model Context Protocol: one JSON-RPC message a line in, one a line out. Requests are answered in their order.
///
///     {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"eval","arguments":{"set":{"room":5}}}}
struct AssistantServer {
  let tools: [AssistantTool]

  /// Versions of the protocol that are spoken, the newest first: what is used here is the same in all of them.
  static let protocols = ["2025-06-18", "2025-03-26", "2024-11-05"]
  /// A longer line is refused: no request of these tools comes near.
  static let longestLine = 1 << 20

  private enum Failure: Int, Error {
    case parse = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParameters = -32602
  }

  /// The answer to one line; nil for a notification, which has none.
  func answer(_ line: String) async -> String? {
    guard line.utf8.count <= Self.longestLine else {
      return Self.error(.null, .invalidRequest, "a message has at most \(Self.longestLine) bytes")
    }
    guard let message = JSONValue(parsing: line) else {
      return Self.error(.null, .parse, "the line is no JSON: write one message on one line")
    }
    guard case .object = message, message["jsonrpc"] == .text("2.0"), let method = message["method"]?.string else {
      // An answer to a request that was never made is nobody's business.
      if message["method"] == nil, message["result"] != nil || message["error"] != nil { return nil }
      return Self.error(.null, .invalidRequest, "the message is no JSON-RPC 2.0 request with a method")
    }
    guard let id = message["id"] else { return nil }
    let identifier: JSONText
    switch id {
    case .number(let number): identifier = .number(Int128(number))
    case .text(let text): identifier = .text(text)
    default: return Self.error(.null, .invalidRequest, "the id must be a string or a whole number")
    }
    do {
      let result = try await result(method, message["params"] ?? .object([:]))
      return JSONText.members([
        "jsonrpc": .text("2.0"), "id": identifier, "result": result,
      ]).compact
    } catch let failure as AssistantError {
      return Self.error(identifier, .invalidParameters, failure.message)
    } catch {
      return Self.error(identifier, .methodNotFound, "there is no method \(method) here")
    }
  }

  private func result(_ method: String, _ parameters: JSONValue) async throws -> JSONText {
    switch method {
    case "initialize":
      let asked = parameters["protocolVersion"]?.string
      let version = asked.flatMap { Self.protocols.contains($0) ? $0 : nil } ?? Self.protocols[0]
      return .members([
        "protocolVersion": .text(version), "capabilities": .members(["tools": .members([:])]),
        "serverInfo": .members(["name": .text("walker"), "version": .text(WalkerVersion.current)]),
        "instructions": .text(
          "walker derives from a kernel's own source what becomes of a number that it is given, and proves it. Say of a result what its proof says: only \"proved\" is proved. Name the kernel that an answer is about."
        ),
      ])
    case "ping": return .members([:])
    case "tools/list":
      return .members([
        "tools": .list(
          tools.map {
            .members(["name": .text($0.name), "description": .text($0.purpose), "inputSchema": $0.schema])
          })
      ])
    case "tools/call":
      let name = parameters["name"]?.string ?? ""
      guard let tool = tools.first(where: { $0.name == name }) else {
        throw AssistantError("there is no tool \"\(name)\": there are \(tools.map(\.name).joined(separator: ", "))")
      }
      return try await call(tool, parameters["arguments"] ?? .object([:]))
    default: throw Failure.methodNotFound
    }
  }

  /// What goes wrong while a tool works is its answer, so that the assistant reads what to do.
  private func call(_ tool: AssistantTool, _ arguments: JSONValue) async throws -> JSONText {
    let arguments = try AssistantArguments(arguments, of: tool)
    do {
      return Self.content(try await tool.run(arguments).compact, isError: false)
    } catch let error as AssistantError {
      throw error
    } catch let error as UserError {
      return Self.content(error.message, isError: true)
    } catch {
      return Self.content("\(error)", isError: true)
    }
  }

  private static func content(_ text: String, isError: Bool) -> JSONText {
    .members([
      "content": .list([.members(["type": .text("text"), "text": .text(text)])]), "isError": .flag(isError),
    ])
  }

  private static func error(_ id: JSONText, _ failure: Failure, _ message: String) -> String {
    JSONText.members([
      "jsonrpc": .text("2.0"), "id": id,
      "error": .members(["code": .number(failure.rawValue), "message": .text(message)]),
    ]).compact
  }
}

/// The request's parameters are wrong.
struct AssistantError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
