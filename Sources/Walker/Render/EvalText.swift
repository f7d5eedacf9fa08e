internal import WalkerModel

/// An `EvalTable` for people.
///
///     open(w, 511) on Linux 1.0.3: 128 gadgets fit in
///
///                       1.0  2.0
///     room              511  511
///     widget.max        128
///     ──────────────────────────
///     room-limit        128  511
///         1.0: capped by widget.max at drivers/widget/core.c:48
///     full-at         never    9  while widget.slow = 0; it is 1
struct EvalText {
  private let table: EvalTable
  private let options: TextOptions

  init(_ table: EvalTable, _ options: TextOptions) {
    self.table = table
    self.options = options
  }

  func lines() -> [StyledLine] {
    var lines = answers()
    var rest = table.rows[...]
    while !rest.isEmpty {
      let rows = fitting(rest)
      if !lines.isEmpty { lines.append(.empty) }
      lines += block(Array(rows))
      rest = rest.dropFirst(rows.count)
    }
    return lines
  }

  private func answers() -> [StyledLine] {
    table.rows.compactMap(\.answer).flatMap { answer in
      StyledLine(answer.isProved ? "✓ " : "? ", answer.isProved ? .good : .warning).appending(answer.text, .strong)
        .wrapped(to: options.textWidth, rest: StyledLine("  "))
    }
  }

  /// As many kernels as the width has room for, at least one.
  private func fitting(_ rows: ArraySlice<EvalTable.Row>) -> ArraySlice<EvalTable.Row> {
    var count = 0
    var width = labels.map { DisplayWidth.of($0) }.max() ?? 0
    for row in rows {
      width += 2 + columnWidth(row)
      if count > 0, width > options.width { break }
      count += 1
    }
    return rows.prefix(count)
  }

  private var labels: [String] { inputNames + resultNames }
  private var inputNames: [String] { table.rows.flatMap { $0.inputs.map(\.name) }.uniqued }
  private var resultNames: [String] { table.rows.flatMap { $0.results.map(\.id) }.uniqued }

  private func columnWidth(_ row: EvalTable.Row) -> Int {
    ([row.kernel] + inputNames.map(row.input) + row.results.map(\.word)).map { DisplayWidth.of($0) }.max() ?? 0
  }

  private func block(_ rows: [EvalTable.Row]) -> [StyledLine] {
    let labelWidth = labels.map { DisplayWidth.of($0) }.max() ?? 0
    let cellsWidth = rows.reduce(0) { $0 + 2 + columnWidth($1) }
    // On a narrow terminal a number stands under its name.
    let isStacked = labelWidth + cellsWidth > options.width
    func line(_ label: StyledLine, _ cells: [StyledLine]) -> [StyledLine] {
      var line = isStacked ? StyledLine("  ") : label
      if !isStacked { line.pad(to: labelWidth) }
      for (row, cell) in zip(rows, cells) {
        line.append("  ")
        line.pad(to: line.width + max(0, columnWidth(row) - cell.width))
        line.append(cell)
      }
      return isStacked ? (label.isEmpty ? [] : [label]) + [line] : [line]
    }
    var lines = line(.empty, rows.map { StyledLine($0.kernel, .dim) })
    lines += inputNames.flatMap { name in line(StyledLine(name, .dim), rows.map { StyledLine($0.input(name)) }) }
    let width = isStacked ? cellsWidth + 2 : labelWidth + cellsWidth
    lines.append(StyledLine(String(repeating: "─", count: min(width, options.width)), .rule))
    for id in resultNames {
      let outcomes = rows.map { row in row.results.first { $0.id == id } }
      var own = line(StyledLine(id), outcomes.map { StyledLine($0?.word ?? "", .strong) })
      var notes = self.notes(outcomes, rows.map(\.kernel))
      if let first = notes.first, notes.count == 1, let last = own.popLast() {
        if last.width + 2 + first.width <= options.width {
          own.append(last.appending("  ").appending(first))
          notes = []
        } else {
          own.append(last)
        }
      }
      lines += own + notes.flatMap(indented)
    }
    for row in rows {
      let kernel = rows.count > 1 ? "\(row.kernel): " : ""
      lines += row.notes.flatMap { indented(StyledLine("note: ", .warning).appending(kernel + $0)) }
    }
    return lines
  }

  /// What is said of a result, once for the kernels of which it is true.
  private func notes(_ outcomes: [EvalTable.Outcome?], _ kernels: [String]) -> [StyledLine] {
    var said: [(text: String, style: Style, kernels: [String])] = []
    for (outcome, kernel) in zip(outcomes, kernels) {
      guard let outcome else { continue }
      let notes: [(String, Style)] =
        outcome.reservations.map { ($0, .warning) }
        + [outcome.why, outcome.decidedBy].compactMap(\.self).map { ($0, .plain) }
      for (text, style) in notes {
        if let known = said.firstIndex(where: { $0.text == text }) {
          said[known].kernels.append(kernel)
        } else {
          said.append((text, style, [kernel]))
        }
      }
    }
    return said.map { note in
      let isOfAll = note.kernels.count == outcomes.count
      let lead = isOfAll ? "" : note.kernels.joined(separator: ", ") + ": "
      return StyledLine(lead, .dim).appending(note.text, note.style)
    }
  }

  private func indented(_ text: StyledLine) -> [StyledLine] {
    text.wrapped(to: options.textWidth, first: StyledLine("    "), rest: StyledLine("      "))
  }
}
