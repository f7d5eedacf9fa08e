internal import WalkerModel

/// Records the calls that a system call really makes, and holds them against the derived path.
struct ChainInquiry: Sendable {
  let frames: [Frame]
  let input: Probes.InputKind
  /// Functions to record below, the first that there is.
  let roots: [String]

  init(walk: Walk, entry: Walkthrough.Entry, input: Probes.InputKind) {
    frames = walk.frames.filter { $0.role == .path }
    self.input = input
    var roots: [String] = []
    // What SYSCALL_DEFINEn makes of a name, the outermost first.
    func wrappers(_ name: String) -> [String] { ["__x64_sys_", "__se_sys_", "sys_"].map { $0 + name } }
    if case .syscall(let name) = entry { roots = wrappers(name) }
    // Where the compiler has left no function of the path, the call itself is above all of them.
    self.roots = roots + frames.map(\.function) + wrappers(input.systemCall)
  }

  /// - Parameter values: the first that the call takes is the one to record.
  func questions(values: [UInt64]) -> [String] {
    let recorded = roots + frames.flatMap { $0.reachedBy.rejected.map(\.function) }
    let names = Set(recorded).sorted().joined(separator: ",")
    let given = values.map(String.init).joined(separator: ",")
    return frames.enumerated().map { "s.\($0.offset) symbol \($0.element.function)" }
      + ["t trace \(input.wire) \(given) \(roots.joined(separator: ",")) \(names)"]
  }

  func verification(_ given: AnswersByQuestion, failure: String?) -> ChainVerification {
    let lines = given.lines("t").map { $0.split(separator: " ") }
    func unanswered(_ why: String) -> ChainVerification {
      ChainVerification(root: nil, links: [], problems: [], failure: why)
    }
    if case .failed(let step, let error)? = given.reading("t") {
      return unanswered(
        step == "tracer" ? "the kernel's function_graph tracer can't be used" : Reading.reason(step, error))
    }
    let calls = lines.compactMap { words -> CallTree.Call? in
      guard words.count >= 3, words[0] == "call", let depth = Int(words[1]), depth >= 0 else { return nil }
      return CallTree.Call(depth: depth, name: String(words[2]))
    }
    guard let root = lines.first(where: { $0.first == "root" && $0.count == 2 }),
      lines.contains(["calls", "\(calls.count)"]), calls.first?.depth == 0
    else { return unanswered(failure ?? "the record of calls is not complete") }
    let callers = lines.filter { $0.first == "caller" && $0.count == 3 }.map { ($0[1], $0[2]) }
    // Where only some functions were recorded, those in between are missing from the tree.
    guard lines.contains(["recorded", "all"]) || (lines.contains(["recorded", "some"]) && !callers.isEmpty)
    else { return unanswered(failure ?? "the record of calls does not say who called") }
    let symbols = frames.indices.map { given.lines("s.\($0)").first?.split(separator: " ").dropFirst().first }
    let tree = CallTree(calls, callers: callers.map { .init(function: String($0.0), caller: String($0.1)) })
      .from(String(root[1]))
    return compare(tree, root: String(root[1]), symbols: symbols.map { $0.map(String.init) })
  }

  private func compare(_ tree: CallTree, root: String, symbols: [String?]) -> ChainVerification {
    var links: [ChainVerification.Link] = []
    var problems: [String] = []
    var place = 0
    // Frames since that place of which the tracer sees nothing.
    var unseen: Set<String> = []
    // Whether one of them was seen: until then the function that was traced may be any of them.
    var isBegun = false
    for (position, frame) in frames.enumerated() {
      problems += denied(frame, below: place, tree)
      let state = state(
        frame, after: position == 0 ? nil : frames[position - 1], symbols[position], &place, unseen,
        isBegun ? nil : tree.calls[0].base, tree)
      switch state {
      case .untraceable: unseen.insert(frame.function)
      case .called: (unseen, isBegun) = ([], true)
      case .inlined, .copied, .missing: break
      }
      links.append(.init(function: frame.function, state: state))
      guard state == .missing else { continue }
      let caller = tree.calls[place].name
      if let other = tree.callers(of: frame.function).first {
        problems.append("\(frame.function) is called by \(other), not by \(caller)")
      } else {
        problems.append("\(frame.function) is not called below \(caller)")
      }
    }
    return ChainVerification(root: root, links: links, problems: problems, failure: nil)
  }

