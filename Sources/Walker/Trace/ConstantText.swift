internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Numbers that the kernel's text writes as C: constants, and macros of the headers.
struct ConstantText {
  let program: Program

  /// nil when it is no constant, or its names are not macros with one meaning.
  func number(_ text: String) -> Int128? { expression(text, depth: 0)?.simplified.constantNumber }

  private func expression(_ text: String, depth: Int) -> Expression? {
    guard depth < 6, text.count < 200 else { return nil }
    var names: [String: Expression] = [:]
    for _ in 0..<8 {
      do throws(ClaimError) {
        return try Claim.parse(text, names: names).value
      } catch {
        guard let name = error.unknownName, names[name] == nil else { return nil }
        let meanings = macros(name).compactMap { expression($0, depth: depth + 1) }
        let numbers = Set(meanings.map { $0.simplified.constantNumber })
        // Two definitions that differ: which one is in force, the text does not say.
        guard let first = meanings.first, numbers.count == 1, !numbers.contains(nil) else { return nil }
        names[name] = first
      }
    }
    return nil
  }

  /// What the headers define the name as, in the order of the files.
  private func macros(_ name: String) -> [String] {
    guard let hits = program.noting({ try program.tree.answer(.mention(name, below: "include")) }) else { return [] }
    return hits.compactMap { hit in
      let lines = program.bytes(hit.file).split(separator: 10, omittingEmptySubsequences: false)
      guard lines.indices.contains(hit.line - 1) else { return nil }
      let parts = String(decoding: lines[hit.line - 1], as: UTF8.self)
        .replacing("#", with: " # ", maxReplacements: 1).split(whereSeparator: \.isWhitespace).map(String.init)
      guard parts.count >= 4, parts[0] == "#", parts[1] == "define", parts[2] == name else { return nil }
      return parts[3...].prefix { !$0.hasPrefix("/*") && !$0.hasPrefix("//") }.joined(separator: " ")
    }
  }
}
