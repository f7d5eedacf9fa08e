internal import WalkerKernel

/// Who may write the fields that results speak of, from the text of the whole tree: functions that assign to one of them
/// or take its address, and those that call such a function, a few calls deep.
///
/// It goes by names: a field of that name in another record makes its writers suspects, too, and they are entered for
/// nothing. Of calls over function pointers the fields are known that hold one of the functions.
final class FieldWriters {
  private let program: Program
  private let fields: Set<String>
  private lazy var found: (functions: Set<String>, holders: Set<String>) =
    program.noting(find) ?? (functions: [], holders: [])

  /// Calls between a function on the path and the one that writes.
  private static let depth = 3
  /// A field whose name is this common says nothing by its name.
  private static let limit = 400

  init(program: Program, fields: Set<String>) {
    self.program = program
    self.fields = fields
  }

  /// Whether the function may write one of the fields.
  func mayWrite(_ function: String) -> Bool { !fields.isEmpty && found.functions.contains(function) }

  /// Whether a call over that field of an ops table may come to such a function.
  func mayWrite(throughField field: String) -> Bool { !fields.isEmpty && found.holders.contains(field) }

  private func find() throws -> (functions: Set<String>, holders: Set<String>) {
    var functions: Set<String> = []
    var holders: Set<String> = []
    var new = Set(try program.tree.answers(fields.sorted().map { .writer(field: $0) }).joined().compactMap(\.value))
    for _ in 0..<Self.depth {
      functions.formUnion(new)
      guard !new.isEmpty, functions.count < Self.limit else { break }
      // Both questions about all names in one pass over the text.
      let names = new.sorted()
      let answers = try program.tree.answers(names.map { .caller(of: $0) } + names.map { .holder(of: $0) })
      holders.formUnion(answers.dropFirst(names.count).joined().compactMap(\.value))
      new = Set(answers.prefix(names.count).joined().compactMap(\.value)).subtracting(functions)
    }
    return (functions.union(new), holders)
  }
}
