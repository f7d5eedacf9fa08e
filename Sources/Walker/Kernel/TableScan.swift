/// What a search for tables that are filled by place asks of C text.
extension CText {
  struct TableMention {
    /// As the hits of `IndexQuery.table` carry it.
    let value: String?
  }

  /// nil where the record's tag says nothing of such an object.
  func table(ofTag start: Int, to end: Int) -> TableMention? {
    let keyword = wordStart(before: spaceStart(before: start))
    guard keyword < start, ["struct", "union"].contains(string(keyword..<spaceStart(before: start))) else { return nil }
    var before = spaceStart(before: keyword)
    while ["const", "volatile"].contains(string(wordStart(before: before)..<before)) {
      before = spaceStart(before: wordStart(before: before))
    }
    if string(wordStart(before: before)..<before) == "typedef" { return TableMention(value: nil) }
    var position = afterQualifiers(end)
    if at(position) == 0x5b || at(position) == 0x29 { return compoundLiteral(position) }
    while Self.isWord(at(position)), !Self.isDigit(at(position)) {
      let name = string(position..<wordEnd(from: position))
      position = afterQualifiers(wordEnd(from: position))
      var isArray = false
      while at(position) == 0x5b, let after = endOfBrackets(from: position) {
        (isArray, position) = (true, afterQualifiers(after))
      }
      switch at(position) {
      case 0x3d where at(position + 1) != 0x3d:
        let value = skipSpace(from: position + 1)
        if at(value) == 0x7b {
          if givesByPlace(brace: value, isArray: isArray) { return TableMention(value: isMacro(start) ? nil : name) }
        } else if isWordOfMacro(value) {
          return TableMention(value: isMacro(start) ? nil : name)
        }
        guard at(value) == 0x7b, let after = endOfBraces(from: value) else { return nil }
        position = skipSpace(from: after)
      case 0x3b: return outerRecord(around: keyword)
      case 0x2c: break
      default: return nil
      }
      guard at(position) == 0x2c else { return nil }
      position = afterQualifiers(position + 1)
    }
    return nil
  }

  /// `(struct tag) {`, `(const struct tag []) {`.
  private func compoundLiteral(_ position: Int) -> TableMention? {
    var close = position
    if at(close) == 0x5b {
      guard let after = endOfBrackets(from: close) else { return nil }
      close = skipSpace(from: after)
    }
    let brace = skipSpace(from: close + 1)
    guard at(close) == 0x29, at(brace) == 0x7b, givesByPlace(brace: brace, isArray: close != position) else {
      return nil
    }
    return TableMention(value: nil)
  }

  /// The record in whose braces the field stands; nil where it is no field.
  private func outerRecord(around position: Int) -> TableMention? {
    var inner = position
    while let brace = openBrace(before: inner) {
      let end = spaceStart(before: brace)
      let tag = wordStart(before: end)
      let word = string(tag..<end)
      // A function's block, or a branch's; a list of values.
      if ["", "else", "do", "enum"].contains(word) { return nil }
      // A record without a name is a part of the one around it.
      if ["struct", "union"].contains(word) {
        inner = brace
        continue
      }
      let keyword = wordStart(before: spaceStart(before: tag))
      let kind = string(keyword..<spaceStart(before: tag))
      if kind == "enum" { return nil }
      return TableMention(value: ["struct", "union"].contains(kind) ? "\(kind)/\(word)" : nil)
    }
    // A variable at file scope.
    return nil
  }

  /// Whether a value of the list has no designator: `{ f, g }`, but not `{ .open = f }`, `{ }`; in an array's, a list within it.
  private func givesByPlace(brace: Int, isArray: Bool) -> Bool {
    var position = skipSpace(from: brace + 1)
    while position < count, at(position) != 0x7d {
      if at(position) == 0x23 {
        // A directive; which branch counts is not told.
        position = skipSpace(from: find(0x0a, from: position) ?? count)
        continue
      }
      if at(position) == 0x5b, let after = endOfBrackets(from: position) {
        position = skipSpace(from: after)
        if at(position) == 0x3d { position = skipSpace(from: position + 1) }
        if at(position) != 0x7b { return true }
      }
      if at(position) == 0x7b {
        if !isArray || givesByPlace(brace: position, isArray: false) { return true }
      } else if at(position) != 0x2e {
        return true
      }
      guard let next = endOfItem(from: position) else { return true }
      position = skipSpace(from: at(next) == 0x2c ? next + 1 : next)
    }
    return false
  }

  /// Where the comma or the brace stands that ends an item of a list.
  private func endOfItem(from start: Int) -> Int? {
    var depth = 0
    var position = start
    while position < count {
      switch at(position) {
      case 0x28, 0x5b, 0x7b: depth += 1
      case 0x29, 0x5d: depth -= 1
      case 0x7d:
        if depth == 0 { return position }
        depth -= 1
      case 0x2c where depth == 0: return position
      case 0x22, 0x27:
        guard let after = endOfLiteral(from: position, to: count) else { return nil }
        position = after
        continue
      case 0x2f where at(position + 1) == 0x2a || at(position + 1) == 0x2f:
        position = skipSpace(from: position)
        continue
      default: break
      }
      position += 1
    }
    return nil
  }

  private func endOfBraces(from brace: Int) -> Int? {
    var position = skipSpace(from: brace + 1)
    while position < count, at(position) != 0x7d {
      guard let next = endOfItem(from: position) else { return nil }
      position = skipSpace(from: at(next) == 0x2c ? next + 1 : next)
    }
    return position < count ? position + 1 : nil
  }

  /// The initializer is a macro; at file scope a word can be nothing else that holds functions.
  private func isWordOfMacro(_ start: Int) -> Bool {
    guard Self.isWord(at(start)), !Self.isDigit(at(start)) else { return false }
    return !string(start..<wordEnd(from: start)).contains { $0.isLowercase } || function(around: start) == nil
  }

  private func isMacro(_ position: Int) -> Bool {
    var line = lineStart(of: position)
    while line > 1, at(line - 2) == 0x5c { line = lineStart(of: line - 1) }
    return at(line) == 0x23
  }

  /// After `const`, `__initdata`, `__attribute__((…))`.
  private func afterQualifiers(_ start: Int) -> Int {
    var position = skipSpace(from: start)
    while Self.isWord(at(position)) {
      let end = wordEnd(from: position)
      let word = string(position..<end)
      guard word.hasPrefix("__") || ["const", "volatile"].contains(word) else { break }
      position = skipSpace(from: end)
      if at(position) == 0x28, let after = endOfBrackets(from: position) { position = skipSpace(from: after) }
    }
    return position
  }

  private func spaceStart(before end: Int) -> Int {
    var position = end
    while position > 0, Self.isSpace(at(position - 1)) { position -= 1 }
    return position
  }

  /// The brace that is open at a position.
  private func openBrace(before position: Int) -> Int? {
    var depth = 0
    var here = position - 1
    while here >= max(0, position - 65536) {
      switch at(here) {
      case 0x7d: depth += 1
      case 0x7b:
        if depth == 0 { return here }
        depth -= 1
      default: break
      }
      here -= 1
    }
    return nil
  }
}
