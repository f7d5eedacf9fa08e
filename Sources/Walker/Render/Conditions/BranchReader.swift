internal import WalkerModel

/// What the text of one function says about its branches: which one leads on, and what a branch that leaves gives back.
///
/// An excerpt's tokens are read by their brackets. What is not written plainly (a branch that is an unbraced loop, a
/// label between) is answered with nil, never guessed.
struct BranchReader {
  struct Token {
    let text: String
    let line: Int
    let column: Int
  }

  let tokens: [Token]

  init(_ excerpt: SourceExcerpt) {
    tokens = excerpt.tokens.filter { $0.tokenClass != .comment }
      .sorted { ($0.line, $0.column) < ($1.line, $1.column) }
      .compactMap { token in
        let index = token.line - excerpt.firstLine
        guard excerpt.lines.indices.contains(index) else { return nil }
        let bytes = Array(excerpt.lines[index].utf8)
        let start = token.column - 1
        guard start >= 0, token.length > 0, start + token.length <= bytes.count else { return nil }
        return Token(
          text: String(decoding: bytes[start..<(start + token.length)], as: UTF8.self), line: token.line,
          column: token.column)
      }
      .filter { !$0.text.allSatisfy(\.isWhitespace) }
  }

  /// An `if`, by the indices of its tokens.
  struct Branch {
    let start: Int
    let condition: Range<Int>
    let then: Range<Int>
    let otherwise: Range<Int>?
    let end: Int
  }

  /// The innermost `if` whose condition holds the place.
  func branch(at place: SourceLocation) -> Branch? {
    var found: Branch?
    for index in tokens.indices where tokens[index].text == "if" {
      guard (tokens[index].line, tokens[index].column) <= (place.line, place.column) else { break }
      guard let branch = branch(from: index), let last = tokens[branch.condition].last else { continue }
      if (place.line, place.column) <= (last.line, last.column + last.text.utf8.count) { found = branch }
    }
    return found
  }

  private func branch(from start: Int) -> Branch? {
    guard let close = closing(start + 1), let then = statement(from: close + 1) else { return nil }
    guard then.upperBound < tokens.count, tokens[then.upperBound].text == "else" else {
      return Branch(
        start: start, condition: (start + 2)..<close, then: then, otherwise: nil, end: then.upperBound)
    }
    guard let otherwise = statement(from: then.upperBound + 1) else { return nil }
    return Branch(
      start: start, condition: (start + 2)..<close, then: then, otherwise: otherwise, end: otherwise.upperBound)
  }

  /// Whether the condition has to be true for the walk to come to `place`, which is in the same function.
  func holds(_ branch: Branch, toReach place: SourceLocation) -> Bool? {
    if contains(branch.then, place) { return true }
    if let otherwise = branch.otherwise, contains(otherwise, place) { return false }
    guard branch.end < tokens.count, tokens[branch.end].line <= place.line else { return nil }
    let leaves = (then: leaves(branch.then), otherwise: branch.otherwise.map(leaves) ?? false)
    return leaves.then == leaves.otherwise ? nil : leaves.otherwise
  }

  private func contains(_ range: Range<Int>, _ place: SourceLocation) -> Bool {
    guard let first = tokens[range].first, let last = tokens[range].last else { return false }
    return (first.line, first.column) <= (place.line, place.column)
      && (place.line, place.column) < (last.line, last.column + last.text.utf8.count)
  }

  /// The last statement jumps away.
  func leaves(_ range: Range<Int>) -> Bool {
    ["return", "goto", "break", "continue"].contains(lastStatement(range).first?.text ?? "")
  }

  private func lastStatement(_ range: Range<Int>) -> ArraySlice<Token> {
    var inner = range
    if tokens[range].first?.text == "{" { inner = (range.lowerBound + 1)..<(range.upperBound - 1) }
    guard let last = tokens[inner].last, last.text == ";" else { return [] }
    let body = tokens[inner].dropLast()
    let before = body.lastIndex { [";", "{", "}", ":"].contains($0.text) }
    return body[(before.map { $0 + 1 } ?? body.startIndex)...]
  }

  // MARK: What is given back

  /// The error that a branch which leaves ends the function with: `-EINVAL`, or the call whose answer it is.
  enum Origin: Hashable {
    case constant(String)
    case call(String)
  }

