internal import WalkerModel

/// The `walkthrough.lock`: for each accepted kernel what the code was. Written by `walker accept`.
///
///     walker.lock/2
///
///     annotation cap
///     = 1.0 1.2
///       text	0123456789abcdef
///       value	(min {argument2 u32} {cap u32})
///
///     kernel 1.0
///       version	1.0.7
///       place	annotation cap	drivers/widget/core.c	48	48
///
///     end
///
/// A stanza for each annotation, function, answer, knob, counter and result, with the kernels for which it is so: what
/// two kernels have in common stands there once. Only a kernel's own stanza has line numbers. All is sorted, so that two
/// people who accept different annotations change different lines; the last line tells a whole file from one that was
/// cut off.
public struct Lock: Sendable, Hashable {
  /// Sorted by the kernel's name.
  public var baselines: [Baseline]

  public init(baselines: [Baseline] = []) { self.baselines = baselines }

  static let header = "walker.lock/"
  static let version = 2

  public var text: String {
    var kernels: [Stanza: [String]] = [:]
    var order: [Stanza] = []
    for baseline in baselines {
      for stanza in baseline.stanzas {
        if kernels[stanza] == nil { order.append(stanza) }
        kernels[stanza, default: []].append(baseline.kernel.name)
      }
    }
    let sorted = order.map { ($0, (kernels[$0] ?? []).sorted()) }.sorted {
      ($0.0.kind, $0.0.id, $0.1.first ?? "") < ($1.0.kind, $1.0.id, $1.1.first ?? "")
    }
    return "\(Self.header)\(Self.version)\n\n" + sorted.map { $0.text(of: $1) + "\n" }.joined() + "end\n"
  }

  /// Takes facts over from a walk: everything, or the annotations, results and way that are named.
  ///
  /// - Parameter names: ids of annotations and results, and `path`; nil: all there is.
  public mutating func accept(_ names: Set<String>?, from fresh: Baseline) {
    guard let names else {
      baselines.removeAll { $0.kernel.name == fresh.kernel.name }
      return insert(fresh)
    }
    var kept =
      baselines.first { $0.kernel.name == fresh.kernel.name } ?? Baseline(kernel: fresh.kernel)
    kept.kernel = fresh.kernel
    kept.functions = fresh.functions
    kept.answers = fresh.answers
    if names.contains("path") { (kept.way, kept.knobs, kept.counters) = (fresh.way, fresh.knobs, fresh.counters) }
    kept.annotations =
      kept.annotations.filter { !names.contains($0.id) } + fresh.annotations.filter { names.contains($0.id) }
    kept.annotations.sort { $0.id < $1.id }
    kept.results = kept.results.filter { !names.contains($0.id) } + fresh.results.filter { names.contains($0.id) }
    kept.results.sort { $0.id < $1.id }
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
struct Stanza: Hashable {
  let kind: String
  let id: String
  let lines: [[String]]

  init(_ kind: String, _ id: String, _ lines: [[String]]) { (self.kind, self.id, self.lines) = (kind, id, lines) }

  func text(of kernels: [String]) -> String {
    let head =
      kind == "kernel"
      ? "kernel \(Self.escaped(id))\n"
      : "\(kind) \(Self.escaped(id))\n= \(kernels.map { Self.escaped($0).replacing(" ", with: "%20") }.joined(separator: " "))\n"
    return head + lines.map { "  " + $0.map(Self.escaped).joined(separator: "\t") + "\n" }.joined()
  }

  /// A fact is one line, its parts are set off by tabs, and a list of kernels by spaces.
  static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\t", with: "%09").replacing("\n", with: "%0A").replacing(
      "\r", with: "%0D")
  }

  static func unescaped(_ text: Substring) -> String {
    String(text).replacing("%20", with: " ").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
      .replacing("%09", with: "\t").replacing("%25", with: "%")
  }
}

extension Baseline {
  var stanzas: [Stanza] {
    [Stanza("kernel", kernel.name, kernel.lines + places)] + (way.map { [Stanza("way", "down", $0.lines)] } ?? [])
      + functions.map { Stanza("function", $0.name, $0.lines) }
      + annotations.map { Stanza("annotation", $0.id, $0.lines) } + results.map { Stanza("result", $0.id, $0.lines) }
      + answers.map { Stanza("answer", $0.name, $0.lines) } + knobs.map { Stanza("knob", $0.name, $0.lines) }
      + counters.map { Stanza("counter", "\($0.counter) \($0.function)", $0.lines) }
  }

