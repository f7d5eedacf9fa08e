internal import WalkerClang

/// What the text of inline assembly says: libclang gives its operands in one list, and no more.
struct AssemblyShape {
  let outputs: Int
  /// It says that it changes memory.
  let clobbersMemory: Bool
  /// It may go on at a label.
  let isGoto: Bool
  /// Words of the instructions that are no operands: of the processor, or of the kernel.
  let names: [String]

  /// Nil where the assembly comes from a macro, whose tokens can't be had.
  init?(_ cursor: Cursor) {
    guard !cursor.isFromMacro, let start = cursor.start, let end = cursor.end, end.offset > start.offset else {
      return nil
    }
    let tokens = cursor.unit.tokens(path: start.path, offsets: start.offset..<end.offset).map(\.spelling)
    guard let open = tokens.firstIndex(of: "(") else { return nil }
    var depth = 0
    var sections: [[String]] = [[]]
    var commas: [Int] = [0]
    for token in tokens[open...] {
      if token == "(" || token == "[" { depth += 1 }
      if token == ")" || token == "]" { depth -= 1 }
      if depth == 0 { break }
      if depth == 1, token == ":" || token == "::" {
        for _ in token {
          sections.append([])
          commas.append(0)
        }
        continue
      }
      if depth == 1, token == "," { commas[commas.count - 1] += 1 }
      sections[sections.count - 1].append(token)
    }
    isGoto = tokens[..<open].contains("goto")
    names = Set(sections[0].filter { $0.hasPrefix("\"") }.flatMap(Self.words)).sorted()
    // A macro among the operands may hide any number of them.
    guard sections.dropFirst().prefix(2).allSatisfy({ $0.first.map { $0 == "[" || $0.hasPrefix("\"") } ?? true }) else {
      return nil
    }
    outputs = sections.count > 1 && !sections[1].isEmpty ? commas[1] + 1 : 0
    clobbersMemory =
      sections.count > 3 && sections[3].contains("\"memory\"")
      || sections.count > 3 && sections[3].contains { !$0.hasPrefix("\"") && $0 != "," }
  }

  /// The names in a string of instructions; `%0`, `%[name]`, `%%rax` and `$5` are none.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var before: Character = " "
    for character in text + " " {
      if character.isLetter || character == "_" || (!word.isEmpty && character.isNumber) {
        word.append(character)
        continue
      }
      if !word.isEmpty, before != "%", before != "[", before != "\\" { words.append(word) }
      word = ""
      before = character
    }
    return words
  }
}

extension Cursor {
  /// Assembly that is given nothing and does nothing: it keeps the compiler from moving accesses over it.
  var isBarrier: Bool {
    !children.contains { $0.kind.isExpression && $0.kind != .stringLiteral }
      && AssemblyShape(self)?.names.isEmpty != false
  }

  /// An lvalue as it is written, rather than a number, a string or a value that was converted.
  var isNamedPlace: Bool {
    switch kind {
    case .declarationReference, .memberAccess, .subscript_: true
    case .unaryOperator: unaryOperator == .dereference
    case .parenthesized: children.last?.isNamedPlace ?? false
    default: false
    }
  }
}
