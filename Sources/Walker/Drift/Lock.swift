internal import WalkerModel

/// The `walkthrough.lock`: for each accepted kernel what the code was. Written by `walker accept`.
///
///     walker.lock/1
///
///     annotation cap 1.0
///       at	drivers/widget/core.c	48	48
///       text	0123456789abcdef
///
///     end
///
/// A stanza for each annotation, function and result of each kernel, sorted, so that two people who accept different
/// annotations change different lines; the last line tells a whole file from one that was cut off.
public struct Lock: Sendable, Hashable {
  /// Sorted by the kernel's name.
  public var baselines: [Baseline]

  public init(baselines: [Baseline] = []) { self.baselines = baselines }

  static let header = "walker.lock/"
  static let version = 1

  public var text: String {
    var stanzas: [Stanza] = []
    for baseline in baselines {
      let kernel = baseline.kernel.name
      stanzas.append(Stanza("kernel", "", kernel, baseline.kernel.lines))
      if let path = baseline.path { stanzas.append(Stanza("path", "", kernel, path.lines)) }
      stanzas += baseline.functions.map { Stanza("function", $0.name, kernel, $0.lines) }
      stanzas += baseline.annotations.map { Stanza("annotation", $0.id, kernel, $0.lines) }
      stanzas += baseline.results.map { Stanza("result", $0.id, kernel, $0.lines) }
    }
    let order = stanzas.sorted { ($0.kind, $0.id, $0.kernel) < ($1.kind, $1.id, $1.kernel) }
    return "\(Self.header)\(Self.version)\n\n" + order.map { $0.text + "\n" }.joined() + "end\n"
  }

  /// Takes facts over from a walk: everything, or the annotations, results and path that are named.
  ///
  /// - Parameter names: ids of annotations and results, and `path`; nil: all there is.
  public mutating func accept(_ names: Set<String>?, from fresh: Baseline) {
    guard let names else {
      baselines.removeAll { $0.kernel.name == fresh.kernel.name }
      return insert(fresh)
    }
    var kept =
      baselines.first { $0.kernel.name == fresh.kernel.name }
      ?? Baseline(kernel: fresh.kernel, path: nil, functions: [], annotations: [], results: [])
    kept.kernel = fresh.kernel
    kept.functions = fresh.functions
    if names.contains("path") { kept.path = fresh.path }
    kept.annotations =
      kept.annotations.filter { !names.contains($0.id) } + fresh.annotations.filter { names.contains($0.id) }
    kept.results = kept.results.filter { !names.contains($0.id) } + fresh.results.filter { names.contains($0.id) }
    baselines.removeAll { $0.kernel.name == fresh.kernel.name }
    insert(kept)
  }

  public mutating func drop(_ kernel: String) { baselines.removeAll { $0.kernel.name == kernel } }

  private mutating func insert(_ baseline: Baseline) {
    baselines.append(baseline)
    baselines.sort { $0.kernel.name < $1.kernel.name }
  }
}

/// One stanza: its head and its facts.
struct Stanza {
  let kind: String
  let id: String
  let kernel: String
  let lines: [[String]]

  init(_ kind: String, _ id: String, _ kernel: String, _ lines: [[String]]) {
    (self.kind, self.id, self.kernel, self.lines) = (kind, id, kernel, lines)
  }

  var text: String {
    let head = [kind, id, kernel].filter { !$0.isEmpty }.map(Self.escaped).joined(separator: " ")
    return head + "\n" + lines.map { "  " + $0.map(Self.escaped).joined(separator: "\t") + "\n" }.joined()
  }

  /// A fact is one line, its parts are set off by tabs, and a head's by spaces.
  static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\t", with: "%09").replacing("\n", with: "%0A").replacing(
      "\r", with: "%0D")
  }

  static func unescaped(_ text: Substring) -> String {
    String(text).replacing("%0D", with: "\r").replacing("%0A", with: "\n").replacing("%09", with: "\t").replacing(
      "%25", with: "%")
  }
}

extension Baseline.Kernel {
  var lines: [[String]] { [["config", configuration], ["source", source], ["version", version]] }
}

extension Baseline.Path {
  var lines: [[String]] {
    [["chain"] + chain]
      + happenings.map { ["does", $0.function, $0.digest, $0.location.file, String($0.location.line), $0.text] }
      + exits.map { ["exit"] + $0.fields } + given.map { ["given"] + $0.fields }
      + openEnds.map { ["open-end", $0] } + reaches.map { ["reach", $0] } + tables.map { ["table", $0] }
      + (tracked.map { [["tracked", String($0.position), String($0.count)]] } ?? [])
  }
}

extension FunctionFacts {
  var lines: [[String]] {
    var lines = [["at", location.file, String(location.line), String(endLine)]]
    if let behaviour { lines.append(["behaviour", behaviour]) }
    if !calls.isEmpty { lines.append(["calls"] + calls) }
    if let caller { lines.append(["caller", caller]) }
    if let role { lines.append(["role", role]) }
    lines.append(["sketch", sketch.map { String($0, radix: 16) }.joined(separator: " ")])
    lines.append(["text", text])
    return lines
  }
}

extension AnnotationFacts {
  var lines: [[String]] {
    var lines = [["at", file, String(line), String(endLine)]]
    if let after { lines.append(["after", after]) }
    if let before { lines.append(["before", before]) }
    if let expansion { lines.append(["expansion", expansion]) }
    if let function { lines.append(["function", function]) }
    lines += given.map { ["given"] + $0.fields }
    if !names.isEmpty { lines.append(["names"] + names) }
    lines.append(["role", role])
    if let shape { lines.append(["shape", shape]) }
    lines.append(["text", text])
    lines += uses.map { ["uses", $0] }
    if let value { lines.append(["value", value]) }
    return lines
  }
}

extension ResultFacts {
  var lines: [[String]] {
    var lines: [[String]] = []
    if let location { lines.append(["at", location.file, String(location.line)]) }
    if let era { lines.append(["era", era]) }
    lines += [["formula", formula]] + inputs.map { ["input", $0] } + [["proof", proof], ["subject", subject]]
    return lines
  }
}

extension ConditionPrint {
  /// The author's words are kernel text, and stay out of the lock.
  var fields: [String] { [text, location.file, String(location.line)] + subjects }
}
