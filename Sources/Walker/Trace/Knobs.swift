internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Finds the sysctl that exposes a variable: the `ctl_table` entry whose `.data` is the variable's address, the
/// directory from where that table is registered, the default from the code that sets the variable.
struct KnobFinder {
  let program: Program
  let origins: [String: InputOrigin]

  struct Found {
    var knobs: [Knob] = []
    /// The knob as an input, by the id of the input that it stands for.
    var renaming: [String: Expression] = [:]
  }

  func find(_ inputs: Set<Input>) throws -> Found {
    var found = Found()
    var known: [String: Knob?] = [:]
    for input in inputs.sorted(by: { $0.id < $1.id }) {
      guard let origin = origins[input.id] else { continue }
      if known[origin.storage] == nil { known[origin.storage] = .some(try knob(origin, input.type)) }
      guard let knob = known[origin.storage] ?? nil else { continue }
      if !found.knobs.contains(where: { $0.name == knob.name }) { found.knobs.append(knob) }
      found.renaming[input.id] = .input(
        Input(id: "knob:" + knob.name, name: knob.variable, role: .knob, type: input.type))
    }
    found.knobs.sort { $0.name < $1.name }
    return found
  }

  private func knob(_ origin: InputOrigin, _ type: IntegerType) throws -> Knob? {
    for hit in try program.tree.answer(.initializer(field: "data"), naming: origin.name) {
      guard let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file),
        let quoted = block.fields["procname"], quoted.hasPrefix("\"")
      else { continue }
      let name = String(quoted.dropFirst().dropLast())
      guard let folder = try directory(block.variable, hit.file, depth: 0) else { continue }
      let initial = try initialValue(origin, top: top(hit.file))
      let ranged = block.fields["proc_handler"]?.contains("minmax") ?? false
      return Knob(
        name: (folder + [name]).joined(separator: "."), variable: name, storage: origin.storage, type: type,
        defaultValue: initial?.number, defaultFormula: initial?.number == nil ? initial?.text : nil,
        defaultLocation: initial?.location, minimum: ranged ? bound(block.fields["extra1"], hit.file) : nil,
        maximum: ranged ? bound(block.fields["extra2"], hit.file) : nil,
        location: SourceLocation(file: hit.file, line: hit.line))
    }
    return nil
  }

  private func top(_ file: String) -> String { file.split(separator: "/").first.map(String.init) ?? "" }

  /// `["net", "core"]` for a table that is registered there.
  private func directory(_ table: String, _ file: String, depth: Int) throws -> [String]? {
    guard depth < 6 else { return nil }
    let tokens = CTokens(program.bytes(file)).all.map(\.text)
    if let path = registered(table, tokens) { return path }
    for hit in try program.tree.answer(.initializer(field: "child"), naming: table) {
      guard let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file),
        let quoted = block.fields["procname"]
      else { continue }
      let above = try directory(block.variable, hit.file, depth: depth + 1) ?? []
      return above + [String(quoted.dropFirst().dropLast())]
    }
    return depth > 0 ? [] : nil
  }

  /// From a call of a registering function in the same file that is given the table, a copy of it, or nothing else.
  private func registered(_ table: String, _ tokens: [String]) -> [String]? {
    var paths: [(path: [String], mentions: Bool)] = []
    for (position, token) in tokens.enumerated()
    where token.contains("register") && token.contains("sysctl") && position + 1 < tokens.count
      && tokens[position + 1] == "("
    {
      let arguments = tokens[(position + 2)...].prefix { $0 != ";" }
      let mentions = arguments.contains(table)
      if let literal = arguments.first(where: { $0.hasPrefix("\"") }) {
        paths.append((literal.dropFirst().dropLast().split(separator: "/").map(String.init), mentions))
      } else if let path = arguments.lazy.compactMap({ procnames($0, tokens) }).first {
        paths.append((path, mentions))
      }
    }
    if let own = paths.first(where: \.mentions) { return own.path }
    return Set(paths.map(\.path)).count == 1 ? paths.first?.path : nil
  }

  /// The names of a `ctl_path` array of the file.
  private func procnames(_ variable: String, _ tokens: [String]) -> [String]? {
    guard variable.contains("path"),
      let start = tokens.indices.first(where: {
        tokens[$0] == variable && $0 + 1 < tokens.count && tokens[$0 + 1] == "["
      })
    else { return nil }
    let body = Array(tokens[start...].prefix { $0 != ";" })
    let names = body.indices.dropLast(2).filter { body[$0] == "procname" && body[$0 + 2].hasPrefix("\"") }
    return names.isEmpty ? nil : names.map { String(body[$0 + 2].dropFirst().dropLast()) }
  }

  private struct Initial {
    let number: Int128?
    let text: String
    let location: SourceLocation
  }

  /// What the variable's definition or its initialization gives it; code that computes it at boot counts more.
  private func initialValue(_ origin: InputOrigin, top: String) throws -> Initial? {
    var found: [Initial] = []
    var seen: Set<String> = []
    for hit in try program.tree.answer(.mention(origin.name, below: top))
    where hit.file.hasSuffix(".c") && seen.insert(hit.file).inserted {
      let tokens = CTokens(program.bytes(hit.file)).all
      for position in tokens.indices where tokens[position].text == origin.name {
        let before = position > 0 ? tokens[position - 1].text : ""
        let isMember = before == "." || before == ">"
        guard isMember != origin.isGlobal else { continue }
        var at = position + 1
        while at < tokens.count, tokens[at].text.hasPrefix("__") || tokens[at].text == "____cacheline_aligned" {
          at += 1
        }
        guard at + 1 < tokens.count, tokens[at].text == "=", tokens[at + 1].text != "=" else { continue }
        let words = tokens[(at + 1)...].prefix { $0.text != ";" && $0.text != "," || false }.map(\.text)
        let rest = tokens[(at + 1)...].prefix { $0.text != ";" }.map(\.text)
        let text = (words.filter { $0 == "(" }.count == words.filter { $0 == ")" }.count ? words : rest).joined(
          separator: " ")
        found.append(
          Initial(
            number: constant(text), text: text, location: SourceLocation(file: hit.file, line: tokens[position].line)))
      }
    }
    if found.isEmpty, origin.isGlobal, let zero = try uninitialized(origin, top: top) { return zero }
    return found.first { $0.number == nil && $0.text.contains("(") } ?? found.first { $0.number != nil } ?? found.first
  }

  /// A global variable without an initializer starts at zero.
  private func uninitialized(_ origin: InputOrigin, top: String) throws -> Initial? {
    for hit in try program.tree.answer(.mention(origin.name, below: top)) where hit.file.hasSuffix(".c") {
      let tokens = CTokens(program.bytes(hit.file)).all
      guard let at = tokens.firstIndex(where: { $0.line == hit.line && $0.text == origin.name }), at > 0 else {
        continue
      }
      var end = at + 1
      while end < tokens.count, tokens[end].text.hasPrefix("__") { end += 1 }
      guard end < tokens.count, tokens[end].text == ";",
        ["int", "unsigned", "long", "u32", "bool"].contains(tokens[at - 1].text)
      else { continue }
      if at > 1, tokens[at - 2].text == "extern" { continue }
      return Initial(number: 0, text: "0", location: SourceLocation(file: hit.file, line: hit.line))
    }
    return nil
  }

  private func bound(_ text: String?, _ file: String) -> Int128? {
    guard let name = text?.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }).last.map(String.init)
    else { return nil }
    switch name {
    // include/linux/sysctl.h names the shared bounds by what they are.
    case "SYSCTL_ZERO": return 0
    case "SYSCTL_ONE": return 1
    case "SYSCTL_TWO": return 2
    case "SYSCTL_THREE": return 3
    case "SYSCTL_INT_MAX": return Int128(Int32.max)
    default: break
    }
    let tokens = CTokens(program.bytes(file)).all.map(\.text)
    guard let at = tokens.indices.first(where: { tokens[$0] == name && $0 + 2 < tokens.count && tokens[$0 + 1] == "=" })
    else {
      // A static bound without an initializer is zero.
      return tokens.indices.contains {
        tokens[$0] == name && $0 > 0 && tokens[$0 - 1] == "int" && $0 + 1 < tokens.count && tokens[$0 + 1] == ";"
      } ? 0 : nil
    }
    return constant(tokens[(at + 1)...].prefix { $0 != ";" && $0 != "," }.joined(separator: " "))
  }

  /// A number, a product of numbers, or a macro that is one.
  private func constant(_ text: String, depth: Int = 0) -> Int128? {
    guard depth < 5 else { return nil }
    let words = text.split(whereSeparator: { $0 == " " || $0 == "(" || $0 == ")" }).map(String.init)
    if words.contains("*") {
      let factors = text.split(separator: "*").map { constant(String($0), depth: depth + 1) }
      return factors.contains { $0 == nil } ? nil : factors.compactMap { $0 }.reduce(1, *)
    }
    if words.count == 2, words[0] == "-" { return constant(words[1], depth: depth + 1).map { -$0 } }
    guard words.count == 1, let word = words.first, !text.contains("(") || text.filter({ $0 == "(" }).count == 1 else {
      return nil
    }
    let digits = word.lowercased().trimmingSuffix("ul")
    if digits.hasPrefix("0x") { return Int128(digits.dropFirst(2), radix: 16) }
    if let number = Int128(digits) { return number }
    guard let hits = try? program.tree.answer(.mention(word, below: "include")) else { return nil }
    for hit in hits {
      let line = program.bytes(hit.file).split(separator: 10, omittingEmptySubsequences: false)
      guard line.indices.contains(hit.line - 1) else { continue }
      let definition = String(decoding: line[hit.line - 1], as: UTF8.self)
      let parts = definition.split(whereSeparator: \.isWhitespace).map(String.init)
      guard parts.count >= 3, parts[0] == "#define", parts[1] == word else { continue }
      let value = parts[2...].prefix { !$0.hasPrefix("/*") }.joined(separator: " ")
      if let number = constant(value, depth: depth + 1) { return number }
    }
    return nil
  }
}

extension String {
  fileprivate func trimmingSuffix(_ letters: String) -> String {
    guard first?.isNumber ?? false, !hasPrefix("0x") || true else { return self }
    var text = self[...]
    while let last = text.last, letters.contains(last) { text = text.dropLast() }
    return String(text)
  }
}
