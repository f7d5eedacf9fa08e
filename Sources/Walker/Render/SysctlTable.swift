public import WalkerModel

/// Sysctls over kernels: default, range, type, whose, and where each stands.
public struct SysctlTable: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    public let kernel: String
    public let sysctl: SysctlReport

    public init(kernel: String, sysctl: SysctlReport) {
      self.kernel = kernel
      self.sysctl = sysctl
    }
  }

  public struct Gap: Sendable, Hashable {
    public let kernel: String
    public let missing: MissingSysctl

    public init(kernel: String, missing: MissingSysctl) {
      self.kernel = kernel
      self.missing = missing
    }
  }

  /// By name, within a name in the kernels' order.
  public let rows: [Row]
  public let gaps: [Gap]

  public init(rows: [Row], gaps: [Gap]) {
    var order: [String] = []
    for row in rows where !order.contains(row.sysctl.name) { order.append(row.sysctl.name) }
    self.rows = order.flatMap { name in rows.filter { $0.sysctl.name == name } }
    self.gaps = gaps
  }

  /// As `walker.knobs/1`.
  public var json: JSONText {
    .members([
      "schema": .text("walker.knobs/1"), "knobs": .list(rows.map(\.json)),
      "missing": .list(
        gaps.map {
          .members([
            "kernel": .text($0.kernel), "name": .text($0.missing.name), "why": .text($0.missing.why),
            "nearest": .orNull($0.missing.nearest),
          ])
        }),
    ])
  }

  private static let head = ["kernel", "name", "default", "range", "type", "namespace", "place"]

  /// RFC 4180. A cell that a spreadsheet would compute stands behind an apostrophe.
  public var csv: String {
    ([Self.head] + rows.map(\.cells)).map { line in
      line.map { cell in
        let isNumber = Int128(cell) != nil
        let text = !isNumber && cell.first.map { "=+-@\t\r".contains($0) } == true ? "'" + cell : cell
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
      }.joined(separator: ",") + "\r\n"
    }.joined()
  }

  public var markdown: String {
    let lines =
      [Self.head, Self.head.map { _ in "---" }] + rows.map { $0.cells.map { $0.replacing("|", with: "\\|") } }
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// One block a sysctl, one line a kernel.
  public func text(_ options: TextOptions) -> String {
    var output = ""
    var names: [String] = []
    for row in rows where !names.contains(row.sysctl.name) { names.append(row.sysctl.name) }
    for name in names {
      let own = rows.filter { $0.sysctl.name == name }
      output += (output.isEmpty ? "" : "\n") + name + "\n"
      let lines = own.map { [$0.kernel, $0.sysctl.defaultText, $0.sysctl.rangeText, $0.sysctl.kindText, $0.place] }
      let widths = (0..<5).map { column in lines.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
      for (row, line) in zip(own, lines) {
        let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - DisplayWidth.of($0)) }
        var text = "  " + cells.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        output += text + "\n"
        for note in row.sysctl.notes { output += "    \(note)\n" }
      }
    }
    for gap in gaps {
      let hint = gap.missing.nearest.map { "; did you mean \"\($0)\"?" } ?? ""
      output += (output.isEmpty ? "" : "\n") + "\(gap.missing.name) in \(gap.kernel): \(gap.missing.why)\(hint)\n"
    }
    return output
  }
}

extension SysctlTable.Row {
  fileprivate var place: String { "\(sysctl.location)" }

  fileprivate var cells: [String] {
    [
      kernel, sysctl.name, sysctl.defaultValue.map(String.init) ?? sysctl.defaultFormula ?? "",
      sysctl.minimum == nil && sysctl.maximum == nil ? "" : sysctl.rangeText, sysctl.type?.name ?? "",
      sysctl.namespace ?? "", place,
    ]
  }

  fileprivate var json: JSONText {
    func number(_ number: Int128?) -> JSONText { number.map(JSONText.number) ?? .null }
    return .members([
      "kernel": .text(kernel), "name": .text(sysctl.name), "default": number(sysctl.defaultValue),
      "defaultFormula": .orNull(sysctl.defaultFormula), "minimum": number(sysctl.minimum),
      "maximum": number(sysctl.maximum), "type": .orNull(sysctl.type?.name),
      "perNamespace": .orNull(sysctl.namespace), "storage": .orNull(sysctl.storage),
      "handler": .orNull(sysctl.handler), "file": .text(sysctl.location.file), "line": .number(sysctl.location.line),
      "defaultFile": .orNull(sysctl.defaultLocation?.file),
      "defaultLine": sysctl.defaultLocation.map { .number($0.line) } ?? .null, "notes": .texts(sysctl.notes),
    ])
  }
}

extension SysctlReport {
  fileprivate var defaultText: String {
    defaultValue.map { "default \($0)" } ?? defaultFormula.map { "default \($0)" } ?? "no default known"
  }

  fileprivate var rangeText: String {
    switch (minimum, maximum) {
    case (let least?, let most?): "\(least)..\(most)"
    case (let least?, nil): "\(least) or more"
    case (nil, let most?): "at most \(most)"
    case (nil, nil): "any value"
    }
  }

  fileprivate var kindText: String {
    [type?.name, namespace.map { "one for each \($0) namespace" }].compactMap(\.self).joined(separator: ", ")
  }
}
