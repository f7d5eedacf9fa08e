internal import WalkerModel

/// The braces around a line of an initializer, read from the text: which variable of which struct it initializes, and
/// the designated fields of the innermost braces.
struct InitializerBlock {
  /// `struct proto_ops`.
  let record: String
  let variable: String
  /// Where the variable's declaration starts.
  let line: Int
  /// The line stands in braces within the variable's, or the variable's type is a name without `struct`: which record its
  /// fields are of is not told by `record`.
  let isUncertain: Bool
  /// The variable is one of a function's block.
  let isInFunction: Bool
  /// `family` to `PF_INET`: values as written, without blanks around them.
  let fields: [String: String]

  init?(bytes: [UInt8], line wanted: Int, file: String) {
    let tokens = CTokens(bytes).all
    // The line's first designator: what stands before it on the line may be outside of the braces.
    guard
      let position = tokens.firstIndex(where: { $0.line == wanted && $0.text == "." })
        ?? tokens.firstIndex(where: { $0.line >= wanted })
    else { return nil }
    guard let open = Self.openBrace(tokens, before: position) else { return nil }
    var outer = open
    while tokens[max(outer - 1, 0)].text != "=" || Self.isDesignated(tokens, outer - 1),
      let above = Self.openBrace(tokens, before: outer)
    {
      outer = above
    }
    isInFunction = Self.openBrace(tokens, before: outer) != nil
    var head = outer - 1
    guard head >= 0, tokens[head].text == "=" else { return nil }
    while head > 0, ![";", "}", "{"].contains(tokens[head - 1].text) { head -= 1 }
    let declaration = tokens[head..<outer].map(\.text)
    let type: Int
    if let keyword = declaration.firstIndex(of: "struct") {
      type = keyword + 1
    } else if let word = declaration.firstIndex(where: { !["static", "const", "extern"].contains($0) }) {
      // Old code writes `ctl_table` for `struct ctl_table`.
      type = word
    } else {
      return nil
    }
    guard type + 1 < declaration.count else { return nil }
    isUncertain = outer != open || !declaration.contains("struct")
    record = "struct " + declaration[type]
    let words = declaration[(type + 1)...].prefix { $0 != "=" && $0 != "[" }
    guard let name = words.first(where: { $0 != "*" && $0 != "const" && !$0.hasPrefix("__") }) else { return nil }
    variable = name
    self.line = tokens[head].line
    fields = Self.fields(tokens, from: open)
  }

  /// The brace around a position. An initializer holds no semicolon: what stands before one (a function of which two
  /// branches of an `#if` open a brace, say) is no part of it.
  private static func openBrace(_ tokens: [CTokens.Token], before position: Int) -> Int? {
    var depth = 0
    for at in stride(from: position - 1, through: 0, by: -1) {
      let text = tokens[at].text
      if text == "}" { depth += 1 }
      if text == ";", depth == 0 { return nil }
      if text == "{" {
        if depth == 0 { return at }
        depth -= 1
      }
    }
    return nil
  }

  /// `.name =` or `[1] =` within an initializer, rather than a variable's `=`.
  private static func isDesignated(_ tokens: [CTokens.Token], _ equals: Int) -> Bool {
    guard equals >= 2 else { return false }
    if tokens[equals - 2].text == "." { return true }
    guard tokens[equals - 1].text == "]", let start = tokens[..<equals].lastIndex(where: { $0.text == "[" }), start > 0
    else { return false }
    return [",", "{"].contains(tokens[start - 1].text)
  }

  private static func fields(_ tokens: [CTokens.Token], from open: Int) -> [String: String] {
    var fields: [String: String] = [:]
    var depth = 0
    var at = open
    while at < tokens.count {
      let text = tokens[at].text
      if text == "{" || text == "(" { depth += 1 }
      if text == "}" || text == ")" {
        depth -= 1
        if depth == 0 { break }
      }
      if depth == 1, text == ".", at + 2 < tokens.count, tokens[at + 2].text == "=" {
        let name = tokens[at + 1].text
        var value: [String] = []
        var inner = 0
        at += 3
        while at < tokens.count {
          let part = tokens[at].text
          if inner == 0, part == "," || part == "}" { break }
          if part == "(" || part == "{" { inner += 1 }
          if part == ")" || part == "}" { inner -= 1 }
          value.append(part)
          at += 1
        }
        fields[name] = value.joined()
        continue
      }
      at += 1
    }
    return fields
  }
}

/// A rough reading of C text into words and signs, without comments and preprocessor lines.
struct CTokens {
  struct Token {
    let text: String
    let line: Int
    /// Nothing stands before it on its line.
    let isAtMargin: Bool
  }

  private(set) var all: [Token] = []

  init(_ bytes: [UInt8]) {
    var at = 0
    var line = 1
    var isLineStart = true
    func isAtMargin(_ position: Int) -> Bool { position == 0 || bytes[position - 1] == 10 }
    func byte(_ position: Int) -> UInt8 { position < bytes.count ? bytes[position] : 0 }
    func isWord(_ byte: UInt8) -> Bool {
      byte == 95 || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
    while at < bytes.count {
      let here = bytes[at]
      if here == 10 {
        line += 1
        at += 1
        isLineStart = true
      } else if here == 32 || here == 9 || here == 13 {
        at += 1
      } else if here == 47, byte(at + 1) == 42 {
        at += 2
        while at < bytes.count, !(bytes[at] == 42 && byte(at + 1) == 47) {
          if bytes[at] == 10 { line += 1 }
          at += 1
        }
        at += 2
      } else if here == 47, byte(at + 1) == 47 {
        while at < bytes.count, bytes[at] != 10 { at += 1 }
      } else if here == 35, isLineStart {
        while at < bytes.count, bytes[at] != 10 || byte(at - 1) == 92 {
          if bytes[at] == 10 { line += 1 }
          at += 1
        }
      } else if here == 34 || here == 39 {
        let start = at
        at += 1
        while at < bytes.count, bytes[at] != here, bytes[at] != 10 { at += bytes[at] == 92 ? 2 : 1 }
        at = min(at + 1, bytes.count)
        all.append(
          Token(text: String(decoding: bytes[start..<at], as: UTF8.self), line: line, isAtMargin: isAtMargin(start)))
        isLineStart = false
      } else if isWord(here) {
        let start = at
        while at < bytes.count, isWord(bytes[at]) { at += 1 }
        all.append(
          Token(text: String(decoding: bytes[start..<at], as: UTF8.self), line: line, isAtMargin: isAtMargin(start)))
        isLineStart = false
      } else {
        all.append(
          Token(text: String(decoding: [here], as: UTF8.self), line: line, isAtMargin: isAtMargin(at)))
        at += 1
        isLineStart = false
      }
    }
  }
}
