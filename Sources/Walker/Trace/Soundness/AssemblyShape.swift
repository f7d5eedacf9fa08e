internal import WalkerClang

/// How many outputs inline assembly has, and whether it says that it changes memory: libclang gives its operands in one list.
struct AssemblyShape {
  let outputs: Int
  let clobbersMemory: Bool

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
    // A macro among the operands may hide any number of them.
    guard sections.dropFirst().prefix(2).allSatisfy({ $0.first.map { $0 == "[" || $0.hasPrefix("\"") } ?? true }) else {
      return nil
    }
    outputs = sections.count > 1 && !sections[1].isEmpty ? commas[1] + 1 : 0
    clobbersMemory =
      sections.count > 3 && sections[3].contains("\"memory\"")
      || sections.count > 3 && sections[3].contains { !$0.hasPrefix("\"") && $0 != "," }
  }
}

extension Cursor {
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
