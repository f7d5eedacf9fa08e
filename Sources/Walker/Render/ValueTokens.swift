internal import WalkerModel

extension SourceExcerpt {
  /// The tokens, where the value itself stands out: of `READ_LATEST(w->room)` not the macro, but `room`.
  ///
  /// A parse says of what a macro makes that it stands where the macro does.
  var valueTokens: [Token] {
    var marked = tokens.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    for index in marked.indices where marked[index].isTracked && marked[index].tokenClass == .macro {
      guard let open = marked.indices.dropFirst(index + 1).first, text(marked[open]) == "(" else { continue }
      marked[index] = marked[index].tracked(false)
      guard let operand = soleOperand(in: marked, from: open) else { continue }
      marked[operand] = marked[operand].tracked(true)
    }
    return marked
  }

  /// The last name between the brackets; nil where a comma parts what they hold.
  private func soleOperand(in tokens: [Token], from open: Int) -> Int? {
    var depth = 0
    var last: Int?
    for index in open..<tokens.count {
      switch text(tokens[index]) {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "," where depth == 1: return nil
      case _ where tokens[index].tokenClass == .identifier || tokens[index].tokenClass == .field: last = index
      default: break
      }
      if depth == 0 { return last }
    }
    return nil
  }

  private func text(_ token: Token) -> String {
    let index = token.line - firstLine
    guard lines.indices.contains(index) else { return "" }
    let bytes = Array(lines[index].utf8)
    let start = token.column - 1
    guard start >= 0, start + token.length <= bytes.count else { return "" }
    return String(decoding: bytes[start..<(start + token.length)], as: UTF8.self)
  }
}

extension SourceExcerpt.Token {
  fileprivate func tracked(_ isTracked: Bool) -> Self {
    Self(line: line, column: column, length: length, tokenClass: tokenClass, isTracked: isTracked)
  }
}
