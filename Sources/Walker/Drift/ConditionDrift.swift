internal import WalkerModel

/// How two sets of conditions differ.
///
/// One that was only added or only dropped, and one that asks something else about the same things, is a change of
/// meaning. Where the code around it was rewritten (it called other functions before, which may have asked the same), or
/// a condition is too long to be read, nothing is proved either way. What depends on nothing but the inputs of results that
/// are proved the same is a part of what was proved.
struct ConditionDrift {
  private(set) var verdict: CheckVerdict = .ok
  private(set) var reasons: [PathReport.Reason] = []
  private let noun: (one: String, many: String)
  private let worst: CheckVerdict
  private let functions: FunctionMap
  private let covered: Set<String>

  /// - Parameters:
  ///   - gone: what held and no longer does.
  ///   - added: what holds and did not.
  ///   - worst: the verdict for a change that is certain.
  ///   - covered: what the results quantify over, where all of them are proved the same.
  init(
    gone: [ConditionPrint], added: [ConditionPrint], noun: (one: String, many: String) = ("condition", "conditions"),
    worst: CheckVerdict = .broken, functions: FunctionMap, covered: Set<String>
  ) {
    self.noun = noun
    self.covered = covered
    self.worst = worst
    self.functions = functions
    var (gone, added) = (gone, added)
    takeCovered(&gone, &added)
    pair(&gone, &added)
    pairCalls(&gone, &added)
    let unread = gone.count { !$0.isReadable } + added.count { !$0.isReadable }
    let isReplaced = unread > 0 || !gone.isEmpty && !added.isEmpty
    for condition in added where condition.isReadable {
      let isProved = !isReplaced && !functions.isRewritten(at: condition.location)
      add(
        isProved ? worst : .unchecked,
        "a \(noun.one) \(isProved ? "was added" : "was not there before, in code that was rewritten"): \(condition.text)\(condition.quoted)",
        condition.location)
    }
    for condition in gone where condition.isReadable {
      let isProved = !isReplaced && !functions.wasRewritten(at: condition.location)
      add(
        isProved ? worst : .unchecked, "a \(noun.one) is gone: \(condition.text), which stood at \(condition.location)",
        nil
      )
    }
    addUnreadable(gone.filter { !$0.isReadable }, added.filter { !$0.isReadable })
  }

  private mutating func takeCovered(_ gone: inout [ConditionPrint], _ added: inout [ConditionPrint]) {
    func isCovered(_ condition: ConditionPrint) -> Bool {
      !condition.isStructural && !condition.subjects.isEmpty && covered.isSuperset(of: condition.subjects)
    }
    for condition in added where isCovered(condition) {
      add(
        .review, "a \(noun.one) on the inputs is another one, and the results are proved the same\(condition.quoted)",
        condition.location)
    }
    for condition in gone where isCovered(condition) && !added.contains(where: isCovered) {
      add(
        .review,
        "a \(noun.one) on the inputs is gone, and the results are proved the same; it stood at \(condition.location)",
        nil)
    }
    gone.removeAll(where: isCovered)
    added.removeAll(where: isCovered)
  }

  /// Those that ask the same of another function: it may have been renamed below the walked code, or be another one.
  private mutating func pairCalls(_ gone: inout [ConditionPrint], _ added: inout [ConditionPrint]) {
    for condition in gone where condition.isReadable {
      guard let twin = added.firstIndex(where: { $0.isReadable && $0.withoutCalls == condition.withoutCalls }) else {
        continue
      }
      let changed = added.remove(at: twin)
      gone.removeAll { $0 == condition }
      add(
        .unchecked, "a \(noun.one) asks another function: \(condition.text) became \(changed.text)\(changed.quoted)",
        changed.location)
    }
  }

  /// Those that ask something else of the same things.
  private mutating func pair(_ gone: inout [ConditionPrint], _ added: inout [ConditionPrint]) {
    for condition in gone where condition.isReadable && !condition.subjects.isEmpty {
      guard let twin = added.firstIndex(where: { $0.isReadable && $0.subjects == condition.subjects }) else { continue }
      let changed = added.remove(at: twin)
      gone.removeAll { $0 == condition }
      // Whether another type makes a difference depends on which numbers there are.
      let isOfTypes = changed.differsInTypes(from: condition)
      add(
        isOfTypes || functions.isRewritten(at: changed.location) ? .unchecked : worst,
        "a \(noun.one) changed from \(condition.text) to \(changed.text)\(changed.quoted)", changed.location)
    }
  }

  /// Conditions of which only hashes are known: that they differ is all that can be said.
  private mutating func addUnreadable(_ gone: [ConditionPrint], _ added: [ConditionPrint]) {
    func list(_ conditions: [ConditionPrint]) -> String {
      conditions.map { $0.source.isEmpty ? "\($0.location)" : "\($0.source) (\($0.location))" }.joined(separator: ", ")
    }
    var parts: [String] = []
    if !gone.isEmpty { parts.append("no longer as it was at \(list(gone))") }
    if !added.isEmpty { parts.append("now \(list(added))") }
    guard !parts.isEmpty else { return }
    add(
      .unchecked, "\(noun.many) differ, and nothing proves them the same: \(parts.joined(separator: "; "))",
      added.first?.location)
  }

  private mutating func add(_ verdict: CheckVerdict, _ text: String, _ location: SourceLocation?) {
    self.verdict = max(self.verdict, verdict)
    reasons.append(PathReport.Reason(verdict: verdict, text: ReadableText.of(text), location: location))
  }
}

extension ConditionPrint {
  /// A longer formula is kept as its hash; so is a condition that the walk did not come by.
  var isReadable: Bool { !text.contains("formula ") && !isStructural }
  var isStructural: Bool { ["if ", "unless ", "case "].contains(where: text.hasPrefix) }
  fileprivate var withoutCalls: String { text.replacing(/\w+\(\)/, with: "()") }
  /// Asks the same in other types: casts, or the types that operators and comparisons carry, are all that differs. Operands
  /// are ordered by their text, in which a cast stands first.
  fileprivate func differsInTypes(from other: ConditionPrint) -> Bool {
    types != other.types && withoutTypes == other.withoutTypes
  }

  private var types: [Substring] {
    text.matches(of: #/\((?:int|bool|[us]\d+)\)|\[(?:int|bool|[us]\d+)\]|<=?[us](?= )/#).map(\.output).sorted()
  }

  /// The words and signs, sorted.
  private var withoutTypes: [Substring] {
    text.replacing(#/\((?:int|bool|[us]\d+)\)|\[(?:int|bool|[us]\d+)\]/#, with: " ")
      .replacing(#/(<=?)[us](?= )/#) { $0.output.1 }
      .matches(of: #/\w+|[^\w\s()]+/#).map(\.output).sorted()
  }

  var quoted: String { source.isEmpty ? "" : " (in the source: \(source))" }

  func stands(in function: FunctionFacts?) -> Bool {
    guard let function else { return true }
    return function.contains(location)
  }
}

extension FunctionFacts {
  func contains(_ place: SourceLocation) -> Bool {
    place.file == location.file && (location.line...max(endLine, location.line)).contains(place.line)
  }
}
