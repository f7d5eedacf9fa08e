internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Entered functions as frames: names resolved, values simplified, the source cut out.
struct FrameMaker {
  let machine: Machine
  /// Inputs that turned out to be knobs.
  let renaming: [String: Expression]
  /// What was renamed already: frames repeat the conditions of those above them.
  private let known = Renamed()
  private var program: Program { machine.program }

  init(machine: Machine, renaming: [String: Expression]) {
    self.machine = machine
    self.renaming = renaming
  }

  func frame(_ node: CallNode, role: Frame.Role) -> Frame {
    let location = program.location(node.definition)
    let endLine = max(node.definition.end?.line ?? location.line, location.line, blockEnd(node))
    let known = node.parent?.guards.count ?? 0
    return Frame(
      role: role, function: displayName(node), spelling: spelling(node, location), location: location, endLine: endLine,
      parameter: node.parameter, leftBehind: node.leftBehind, reachedBy: node.reachedBy,
      steps: node.steps.map(renamed).sorted { ($0.range.start, $0.range.endLine) < ($1.range.start, $1.range.endLine) },
      pathCondition: node.guards.dropFirst(known).map(condition), exits: node.exits,
      excerpt: excerpt(location.file, location.line, endLine, node.definition.unit))
  }

  /// The body of a system call's macro ends after the macro's use.
  private func blockEnd(_ node: CallNode) -> Int {
    node.definition.children.last { $0.kind == .compoundStatement }?.end?.line ?? 0
  }

  /// What `SYSCALL_DEFINEn` makes is called by the name of the system call's function.
  private func displayName(_ node: CallNode) -> String {
    node.name.hasPrefix("SYSC_") ? "sys_" + node.name.dropFirst("SYSC_".count) : node.name
  }

  private func spelling(_ node: CallNode, _ location: SourceLocation) -> String {
    guard node.definition.isFromMacro || node.name.hasPrefix("__do_sys_") || node.name.hasPrefix("SYSC_") else {
      return node.name
    }
    let head = line(location.file, location.line)
    guard let open = head.firstIndex(of: "("), let stop = head[open...].firstIndex(where: { $0 == "," || $0 == ")" })
    else { return node.name }
    return String(head[..<stop]) + ")"
  }

  private func rename(_ expression: Expression) -> Expression {
    if let done = known.values[expression] { return done }
    let done = expression.substituting(renaming).simplified
    known.values[expression] = done
    return done
  }

  private final class Renamed {
    var values: [Expression: Expression] = [:]
  }

  private func renamed(_ step: ValueStep) -> ValueStep {
    let value = rename(step.value)
    return ValueStep(
      kind: step.kind, range: step.range, value: value, text: value.displayText, target: step.target,
      inputs: step.inputs.map(rename), why: step.why, annotations: step.annotations)
  }

  private func condition(_ entry: Guard) -> PathCondition {
    let value = rename(entry.expression)
    return PathCondition(
      location: entry.location, source: entry.source, value: value, text: value.displayText,
      dependsOnTracked: machine.isTracked(entry.expression))
  }

  func reaches(_ chain: [CallNode]) -> [Reach] {
    var found: [Reach] = []
    for event in machine.stores where event.isTracked && !event.node.path.contains(where: \.isTest) {
      let value = rename(event.value)
      let reach = Reach(
        field: event.place.lastField?.name ?? event.place.text, function: displayName(event.node),
        location: event.location,
        value: value, formula: value.displayText, onPath: chain.contains { $0 === event.node })
      if let known = found.firstIndex(where: { $0.field == reach.field && $0.location == reach.location }) {
        found[known] = reach
      } else {
        found.append(reach)
      }
    }
    return found
  }

  private func line(_ file: String, _ number: Int) -> String {
    let lines = lines(file)
    return lines.indices.contains(number - 1) ? lines[number - 1] : ""
  }

  private func lines(_ file: String) -> [String] {
    program.bytes(file).split(separator: 10, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  func excerpt(_ file: String, _ first: Int, _ last: Int, _ unit: TranslationUnit) -> SourceExcerpt {
    let bytes = program.bytes(file)
    var starts = [0]
    for (position, byte) in bytes.enumerated() where byte == 10 { starts.append(position + 1) }
    guard first >= 1, starts.indices.contains(first - 1) else {
      return SourceExcerpt(file: file, firstLine: first, lines: [], tokens: [])
    }
    let end = starts.indices.contains(last) ? starts[last] - 1 : bytes.count
    let start = starts[first - 1]
    guard end > start else { return SourceExcerpt(file: file, firstLine: first, lines: [], tokens: []) }
    let text = bytes[start..<end].split(separator: 10, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    let path = program.environment.prefix + "/" + file
    let tokens = unit.tokens(path: path, offsets: start..<end)
    return SourceExcerpt(file: file, firstLine: first, lines: text, tokens: classify(tokens, path))
  }

  private func classify(_ tokens: [Token], _ path: String) -> [SourceExcerpt.Token] {
    let tracked = machine.trackedPositions[path].map { Set($0.map { [$0.line, $0.column] }) } ?? []
    var classified: [SourceExcerpt.Token] = []
    for (position, token) in tokens.enumerated() {
      let next = position + 1 < tokens.count ? tokens[position + 1].spelling : ""
      let before = position > 0 ? tokens[position - 1].spelling : ""
      let tokenClass: SourceExcerpt.TokenClass =
        switch token.kind {
        case .keyword: .keyword
        case .literal: .literal
        case .comment: .comment
        case .punctuation: .punctuation
        case .identifier: identifierClass(token.spelling, before: before, next: next)
        }
      for (row, part) in token.spelling.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where !part.isEmpty {
        classified.append(
          SourceExcerpt.Token(
            line: token.position.line + row, column: row == 0 ? token.position.column : 1, length: part.utf8.count,
            tokenClass: tokenClass,
            isTracked: tokenClass != .comment && tracked.contains([token.position.line, token.position.column])))
      }
    }
    return classified
  }

  private func identifierClass(_ word: String, before: String, next: String) -> SourceExcerpt.TokenClass {
    if before == "." || before == "->" { return .field }
    if before == "struct" || before == "union" || before == "enum" { return .type }
    if word == word.uppercased(), word.contains(where: \.isLetter) { return .macro }
    if next == "(" { return .function }
    return .identifier
  }

  /// `CONFIG_` symbols that the walked lines mention.
  func configurationSymbols(_ nodes: [CallNode]) -> [String] {
    var found: Set<String> = []
    for node in nodes {
      let location = program.location(node.definition)
      let last = max(node.definition.end?.line ?? 0, blockEnd(node), location.line)
      for line in lines(location.file).dropFirst(location.line - 1).prefix(last - location.line + 1)
      where line.contains("CONFIG_") {
        for word in line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
        where word.hasPrefix("CONFIG_") {
          found.insert(String(word))
        }
      }
    }
    return found.sorted()
  }
}
