internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// What start-up code gives a variable, as text: with the local variables replaced by what the function gave them before.
struct BootFormula {
  let program: Program
  let outline: SourceOutline

  private var tokens: [CTokens.Token] { outline.tokens }

  /// `cnt / 256`, with what the function gave `cnt` before in its place.
  func text(of value: Cursor) -> String {
    let words = CTokens(Array(program.text(value).utf8)).all.map(\.text)
    let line = program.location(value).line
    guard let position = tokens.firstIndex(where: { $0.line >= line }) else { return Self.joined(words) }
    return Self.joined(replacingLocals(words, before: position, depth: 0))
  }

  private func replacingLocals(_ words: [String], before position: Int, depth: Int) -> [String] {
    guard depth < 4, let function = outline.function(around: position) else { return words }
    var replaced: [String] = []
    for (index, word) in words.enumerated() {
      let isName = word.first.map { $0.isLowercase || $0 == "_" } ?? false
      let previous = index > 0 ? words[index - 1] : ""
      let next = index + 1 < words.count ? words[index + 1] : ""
      guard isName, previous != ".", previous != ">", next != "(", let value = local(word, function, before: position)
      else {
        replaced.append(word)
        continue
      }
      let inner = replacingLocals(value.map { tokens[$0].text }, before: value.lowerBound - 1, depth: depth + 1)
      let isCompound = inner.contains { ["+", "*", "/", "%", "?", "<", "|", "^"].contains($0) }
      replaced += isCompound && words.count > 1 ? ["("] + inner + [")"] : inner
    }
    return replaced
  }

  /// What the function gave a variable of that name last.
  private func local(_ name: String, _ function: SourceOutline.Function, before position: Int) -> Range<Int>? {
    for at in (function.body.lowerBound..<max(position, function.body.lowerBound)).reversed()
    where tokens[at].text == name && ![".", ">"].contains(tokens[at - 1].text) {
      if let value = assigned(after: at) { return value }
    }
    return nil
  }

  /// The value that follows `name =`, up to the statement's end or a comma outside of brackets.
  private func assigned(after position: Int) -> Range<Int>? {
    let at = position + 1
    guard at + 1 < tokens.count, tokens[at].text == "=", tokens[at + 1].text != "=" else { return nil }
    var end = at + 1
    var depth = 0
    while end < tokens.count {
      let text = tokens[end].text
      if ["(", "{", "["].contains(text) { depth += 1 }
      if [")", "}", "]"].contains(text) { depth -= 1 }
      if depth < 0 || text == ";" || (depth == 0 && text == ",") { break }
      end += 1
    }
    return at + 1 < end ? (at + 1)..<end : nil
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
