internal import WalkerKernel
internal import WalkerModel

/// What a knob is before anybody sets it: from its variable's definition, or from the code that gives it a value at boot.
struct KnobDefault {
  let program: Program
  let constants: ConstantText

  struct Initial {
    /// nil: computed at boot.
    let number: Int128?
    /// As the source writes it, with local variables of the function replaced by what they were given.
    let text: String
    let location: SourceLocation
  }

  /// Code that computes it at boot counts more than the definition.
  ///
  /// - Parameter top: the folder in which its table stands; a table of `kernel/` may speak of a variable of `fs/`, so
  ///   the others are looked through when nothing is found there.
  /// - Throws: `UserError` when the tree can't be searched.
  func find(_ origin: InputOrigin, top: String) throws -> Initial? {
    for folder in [top, ""] { if let found = try find(origin, below: folder) { return found } }
    return nil
  }

  private func find(_ origin: InputOrigin, below top: String) throws -> Initial? {
    var found: [Initial] = []
    var seen: Set<String> = []
    for hit in try program.tree.answer(.mention(origin.name, below: top))
    where hit.file.hasSuffix(".c") && seen.insert(hit.file).inserted {
      let tokens = CTokens(program.bytes(hit.file)).all
      for position in tokens.indices where tokens[position].text == origin.name {
        let before = position > 0 ? tokens[position - 1].text : ""
        let isMember = before == "." || before == ">"
        guard isMember != origin.isGlobal, let value = assigned(tokens, after: position) else { continue }
        let words = replacingLocals(value.map { tokens[$0].text }, tokens, before: position, hit.file)
        let text = Self.joined(words)
        found.append(
          Initial(
            number: constants.number(text), text: text,
            location: SourceLocation(file: hit.file, line: tokens[position].line)))
      }
    }
    if found.isEmpty, origin.isGlobal, let zero = try uninitialized(origin, top: top) { return zero }
    return found.first { $0.number == nil && $0.text.contains("(") } ?? found.first { $0.number != nil } ?? found.first
  }

  /// The value that follows `name =`, up to the statement's end or a comma outside of brackets.
  private func assigned(_ tokens: [CTokens.Token], after position: Int) -> Range<Int>? {
    var at = position + 1
    while at < tokens.count, tokens[at].text.hasPrefix("__") || tokens[at].text == "____cacheline_aligned" { at += 1 }
    guard at + 1 < tokens.count, tokens[at].text == "=", tokens[at + 1].text != "=" else { return nil }
    var end = at + 1
    var depth = 0
    while end < tokens.count {
      let text = tokens[end].text
      if text == "(" || text == "{" || text == "[" { depth += 1 }
      if text == ")" || text == "}" || text == "]" { depth -= 1 }
      if depth < 0 || text == ";" || (depth == 0 && text == ",") { break }
      end += 1
    }
    return at + 1 < end ? (at + 1)..<end : nil
  }

  /// `cnt / 256`, with what the function gave `cnt` before in its place.
  private func replacingLocals(
    _ words: [String], _ tokens: [CTokens.Token], before position: Int, _ file: String, depth: Int = 0
  ) -> [String] {
    guard depth < 4, let start = functionStart(file, tokens[position].line) else { return words }
    var replaced: [String] = []
    for (index, word) in words.enumerated() {
      let isName = word.first.map { $0.isLowercase || $0 == "_" } ?? false
      let previous = index > 0 ? words[index - 1] : ""
      let next = index + 1 < words.count ? words[index + 1] : ""
      guard isName, previous != ".", previous != ">", next != "(",
        let at = (0..<position).last(where: { at in
          tokens[at].text == word && tokens[at].line >= start && at > 0 && ![".", ">"].contains(tokens[at - 1].text)
            && assigned(tokens, after: at) != nil
        }), let value = assigned(tokens, after: at)
      else {
        replaced.append(word)
        continue
      }
      let inner = replacingLocals(value.map { tokens[$0].text }, tokens, before: at, file, depth: depth + 1)
      let isCompound = inner.contains { ["+", "*", "/", "%", "?", "<", "|", "^"].contains($0) }
      replaced += isCompound && words.count > 1 ? ["("] + inner + [")"] : inner
    }
    return replaced
  }

  /// The kernel's functions open with a brace at the start of a line; nil outside of one.
  private func functionStart(_ file: String, _ line: Int) -> Int? {
    let lines = program.bytes(file).split(separator: 10, omittingEmptySubsequences: false)
    for number in stride(from: min(line, lines.count), through: 1, by: -1) {
      switch lines[number - 1].first {
      case UInt8(ascii: "{"): return number
      case UInt8(ascii: "}"): return nil
      default: continue
      }
    }
    return nil
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

  /// `max ( 128 , table . size / 256 )` as people write it.
  static func joined(_ words: [String]) -> String {
    var text = ""
    for (index, word) in words.enumerated() {
      let previous = index > 0 ? words[index - 1] : ""
      let isTight =
        index == 0 || [",", ")", "]", ";", ".", "["].contains(word)
        || ["(", "[", ".", "!", "~", "&"].contains(previous)
        || (word == "(" && (previous.last.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false))
        || (previous == "-" && word == ">") || (previous == ">" && text.hasSuffix("->"))
        || (word == "-" && index + 1 < words.count && words[index + 1] == ">")
        || (word == previous && ["<", ">", "&", "|"].contains(word))
      text += isTight ? word : " " + word
    }
    return text
  }
}
