internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Numbers that the kernel's text writes as C: constants, macros of the headers, variables that stand for a bound.
struct ConstantText {
  let program: Program

  /// nil when it is no constant, or its names are not macros with one meaning.
  func number(_ text: String) -> Int128? { expression(text, depth: 0)?.simplified.constantNumber }

  private func expression(_ text: String, depth: Int) -> Expression? {
    guard depth < 6, text.count < 200 else { return nil }
    var names: [String: Expression] = [:]
    for _ in 0..<8 {
      do throws(ClaimError) {
        return try Claim.parse(text, names: names).value
      } catch {
        guard let name = error.unknownName, names[name] == nil else { return nil }
        let meanings = macros(name).compactMap { expression($0, depth: depth + 1) }
        let numbers = Set(meanings.map { $0.simplified.constantNumber })
        // Two definitions that differ: which one is in force, the text does not say.
        guard let first = meanings.first, numbers.count == 1, !numbers.contains(nil) else { return nil }
        names[name] = first
      }
    }
    return nil
  }

  /// What the headers define the name as, in the order of the files.
  private func macros(_ name: String) -> [String] {
    guard let hits = program.noting({ try program.tree.answer(.mention(name, below: "include")) }) else { return [] }
    return hits.compactMap { hit in
      let lines = program.bytes(hit.file).split(separator: 10, omittingEmptySubsequences: false)
      guard lines.indices.contains(hit.line - 1) else { return nil }
      let parts = String(decoding: lines[hit.line - 1], as: UTF8.self)
        .replacing("#", with: " # ", maxReplacements: 1).split(whereSeparator: \.isWhitespace).map(String.init)
      guard parts.count >= 4, parts[0] == "#", parts[1] == "define", parts[2] == name else { return nil }
      return parts[3...].prefix { !$0.hasPrefix("/*") && !$0.hasPrefix("//") }.joined(separator: " ")
    }
  }

  /// What a `ctl_table`'s `extra1` or `extra2` points to: `&zero`, `(void *)&values[2]`, or a macro for one of these.
  /// nil when there is none, or the number is not found.
  func bound(_ text: String?, in file: String) -> Int128? {
    guard let text else { return nil }
    let words = CTokens(Array(text.utf8)).all.map(\.text)
    if let at = words.firstIndex(of: "&"), at + 1 < words.count {
      let index = at + 3 < words.count && words[at + 2] == "[" ? Int(words[at + 3]) : nil
      return variable(words[at + 1], index, near: file)
    }
    guard let name = words.last(where: { $0.first.map { $0.isLetter || $0 == "_" } ?? false }) else { return nil }
    let meanings = Set(macros(name).filter { $0.contains("&") }.compactMap { bound($0, in: file) })
    return meanings.count == 1 ? meanings.first : variable(name, nil, near: file)
  }

  private func variable(_ name: String, _ index: Int?, near file: String) -> Int128? {
    if let number = variable(name, index, in: file) { return number }
    for folder in ["kernel", "fs", "net"] {
      let hits = program.noting { try program.tree.answer(.mention(name, below: folder)) } ?? []
      for hit in hits where hit.file.hasSuffix(".c") {
        if let number = variable(name, index, in: hit.file) { return number }
      }
    }
    return nil
  }

  private func variable(_ name: String, _ index: Int?, in file: String) -> Int128? {
    let tokens = CTokens(program.bytes(file)).all.map(\.text)
    for at in tokens.indices.dropFirst() where tokens[at] == name && at + 1 < tokens.count {
      var equals = at + 1
      if tokens[equals] == "[" {
        while equals < tokens.count, tokens[equals] != "=", tokens[equals] != ";" { equals += 1 }
      }
      while equals < tokens.count, tokens[equals].hasPrefix("__") { equals += 1 }
      guard equals + 1 < tokens.count else { return nil }
      if tokens[equals] == "=" {
        let value = tokens[(equals + 1)...].prefix { $0 != ";" }
        guard let index else { return number(value.prefix { $0 != "," }.joined(separator: " ")) }
        let items = value.filter { $0 != "{" && $0 != "}" }.split(separator: ",", omittingEmptySubsequences: false)
        return items.indices.contains(index) ? number(items[index].joined(separator: " ")) : nil
      }
      // A static variable without an initializer is zero.
      if tokens[equals] == ";", ["int", "long", "unsigned"].contains(tokens[at - 1]),
        at < 2 || tokens[at - 2] != "extern"
      {
        return 0
      }
    }
    return nil
  }
}