  /// Candidates of an indirect call that the derivation rejects, and that are called all the same.
  private func denied(_ frame: Frame, below place: Int, _ tree: CallTree) -> [String] {
    let others = Dictionary(frame.reachedBy.rejected.map { ($0.function, $0.why) }) { first, _ in first }
    return tree.below(place).compactMap { call in
      guard call.base != frame.function, let why = others[call.base] else { return nil }
      return "\(call.base) is called, which the derivation rejects (\(why))"
    }
  }

  private func state(
    _ frame: Frame, after caller: Frame?, _ symbol: String?, _ place: inout Int, _ unseen: Set<String>,
    _ root: String?, _ tree: CallTree
  ) -> ChainVerification.Link.State {
    if frame.function == root { return .called(depth: 0) }
    if let child = tree.child(frame.function, of: place, through: unseen) {
      place = child
      return .called(depth: tree.calls[child].depth)
    }
    switch symbol {
    case "absent": return .inlined
    case "present": return .untraceable
    case "traceable" where tree.callers(of: frame.function).isEmpty && caller?.location.file == frame.location.file:
      return .copied
    default: return .missing
    }
  }
}

/// Calls in the order in which they began, with how deep each is among those that were recorded.
struct CallTree {
  struct Call: Hashable {
    let depth: Int
    let name: String
    /// Without what the compiler adds to a variant that it made: `.isra.0`, `.constprop.0`, `.part.0`.
    var base: String { String(name.prefix { $0 != "." }) }
  }

  /// A function and the one that it returns to: its caller, or, where that gave its place to it by a jump, the caller's.
  struct Return: Hashable {
    let function: String
    let caller: String

    init(function: String, caller: String) {
      self.function = Self.base(function)
      self.caller = Self.base(caller)
    }

    private static func base(_ name: String) -> String { String(name.prefix { $0 != "." }) }
  }

  let calls: [Call]
  /// Empty where every call is in the tree, which then shows who called.
  let returns: [Return]

  init(_ calls: [Call], callers returns: [Return] = []) {
    self.calls = calls
    self.returns = returns
  }

  /// The outermost call of that function with all below it. An interrupt that came first is recorded before it, beside it.
  func from(_ function: String) -> CallTree {
    guard let start = calls.firstIndex(where: { $0.depth == 0 && $0.base == function }) else { return self }
    return CallTree([calls[start]] + below(start), callers: returns)
  }

  /// Everything called below a call.
  func below(_ place: Int) -> ArraySlice<Call> {
    let rest = calls[(place + 1)...]
    return rest[..<(rest.firstIndex { $0.depth <= calls[place].depth } ?? rest.endIndex)]
  }

  /// The first call of a function by the one at `place` itself, by a part of it that the compiler split off, or by one of
  /// `unseen`, which it calls and which are not recorded.
  func child(_ function: String, of place: Int, through unseen: Set<String> = []) -> Int? {
    let slice = below(place)
    let direct = slice.indices.filter { slice[$0].depth == calls[place].depth + 1 }
    if let child = direct.first(where: { calls[$0].base == function && isCalledWithin($0, or: unseen) }) {
      return child
    }
    return direct.lazy.filter { calls[$0].base == calls[place].base }.compactMap {
      child(function, of: $0, through: unseen)
    }
    .first
  }

  /// Whether a call returns to one that it lies in: no other function, which was not recorded, stands in between.
  private func isCalledWithin(_ place: Int, or unseen: Set<String>) -> Bool {
    guard !returns.isEmpty else { return true }
    var around = unseen
    var depth = calls[place].depth
    for call in calls[..<place].reversed() where call.depth < depth {
      around.insert(call.base)
      depth = call.depth
    }
    return returns.contains { $0.function == calls[place].base && around.contains($0.caller) }
  }

  /// Who calls a function, in order.
  func callers(of function: String) -> [String] {
    guard returns.isEmpty else { return returns.filter { $0.function == function }.map(\.caller) }
    return calls.indices.filter { calls[$0].base == function }.compactMap { index in
      calls[..<index].last { $0.depth < calls[index].depth }?.name
    }
  }
}
