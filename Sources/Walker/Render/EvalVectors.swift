internal import WalkerFormula
public import WalkerModel

/// Inputs with what becomes of them, as oracles for those who rebuild an interface of Linux.
public enum EvalVectors {
  // MARK: Inputs

  /// `count` sets of inputs: first every edge of every input while the others have their defaults, then random ones, half of
  /// them near the edges. The same walk always gives the same.
  public static func inputs(_ walk: Walk, count: Int) -> [[Input: Int128]] {
    let inputs = walk.resultInputs
    let edges = inputs.map { Self.edges(of: $0, walk) }
    let usual = ResultNumbers(walk).known
    var start: [Input: Int128] = [:]
    for (input, numbers) in zip(inputs, edges) { start[input] = usual[input] ?? numbers.first ?? 0 }
    var rows = [start]
    for (input, numbers) in zip(inputs, edges) { rows += numbers.map { start.merging([input: $0]) { $1 } } }
    var seen: Set<[Input: Int128]> = []
    rows = rows.filter { seen.insert($0).inserted }
    var random = SplitMix(state: 1)
    // The limit guards against inputs that have fewer combinations than are wanted.
    for _ in 0..<(count * 64) where rows.count < count {
      var row: [Input: Int128] = [:]
      for (input, numbers) in zip(inputs, edges) {
        let bits = random.next()
        let range = Self.range(of: input, walk)
        let number = input.type.number(fromBits: input.type.bits(of: Int128(random.next() >> (bits >> 32 & 63))))
        row[input] =
          bits & 1 == 0 || !range.contains(number) ? numbers[Int(bits >> 8) % max(numbers.count, 1)] : number
      }
      if seen.insert(row).inserted { rows.append(row) }
    }
    return Array(rows.prefix(count))
  }

  private static func range(of input: Input, _ walk: Walk) -> ClosedRange<Int128> {
    let knob = walk.knob(of: input)
    let low = knob?.minimum ?? input.type.minimum
    return low...max(low, knob?.maximum ?? input.type.maximum)
  }

  /// The ends of the range, the numbers around 0, around powers of two, and around what other inputs are by default.
  private static func edges(of input: Input, _ walk: Walk) -> [Int128] {
    let range = Self.range(of: input, walk)
    var numbers: [Int128] = [0, 1, 2, -1, range.lowerBound, range.upperBound, range.upperBound - 1]
    let example = walk.answer?.example.filter { $0.name == input.name }.map(\.number) ?? []
    for number in example + walk.knobs.compactMap(\.defaultValue) { numbers += [number - 1, number, number + 1] }
    for power in stride(from: 4, through: input.type.width, by: 4) {
      let number = Int128(1) << Int128(power)
      numbers += [number - 1, number, number + 1]
    }
    return numbers.filter(range.contains).uniqued
  }

  // MARK: Source text

