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
    /// What the walkthrough answers for them, in a sentence.
    public let answer: AnswerSentence?

    public init(
      kernel: String, inputs: [Counterexample.NamedNumber], results: [Outcome], notes: [String] = [],
      answer: AnswerSentence? = nil
    ) {
      self.answer = answer
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
      /// What is left of the formula when a knob is not known whose default the kernel computes at boot, and what to do.
      case open(formula: String, why: String)
      /// C gives no value for these inputs, or the result could not be derived: why.
      case none(String)
    }

    public let id: String
    public let value: Value
    /// The step that decided: `capped by widget.cap at widget/core.c:1876`.
    public let decidedBy: String?
    /// Under which conditions on knobs it holds, where these are others: `while widget_slow = 0; it is 1`.
    public let reservations: [String]
    /// What the number is called, `-EPERM`, or what is said where there is none, `not stored`.
    public let words: String?

    public init(
      id: String, value: Value, decidedBy: String? = nil, reservations: [String] = [], words: String? = nil
    ) {
      self.words = words
      self.id = id
      self.value = value
      self.decidedBy = decidedBy
      self.reservations = reservations
    }
  }

  public let walkthrough: String
  public let rows: [Row]

  public init(walkthrough: String, rows: [Row]) {
    self.walkthrough = walkthrough
    self.rows = rows
  }

  /// Whether every result has a number, is known to have none, or waits for a number that only a booted kernel has.
  public var isComplete: Bool {
    rows.allSatisfy { row in
      row.results.allSatisfy { if case .none = $0.value { false } else { true } }
    }
  }

  /// As `walker.eval/1`: a result that no input can reach, or that has no value, is `null`; `why` then says why.
  public var json: JSONText {
    .members([
      "schema": .text("walker.eval/1"), "walkthrough": .text(walkthrough),
      "rows": .list(
        rows.map { row in
          .members([
            "kernel": .text(row.kernel),
            "answer": (row.answer?.text).map(JSONText.text),
            "inputs": .object(row.inputs.map { .init(name: $0.name, value: .number($0.number)) }),
            "results": .object(row.results.map { .init(name: $0.id, value: $0.json) }),
            "decidedBy": .object(
              row.results.compactMap { result in
                result.decidedBy.map { .init(name: result.id, value: .text($0)) }
              }),
            "why": .object(
              row.results.compactMap { result in result.why.map { .init(name: result.id, value: .text($0)) } }),
            "while": .object(
              row.results.filter { !$0.reservations.isEmpty }.map {
                .init(name: $0.id, value: .texts($0.reservations))
              }),
            "words": .object(
              row.results.compactMap { result in result.words.map { .init(name: result.id, value: .text($0)) } }),
            "notes": .texts(row.notes),
          ])
        }),
    ])
  }

  /// RFC 4180, with a head: the kernel, every input, every result; empty where there is no number.
  public var csv: String {
    let inputs = rows.flatMap { $0.inputs.map(\.name) }.uniqued
    let results = rows.flatMap { $0.results.map(\.id) }.uniqued
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

  /// The answers, and a table with a column for a kernel and a row for each input and result; what there is to say of a
  /// number stands beside it or below it.
  public func text(_ options: TextOptions) -> String { options.write(EvalText(self, options).lines()) }
}

extension EvalTable.Outcome {
  var number: Int128? {
    if case .number(let number) = value { number } else { nil }
  }

  var why: String? {
    switch value {
    case .none(let why): why
    case .open(let formula, let why): "\(formula): \(why)"
    case .number, .never: nil
    }
  }

  fileprivate var json: JSONText { number.map(JSONText.number) ?? .null }

  var word: String {
    switch value {
    case .number(let number): words ?? "\(number)"
    case .never: words ?? "never"
    case .open: "at boot"
    case .none: "-"
    }
  }
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
  func input(_ name: String) -> String {
    for input in inputs where input.name == name { return String(input.number) }
    return ""
  }
}
