/// What the tree's Kconfig files say about one symbol. Every property carries its whole condition: its own `if`, the
/// `depends on` of its entry, and those of the menus and `if` blocks around it.
struct KconfigSymbol {
  enum Kind { case unknown, bool, tristate, number, string }

  let name: String
  var kind = Kind.unknown
  var isDeclared = false
  var prompts: [KconfigExpression] = []
  var defaults: [(value: KconfigExpression, condition: KconfigExpression)] = []
  var selects: [(target: Int, condition: KconfigExpression)] = []
  var implies: [(target: Int, condition: KconfigExpression)] = []
  var dependencies: [KconfigExpression] = []
  var choice: Int?
}

/// `choice … endchoice`: one of the members is y.
struct KconfigChoice {
  var condition: KconfigExpression
  var defaults: [(member: Int, condition: KconfigExpression)] = []
  var members: [Int] = []
}

/// Reads the Kconfig files of a tree, following `source`; drivers are left out (the parse needs none of their symbols
/// except those that `DefaultConfiguration.assumed` names).
struct KconfigReader {
  let tree: any KernelTree
  let architecture: String
  private(set) var symbols: [KconfigSymbol] = []
  private(set) var choices: [KconfigChoice] = []
  private(set) var names = KconfigNames()
  private var filesRead: Set<String> = []

  private enum Block { case menu, condition, choice(Int) }
  private var blocks: [(kind: Block, outer: KconfigExpression)] = []
  private var surrounding = KconfigExpression.yes
  private var entry: Entry?

  /// The entry under the cursor. Its properties wait for its `depends on`, which may come last.
  private struct Entry {
    enum Subject { case symbol(Int), choice(Int), menu, comment }
    let subject: Subject
    var depends = KconfigExpression.yes
    var prompts: [KconfigExpression] = []
    var defaults: [(KconfigExpression, KconfigExpression)] = []
    var selects: [(Int, KconfigExpression)] = []
    var implies: [(Int, KconfigExpression)] = []
  }

  init(tree: any KernelTree, architecture: String) {
    self.tree = tree
    self.architecture = architecture
  }

  /// The symbol's number; the table of symbols grows with the names.
  private mutating func number(of name: String) -> Int {
    let number = names.number(of: name)
    addNewSymbols()
    return number
  }

  private mutating func addNewSymbols() {
    while symbols.count < names.names.count { symbols.append(KconfigSymbol(name: names.names[symbols.count])) }
  }

  /// Reads `path` and what it sources. A file that the tree does not have is passed over.
  mutating func read(_ path: String) throws {
    let skipped = ["drivers/", "sound/", "samples/", "Documentation/", "tools/"]
    guard !skipped.contains(where: path.hasPrefix), filesRead.insert(path).inserted else { return }
    if let bytes = try tree.contents(of: path) { try read(bytes) }
  }

  func hasRead(_ path: String) -> Bool { filesRead.contains(path) && tree.contains(path) }

  /// Reads the text of a Kconfig file.
  mutating func read(_ bytes: [UInt8]) throws {
    var lines = KconfigLines(bytes: bytes)
    while let line = lines.next() {
      let tokens = KconfigToken.tokens(of: line)
      guard case .word(let keyword) = tokens.first else { continue }
      if keyword == "help" || keyword == "---help---" {
        lines.skipHelp()
      } else {
        try statement(keyword, tokens.dropFirst())
      }
    }
    finishEntry()
  }

  private mutating func statement(_ keyword: String, _ rest: ArraySlice<KconfigToken>) throws {
    switch keyword {
    case "config", "menuconfig":
      finishEntry()
      guard case .word(let name) = rest.first else { return }
      let number = number(of: name)
      symbols[number].isDeclared = true
      if case .choice(let choice) = blocks.last?.kind {
        symbols[number].choice = choice
        choices[choice].members.append(number)
      }
      entry = Entry(subject: .symbol(number))
    case "choice":
      finishEntry()
      choices.append(KconfigChoice(condition: .yes))
      entry = Entry(subject: .choice(choices.count - 1))
    case "menu":
      finishEntry()
      entry = Entry(subject: .menu)
    case "comment":
      finishEntry()
      entry = Entry(subject: .comment)
    case "if":
      finishEntry()
      let condition = expression(rest)
      open(.condition, condition)
    case "endif", "endmenu", "endchoice":
      finishEntry()
      if let block = blocks.popLast() { surrounding = block.outer }
    case "source", "rsource", "osource", "orsource":
      finishEntry()
      if let path = sourcePath(rest) { try read(path) }
    case "mainmenu": finishEntry()
    default: property(keyword, rest)
    }
  }