  /// Arrays of C, one for each kernel.
  public static func c(_ table: EvalTable, numbers: [String: KernelIdentity]) -> String {
    let name = identifier(table.walkthrough)
    let columns = Columns(table)
    var lines = ["/* \(head(table, numbers)) */", "#include <stdint.h>", ""]
    lines += ["/* has: 0 where there is no number, since the place is not reached. */"]
    for type in ["int64_t", "uint64_t"] where columns.results.contains(where: { type == cType($0) }) {
      lines.append("struct \(name)_\(type) { int has; \(type) value; };")
    }
    lines += ["", "struct \(name)_vector {"]
    lines += columns.inputs.map { "\t\(cType($0)) \(identifier($0.name));" }
    lines += columns.results.map { "\tstruct \(name)_\(cType($0)) \(identifier($0.name));" }
    lines.append("};")
    for kernel in table.rows.map(\.kernel).uniqued {
      lines += ["", "static const struct \(name)_vector \(name)_\(identifier(kernel))[] = {"]
      for row in table.rows where row.kernel == kernel {
        let inputs = columns.inputs.map { literal($0, columns.input($0, row), suffix: true) }
        let results = columns.results.map { column in
          columns.result(column, row).map { "{1, \(literal(column, $0, suffix: true))}" } ?? "{0, 0}"
        }
        lines.append("\t{\((inputs + results).joined(separator: ", "))},")
      }
      lines.append("};")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A Go file with a slice for each kernel.
  public static func go(_ table: EvalTable, numbers: [String: KernelIdentity]) -> String {
    let name = goName(table.walkthrough)
    let columns = Columns(table)
    func type(_ column: Columns.Column) -> String { column.isUnsigned ? "uint64" : "int64" }
    var lines = ["// \(head(table, numbers))", "", "package vectors", ""]
    lines += [
      "// \(name)Vector holds inputs, and what becomes of them; a nil result has no number.",
      "type \(name)Vector struct {",
    ]
    lines += columns.inputs.map { "\t\(goName($0.name)) \(type($0))" }
    lines += columns.results.map { "\t\(goName($0.name)) *\(type($0))" }
    lines += ["}", ""]
    for (kind, maker) in [("int64", "signed"), ("uint64", "unsigned")]
    where columns.results.contains(where: { type($0) == kind }) {
      lines += ["func \(maker)\(name)(number \(kind)) *\(kind) { return &number }", ""]
    }
    for kernel in table.rows.map(\.kernel).uniqued {
      lines.append("var \(name)\(goName(kernel)) = []\(name)Vector{")
      for row in table.rows where row.kernel == kernel {
        let inputs = columns.inputs.map { literal($0, columns.input($0, row), suffix: false) }
        let results = columns.results.map { column in
          columns.result(column, row).map {
            "\(column.isUnsigned ? "unsigned" : "signed")\(name)(\(literal(column, $0, suffix: false)))"
          } ?? "nil"
        }
        lines.append("\t{\((inputs + results).joined(separator: ", "))},")
      }
      lines += ["}", ""]
    }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Columns {
    struct Column {
      let name: String
      let isUnsigned: Bool
    }

    let inputs: [Column]
    let results: [Column]

    init(_ table: EvalTable) {
      inputs = table.rows.flatMap { $0.inputs.map(\.name) }.uniqued.map { name in
        Column(
          name: name,
          isUnsigned: table.rows.contains { $0.inputs.contains { $0.name == name && $0.number > Int128(Int64.max) } })
      }
      results = table.rows.flatMap { $0.results.map(\.id) }.uniqued.map { id in
        Column(
          name: id,
          isUnsigned: table.rows.contains { row in
            row.results.contains { $0.id == id && ($0.number ?? 0) > Int128(Int64.max) }
          })
      }
    }

    /// 0 for an input that plays no part in the row's kernel.
    func input(_ column: Column, _ row: EvalTable.Row) -> Int128 {
      row.inputs.first { $0.name == column.name }?.number ?? 0
    }

    func result(_ column: Column, _ row: EvalTable.Row) -> Int128? {
      row.results.first { $0.id == column.name }?.number
    }
  }

  private static func cType(_ column: Columns.Column) -> String { column.isUnsigned ? "uint64_t" : "int64_t" }

  private static func literal(_ column: Columns.Column, _ number: Int128, suffix: Bool) -> String {
    guard suffix else { return "\(number)" }
    if column.isUnsigned { return "\(number)ULL" }
    // C has no literal for the smallest number.
    return number == Int128(Int64.min) ? "(-9223372036854775807LL - 1)" : "\(number)LL"
  }

  private static func head(_ table: EvalTable, _ kernels: [String: KernelIdentity]) -> String {
    let names = table.rows.map(\.kernel).uniqued.map { name in
      kernels[name].map { "Linux \($0.version) (\($0.source), \($0.configuration.source) configuration)" } ?? name
    }
    return
      "Code generated by walker eval \(table.walkthrough) --vectors. DO NOT EDIT. From \(names.joined(separator: ", "))."
      .replacing("*/", with: "* /")
  }

  private static func identifier(_ text: String) -> String {
    let name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return name.first?.isNumber == true ? "linux_" + name : name
  }

  /// `net.core.somaxconn` is `NetCoreSomaxconn`, `6.12` is `Linux6_12`.
  private static func goName(_ text: String) -> String {
    let name = identifier(text)
    guard !name.hasPrefix("linux_") else { return "Linux" + name.dropFirst(6) }
    return name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
