/// A condition as an author wrote it, and its opposite in the same words.
///
///     w->state != WIDGET_CLOSED || !w->room   →   w->state == WIDGET_CLOSED && w->room
struct ConditionSource: Hashable {
  /// Without hints for the compiler, and in one line.
  let text: String

  init(_ text: String) {
    self.text = Self.plain(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  /// `likely(x)`, `unlikely(x)` and brackets around all of it say nothing.
  private static func plain(_ text: String) -> String {
    for hint in ["unlikely(", "likely(", "("] where text.hasPrefix(hint) && text.hasSuffix(")") {
      let inner = String(text.dropFirst(hint.count).dropLast())
      if isBalanced(inner) { return plain(inner) }
    }
    return text
  }

  var negated: String { Self.negated(text) }

  private static func negated(_ text: String) -> String {
    let text = plain(text)
    let alternatives = split(text, at: "||")
    if alternatives.count > 1 { return alternatives.map { operand(negated($0)) }.joined(separator: " && ") }
    let parts = split(text, at: "&&")
    if parts.count > 1 { return parts.map(negated).joined(separator: " || ") }
    if text.hasPrefix("!"), isOperand(String(text.dropFirst())) { return plain(String(text.dropFirst())) }
    for (sign, opposite) in [
      ("==", "!="), ("!=", "=="), ("<=", ">"), (">=", "<"), ("<", ">="), (">", "<="),
    ] {
      let sides = split(text, at: sign)
      if sides.count == 2 { return "\(sides[0]) \(opposite) \(sides[1])" }
    }
    return isOperand(text) ? "!" + text : "!(\(text))"
  }

  /// In brackets where it has an `||` of its own.
  private static func operand(_ text: String) -> String { split(text, at: "||").count > 1 ? "(\(text))" : text }

  /// `!` may stand before it: a name, a member, a call.
  private static func isOperand(_ text: String) -> Bool {
    var depth = 0
    var previous: Character = " "
    for character in text {
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      let isPlain = character.isLetter || character.isNumber || "_.()[]".contains(character)
      if depth == 0, !isPlain, !(character == "-" || (character == ">" && previous == "-")) { return false }
      previous = character
    }
    return !text.isEmpty
  }

  private static func isBalanced(_ text: String) -> Bool {
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth < 0 { return false }
    }
    return depth == 0
  }

  /// At the operator where it stands outside of brackets and strings; one part where it does not.
  static func split(_ text: String, at sign: String) -> [String] {
    let letters = Array(text)
    let wanted = Array(sign)
    var parts: [String] = []
    var depth = 0
    var quote: Character?
    var start = 0
    var index = 0
    while index < letters.count {
      let letter = letters[index]
      if let open = quote {
        if letter == "\\" { index += 1 } else if letter == open { quote = nil }
      } else if letter == "\"" || letter == "'" {
        quote = letter
      } else if "([{".contains(letter) {
        depth += 1
      } else if ")]}".contains(letter) {
        depth -= 1
      } else if depth == 0, matches(letters, index, wanted) {
        parts.append(trimmed(letters[start..<index]))
        index += wanted.count
        start = index
        continue
      }
      index += 1
    }
    return parts + [trimmed(letters[min(start, letters.count)...])]
  }

  /// Not a part of a longer operator: `<` of `<<` or `<=`, `>` of `->`.
  private static func matches(_ letters: [Character], _ index: Int, _ sign: [Character]) -> Bool {
    guard index + sign.count <= letters.count, Array(letters[index..<(index + sign.count)]) == sign else {
      return false
    }
    let before: Character = index > 0 ? letters[index - 1] : " "
    let after: Character = index + sign.count < letters.count ? letters[index + sign.count] : " "
    guard sign.count == 1 || sign == ["<", "="] || sign == [">", "="] else { return true }
    return !"<>-=!".contains(before) && !(sign.count == 1 && "<>=".contains(after))
  }

  private static func trimmed(_ letters: ArraySlice<Character>) -> String {
    String(letters.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