  /// What differs between any two kernels: where things stand.
  private var places: [[String]] {
    func line(_ what: String, _ place: SourceLocation, _ end: Int? = nil) -> [String] {
      ["place", what, place.file, String(place.line)] + (end.map { [String($0)] } ?? [])
    }
    return
      (annotations.map { line("annotation \($0.id)", $0.location, $0.endLine) }
      + answers.map { line("answer \($0.name)", $0.location) }
      + counters.map { line("counter \($0.counter) \($0.function)", $0.location) }
      + functions.map { line("function \($0.name)", $0.location, $0.endLine) }
      + results.compactMap { result in result.location.map { line("result \(result.id)", $0) } })
      .sorted { $0[1] < $1[1] }
  }
}

extension Baseline.Kernel {
  var lines: [[String]] { [["config", configuration], ["source", source], ["version", version]] }
}

extension Baseline.Way {
  var lines: [[String]] {
    [["chain"] + chain] + given.map { ["given", $0] } + tables.map { ["table", $0] }
      + (tracked.map { [["tracked", String($0.position), String($0.count)]] } ?? [])
  }
}

extension FunctionFacts {
  var lines: [[String]] {
    var lines: [[String]] = []
    if !calls.isEmpty { lines.append(["calls"] + calls) }
    if let caller { lines.append(["caller", caller]) }
    lines.append(["pieces", pieces.map(\.word).joined(separator: " ")])
    if let role { lines.append(["role", role]) }
    lines.append(["sketch", sketch.map { String($0, radix: 36) }.joined(separator: " ")])
    lines.append(["text", text])
    return lines
  }
}

extension TextPiece {
  /// `5fk2a.3` for a piece in line 3; `5fk2a.3-5` for one that ends in line 5.
  var word: String {
    "\(String(hash, radix: 36)).\(line)" + (endLine == line ? "" : "-\(endLine)")
  }

  init?(_ word: Substring) {
    let parts = word.split(separator: ".")
    guard parts.count == 2, let hash = UInt32(parts[0], radix: 36) else { return nil }
    let lines = parts[1].split(separator: "-").map { Int($0) }
    guard let first = lines.first ?? nil, let last = lines.last ?? nil, (0...1 << 20).contains(first),
      (first...1 << 20).contains(last)
    else { return nil }
    self.init(hash: hash, line: first, endLine: last)
  }
}

extension AnnotationFacts {
  var lines: [[String]] {
    var lines: [[String]] = []
    if let after { lines.append(["after", after]) }
    if let before { lines.append(["before", before]) }
    if let function { lines.append(["function", function]) }
    if !known.isEmpty { lines.append(["known"] + known) }
    if let meaning { lines += meaning.lines }
    if !names.isEmpty { lines.append(["names"] + names) }
    lines.append(["role", role])
    if let shape { lines.append(["shape", shape]) }
    lines.append(["text", text])
    return lines
  }
}

extension SitePrint.Meaning {
  var lines: [[String]] {
    var lines: [[String]] = [["means", leaves.map { $0 ? "leaves" : "stays" } ?? ""]]
    if !asks.isEmpty { lines.append(["asks"] + asks) }
    if !earlier.isEmpty { lines.append(["earlier"] + earlier) }
    lines += given.map { ["given", $0.text] }
    if !later.isEmpty { lines.append(["later"] + later) }
    if !returns.isEmpty { lines.append(["returns"] + returns) }
    return lines + values.map { ["value", $0] }
  }
}

extension AnswerPrint {
  var lines: [[String]] {
    var lines: [[String]] = []
    if !asks.isEmpty { lines.append(["asks"] + asks) }
    lines.append(["text", text])
    if let value { lines.append(["value", value]) }
    return lines
  }
}

extension KnobFacts {
  var lines: [[String]] {
    var lines: [[String]] = []
    if let standard { lines.append(["default", standard]) }
    if !range.isEmpty { lines.append(["range", range]) }
    if !reads.isEmpty { lines.append(["read"] + reads) }
    lines.append(["type", type])
    return lines
  }
}

extension CounterPrint {
  var lines: [[String]] { acts.map { ["act", $0] } + (callers.isEmpty ? [] : [["callers"] + callers]) }
}

extension ResultFacts {
  var lines: [[String]] {
    var lines: [[String]] = []
    if let era { lines.append(["era", era]) }
    lines += [["formula", formula]] + inputs.map { ["input", $0] } + open.map { ["open", $0] }
    return lines + [["proof", proof], ["subject", subject]]
  }
}
