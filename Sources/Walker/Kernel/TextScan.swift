internal import Glibc

/// Answers queries from the text of one file. What it finds is likely, not certain: the parse confirms it.
struct TextScan {
  private let text: CText
  private var cursor: CodeCursor
  private var countedTo = 0
  private var line = 1

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    text = CText(bytes: bytes)
    cursor = CodeCursor(text)
  }

  /// The query's hits in this file, in order of line.
  static func hits(of query: IndexQuery, in bytes: UnsafeBufferPointer<UInt8>, file: String) -> [IndexHit] {
    let word = Array(query.word.utf8)
    guard !word.isEmpty else { return [] }
    let text = CText(bytes: bytes)
    guard var found = text.find(word, from: 0) else { return [] }
    var scan = TextScan(bytes)
    var hits: [IndexHit] = []
    while true {
      let end = found + word.count
      if !CText.isWord(text.at(found - 1)), !CText.isWord(text.at(end)) {
        if let hit = scan.hit(of: query, from: found, to: end, file: file), hit != hits.last { hits.append(hit) }
      }
      guard let next = text.find(word, from: end) else { return hits }
      found = next
    }
  }

  private mutating func hit(of query: IndexQuery, from start: Int, to end: Int, file: String) -> IndexHit? {
    switch query {
    case .mention:
      guard cursor.isCode(start) else { return nil }
      return IndexHit(file: file, line: line(of: start))
    case .definition:
      guard text.isDefinition(from: start, to: end), cursor.isCode(start) else { return nil }
      return IndexHit(file: file, line: line(of: start))
    case .systemCall:
      guard text.string(max(0, start - 16)..<start).contains("SYSCALL_DEFINE"), cursor.isCode(start) else { return nil }
      return IndexHit(file: file, line: line(of: start))
    case .writer:
      guard text.isWritten(from: start, to: end), let function = text.function(around: start), cursor.isCode(start)
      else { return nil }
      return IndexHit(file: file, line: line(of: start), value: text.string(function))
    case .caller:
      guard text.at(text.skipSpace(from: end)) == 0x28, !text.isDefinition(from: start, to: end),
        let function = text.function(around: start), text.string(function) != query.word, cursor.isCode(start)
      else { return nil }
      return IndexHit(file: file, line: line(of: start), value: text.string(function))
    case .holder:
      guard let field = text.fieldGiven(valueAt: start, to: end), cursor.isCode(start) else { return nil }
      return IndexHit(file: file, line: line(of: start), value: text.string(field))
    case .variable:
      guard text.isVariable(from: start), cursor.isCode(start) else { return nil }
      if let function = text.function(around: start) {
        guard text.isSet(from: start, to: end) else { return nil }
        return IndexHit(file: file, line: line(of: start), value: text.string(function))
      }
      guard text.isVariableDefinition(from: start, to: end) else { return nil }
      return IndexHit(file: file, line: line(of: start))
    case .table:
      guard let table = text.table(ofTag: start, to: end), cursor.isCode(start) else { return nil }
      return IndexHit(file: file, line: line(of: start), value: table.value)
    case .initializer:
      guard text.at(start - 1) == 0x2e, let value = text.initializerValue(dot: start - 1, nameEnd: end),
        cursor.isCode(start)
      else { return nil }
      return IndexHit(file: file, line: line(of: start), value: text.string(value))
    }
  }

  /// Every initializer of a named value in the file, whatever the field.
  static func allInitializers(
    in bytes: UnsafeBufferPointer<UInt8>,
    each: (_ field: UnsafeBufferPointer<UInt8>, _ line: Int, _ value: UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var scan = TextScan(bytes)
    let text = scan.text
    var position = 0
    while let dot = text.find(0x2e, from: position) {
      position = dot + 1
      // Most dots are `a.b` or `...`; a designator with an identifier right before it is rare but real (`.a.b = c`).
      guard CText.isWord(text.at(position)), !CText.isDigit(text.at(position)) else { continue }
      let end = text.wordEnd(from: position)
      position = end
      let next = text.at(end)
      guard next == 0x3d || CText.isSpace(next) || next == 0x2f,
        let value = text.initializerValue(dot: dot, nameEnd: end), scan.cursor.isCode(dot)
      else { continue }
      each(
        UnsafeBufferPointer(rebasing: bytes[(dot + 1)..<end]), scan.line(of: dot),
        UnsafeBufferPointer(rebasing: bytes[value]))
    }
  }

  /// Every mention of a record's tag that `IndexQuery.table` asks for, whatever the tag.
  static func allTables(
    in bytes: UnsafeBufferPointer<UInt8>, each: (_ tag: String, _ line: Int, _ value: String?) -> Void
  ) {
    for keyword in ["struct", "union"] {
      let word = Array(keyword.utf8)
      var scan = TextScan(bytes)
      let text = scan.text
      var position = 0
      while let found = text.find(word, from: position) {
        position = found + word.count
        guard CText.isSpace(text.at(position)), !CText.isWord(text.at(found - 1)) else { continue }
        let start = text.skipSpace(from: position)
        let end = text.wordEnd(from: start)
        // Most are pointers.
        guard end > start, text.at(text.skipSpace(from: end)) != 0x2a else { continue }
        guard let table = text.table(ofTag: start, to: end), scan.cursor.isCode(start) else { continue }
        each(text.string(start..<end), scan.line(of: start), table.value)
      }
    }
  }

  private mutating func line(of position: Int) -> Int {
    while let found = text.find(0x0a, from: countedTo, to: position) {
      line += 1
      countedTo = found + 1
    }
    return line
  }
}

