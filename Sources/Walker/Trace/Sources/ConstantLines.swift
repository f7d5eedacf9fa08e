internal import WalkerModel

/// Declarations by which the compiler says what constants are worth: they stand at the end of the file that sees these,
/// one a name, so that no parse of their own is needed.
struct ConstantLines {
  let file: String
  /// Sorted.
  let names: [String]

  /// Nil when there is nothing to ask for.
  init?(_ names: some Sequence<String>, in file: String) {
    self.names = Set(names).filter(Self.isIdentifier).sorted()
    self.file = file
    if self.names.isEmpty { return nil }
  }

  var text: [UInt8] { Self.text(names, including: []) }

  /// Begins with two ends of line, since the file's last one may be continued.
  static func text(_ names: [String], including headers: [String]) -> [UInt8] {
    var lines = ["", ""] + headers.map { "#include <\($0)>" }
    for (position, name) in names.enumerated() {
      lines.append("static __typeof__(\(name)) \(variable(position)) = (\(name));")
    }
    return Array((lines + ["static int \(end);", ""]).joined(separator: "\n").utf8)
  }

  static func variable(_ position: Int) -> String { "walker_constant_\(position)" }
  private static let end = "walker_constants_end"

  /// Where the text's first line stands, counted from 1.
  func firstLine(after bytes: [UInt8]) -> Int { bytes.count { $0 == 0x0a } + 2 }

  /// Whether these names, of what the lines declare at file scope, are the constants and nothing else, up to the end: a
  /// macro could hold anything, and a file could end within something.
  func areAll(of declared: [String]) -> Bool {
    let own = Set(names.indices.map(Self.variable) + [Self.end])
    return declared.contains(Self.end) && declared.allSatisfy(own.contains)
  }

  static func isIdentifier(_ name: String) -> Bool {
    name.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } ?? false
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
