internal import WalkerKernel
internal import WalkerModel

/// The functions of a source file by its text, and how the kernel comes to call them: what marks code that runs at start is
/// written in macros that the parse no longer shows.
struct SourceOutline {
  struct Function {
    let name: String
    /// The words before its name.
    let head: [String]
    /// Positions of its tokens between the braces.
    let body: Range<Int>
  }

  let tokens: [CTokens.Token]
  private(set) var functions: [Function] = []
  /// Named in an `…_initcall()`, in `module_init()`, or as `.init` of a `pernet_operations`.
  private(set) var starts: Set<String> = []
  /// Named in `__setup()`, `early_param()` and their like: they run when the boot line has the parameter.
  private(set) var parameterHandlers: Set<String> = []

  init(_ bytes: [UInt8]) {
    tokens = CTokens(bytes).all
    var depth = 0
    var open = 0
    var head = 0
    for (position, token) in tokens.enumerated() {
      switch token.text {
      case "{":
        if depth == 0 { open = position }
        depth += 1
      case "}":
        // The kernel's functions end at the margin, whatever an #if did to the braces before.
        depth = token.isAtMargin ? 0 : max(0, depth - 1)
        guard depth == 0 else { continue }
        close(head: head, open: open, end: position)
        head = position + 1
      case ";" where depth == 0:
        noteRegistration(head..<position)
        head = position + 1
      case ")" where depth == 0:
        // `core_initcall(f)` may stand without a semicolon.
        noteRegistration(head..<(position + 1))
      default: continue
      }
    }
  }

  private mutating func close(head: Int, open: Int, end: Int) {
    guard head < open, open < end else { return }
    guard let list = tokens[head..<open].firstIndex(where: { $0.text == "=" || $0.text == "(" }) else { return }
    if tokens[list].text == "=" {
      if tokens[head..<list].contains(where: { $0.text == "pernet_operations" }) {
        for at in open..<end where tokens[at].text == "init" && at + 2 < end && tokens[at - 1].text == "." {
          starts.insert(tokens[at + 2].text)
        }
      }
      return
    }
    guard let start = parameters(before: open), start > head else { return }
    functions.append(
      Function(
        name: tokens[start - 1].text, head: tokens[head..<(start - 1)].map(\.text), body: (open + 1)..<end))
  }

  /// Where the parameter list of the body that opens there begins.
  private func parameters(before open: Int) -> Int? {
    var position = open - 1
    while position > 0, tokens[position].text != ")" {
      guard tokens[position].text.hasPrefix("_") else { return nil }
      position -= 1
    }
    var depth = 0
    while position > 0 {
      if tokens[position].text == ")" { depth += 1 }
      if tokens[position].text == "(" {
        depth -= 1
        if depth == 0 { return position }
      }
      position -= 1
    }
    return nil
  }

  private mutating func noteRegistration(_ range: Range<Int>) {
    guard range.count > 3, tokens[range.lowerBound + 1].text == "(" else { return }
    let name = tokens[range.lowerBound].text
    let words = tokens[range.dropFirst(2)].map(\.text).filter { $0 != "(" && $0 != ")" && $0 != "," }
    if name.contains("initcall") || name == "module_init" { starts.formUnion(words.suffix(1)) }
    if name.hasPrefix("__setup") || name.hasPrefix("early_param") { parameterHandlers.formUnion(words.suffix(1)) }
  }

  func function(_ name: String) -> Function? { functions.first { $0.name == name } }

  /// The file itself says that the function runs at start.
  func isStart(_ name: String) -> Bool {
    if starts.contains(name) { return true }
    return function(name)?.head.contains { Self.marks.contains($0) } ?? false
  }

  private static let marks: Set<String> = ["__init", "__net_init", "__init_or_module", "__meminit", "__cpuinit"]

  /// The function is short, and nothing in it looks like a call.
  func isLeaf(_ name: String) -> Bool {
    guard let body = function(name)?.body, body.count < 200 else { return false }
    return !body.dropLast().contains { position in
      guard tokens[position + 1].text == "(", let first = tokens[position].text.first else { return false }
      return (first.isLetter || first == "_") && !Self.keywords.contains(tokens[position].text)
    }
  }

  private static let keywords: Set<String> = ["if", "while", "for", "switch", "return", "sizeof", "case"]

  /// The functions of this file that call the one of that name.
  func calling(_ name: String) -> [Function] {
    functions.filter { function in
      function.body.dropLast().contains { tokens[$0].text == name && tokens[$0 + 1].text == "(" }
    }
  }

  func mentions(_ name: String, in function: Function) -> Bool {
    tokens[function.body].contains { $0.text == name }
  }

  /// The function whose body the token stands in.
  func function(around position: Int) -> Function? { functions.first { $0.body.contains(position) } }
}
