internal import WalkerClang

/// The declarations at file scope of one parse, by name, with the file that each belongs to where several files are
/// parsed together.
final class DeclarationTable {
  struct Entry {
    let cursor: Cursor
    /// The position of the joint parse's file that it stands in; nil in a header.
    let owner: Int?
  }

  /// Definitions.
  private(set) var functions: [String: [Entry]] = [:]
  /// Definitions by tag: `struct widget`.
  private(set) var records: [String: [Entry]] = [:]
  private(set) var variables: [String: [Entry]] = [:]
  /// Whatever the joint parse's files declare themselves.
  private(set) var own: [Entry] = []

  private(set) var count = 0

  init(_ unit: TranslationUnit, owners: [SourceFile: Int] = [:]) {
    for cursor in unit.root.children {
      count += 1
      let owner = owners.isEmpty ? nil : cursor.file.flatMap { owners[$0] }
      let entry = Entry(cursor: cursor, owner: owner)
      if owner != nil { own.append(entry) }
      switch cursor.kind {
      case .functionDeclaration where cursor.isDefinition: functions[cursor.spelling, default: []].append(entry)
      case .structDeclaration where cursor.isDefinition:
        records["struct " + cursor.spelling, default: []].append(entry)
      case .unionDeclaration where cursor.isDefinition: records["union " + cursor.spelling, default: []].append(entry)
      case .variableDeclaration: variables[cursor.spelling, default: []].append(entry)
      default: break
      }
    }
  }
}

/// The declarations of a table as one file sees them: its own and those of headers.
struct VisibleDeclarations {
  let entries: [String: [DeclarationTable.Entry]]
  let owner: Int?
  let unit: TranslationUnit
  /// Whether the file includes a header's declaration.
  let includes: ((Cursor) -> Bool)?
  /// One that has an initializer counts more than the later ones; else the last one counts.
  var prefersInitialized = false

  subscript(name: String) -> Cursor? {
    var found: Cursor?
    for entry in entries[name] ?? []
    where entry.owner == owner || (entry.owner == nil && includes?(entry.cursor) ?? true) {
      if !prefersInitialized || found?.initializer == nil { found = entry.cursor.seen(by: unit) }
    }
    return found
  }
}