  private mutating func property(_ keyword: String, _ rest: ArraySlice<KconfigToken>) {
    guard entry != nil else { return }
    switch keyword {
    case "bool", "boolean", "tristate", "int", "hex", "string", "prompt":
      setKind(keyword)
      guard case .string = rest.first else { return }
      let condition = condition(after: rest.dropFirst())
      entry?.prompts.append(condition)
    case "def_bool", "def_tristate", "default":
      setKind(keyword)
      var parser = KconfigExpressionParser(tokens: rest)
      guard let value = parser.expression(&names) else { return }
      let condition = condition(after: parser.tokens)
      addNewSymbols()
      entry?.defaults.append((value, condition))
    case "depends", "requires":
      let start = rest.first == .word("on") ? rest.dropFirst() : rest
      let condition = expression(start)
      if let depends = entry?.depends { entry?.depends = depends.and(condition) }
    case "visible": break
    case "select", "imply":
      guard case .word(let name) = rest.first else { return }
      let target = number(of: name)
      let condition = condition(after: rest.dropFirst())
      if keyword == "select" { entry?.selects.append((target, condition)) }
      if keyword == "imply" { entry?.implies.append((target, condition)) }
    default: break
    }
  }

  private mutating func setKind(_ keyword: String) {
    guard case .symbol(let number)? = entry?.subject else { return }
    switch keyword {
    case "bool", "boolean", "def_bool": symbols[number].kind = .bool
    case "tristate", "def_tristate": symbols[number].kind = .tristate
    case "int", "hex": symbols[number].kind = .number
    case "string": symbols[number].kind = .string
    default: break
    }
  }

  private mutating func finishEntry() {
    guard let done = entry else { return }
    entry = nil
    let condition = surrounding.and(done.depends)
    switch done.subject {
    case .symbol(let number):
      symbols[number].dependencies.append(condition)
      symbols[number].prompts += done.prompts.map { $0.and(condition) }
      symbols[number].defaults += done.defaults.map { ($0.0, $0.1.and(condition)) }
      symbols[number].selects += done.selects
      symbols[number].implies += done.implies
    case .choice(let choice):
      choices[choice].condition = condition
      choices[choice].defaults = done.defaults.compactMap { value, condition in
        if case .symbol(let member) = value { (member, condition) } else { nil }
      }
      open(.choice(choice), done.depends)
    case .menu: open(.menu, done.depends)
    case .comment: break
    }
  }

  private mutating func open(_ kind: Block, _ condition: KconfigExpression) {
    blocks.append((kind, surrounding))
    surrounding = surrounding.and(condition)
  }

  private mutating func expression(_ tokens: ArraySlice<KconfigToken>) -> KconfigExpression {
    var parser = KconfigExpressionParser(tokens: tokens)
    let expression = parser.expression(&names) ?? .yes
    addNewSymbols()
    return expression
  }

  /// The expression after `if`, or y.
  private mutating func condition(after tokens: ArraySlice<KconfigToken>) -> KconfigExpression {
    tokens.first == .word("if") ? expression(tokens.dropFirst()) : .yes
  }

  private func sourcePath(_ tokens: ArraySlice<KconfigToken>) -> String? {
    var path = ""
    for token in tokens {
      switch token {
      case .word(let text), .string(let text): path += text
      case .macro(let name): path += "$(\(name))"
      case .mark(let mark): path += mark
      }
    }
    for variable in ["$(SRCARCH)", "$SRCARCH", "$(ARCH)", "$ARCH"] {
      path = replaced(variable, in: path, by: architecture)
    }
    return path.isEmpty || path.contains("$") || path.contains("..") ? nil : path
  }

  private func replaced(_ variable: String, in path: String, by value: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false)
      .map { $0 == variable ? value : String($0) }.joined(separator: "/")
  }
}
