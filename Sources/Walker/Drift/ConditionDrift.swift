internal import WalkerModel

/// How two sets of conditions differ.
///
/// One that was only added or only dropped, and one that asks something else about the same things, is a change of
/// meaning. Where the code around it was rewritten (it called other functions before, which may have asked the same), or
/// a condition is too long to be read, nothing is proved either way.
struct ConditionDrift {
  private(set) var verdict: CheckVerdict = .ok
  private(set) var reasons: [PathReport.Reason] = []
  private let noun: String

  /// - Parameters:
  ///   - gone: what held and no longer does.
  ///   - added: what holds and did not.
  ///   - isRewritten: the function at that place lost calls.
  init(
    gone: [ConditionPrint], added: [ConditionPrint], noun: String = "condition", worst: CheckVerdict = .broken,
    isRewritten: (SourceLocation) -> Bool
  ) {
    self.noun = noun
    var (gone, added) = (gone, added)
    if (gone + added).contains(where: { !$0.isReadable }) {
      addUnreadable(gone, added)
      return
    }
    for condition in gone {
      guard let twin = added.firstIndex(where: { !$0.subjects.isEmpty && $0.subjects == condition.subjects }) else {
        continue
      }
      let changed = added.remove(at: twin)
      gone.removeAll { $0 == condition }
      let isProved = !isRewritten(changed.location)
      add(
        isProved ? worst : .unchecked,
        "a \(noun) changed from \(condition.text) to \(changed.text)\(changed.quoted)", changed.location)
    }
    let isReplaced = !gone.isEmpty && !added.isEmpty
    for condition in added {
      let isProved = !isReplaced && !isRewritten(condition.location)
      add(
        isProved ? worst : .unchecked,
        "a \(noun) \(isProved ? "was added" : "was not there before, in code that was rewritten"): \(condition.text)\(condition.quoted)",
        condition.location)
    }
    for condition in gone {
      add(
        isReplaced ? .unchecked : worst, "a \(noun) is gone: \(condition.text), which stood at \(condition.location)",
        nil)
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
    add(.unchecked, "\(noun)s differ, and nothing proves them the same: \(parts.joined(separator: "; "))", nil)
  }

  private mutating func add(_ verdict: CheckVerdict, _ text: String, _ location: SourceLocation?) {
    self.verdict = max(self.verdict, verdict)
    reasons.append(PathReport.Reason(verdict: verdict, text: text, location: location))
  }
}

extension ConditionPrint {
  /// A longer formula is kept as its hash; so is a condition that the walk did not come by.
  var isReadable: Bool { !text.hasPrefix("formula ") && !isStructural }
  var isStructural: Bool { ["if ", "unless ", "case "].contains(where: text.hasPrefix) }
  var quoted: String { source.isEmpty ? "" : " (in the source: \(source))" }

  func stands(in function: FunctionFacts?) -> Bool {
    guard let function else { return true }
    return location.file == function.location.file
      && (function.location.line...max(function.endLine, function.location.line)).contains(location.line)
  }
}
