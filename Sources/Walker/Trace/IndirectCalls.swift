internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// Calls over a function pointer in an ops table: every initializer of the field in the tree is a candidate; the
/// walkthrough's conditions and the tables that register the ops table reject all but one.
extension Machine {
  struct Resolution {
    let function: String
    let definition: Cursor
    let reachedBy: ReachedBy
  }

  func resolveIndirect(_ callee: Cursor, _ target: Value, _ cursor: Cursor, tracked: Bool) -> Resolution? {
    guard let field = target.place?.foundThrough ?? target.place?.lastField else { return nil }
    do {
      return try resolve(field, cursor)
    } catch {
      note(Machine.unreadable(field.name, error))
      return nil
    }
  }

  private func resolve(_ field: FieldStep, _ cursor: Cursor) throws -> Resolution? {
    var accepted: [OpsCandidate] = []
    var rejected: [RejectedCandidate] = []
    let tables = Set(conditions.filter { $0.field == "table" }.map(\.value))
    var candidates: [OpsCandidate] = []
    for hit in try program.tree.answer(.initializer(field: field.field)) {
      guard let function = hit.value,
        let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file),
        block.record == field.record
      else { continue }
      candidates.append(OpsCandidate(function: function, block: block, hit: hit))
    }
    // A table that the walkthrough names is the one, of the calls that could come to it.
    let named = candidates.first { tables.contains($0.block.variable) }?.block.variable
    for candidate in candidates {
      let (function, block, hit) = (candidate.function, candidate.block, candidate.hit)
      if let named {
        if block.variable == named {
          candidate.evidence.append("the walkthrough names \(named) (\(hit.file):\(block.line))")
          accepted.append(candidate)
        } else {
          rejected.append(
            RejectedCandidate(
              function: function, table: block.variable, location: SourceLocation(file: hit.file, line: hit.line),
              why: "the walkthrough names \(named)"))
        }
      } else if let why = try reason(against: candidate) {
        rejected.append(
          RejectedCandidate(
            function: function, table: block.variable, location: SourceLocation(file: hit.file, line: hit.line),
            why: why))
      } else {
        accepted.append(candidate)
      }
    }
    guard let chosen = accepted.first else {
      note(Machine.noCandidate(field.name, rejected.count, program.location(cursor)))
      return nil
    }
    guard Set(accepted.map(\.function)).count == 1 else {
      note(Machine.ambiguousCandidates(field.name, accepted, program.location(cursor)))
      return nil
    }
    let unit = try program.unit(chosen.hit.file)
    guard chosen.block.isInFunction || unit.variables[chosen.block.variable]?.initializer != nil else {
      note(Machine.inactiveTable(chosen, program.location(cursor)))
      return nil
    }
    let (definition, _) = try program.definition(of: chosen.function, near: unit) { _ in true }
    guard let definition else {
      note(Machine.undefinedFunction(chosen.function, SourceLocation(file: chosen.hit.file, line: chosen.hit.line)))
      return nil
    }
    return Resolution(
      function: chosen.function, definition: definition,
      reachedBy: ReachedBy(
        kind: .indirect, location: program.location(cursor), through: field.name, table: chosen.block.variable,
        tableLocation: SourceLocation(file: chosen.hit.file, line: chosen.hit.line), evidence: chosen.evidence,
        rejected: rejected.sorted { ($0.location, $0.function) < ($1.location, $1.function) }))
  }

  /// Why the candidate is not the one; nil when nothing speaks against it.
  private func reason(against candidate: OpsCandidate) throws -> String? {
    for condition in conditions where condition.field != "table" {
      guard let given = candidate.block.fields[condition.field] else { continue }
      if !sameConstant(given, condition.value) { return "its \(condition.field) is \(given), not \(condition.value)" }
      candidate.evidence.append(".\(condition.field) = \(given) (\(candidate.hit.file):\(candidate.block.line))")
    }
    return try reasonByRegistration(candidate)
  }

  /// Tables that name the ops table (`.ops = &round_ops`) say for what it is registered.
  private func reasonByRegistration(_ candidate: OpsCandidate) throws -> String? {
    let top = candidate.hit.file.split(separator: "/").first.map(String.init) ?? ""
    var reasons: [String] = []
    var registrations: Set<String> = []
    for hit in try program.tree.answer(.mention(candidate.block.variable, below: top)) where hit.file.hasSuffix(".c") {
      guard let block = InitializerBlock(bytes: program.bytes(hit.file), line: hit.line, file: hit.file),
        block.fields.contains(where: { lastWord($0.value) == candidate.block.variable }),
        registrations.insert("\(hit.file):\(hit.line)").inserted
      else { continue }
      let asked = conditions.filter { block.fields[$0.field] != nil }
      guard !asked.isEmpty else { continue }
      if let wrong = asked.first(where: { !sameConstant(block.fields[$0.field] ?? "", $0.value) }) {
        reasons.append(
          "\(block.variable) registers it for \(wrong.field) \(block.fields[wrong.field] ?? ""), not \(wrong.value) (\(hit.file):\(hit.line))"
        )
      } else {
        let what = asked.map { block.fields[$0.field] ?? "" }.joined(separator: ", ")
        candidate.evidence.append("\(block.variable) registers it for \(what) (\(hit.file):\(hit.line))")
        return nil
      }
    }
    return reasons.first
  }

  private func lastWord(_ text: String) -> String {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.last.map(String.init) ?? text
  }

  /// `PF_` and `AF_` constants are two names of the same numbers (include/linux/socket.h).
  private func sameConstant(_ left: String, _ right: String) -> Bool {
    func normal(_ text: String) -> Substring { text.hasPrefix("PF_") ? "AF_" + text.dropFirst(3) : Substring(text) }
    return normal(left) == normal(right)
  }

  static func noCandidate(_ field: String, _ rejected: Int, _ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.call-path.no-candidate", severity: .error,
      summary:
        "No initializer of \(field) fits the walkthrough's conditions (\(rejected) rejected): the path ends here.",
      location: location,
      notes: [
        "Check `when:` in the walkthrough, and that the tree is complete; `when: {table: NAME}` names a table itself."
      ])
  }

  static func ambiguousCandidates(_ field: String, _ all: [OpsCandidate], _ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.call-path.ambiguous", severity: .error,
      summary: "\(all.count) initializers of \(field) fit the walkthrough's conditions: none is chosen.",
      location: location,
      notes: ["Name the table that is meant: `when: {table: \(all.first?.block.variable ?? "NAME")}`."]
        + all.map { "\($0.function) in \($0.block.variable), \($0.hit.file):\($0.hit.line)" })
  }

  static func inactiveTable(_ candidate: OpsCandidate, _ location: SourceLocation) -> Finding {
    Finding(
      id: "walker.call-path.inactive-table", severity: .error,
      summary: "\(candidate.block.variable) is not compiled in this configuration: the path ends here.",
      location: SourceLocation(file: candidate.hit.file, line: candidate.hit.line))
  }
}

/// One initializer of the field.
final class OpsCandidate {
  let function: String
  let block: InitializerBlock
  let hit: IndexHit
  var evidence: [String] = []

  init(function: String, block: InitializerBlock, hit: IndexHit) {
    self.function = function
    self.block = block
    self.hit = hit
  }
}
