internal import WalkerModel

/// What happens in a function of one kernel and not in that of the other.
struct News {
  private let before: [Happening]
  private let now: [Happening]
  /// Told apart by their conditions, too.
  private let differing: [Happening]

  init(of name: String, _ before: Baseline.Path?, _ now: Baseline.Path?) {
    let old = (before?.happenings ?? []).filter { $0.function == name }
    let new = (now?.happenings ?? []).filter { $0.function == name }
    let (known, here) = (Set(old.map(\.digest)), Set(new.map(\.digest)))
    differing = old.filter { !here.contains($0.digest) } + new.filter { !known.contains($0.digest) }
    (self.before, self.now) = (old, new)
  }

  var isOnlyReturned: Bool { !differing.isEmpty && differing.allSatisfy { $0.kind == "return" } }

  /// `: no longer calls find_slot, now calls take_slot; no longer returns -22`. What differs in its arguments or
  /// conditions only comes last.
  var text: String {
    var parts: [String] = []
    for (kind, words) in [("call", "calls"), ("store", "stores in"), ("return", "returns")] {
      let (old, new) = (subjects(before, kind), subjects(now, kind))
      let gone = old.filter { !new.contains($0) }
      let added = new.filter { !old.contains($0) }
      if !gone.isEmpty { parts.append("no longer \(words) \(Self.list(gone))") }
      if !added.isEmpty { parts.append("now \(words) \(Self.list(added))") }
      let same = subjects(differing, kind).filter { old.contains($0) && new.contains($0) }
      if !same.isEmpty {
        let how = kind == "return" ? "under other conditions" : "otherwise than before, or under other conditions,"
        parts.append("\(how) \(words) \(Self.list(same))")
      }
    }
    return parts.isEmpty ? "" : ": " + ReadableText.of(parts.joined(separator: "; "))
  }

  /// Names of functions, of fields, and returned values that can be read.
  private func subjects(_ happenings: [Happening], _ kind: String) -> [String] {
    var seen: Set<String> = []
    return happenings.filter { $0.kind == kind }.map(\.subject).filter {
      !$0.isEmpty && !$0.contains("formula ") && seen.insert($0).inserted
    }
  }

  private static func list(_ names: [String]) -> String {
    let most = 6
    return names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }
}

extension Happening {
  /// `call`, `store` or `return`.
  fileprivate var kind: String { text.split(separator: " ").first.map(String.init) ?? "" }

  fileprivate var subject: String {
    let rest = text.dropFirst(kind.count + 1)
    switch kind {
    case "call": return rest.split(separator: "(", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    case "store": return rest.split(separator: " in ").last.map(String.init) ?? ""
    default: return rest.count > 100 ? "" : String(rest)
    }
  }
}
