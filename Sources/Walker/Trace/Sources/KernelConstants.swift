internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Constants by name, with the value that the compiler gives them where the walked code stands: macros, enumerators, and
/// whatever is a constant expression there.
///
/// The names are asked for by one declaration each at the end of the file that sees them (`ConstantLines`). A name that is no
/// constant there makes an error in its own line and is not known.
final class KernelConstants {
  private let program: Program
  private var known: [String: NamedConstant] = [:]
  private var asked: Set<String> = []

  init(program: Program) { self.program = program }

  /// Those that were found, by name.
  var all: [NamedConstant] { known.values.sorted { $0.name < $1.name } }

  /// Looks the names up as the file sees them, then in the headers that define them.
  func look(up names: Set<String>, in file: String) throws {
    let new = names.subtracting(asked).filter(ConstantLines.isIdentifier).sorted()
    guard !new.isEmpty else { return }
    asked.formUnion(new)
    try evaluate(new, in: file, including: [])
    let missing = new.filter { known[$0] == nil }
    guard !missing.isEmpty else { return }
    var headers: [String] = []
    for name in missing {
      for hit in try program.tree.answer(.mention(name, below: "include")) where defines(name, hit) {
        let path = String(hit.file.dropFirst("include/".count))
        if hit.file.hasPrefix("include/"), !headers.contains(path) { headers.append(path) }
        break
      }
    }
    if !headers.isEmpty { try evaluate(missing, in: file, including: headers) }
  }

  /// The number that a text over constants is; nil where a name is not known, or it is no constant.
  func number(_ text: String) -> Int128? {
    guard let claim = try? Claim.parse(text, names: expressions) else { return nil }
    return claim.value.simplified.constantNumber
  }

  var expressions: [String: Expression] { known.mapValues { .constant($0.number, $0.type) } }

  private func evaluate(_ names: [String], in file: String, including headers: [String]) throws {
    let isAsked = headers.isEmpty && program.constants.map { $0.file == file && $0.names == names } ?? false
    let unit =
      try isAsked
      ? program.unit(file)
      : program.declarations(of: file, appending: ConstantLines.text(names, including: headers))
    for (position, name) in names.enumerated() {
      guard let variable = unit.variables[ConstantLines.variable(position)], let type = variable.type.integer,
        let number = variable.initializer?.evaluatedInteger()
      else { continue }
      known[name] = NamedConstant(name: name, number: number, type: type)
    }
  }

  /// Whether the line defines the name as a macro or begins with it, as an enumerator does.
  private func defines(_ name: String, _ hit: IndexHit) -> Bool {
    let lines = program.bytes(hit.file).split(separator: 10, omittingEmptySubsequences: false)
    guard lines.indices.contains(hit.line - 1) else { return false }
    if let (defined, _) = Self.definition(lines[hit.line - 1]) { return defined == name }
    return CTokens(Array(lines[hit.line - 1])).all.first?.text == name
  }

  // MARK: errors

  /// What the kernel calls its errors (include/uapi/asm-generic/errno*.h, and include/linux/errno.h for its own).
  static func errorNames(_ program: Program) -> [Int: String] {
    var names: [Int: String] = [:]
    for folder in ["include/uapi/asm-generic", "include/asm-generic"] {
      for file in ["errno-base.h", "errno.h"] { read("\(folder)/\(file)", program, into: &names) }
      if !names.isEmpty { break }
    }
    read("include/linux/errno.h", program, into: &names)
    return names
  }

  private static func read(_ path: String, _ program: Program, into names: inout [Int: String]) {
    guard program.tree.contains(path) else { return }
    for line in program.bytes(path).split(separator: 10) {
      guard let (name, value) = definition(line), name.hasPrefix("E"), let number = value.flatMap({ Int($0) }),
        names[number] == nil
      else { continue }
      names[number] = name
    }
  }

  /// Of a line that defines a macro: its name, and the first word of what it stands for.
  private static func definition(_ line: some Sequence<UInt8>) -> (name: String, value: String?)? {
    let words = String(decoding: Array(line), as: UTF8.self).replacing("#", with: "# ", maxReplacements: 1)
      .split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 3, words[0] == "#", words[1] == "define" else { return nil }
    return (words[2].split(separator: "(").first.map(String.init) ?? words[2], words.count > 3 ? words[3] : nil)
  }
}

extension Walkthrough {
  /// Names in its claims, assumptions and results that look like the kernel's constants.
  var constantNames: Set<String> {
    var texts = results.flatMap { $0.eras.map(\.claim) } + results.flatMap { $0.subject["error"] }
    texts += assumptions.compactMap { AssumedCondition($0)?.right }
    texts += results.flatMap { $0.subject["assume"] }.compactMap { AssumedCondition($0)?.right }
    texts += conditions.map(\.value)
    return Set(texts.flatMap(Self.words).filter { $0.contains(where: \.isUppercase) })
  }

  static func words(_ text: String) -> [String] {
    text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".")) }.map(String.init)
      .filter { !$0.contains(".") && $0.first?.isNumber == false }
  }
}
