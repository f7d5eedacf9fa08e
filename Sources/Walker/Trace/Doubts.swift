internal import WalkerClang
internal import WalkerModel

/// A place where memory may change in a way that the walk does not follow. A result that rests on one of the fields is
/// not derivable.
struct Doubt: Hashable {
  /// Names of fields; empty: any.
  let fields: Set<String>
  let why: String
  let location: SourceLocation

  func concerns(_ used: Set<String>) -> Bool { fields.isEmpty || !fields.isDisjoint(with: used) }
}

extension Machine {
  func doubt(_ fields: Set<String>, _ why: String, at cursor: Cursor) {
    let doubt = Doubt(fields: fields, why: why, location: program.location(cursor))
    if !doubts.contains(doubt) { doubts.append(doubt) }
  }

  /// The part of the code runs more than once, and is walked once: calls in it that write a field that a result speaks
  /// of are not accounted for.
  func doubtCalls(in cursor: Cursor) {
    if cursor.kind == .call, let name = cursor.referenced?.spelling {
      let functions = program.file(of: cursor.unit)?.functions
      let fields = functions?[name].map { writtenFields($0) } ?? (writers.mayWrite(name) ? watchedFields : [])
      if !fields.isEmpty {
        let list = fields.sorted().joined(separator: ", ")
        doubt(fields, "\(name)() may write \(list) in a loop that is not followed turn by turn", at: cursor)
      }
    }
    cursor.children.forEach(doubtCalls)
  }

  /// The watched fields that the function may write, itself or by those that it calls.
  private func writtenFields(_ definition: Cursor, depth: Int = 0) -> Set<String> {
    guard depth < 12, matters(definition) else { return [] }
    let traits = traits(of: definition)
    var fields = traits.storedFields.intersection(watchedFields)
    if !traits.writtenRecords.isDisjoint(with: watchedRecords) { fields.formUnion(watchedFields) }
    let functions = program.file(of: definition.unit)?.functions
    for callee in traits.callees {
      if let next = functions?[callee] {
        fields.formUnion(writtenFields(next, depth: depth + 1))
      } else if writers.mayWrite(callee) {
        fields.formUnion(watchedFields)
      }
    }
    return fields
  }
}
