public import WalkerModel

/// What results come to for given inputs: one row for a kernel and a set of inputs.
public struct EvalTable: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    public let kernel: String
    /// By name, in the order in which they are shown.
    public let inputs: [Counterexample.NamedNumber]
    public let results: [Outcome]
    /// What happened to the inputs before the kernel saw them.
    public let notes: [String]

    public init(kernel: String, inputs: [Counterexample.NamedNumber], results: [Outcome], notes: [String] = []) {
      self.kernel = kernel
      self.inputs = inputs
      self.results = results
      self.notes = notes
    }
  }

  public struct Outcome: Sendable, Hashable {
    public enum Value: Sendable, Hashable {
      case number(Int128)
      /// The threshold is never reached, or nothing is stored.
      case never
      /// C gives no value for these inputs, or the result could not be derived: why.
      case none(String)
    }

    public let id: String
    public let value: Value
    /// The step that decided: `capped by widget.cap at widget/core.c:1876`.
    public let decidedBy: String?

    public init(id: String, value: Value, decidedBy: String? = nil) {
      self.id = id
      self.value = value
      self.decidedBy = decidedBy
    }
  }

  public let walkthrough: String
  public let rows: [Row]

  public init(walkthrough: String, rows: [Row]) {
    self.walkthrough = walkthrough
    self.rows = rows
  }

  /// Whether every result has a number, or is known to have none.
  public var isComplete: Bool { rows.allSatisfy { $0.results.allSatisfy { $0.why == nil } } }

  /// As `walker.eval/1`: a result that no input can reach, or that has no value, is `null`; `why` then says why.
  public var json: JSONText {
    .members([
      "schema": .text("walker.eval/1"), "walkthrough": .text(walkthrough),
      "rows": .list(
        rows.map { row in
          .members([
            "kernel": .text(row.kernel),
            "inputs": .object(row.inputs.map { .init(name: $0.name, value: .number($0.number)) }),
            "results": .object(row.results.map { .init(name: $0.id, value: $0.json) }),
            "decidedBy": .object(
              row.results.compactMap { result in
                result.decidedBy.map { .init(name: result.id, value: .text($0)) }
              }),
            "why": .object(
              row.results.compactMap { result in result.why.map { .init(name: result.id, value: .text($0)) } }),
            "notes": .texts(row.notes),
          ])
        }),
    ])
  }

  /// RFC 4180, with a head: the kernel, every input, every result; empty where there is no number.
  public var csv: String {
    let inputs = unique(rows.flatMap { $0.inputs.map(\.name) })
    let results = unique(rows.flatMap { $0.results.map(\.id) })
    var lines = [["kernel"] + inputs + results]
    for row in rows {
      var line = [row.kernel]
      for name in inputs { line.append(row.input(name)) }
      for id in results {
        let number = row.results.first { $0.id == id }?.number
        line.append(number.map(String.init) ?? "")
      }
      lines.append(line)
    }
    var text = ""
    for line in lines { text += line.map(quoted).joined(separator: ",") + "\r\n" }
    return text
  }

  /// A table for people; under it, for each row, the steps that decided.
  public func text(_ options: TextOptions) -> String {
    let inputs = unique(rows.flatMap { $0.inputs.map(\.name) })
    let results = unique(rows.flatMap { $0.results.map(\.id) })
    var cells = [["kernel"] + inputs + results]
    for row in rows {
      var line = [row.kernel]
      for name in inputs { line.append(row.input(name)) }
      for id in results { line.append(row.results.first { $0.id == id }?.word ?? "") }
      cells.append(line)
    }
    let widths = (0..<cells[0].count).map { column in cells.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    var output = ""
    for (position, row) in cells.enumerated() {
      var line = StyledLine()
      for (column, cell) in row.enumerated() {
        if column > 0 { line.append("  ") }
        if column > 0 { line.pad(to: line.width + widths[column] - DisplayWidth.of(cell)) }
        let style: Style = position == 0 ? .dim : column > inputs.count ? .strong : .plain
        line.append(cell, style)
        if column == 0 { line.pad(to: widths[0]) }
      }
      line.write(to: &output, palette: options.palette)
      guard position > 0 else { continue }
      let row = rows[position - 1]
      let said = row.results.flatMap { result in
        [result.decidedBy, result.why].compactMap(\.self).map { StyledLine("\(result.id): ", .dim).appending($0) }
      }
      for text in said + row.notes.map({ StyledLine("note: ", .warning).appending($0) }) {
        let indent = StyledLine("    ")
        for line in text.wrapped(to: options.textWidth, first: indent, rest: indent.appending("  ")) {
          line.write(to: &output, palette: options.palette)
        }
      }
    }
    return output
  }
}

extension EvalTable.Outcome {
  fileprivate var number: Int128? {
    if case .number(let number) = value { number } else { nil }
  }

  fileprivate var why: String? {
    if case .none(let why) = value { why } else { nil }
  }

  fileprivate var json: JSONText { number.map(JSONText.number) ?? .null }

  fileprivate var word: String {
    switch value {
    case .number(let number): "\(number)"
    case .never: "never"
    case .none: "-"
    }
  }
}

private func unique(_ words: [String]) -> [String] {
  var seen: Set<String> = []
  return words.filter { seen.insert($0).inserted }
}

/// A spreadsheet computes what begins so, unless an apostrophe says that it is text. Numbers are left alone.
private func quoted(_ cell: String) -> String {
  var cell = cell
  if let first = cell.utf8.first, "=+-@\t\r".utf8.contains(first), Int128(cell) == nil { cell = "'" + cell }
  guard cell.contains(where: { ",\"\r\n".contains($0) }) else { return cell }
  return "\"" + cell.replacing("\"", with: "\"\"") + "\""
}

extension EvalTable.Row {
  /// The input's number as text; empty where the row has none of that name.
  fileprivate func input(_ name: String) -> String {
    for input in inputs where input.name == name { return String(input.number) }
    return ""
  }
}
