internal import WalkerFormula
internal import WalkerModel

/// The steps of one function as a reader takes them in: what an earlier step named stands under that name, and what is
/// still too long is told by what it can be.
///
///     ⇒ size = arg > 0x80000000 || arg < 4096 ? … : (u32) roundup_pow_of_two(arg)
///     ⇒ nr_slots = size >> 12
///     ⇒ returns one of -22, -1, 0 or (s64) (nr_slots * 4096)
///
/// A name stands for a value only where it can mean nothing else: a parameter that is never written, or a local variable that
/// is written once, and no input of the walk has that name. Programs read the whole formula, in JSON.
struct StepWords {
  /// What is shorter needs no name.
  static let nameable = 40
  /// No step's text is longer; what it decides on, stores to or is handed to comes on top of that.
  static let longest = ConditionWords.longest - 40

  private var texts: [ValueStep: String] = [:]
  /// `nr_slots = size >> 12`, for a parameter that stands for a long formula.
  private(set) var parameter: String?

  init(walk: Walk, frame: Frame) {
    let writes = VariableWrites(frame.excerpt)
    let taken = Set(walk.allFrames.flatMap(\.steps).flatMap(\.value.inputs).map(\.name)).union([walk.tracked.name])
    var names: [Expression: String] = [:]
    if let parameter = frame.parameter, !taken.contains(parameter), writes.count(of: parameter) == 0,
      let handed = Self.handed(to: frame, in: walk), handed.text.count > Self.nameable
    {
      names[handed.value] = parameter
      self.parameter = "\(parameter) = \(Self.text(handed.value, [:]))"
    }
    for step in frame.steps {
      let isNaming = [.assign, .clamp, .narrow].contains(step.kind)
      // A variable is not told by its own name.
      let known = isNaming ? names.filter { $0.value != step.target } : names
      texts[step] = ConditionWords.withoutRoots(
        step.text.count > Self.nameable ? Self.text(step.value, known) : step.text)
      guard isNaming, let target = step.target, step.text.count > Self.nameable, !taken.contains(target),
        names[step.value] == nil, writes.count(of: target) == 1
      else { continue }
      names[step.value] = target
    }
  }

  func text(_ step: ValueStep) -> String { texts[step] ?? step.text }

  /// The step of the caller that hands the value to the frame's function.
  private static func handed(to frame: Frame, in walk: Walk) -> ValueStep? {
    walk.allFrames.lazy.flatMap(\.steps).first {
      $0.kind == .call && $0.target == frame.function && $0.location.file == frame.reachedBy.location.file
        && $0.location.line == frame.reachedBy.location.line
    }
  }

  // MARK: Texts

  private static func text(_ value: Expression, _ names: [Expression: String]) -> String {
    let printer = Printer(dropsOutermostSign: true, names: names)
    let text = printer.print(value)
    guard text.count > longest else { return text }
    let named = printer.printNamingSharedParts(value).oneLine
    if named.count <= longest { return named }
    guard value.type != .bool else { return "a condition of \(text.count) characters (see --format json)" }
    return choice(of: value, printer)
  }

  /// `one of -22, 0 or nr_slots * 4096`
  private static func choice(of value: Expression, _ printer: Printer) -> String {
    var leaves: [String] = []
    for leaf in value.leaves {
      let text = leaf.constantNumber.map { "\($0)" } ?? printer.print(leaf)
      leaves.append(text.count <= 60 ? text : "a formula of \(text.count) characters")
    }
    // Numbers first: they are short, and mostly errors.
    let isNumber = { (leaf: String) in leaf.first == "-" || leaf.allSatisfy(\.isNumber) }
    leaves = leaves.uniqued.filter(isNumber) + leaves.uniqued.filter { !isNumber($0) }
    guard leaves.count > 1, let last = leaves.popLast() else { return leaves.first ?? "" }
    let all = "one of \(leaves.joined(separator: ", ")) or \(last)"
    return all.count <= longest ? all : "one of \(leaves.count + 1) values"
  }
}

extension Expression {
  /// What a choice comes to in its arms, each conversion of the whole kept on every arm.
  fileprivate var leaves: [Expression] {
    switch kind {
    case .select(_, let then, let otherwise): return (then.leaves + otherwise.leaves).uniqued
    case .convert(let inner) where type != .bool:
      let leaves = inner.leaves
      return leaves.count == 1 ? [self] : leaves.map { Expression(.convert($0), type).simplified }
    default: return [self]
    }
  }
}

/// How often the text of a function writes each of its variables.
private struct VariableWrites {
  private var counts: [String: Int] = [:]
  private static let assignments: Set<String> = [
    "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--",
  ]

  init(_ excerpt: SourceExcerpt) {
    let tokens = BranchReader(excerpt).tokens.map(\.text)
    for (index, name) in tokens.enumerated() {
      let before = index > 0 ? tokens[index - 1] : ""
      let after = index + 1 < tokens.count ? tokens[index + 1] : ""
      guard before != ".", before != "->" else { continue }
      // Whoever has its address may write it.
      if Self.assignments.contains(after) || ["++", "--", "&"].contains(before) { counts[name, default: 0] += 1 }
    }
  }

  func count(of name: String) -> Int { counts[name] ?? 0 }
}
