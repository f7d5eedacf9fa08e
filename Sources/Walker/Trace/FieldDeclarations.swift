internal import WalkerClang
internal import WalkerKernel

/// Whether a tree declares a field at all: from the records that were parsed, else from the text of every declaration of
/// the record.
struct FieldDeclarations {
  let program: Program

  /// `struct widget.room`; nil where the tree's text can't be read.
  func declares(_ name: String) -> Bool? {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let tag = parts[0].split(separator: " ").last.map(String.init) else { return nil }
    for parsed in program.parsedFiles {
      if let record = parsed.records[parts[0]] { return holds(record, parts[1]) }
    }
    guard let hits = program.noting({ try program.tree.answer(.mention(tag, below: "")) }) else { return nil }
    return Set(hits.map(\.file)).sorted().contains { declares(tag, parts[1], in: $0) }
  }

  private func holds(_ record: Cursor, _ field: String) -> Bool {
    record.children.contains { $0.spelling == field || ($0.isAnonymous && holds($0, field)) }
  }

  /// `struct tag { … field … }` somewhere in the file.
  private func declares(_ tag: String, _ field: String, in file: String) -> Bool {
    let words = CTokens(program.bytes(file)).all.map(\.text)
    for start in words.indices.dropLast() where words[start] == tag && words[start + 1] == "{" {
      guard start > 0, words[start - 1] == "struct" || words[start - 1] == "union" else { continue }
      var depth = 0
      for word in words[(start + 1)...] {
        if word == "{" { depth += 1 }
        if word == "}" { depth -= 1 }
        if depth == 0 { break }
        if word == field { return true }
      }
    }
    return false
  }
}
