internal import WalkerAnnotation
internal import WalkerFormula
internal import WalkerModel

/// `room=511`, read: in decimal, in hexadecimal with `0x`, or as a constant that the walks know.
struct Setting {
  let name: String
  let number: Int128

  /// - Parameter walks: whose constants may stand for a number.
  /// - Throws: `UserError` (64) for a text that is no setting.
  init(_ text: String, _ walks: [Walk] = []) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw Self.none(text, walks) }
    name = parts[0]
    if let plain = Int128(spelled: parts[1]) {
      number = plain
      return
    }
    let found = Set(walks.flatMap(\.constants).filter { $0.name == parts[1] }.map(\.number))
    guard found.count < 2 else {
      throw UserError(
        "--set \(text): \(parts[1]) is \(found.sorted().map(String.init).joined(separator: " or ")), by the kernel: give the number",
        exitStatus: ExitStatus.usage)
    }
    guard let constant = found.first else { throw Self.none(text, walks) }
    number = constant
  }

  private static func none(_ text: String, _ walks: [Walk]) -> UserError {
    let names = Set(walks.flatMap(\.constants).map(\.name)).sorted()
    let known = names.isEmpty ? "" : "; the constants that the walkthrough names are \(names.joined(separator: ", "))"
    return UserError(
      "--set \(text) is no input: write NAME=NUMBER, with a number of at most 64 bits\(known)",
      exitStatus: ExitStatus.usage)
  }

  init(name: String, number: Int128) {
    self.name = name
    self.number = number
  }
}

/// `room=0..8192`, read: the input that a curve runs over.
struct Span {
  let name: String
  let range: ClosedRange<Int128>

  /// Throws `UserError` (64) for a text that is no range, or an empty one.
  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    let ends = parts.count == 2 ? parts[1].split(separator: "..", omittingEmptySubsequences: false) : []
    guard ends.count == 2, let first = Int128(spelled: String(ends[0])), let last = Int128(spelled: String(ends[1]))
    else {
      throw UserError("--plot \(text) is no range: write NAME=FIRST..LAST", exitStatus: ExitStatus.usage)
    }
    guard first < last else {
      throw UserError(
        "--plot \(text) is an empty range: the last number must be above the first", exitStatus: ExitStatus.usage)
    }
    (name, range) = (parts[0], first...last)
  }
}

extension Int128 {
  /// Decimal, or hexadecimal with `0x`; with a sign if it has one. At most 64 bits, as every number of C here.
  init?(spelled text: String) {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.dropFirst() : text[...]
    let isHexadecimal = digits.lowercased().hasPrefix("0x")
    guard digits.first?.isNumber ?? false,
      let number = isHexadecimal ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits)
    else { return nil }
    guard number <= Int128(UInt64.max) else { return nil }
    self = isNegative ? -number : number
  }
}

/// The inputs of one walk by the names that people use for them.
struct NamedInputs {
  let walk: Walk
  /// Sorted: the followed value first, then knobs, then what the walk did not look into.
  let inputs: [Input]

  init(_ walk: Walk) {
    self.walk = walk
    var found: Set<Input> = [walk.tracked]
    for result in walk.results {
      guard let derivation = result.derivation else { continue }
      let expressions: [Expression] =
        switch derivation.form {
        case .stored(let value): [value, derivation.reachedWhen, derivation.undefinedWhen]
        case .threshold(_, let test):
          [test, derivation.reachedWhen, derivation.undefinedWhen] + [derivation.closedForm].compactMap(\.self)
        }
      for expression in expressions { found.formUnion(expression.inputs.filter { $0.role != .counter }) }
    }
    let order: [Input.Role] = [.tracked, .state, .knob, .counter, .opaque]
    inputs = found.sorted {
      (order.firstIndex(of: $0.role) ?? 0, $0.name, $0.id) < (order.firstIndex(of: $1.role) ?? 0, $1.name, $1.id)
    }
  }

  /// `net.core.somaxconn` for the knob that formulas write `somaxconn`.
  func fullName(_ input: Input) -> String { knob(input)?.name ?? input.name }

  func knob(_ input: Input) -> Knob? {
    input.role == .knob ? walk.knobs.first { $0.variable == input.name || $0.name == input.name } : nil
  }

  func isNamed(_ input: Input, _ name: String) -> Bool { input.name == name || fullName(input) == name }

  /// Every name that `--set` takes.
  var names: [String] { inputs.flatMap { [fullName($0), $0.name] } }

  /// Throws `UserError` (64) for a name that is no input in any of the walks, with the nearest one that is, and for a short
  /// name that two knobs of one walk have.
  static func check(_ names: [String], in walks: [NamedInputs]) throws {
    for name in names {
      for walk in walks {
        let meant = Set(walk.inputs.filter { walk.isNamed($0, name) }.map(walk.fullName))
        guard meant.count < 2 else {
          throw UserError(
            "\(name) may be \(meant.sorted().joined(separator: " or ")): give its full name",
            exitStatus: ExitStatus.usage)
        }
      }
      guard !walks.contains(where: { walk in walk.inputs.contains { walk.isNamed($0, name) } }) else { continue }
      let known = walks.flatMap { walk in walk.inputs.filter { $0.role != .opaque }.map(walk.fullName) }
      var seen: Set<String> = []
      let unique = known.filter { seen.insert($0).inserted }
      let hint =
        Spelling.nearest(to: name, among: unique + walks.flatMap(\.names)).map { "did you mean \"\($0)\"?" }
        ?? "the inputs are \(unique.joined(separator: ", "))"
      throw UserError("there is no input \(name): \(hint)", exitStatus: ExitStatus.usage)
    }
  }
}
