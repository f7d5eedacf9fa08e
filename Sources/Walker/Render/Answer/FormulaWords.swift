internal import WalkerModel

/// A formula as a person reads it: what is long and occurs more than once has a name, and the rare case stands apart.
///
///     min((u32) size, (u32) cap) + 1, never when min((u32) size, (u32) cap) == 0xffffffff
///     A + 1                                   where A = min((u32) size, (u32) cap)
///                                             never when A == 0xffffffff
struct FormulaWords: Hashable {
  let formula: String
  /// `A = min((u32) size, (u32) cap)`, in order; later ones may speak of earlier ones.
  let definitions: [String]
  /// `never when A == 0xffffffff`, `not stored when …`
  let edge: String?

  init(_ text: String) {
    let (text, definitions) = Self.naming(text)
    let edges = ObservationKind.all.map { ", \($0.absence) when " }.compactMap { text.firstRange(of: $0) }
    if let range = edges.first {
      formula = String(text[..<range.lowerBound])
      edge = String(text[range].dropFirst(2)) + text[range.upperBound...]
    } else {
      formula = text
      edge = nil
    }
    self.definitions = definitions
  }

  /// Several formulas, with names for what they share.
  static func naming(_ texts: [String]) -> (texts: [String], definitions: [String]) {
    let (text, definitions) = naming(texts.joined(separator: "\n"))
    return (text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), definitions)
  }

  private static func naming(_ text: String) -> (text: String, definitions: [String]) {
    var text = text
    var definitions: [String] = []
    var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init).filter { !words(in: text).contains($0) }[...]
    while let part = repeated(in: text), let name = letters.popFirst() {
      let named = text.replacing(part, with: name)
      // The definition costs as much as it has letters, and a few more.
      guard named.count + part.count + 8 < text.count else { break }
      text = named
      definitions.append("\(name) = \(part)")
    }
    return (text, definitions)
  }

  /// The longest call (`min(…)`) that stands in the text twice; of equally long ones the first.
  private static func repeated(in text: String) -> String? {
    let letters = Array(text)
    var best: String?
    for start in letters.indices where isNameStart(letters, start) {
      guard let open = letters[start...].firstIndex(where: { !isOfName($0) }), letters[open] == "(",
        let close = closing(letters, open)
      else { continue }
      let part = String(letters[start...close])
      guard part.count >= 20, part.count > best?.count ?? 0, text.ranges(of: part).count > 1 else { continue }
      best = part
    }
    return best
  }

  private static func isOfName(_ letter: Character) -> Bool { letter.isLetter || letter.isNumber || letter == "_" }

  private static func isNameStart(_ letters: [Character], _ index: Int) -> Bool {
    isOfName(letters[index]) && (index == 0 || !isOfName(letters[index - 1]))
  }

  private static func closing(_ letters: [Character], _ open: Int) -> Int? {
    var depth = 0
    for index in open..<letters.count {
      if letters[index] == "(" { depth += 1 }
      if letters[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  private static func words(in text: String) -> Set<String> {
    Set(text.split(whereSeparator: { !isOfName($0) }).map(String.init))
  }
}