extension IndexQuery {
  /// What the text of every hit holds as a whole word.
  var word: String {
    switch self {
    case .definition(let name), .systemCall(let name), .initializer(field: let name), .mention(let name, below: _),
      .writer(field: let name), .caller(of: let name), .holder(of: let name),
      .variable(let name), .table(of: let name):
      name
    }
  }
}

extension CText {
  func string(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// Where the last identifier stands in the value that `.name =` gives; nil when this is not a designator (`a.b = c`,
  /// `.b == c`), or its value names nothing (a number, a string, a nested initializer).
  func initializerValue(dot: Int, nameEnd: Int) -> Range<Int>? {
    let equals = skipSpace(from: nameEnd)
    guard at(equals) == 0x3d, at(equals + 1) != 0x3d, isDesignator(dot) else { return nil }
    return lastIdentifier(from: equals + 1)
  }

  /// Whether the `.` begins or continues a designator: `.a`, `.a.b`, `[X].b`, rather than a member access.
  private func isDesignator(_ dot: Int) -> Bool {
    var start = dot
    while start > 0 {
      let before = at(start - 1)
      if before == 0x5d {
        guard let open = openingBracket(before: start - 1) else { return false }
        start = open
      } else if Self.isWord(before) {
        let word = wordStart(before: start)
        guard at(word - 1) == 0x2e else { return false }
        start = word - 1
      } else if before == 0x29 {
        return false
      } else {
        break
      }
    }
    guard at(start) == 0x5b else { return true }
    // `array [i].field = value;` is a statement.
    var before = start - 1
    while before >= 0, at(before) == 0x20 || at(before) == 0x09 { before -= 1 }
    return !Self.isWord(at(before)) && at(before) != 0x29
  }

  private func openingBracket(before close: Int) -> Int? {
    var depth = 0
    var position = close
    while position >= max(0, close - 256) {
      if at(position) == 0x5d { depth += 1 }
      if at(position) == 0x5b {
        depth -= 1
        if depth == 0 { return position }
      }
      position -= 1
    }
    return nil
  }

  private func lastIdentifier(from start: Int) -> Range<Int>? {
    var last: Range<Int>?
    var depth = 0
    var position = start
    let end = min(count, start + 4096)
    while position < end {
      let byte = bytes[position]
      switch byte {
      case 0x2c where depth == 0, 0x7d where depth == 0, 0x3b: return last
      case 0x7b: return nil
      case 0x28, 0x5b: depth += 1
      case 0x29, 0x5d:
        if depth == 0 { return last }
        depth -= 1
      case 0x22, 0x27:
        guard let after = endOfLiteral(from: position, to: count) else { return last }
        position = after
        continue
      case 0x2f where at(position + 1) == 0x2a || at(position + 1) == 0x2f:
        position = skipSpace(from: position)
        continue
      case _ where Self.isWord(byte):
        let after = wordEnd(from: position)
        if !Self.isDigit(byte) { last = position..<after }
        position = after
        continue
      default: break
      }
      position += 1
    }
    return last
  }

  /// Whether the name heads a body: `name(…) {`, `name(…) __attribute {`, or `MACRO(name, …) {` at the left margin.
  func isDefinition(from start: Int, to end: Int) -> Bool {
    let next = skipSpace(from: end)
    if at(next) == 0x28, let after = endOfBrackets(from: next), opensBody(after) {
      return !isStatement(start)
    }
    guard at(next) == 0x2c || at(next) == 0x29 else { return false }
    var open = start - 1
    while open >= 0, Self.isSpace(at(open)) { open -= 1 }
    guard at(open) == 0x28, Self.isWord(at(open - 1)), !Self.isSpace(at(lineStart(of: open))),
      let after = endOfBrackets(from: open)
    else { return false }
    return opensBody(after)
  }

  /// Nothing but annotations (`__acquires(lock)`, `__must_check`) stands before the next `{`.
  private func opensBody(_ start: Int) -> Bool {
    var position = skipSpace(from: start)
    for _ in 0..<8 {
      if at(position) == 0x7b { return true }
      guard at(position) == 0x5f else { return false }
      position = skipSpace(from: wordEnd(from: position))
      if at(position) == 0x28 {
        guard let after = endOfBrackets(from: position) else { return false }
        position = skipSpace(from: after)
      }
    }
    return false
  }

  /// An indented name after `;`, `{`, `}` or `)` is a loop macro (`for_each_thing(x) {`), not a definition.
  private func isStatement(_ start: Int) -> Bool {
    guard Self.isSpace(at(lineStart(of: start))) else { return false }
    var before = start - 1
    while before >= 0, Self.isSpace(at(before)) { before -= 1 }
    return !(Self.isWord(at(before)) || at(before) == 0x2a)
  }
}
