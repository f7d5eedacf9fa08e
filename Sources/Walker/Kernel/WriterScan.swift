/// What a search for those who write a field asks of C text.
extension CText {
  /// Whether the field's name is what an assignment writes to, or an operand of `&`: `p->name = …`, `p->name++`,
  /// `WRITE_ONCE(p->name, …)`, `set(&p->name)`.
  func isWritten(from start: Int, to end: Int) -> Bool {
    guard let access = accessSign(before: start) else { return false }
    return isSet(from: expressionStart(before: access), to: end)
  }

  /// The word is no field's name.
  func isVariable(from start: Int) -> Bool { accessSign(before: start) == nil }

  /// Whether the expression that begins at `head`, and whose last name ends at `end`, is what an assignment writes to, or an
  /// operand of `&`.
  func isSet(from head: Int, to end: Int) -> Bool {
    if isAssigned(end) { return true }
    var before = head - 1
    while before >= 0, Self.isSpace(at(before)) { before -= 1 }
    switch at(before) {
    case 0x26:
      // `a && p->name` and `a & p->name` take no address.
      var left = before - 1
      while left >= 0, Self.isSpace(at(left)) { left -= 1 }
      return at(before - 1) != 0x26 && !Self.isWord(at(left)) && at(left) != 0x29 && at(left) != 0x5d
    case 0x2b: return at(before - 1) == 0x2b
    case 0x2d: return at(before - 1) == 0x2d
    case 0x28: return string(wordStart(before: before)..<before) == "WRITE_ONCE"
    default: return false
    }
  }

  /// Whether the name is declared at file scope, other than by `extern`: `int name;`, `struct a b, name[] __attribute = {`. The
  /// declaration begins at the line's margin.
  func isVariableDefinition(from start: Int, to end: Int) -> Bool {
    var next = skipSpace(from: end)
    while true {
      if at(next) == 0x5b, let after = endOfBrackets(from: next) {
        next = skipSpace(from: after)
      } else if Self.isWord(at(next)), !Self.isDigit(at(next)) {
        next = skipSpace(from: wordEnd(from: next))
        if at(next) == 0x28, let after = endOfBrackets(from: next) { next = skipSpace(from: after) }
      } else {
        break
      }
    }
    guard [0x2c, 0x3b].contains(at(next)) || (at(next) == 0x3d && at(next + 1) != 0x3d) else { return false }
    let margin = lineStart(of: start)
    guard margin < start, Self.isWord(at(margin)), !Self.isDigit(at(margin)) else { return false }
    let before = string(margin..<start)
    return !before.hasPrefix("extern") && !before.contains("typedef") && !before.contains("return")
      && before.filter { $0 == "(" }.count == before.filter { $0 == ")" }.count
  }

  /// The field's name, where the word is what a field is set to: `.open = word,`, `ops->open = &word;`.
  func fieldGiven(valueAt start: Int, to end: Int) -> Range<Int>? {
    guard [0x2c, 0x7d, 0x3b].contains(at(skipSpace(from: end))) else { return nil }
    func back(_ position: Int) -> Int {
      var position = position
      while position > 0, Self.isSpace(at(position - 1)) { position -= 1 }
      return position
    }
    var position = back(start)
    if at(position - 1) == 0x26 { position = back(position - 1) }
    guard at(position - 1) == 0x3d, !"=!<>+-|&^".utf8.contains(at(position - 2)) else { return nil }
    let name = back(position - 1)
    let field = wordStart(before: name)
    return field < name && accessSign(before: field) != nil ? field..<name : nil
  }

  /// Where the `.` or `->` begins that stands before a field's name.
  private func accessSign(before start: Int) -> Int? {
    var position = start - 1
    while position >= 0, Self.isSpace(at(position)) { position -= 1 }
    if at(position) == 0x3e, at(position - 1) == 0x2d { return position - 1 }
    guard at(position) == 0x2e, at(position - 1) != 0x2e else { return nil }
    return position
  }

  /// `=` but not `==`, `+=` and its kin, `++`, `--`; also after an element's brackets or a further field.
  private func isAssigned(_ end: Int) -> Bool {
    var position = skipSpace(from: end)
    while at(position) == 0x5b, let after = endOfBrackets(from: position) { position = skipSpace(from: after) }
    let (first, second, third) = (at(position), at(position + 1), at(position + 2))
    switch first {
    case 0x3d: return second != 0x3d
    case 0x2b, 0x2d: return second == 0x3d || second == first
    case 0x2a, 0x2f, 0x25, 0x26, 0x7c, 0x5e: return second == 0x3d
    case 0x3c, 0x3e: return second == first && third == 0x3d
    default: return false
    }
  }

  /// Where the expression begins of which a field is taken: a chain of names, accesses, brackets and calls.
  private func expressionStart(before access: Int) -> Int {
    var position = access
    while position > 0 {
      let byte = at(position - 1)
      if Self.isWord(byte) {
        position = wordStart(before: position)
      } else if byte == 0x29 || byte == 0x5d {
        guard let open = bracketStart(before: position) else { return position }
        position = open
        if Self.isWord(at(position - 1)) { continue }
      } else {
        return position
      }
      if at(position - 1) == 0x3e, at(position - 2) == 0x2d {
        position -= 2
      } else if at(position - 1) == 0x2e {
        position -= 1
      } else {
        return position
      }
    }
    return position
  }

  /// Where the bracket opens that is closed right before `end`.
  private func bracketStart(before end: Int) -> Int? {
    var depth = 0
    var position = end - 1
    while position >= max(0, end - 2048) {
      switch at(position) {
      case 0x29, 0x5d: depth += 1
      case 0x28, 0x5b:
        depth -= 1
        if depth == 0 { return position }
      default: break
      }
      position -= 1
    }
    return nil
  }

  /// The name of the function, or of the macro, in whose body the position is; nil at the top level.
  func function(around position: Int) -> Range<Int>? {
    if let macro = macro(around: position) { return macro }
    var start = 0
    var line = lineStart(of: position)
    while line > 0 {
      if at(line) == 0x7d {
        start = line + 1
        break
      }
      line = lineStart(of: line - 1)
    }
    // The outermost `{` that is still open, if it follows a parameter list.
    var depth = 0
    var body: Int?
    for here in start..<max(start, position) {
      if at(here) == 0x7b {
        if depth == 0 { body = here }
        depth += 1
      } else if at(here) == 0x7d {
        depth = max(0, depth - 1)
        if depth == 0 { body = nil }
      }
    }
    guard let body else { return nil }
    var close = body - 1
    while close >= start, Self.isSpace(at(close)) { close -= 1 }
    guard at(close) == 0x29, let list = bracketStart(before: close + 1) else { return nil }
    var end = list
    while end > start, Self.isSpace(at(end - 1)) { end -= 1 }
    let name = wordStart(before: end)
    return name < end ? name..<end : nil
  }

  /// The name that the `#define` gives whose lines the position is in.
  private func macro(around position: Int) -> Range<Int>? {
    var line = lineStart(of: position)
    while line > 1, at(line - 2) == 0x5c { line = lineStart(of: line - 1) }
    guard at(line) == 0x23 else { return nil }
    let word = skipSpace(from: line + 1)
    guard string(word..<wordEnd(from: word)) == "define" else { return nil }
    let name = skipSpace(from: wordEnd(from: word))
    let end = wordEnd(from: name)
    return name < end && end <= position ? name..<end : nil
  }
}
