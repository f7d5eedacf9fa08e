internal import WalkerClang
internal import WalkerFormula
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
      doubtCall(name, at: cursor) { "\(name)() may write \($0) in a loop that is not followed turn by turn" }
    }
    cursor.children.forEach(doubtCalls)
  }

  /// A function that runs when the variable goes out of scope, on whichever way that is.
  func doubtCleanup(of variable: Cursor) {
    guard let name = variable.cleanupFunction else { return }
    doubtCall(name, at: variable) { "\(name)() may write \($0) when \(variable.spelling) goes out of scope" }
  }

  private func doubtCall(_ name: String, at cursor: Cursor, _ why: (String) -> String) {
    let functions = program.file(of: cursor.unit)?.functions
    let fields = functions?[name].map { writtenFields($0) } ?? (writers.mayWrite(name) ? watchedFields : [])
    if !fields.isEmpty { doubt(fields, why(fields.sorted().joined(separator: ", ")), at: cursor) }
  }

  /// A call that was not looked into may change a variable that a result rests on: which one, in a sentence.
  func changedVariable(among inputs: Set<Input>) -> String? {
    let variables = Set(inputs.compactMap { origins[$0.id] }.filter(\.isGlobal).map(\.storage))
    guard !variables.isEmpty else { return nil }
    for call in unentered {
      guard let definition = call.definition else { continue }
      var seen: Set<String> = []
      let written = writtenVariables(definition, &seen).intersection(variables)
      if let first = written.min() {
        return "\(call.name)(), which may write \(first), was not entered, \(call.location)"
      }
    }
    return nil
  }

  /// By the function itself, or by those of its unit that it calls.
  private func writtenVariables(_ definition: Cursor, _ seen: inout Set<String>) -> Set<String> {
    guard seen.insert(definition.spelling).inserted else { return [] }
    let traits = traits(of: definition)
    let functions = program.file(of: definition.unit)?.functions
    return traits.callees.reduce(into: traits.storedVariables) { written, name in
      if let next = functions?[name] { written.formUnion(writtenVariables(next, &seen)) }
    }
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
