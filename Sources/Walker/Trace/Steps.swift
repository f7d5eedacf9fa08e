internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// What is written down on the way: a step for everything that happens to the followed value.
extension Machine {
  func recordAssignment(of given: Expression, stored: Expression, to place: Place, at cursor: Cursor, target: Cursor?) {
    guard isTracked(stored) || isTracked(given) else { return }
    let isOwn = place.isLocal
    // A macro's own variables are how it works, not what happens.
    if isOwn, target == nil || cursor.isFromMacro && target?.isFromMacro ?? true { return }
    let name = isOwn ? place.text : (place.lastField?.name ?? place.text)
    let kind: ValueStep.Kind = isOwn ? (isClamp(stored) ? .clamp : .assign) : .store
    // The simplifier drops a conversion that keeps the number: what is left of one loses bits.
    if case .convert(let wide) = stored.kind, wide.type.width > stored.type.width {
      record(.narrow, cursor, stored, target: name, inputs: [given], why: "keeps the low \(stored.type.width) bits")
    }
    let why =
      switch kind {
      case .clamp: "limited while it is assigned to \(name)"
      case .store: "stored to \(name)"
      default: "assigned to \(name)"
      }
    record(kind, cursor, stored, target: name, inputs: [given], why: why)
  }

  /// The limit is what this step adds: its value is a minimum or maximum on top.
  func isClamp(_ value: Expression) -> Bool {
    switch value.kind {
    case .convert(let inner): isClamp(inner)
    case .binary(.minimum, _, _), .binary(.maximum, _, _):
      !knownClamps.contains(value.hashValue) && knownClamps.insert(value.hashValue).inserted
    default: false
    }
  }

  func recordBranch(_ cursor: Cursor, _ condition: Expression, before: State?, stepsBefore: Int, isOneSided: Bool) {
    guard let node, let after = state else {
      if isTracked(condition) {
        record(
          .guardBranch, cursor.children.first ?? cursor, condition, target: nil, inputs: [condition],
          why: "decides the way")
      }
      return
    }
    var limited = false
    if !isOneSided {
      for (object, cells) in after.cells.sorted(by: { $0.key < $1.key }) {
        for (extent, cell) in cells.sorted(by: { $0.key < $1.key }) {
          guard case .scalar(let new) = cell.value, isTracked(new) else { continue }
          let old = before?.cells[object]?[extent]?.value.expression
          guard old != new, old.map(isTracked) ?? true, object.kind == .local(activation: activation.id) else {
            continue
          }
          let name = cellTexts[object]?[extent] ?? object.name
          let clamp = isClamp(new)
          // What a clamp inside of it made of the value stands there; that the code was come by at all adds nothing.
          if !clamp, !isTracked(condition), hasClamp(of: name, in: cursor) { continue }
          limited = limited || clamp
          node.steps.removeAll {
            $0.kind == .assign && $0.target == name && $0.range.start >= program.location(cursor)
              && $0.range.start.line <= program.range(cursor).endLine
          }
          record(
            clamp ? .clamp : .assign, cursor, new, target: name, inputs: [condition, old ?? new],
            why: clamp
              ? "limited: \(program.text(cursor.children.first ?? cursor))" : "one of two values, by the condition")
        }
      }
    }
    if !limited, isTracked(condition) {
      record(
        .guardBranch, cursor.children.first ?? cursor, condition, target: nil, inputs: [condition],
        why: "decides the way")
    }
  }

  private func hasClamp(of name: String, in cursor: Cursor) -> Bool {
    let whole = program.range(cursor)
    return node?.steps.contains {
      $0.kind == .clamp && $0.target == name && $0.range.start >= program.location(cursor)
        && $0.range.start.line <= whole.endLine
    } ?? false
  }

  func recordReturn(_ cursor: Cursor, _ value: Value) {
    guard case .scalar(let expression) = value else { return }
    record(.returned, cursor, expression, target: node?.name, inputs: [expression], why: "returned to the caller")
  }

  func recordCall(_ cursor: Cursor, _ value: Expression, to name: String) {
    record(.call, cursor, value, target: name, inputs: [value], why: "handed to \(name)()")
  }

  func record(
    _ kind: ValueStep.Kind, _ cursor: Cursor, _ value: Expression, target: String?, inputs: [Expression], why: String
  ) {
    guard let node else { return }
    let range = program.range(cursor)
    let step = ValueStep(
      kind: kind, range: range, value: value, text: text(value), target: target, inputs: inputs, why: why)
    // A loop comes by more than once: the last value stands.
    if let known = node.steps.firstIndex(where: {
      $0.kind == kind && $0.range.start == range.start && $0.target == target
    }) {
      node.steps[known] = step
    } else {
      node.steps.append(step)
    }
  }
}
