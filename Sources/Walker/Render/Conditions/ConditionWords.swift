internal import WalkerFormula
internal import WalkerModel

/// What had to be true to get to a frame, and how its function fails, in the source's own words.
///
/// Walker's normal form of a condition is for programs: it stands in JSON. What is always true is left out, and nothing is
/// longer than a reader takes in: a condition that is has its place named instead.
struct ConditionWords {
  static let longest = 200

  struct Line: Hashable {
    let text: String
    /// Quoted from the source, rather than walker's words.
    let isSource: Bool
    let location: SourceLocation?
  }

  let walk: Walk
  /// False where no kernel text may be shown.
  let showsSource: Bool

  // MARK: Given

  func given(_ frame: Frame) -> [Line] {
    // A test is walked after the call is over: what it is given is what its results assume.
    if frame.role == .test { return givenToTest(frame) }
    return frame.pathCondition.filter { !Self.isAlwaysTrue($0.value) }.map { condition in
      if showsSource, let text = source(of: condition, reaching: frame) {
        return Line(text: text, isSource: true, location: condition.location)
      }
      let words = Self.withoutRoots(condition.text)
      let text = words.count <= Self.longest ? words : "a condition of \(words.count) characters (see --format json)"
      return Line(text: text, isSource: false, location: condition.location)
    }
  }

  /// What hangs below a pointer that has no name says as much by its last two members: `sk->icsk_ulp_ops` for
  /// `pointer->private_data->sk->icsk_ulp_ops`.
  static func withoutRoots(_ text: String) -> String {
    text.replacing(#/\bpointer((->|\.)\w+)+/#) { match in
      let path = match.output.0
      let starts = path.ranges(of: #/->|\./#)
      guard let last = starts.dropLast().last ?? starts.last else { return String(path) }
      return String(path[last.upperBound...])
    }
  }

  private func givenToTest(_ frame: Frame) -> [Line] {
    let assumptions = walk.results.filter { $0.subject == frame.function }.flatMap(\.assumptions)
    return Self.short(assumptions).map { Line(text: $0, isSource: false, location: nil) }
  }

  /// The texts that a person reads, each once, and how many were too long for that.
  static func short(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    let unique = texts.filter { seen.insert($0).inserted && $0 != "1" }
    let long = unique.count { $0.count > longest }
    let more = long == 1 ? "a condition that is too long to print" : "\(long) conditions that are too long to print"
    return unique.filter { $0.count <= longest } + (long > 0 ? [more + " (see --format json)"] : [])
  }

  static func isAlwaysTrue(_ condition: Expression) -> Bool {
    condition.constantNumber == 1 || condition.simplified.isConstantTrue
  }

  /// The condition, or its opposite, as the author wrote it; nil where it can't be told which of the two held.
  private func source(of condition: PathCondition, reaching frame: Frame) -> String? {
    guard !condition.source.isEmpty else { return nil }
    let source = ConditionSource(condition.source)
    let found = branch(of: condition)
    let isTrue =
      found.flatMap { $0.reader.holds($0.branch, toReach: frame.reachedBy.location) }
      ?? Polarity.of(source.text, given: condition.value)
    guard let isTrue else { return nil }
    var text = isTrue ? source.text : source.negated
    // A variable says little without what set it.
    let variable = text.hasPrefix("!") ? String(text.dropFirst()) : text
    if !variable.isEmpty, variable.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) {
      if case .call(let callee) = found.flatMap({ $0.reader.origin(of: variable, before: $0.branch) }) {
        text += ", from \(callee)()"
      } else if let call = call(in: condition.value) {
        text += ", from \(call)"
      }
    }
    return text.count <= Self.longest ? text : nil
  }

  /// The one call whose answer decides: `gadget_prepare()`.
  private func call(in value: Expression) -> String? {
    let inputs = value.inputs
    guard inputs.count == 1, let input = inputs.first, input.role == .opaque, input.name.hasSuffix("()") else {
      return nil
    }
    return input.name
  }

  private func branch(of condition: PathCondition) -> (reader: BranchReader, branch: BranchReader.Branch)? {
    for frame in walk.allFrames where frame.holds(condition.location) {
      let reader = BranchReader(frame.excerpt)
      if let branch = reader.branch(at: condition.location) { return (reader, branch) }
    }
    return nil
  }

  // MARK: Failing

  func fails(_ frame: Frame) -> [Line] {
    let reader = BranchReader(frame.excerpt)
    return frame.exits.map { exit in
      var way = exit.returns.map { "returns \($0)" } ?? "leaves early"
      let branch = reader.branch(at: exit.location)
      switch branch.flatMap(reader.origin) {
      case .constant(let error): way = error
      case .call(let callee): way = "what \(callee)() returned"
      case nil: break
      }
      guard showsSource, !exit.source.isEmpty else { return Line(text: way, isSource: false, location: exit.location) }
      let source = ConditionSource(exit.source)
      let isThen = branch.map { reader.leaves($0.then) } ?? true
      let when = isThen ? source.text : source.negated
      let text = when.count <= Self.longest ? "\(way) when \(when)" : way
      return Line(text: text, isSource: true, location: exit.location)
    }
  }
}

/// Whether a condition's text was true where a value of it is known, told by the form of both.
private enum Polarity {
  static func of(_ source: String, given value: Expression) -> Bool? {
    let alternatives = ConditionSource.split(source, at: "||")
    let parts = ConditionSource.split(source, at: "&&")
    if alternatives.count > 1 || parts.count > 1 {
      let isDisjunction = alternatives.count > 1
      let (and, or) = (value.conjuncts.count, value.disjuncts.count)
      guard (and > 1) != (or > 1) else { return nil }
      return (or > 1) == isDisjunction
    }
    if source.hasPrefix("!") {
      return of(ConditionSource(String(source.dropFirst())).text, given: value).map { !$0 }
    }
    for (sign, op) in [("==", ComparisonOperator.equal), ("!=", .notEqual)]
    where ConditionSource.split(source, at: sign).count == 2 {
      guard case .compare(let found, _, _) = value.kind, found == .equal || found == .notEqual else { return nil }
      return found == op
    }
    guard !["<", ">", "<=", ">="].contains(where: { ConditionSource.split(source, at: $0).count > 1 }) else {
      return nil
    }
    switch value.kind {
    case .compare(.equal, _, let zero) where zero.constantNumber == 0: return false
    case .compare(.notEqual, _, let zero) where zero.constantNumber == 0: return true
    case .unary(.complement, let inner) where value.type == .bool && isInput(inner): return false
    case .input where value.type == .bool: return true
    default: return nil
    }
  }

  private static func isInput(_ expression: Expression) -> Bool {
    if case .input = expression.kind { true } else { false }
  }
}