  func origin(of branch: Branch) -> Origin? {
    let leaving = leaves(branch.then) ? branch.then : branch.otherwise.flatMap { leaves($0) ? $0 : nil }
    guard let leaving else { return nil }
    let last = Array(lastStatement(leaving))
    if last.first?.text == "return" {
      let value = Array(last.dropFirst())
      if let constant = errorConstant(value) { return .constant(constant) }
      guard value.count == 1 else { return nil }
      return assignment(of: value[0].text, before: leaving.upperBound - 1)
    }
    guard last.first?.text == "goto", let variable = returnedVariable else { return nil }
    return assignment(of: variable, before: leaving.upperBound - 1)
  }

  /// `-EINVAL`
  private func errorConstant(_ value: [Token]) -> String? {
    guard value.count == 2, value[0].text == "-", value[1].text.hasPrefix("E"),
      value[1].text.allSatisfy({ $0.isUppercase || $0.isNumber })
    else { return nil }
    return "-" + value[1].text
  }

  /// The variable that the function's last `return` gives back.
  private var returnedVariable: String? {
    guard let index = tokens.lastIndex(where: { $0.text == "return" }), index + 2 < tokens.count,
      tokens[index + 2].text == ";"
    else { return nil }
    return tokens[index + 1].text
  }

  /// What set a variable that the branch's condition speaks of.
  func origin(of variable: String, before branch: Branch) -> Origin? { assignment(of: variable, before: branch.start) }

  /// The nearest assignment to the variable before a token, when it is sure to be the one that counts there: it stands in a
  /// block that encloses the token, and no label comes between.
  private func assignment(of variable: String, before end: Int) -> Origin? {
    var depth = 0
    var index = end - 1
    while index > 0 {
      let text = tokens[index].text
      if text == "}" { depth += 1 }
      if text == "{" {
        // A turn before may have set it later in the loop.
        if depth == 0, isLoopBody(index) { return nil }
        depth = max(0, depth - 1)
      }
      if isLabel(index) || (text == variable && tokens[index - 1].text == "&") { return nil }
      if text == "=", tokens[index - 1].text == variable {
        let before = index >= 2 ? tokens[index - 2].text : "{"
        guard depth == 0, [";", "{", "}", ",", "int", "long"].contains(before) else { return nil }
        return assignedOrigin(index)
      }
      index -= 1
    }
    return nil
  }

  /// What stands after the `=` at the index.
  private func assignedOrigin(_ index: Int) -> Origin? {
    guard let stop = tokens[index...].firstIndex(where: { $0.text == ";" }) else { return nil }
    let value = Array(tokens[(index + 1)..<stop])
    if let constant = errorConstant(value) { return .constant(constant) }
    guard let open = tokens[index...].firstIndex(where: { $0.text == "(" }), open < stop, closing(open) == stop - 1
    else { return nil }
    let callee = tokens[(index + 1)..<open].map(\.text).joined()
    return !callee.isEmpty && callee.allSatisfy(Self.isOfPath) ? .call(callee) : nil
  }

  private func isLoopBody(_ open: Int) -> Bool {
    guard open >= 1 else { return false }
    if tokens[open - 1].text == "do" { return true }
    guard tokens[open - 1].text == ")" else { return false }
    var depth = 0
    for index in tokens[..<open].indices.reversed() {
      if tokens[index].text == ")" { depth += 1 }
      if tokens[index].text == "(" { depth -= 1 }
      if depth == 0 { return index > 0 && ["for", "while"].contains(tokens[index - 1].text) }
    }
    return true
  }

  private func isLabel(_ index: Int) -> Bool {
    guard tokens[index].text == ":", index >= 2 else { return false }
    return [";", "}", "{"].contains(tokens[index - 2].text)
  }

  private static func isOfPath(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_->.".contains(character)
  }

  // MARK: Brackets

  /// The token that closes the bracket at the index; nil where there is none.
  private func closing(_ index: Int) -> Int? {
    let pairs = ["(": ")", "{": "}", "[": "]"]
    guard index < tokens.count, let close = pairs[tokens[index].text] else { return nil }
    let open = tokens[index].text
    var depth = 0
    for position in index..<tokens.count {
      if tokens[position].text == open { depth += 1 }
      if tokens[position].text == close { depth -= 1 }
      if depth == 0 { return position }
    }
    return nil
  }

  /// The statement that begins at the index; nil for one that has statements within and no braces around them.
  private func statement(from start: Int) -> Range<Int>? {
    guard start < tokens.count else { return nil }
    if tokens[start].text == "{" { return closing(start).map { start..<($0 + 1) } }
    if tokens[start].text == "if" { return branch(from: start).map { start..<$0.end } }
    guard !["for", "while", "do", "switch", "else"].contains(tokens[start].text),
      let end = tokens[start...].firstIndex(where: { $0.text == ";" || $0.text == "{" }), tokens[end].text == ";"
    else { return nil }
    return start..<(end + 1)
  }
}
