internal import ArgumentParser
internal import WalkerFormula
internal import WalkerModel
internal import WalkerRender

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "What the results come to for given inputs, in one or many kernels.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv }

  @Argument(help: "The walkthrough's name; without it, the first one by name.")
  var walkthrough: String?
  @Option(help: ArgumentHelp("A kernel; may be given more than once.", valueName: "kernel"))
  var kernel: [String] = []
  @Option(help: ArgumentHelp("A kernel .config to use instead of the default configuration.", valueName: "file"))
  var config: String?
  @Option(help: ArgumentHelp("An input: the followed parameter or a knob, by name.", valueName: "name=number"))
  var set: [String] = []
  @Option(help: "text, json (schema walker.eval/1), or csv.")
  var format: Format = .text
  @OptionGroup var text: TextArguments
  @OptionGroup var places: PlaceArguments

  func run() async throws {
    let settings = try set.map(Setting.init)
    let places = try Places(places)
    var rows: [EvalTable.Row] = []
    var name = walkthrough ?? ""
    for kernel in kernel.isEmpty ? [nil] : kernel.map(Optional.some) {
      let walk = try await WalkSource(walkthrough: walkthrough, kernel: kernel, config: config, places).walk()
      name = walk.walkthrough
      rows.append(try Evaluation(walk: walk, settings: settings).row())
    }
    try Evaluation.checkNames(settings, rows)
    let table = EvalTable(walkthrough: name, rows: rows)
    switch format {
    case .text: try StandardStreams.write(table.text(TextOptions(text)))
    case .json: try StandardStreams.write(table.json.indented)
    case .csv: try StandardStreams.write(table.csv)
    }
    if rows.contains(where: { $0.results.contains { if case .none = $0.value { true } else { false } } }) {
      throw ExitCode(ExitStatus.unchecked)
    }
  }
}

/// `backlog=511`, read: in decimal, or in hexadecimal with `0x`.
struct Setting {
  let name: String
  let number: Int128

  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    let digits = parts.count == 2 ? parts[1] : ""
    let isHexadecimal = digits.lowercased().hasPrefix("0x")
    guard parts.count == 2, let number = isHexadecimal ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits) else {
      throw UserError("--set \(text) is no input: write NAME=NUMBER", exitStatus: ExitStatus.usage)
    }
    (name, self.number) = (parts[0], number)
  }
}

/// The results of one walk for the given inputs; knobs that are not set have the kernel's default.
struct Evaluation {
  let walk: Walk
  let settings: [Setting]

  func row() throws -> EvalTable.Row {
    let inputs = needed()
    var known: [Input: Int128] = [:]
    var missing: Set<Input> = []
    for input in inputs {
      if let number = number(of: input) { known[input] = number } else { missing.insert(input) }
    }
    let shown = inputs.filter { $0.role != .opaque }.compactMap { input in
      known[input].map { Counterexample.NamedNumber(name: fullName(input), number: $0) }
    }
    return EvalTable.Row(
      kernel: walk.kernel.name,
      inputs: shown.sorted { ($0.name.contains(".") ? 1 : 0, $0.name) < ($1.name.contains(".") ? 1 : 0, $1.name) },
      results: walk.results.map { outcome($0, known, missing) })
  }

  private func outcome(_ result: WalkResult, _ known: [Input: Int128], _ missing: Set<Input>) -> EvalTable.Outcome {
    guard let derivation = result.derivation else { return .init(id: result.id, value: .none(result.formula)) }
    do throws(DerivationError) {
      guard let number = try derivation.evaluate(known) else { return .init(id: result.id, value: .never) }
      return .init(id: result.id, value: .number(number), decidedBy: deciding(known))
    } catch {
      switch error {
      case .notReached: return .init(id: result.id, value: .never)
      case .expression(.missing(let input)) where input.role != .opaque:
        let formula = walk.knobs.first { $0.variable == input.name }?.defaultFormula
        let why = formula.map { " (its default is computed at boot: \($0))" } ?? ""
        return .init(id: result.id, value: .none("set \(fullName(input)) with --set\(why)"))
      default: return .init(id: result.id, value: .none(error.description))
      }
    }
  }

  /// The last limit on the chain that is not the followed value's own.
  private func deciding(_ known: [Input: Int128]) -> String? {
    for step in walk.frames.flatMap(\.steps).reversed() where step.kind == .clamp {
      var value = step.value
      while case .convert(let inner) = value.kind { value = inner }
      guard case .binary(let op, let left, let right) = value.kind, op == .minimum || op == .maximum else { continue }
      for (limit, other) in [(left, right), (right, left)] where !limit.inputs.contains(walk.tracked) {
        guard let bound = try? limit.evaluate(known), let free = try? other.evaluate(known), bound != free,
          op == .minimum ? bound < free : bound > free
        else { continue }
        let name = limit.inputs.first.map(fullName) ?? limit.text
        return "\(op == .minimum ? "capped" : "raised") by \(name) at \(step.location)"
      }
    }
    return nil
  }

  private func needed() -> [Input] {
    var found: Set<Input> = [walk.tracked]
    for result in walk.results {
      guard let derivation = result.derivation else { continue }
      let expressions: [Expression] =
        switch derivation.form {
        case .stored(let value): [value, derivation.reachedWhen]
        case .threshold(_, let test): [test, derivation.reachedWhen]
        }
      for expression in expressions { found.formUnion(expression.inputs.filter { $0.role != .counter }) }
    }
    return found.sorted { $0.name < $1.name }
  }

  private func fullName(_ input: Input) -> String {
    walk.knobs.first { input.role == .knob && $0.variable == input.name }?.name ?? input.name
  }

  private func number(of input: Input) -> Int128? {
    let full = fullName(input)
    if let set = settings.last(where: { $0.name == input.name || $0.name == full }) {
      // As C does with a number that the type does not hold.
      return input.type.number(fromBits: input.type.bits(of: set.number))
    }
    return walk.knobs.first { $0.name == full }?.defaultValue
  }

  /// Throws `UserError` for a name that is no input of any of the kernels.
  static func checkNames(_ settings: [Setting], _ rows: [EvalTable.Row]) throws {
    let names = Set(rows.flatMap { $0.inputs.map(\.name) })
    let short = Set(names.map { $0.split(separator: ".").last.map(String.init) ?? $0 })
    for setting in settings where !names.contains(setting.name) && !short.contains(setting.name) {
      throw UserError(
        "there is no input \(setting.name) in this walkthrough: the inputs are \(names.sorted().joined(separator: ", "))",
        exitStatus: ExitStatus.usage)
    }
  }
}
