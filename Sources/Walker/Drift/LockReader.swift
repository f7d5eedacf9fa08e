internal import WalkerModel

extension Lock {
  /// - Parameter file: as messages name it.
  /// - Throws: `UserError` for a lock of a newer version, one with conflict markers, one that was cut off, and lines that
  ///   are no facts. Nothing is guessed: a lock that can't be read whole says nothing.
  public init(_ text: String, file: String) throws {
    guard !text.utf8.contains(0x0d) else {
      throw UserError(
        "\(file): the lock has Windows line ends (CR LF): run `sed -i 's/\\r$//' \(file)`, and keep git from changing it by a line `*.lock -text` in .gitattributes",
        exitStatus: ExitStatus.unchecked)
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (position, line) in lines.enumerated() where Self.markers.contains(where: line.hasPrefix) {
      throw UserError(
        "\(file):\(position + 1): the lock has the conflict markers of a merge: take one side (`git checkout --ours` or `--theirs`), and accept again what the other one had",
        exitStatus: ExitStatus.unchecked)
    }
    let head = lines.first.map(String.init) ?? ""
    guard head.hasPrefix(Self.header), let number = Int(head.dropFirst(Self.header.count)) else {
      throw UserError(
        "\(file):1: this is no lock, as its first line is not \"\(Self.header)\(Self.version)\": restore it, or remove it and run `walker accept`",
        exitStatus: ExitStatus.unchecked)
    }
    guard number <= Self.version else {
      throw UserError(
        "\(file):1: the lock has version \(number), and this walker knows \(Self.version): use a newer walker",
        exitStatus: ExitStatus.unchecked)
    }
    guard number == Self.version else {
      throw UserError(
        "\(file):1: the lock has version \(number), from an older walker that compared less: remove it, and accept its kernels again with `walker accept WALKTHROUGH --kernel K --all --prose-still-true`",
        exitStatus: ExitStatus.unchecked)
    }
    let whole = lines.last == "" ? lines.dropLast() : lines[...]
    guard whole.last == "end" else {
      throw UserError(
        "\(file):\(lines.count): the lock is cut off, as its last line is not \"end\": restore it from version control",
        exitStatus: ExitStatus.unchecked)
    }
    var reader = Reader(file: file)
    for (position, line) in whole.dropFirst().dropLast().enumerated() where !line.isEmpty {
      try reader.take(line, number: position + 2)
    }
    self.init(baselines: try reader.finish())
  }

  private static let markers = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
}

private struct Reader {
  let file: String
  private var kinds: [String: Baseline] = [:]
  private var head: (kind: String, id: String, line: Int)?
  private var kernels: [String] = []
  private var facts: [String: [[String]]] = [:]
  private var seen: Set<[String]> = []
  private var pending: [(kind: String, id: String, kernels: [String], facts: [String: [[String]]], line: Int)] = []
  /// By kernel, and what stands there.
  private var places: [String: [String: (location: SourceLocation, endLine: Int)]] = [:]

  init(file: String) { self.file = file }

  mutating func take(_ line: Substring, number: Int) throws {
    if line.hasPrefix("  ") {
      let fields = line.dropFirst(2).split(separator: "\t", omittingEmptySubsequences: false).map(Stanza.unescaped)
      guard head != nil, fields.count >= 2 else { throw malformed(number, "a fact without a stanza or a value") }
      facts[fields[0], default: []].append(Array(fields.dropFirst()))
      return
    }
    if line.hasPrefix("= ") {
      guard head != nil, kernels.isEmpty, facts.isEmpty else { throw malformed(number, "kernels without a stanza") }
      kernels = line.dropFirst(2).split(separator: " ").map(Stanza.unescaped)
      return
    }
    close()
    let parts = line.split(separator: " ", maxSplits: 1).map(Stanza.unescaped)
    guard parts.count == 2 else { throw malformed(number, "a stanza without a name") }
    guard ["kernel", "way", "function", "annotation", "result", "answer", "knob", "counter"].contains(parts[0]) else {
      throw malformed(number, "a stanza of no known kind")
    }
    head = (parts[0], parts[1], number)
  }

  private mutating func close() {
    if let head { pending.append((head.kind, head.id, kernels, facts, head.line)) }
    head = nil
    (kernels, facts) = ([], [:])
  }

  /// The kernels, by name: first what they are and where things stand in them, then the things.
  mutating func finish() throws -> [Baseline] {
    close()
    for stanza in pending where stanza.kind == "kernel" {
      (head, facts) = ((stanza.kind, stanza.id, stanza.line), stanza.facts)
      guard kinds[stanza.id] == nil else { throw malformed(stanza.line, "a stanza that stands here twice") }
      kinds[stanza.id] = Baseline(
        kernel: Baseline.Kernel(
          name: stanza.id, version: try one("version"), source: try one("source"), configuration: try one("config")))
      for fields in facts["place"] ?? [] {
        guard fields.count >= 3, let line = Int(fields[2]), line >= 0 else {
          throw malformed(stanza.line, "a place without its line")
        }
        places[stanza.id, default: [:]][fields[0]] = (
          SourceLocation(file: fields[1], line: line), fields.count > 3 ? Int(fields[3]) ?? line : line
        )
      }
    }
    for stanza in pending where stanza.kind != "kernel" {
      (head, facts) = ((stanza.kind, stanza.id, stanza.line), stanza.facts)
      guard !stanza.kernels.isEmpty else { throw malformed(stanza.line, "a stanza without its kernels") }
      for kernel in stanza.kernels {
        guard kinds[kernel] != nil else { throw malformed(stanza.line, "a stanza of a kernel that it does not have") }
        guard seen.insert([stanza.kind, stanza.id, kernel]).inserted else {
          throw malformed(stanza.line, "two stanzas for one thing in \(kernel)")
        }
        try add(stanza.kind, stanza.id, to: kernel)
      }
    }
    return kinds.values.sorted { $0.kernel.name < $1.kernel.name }
  }

  private mutating func add(_ kind: String, _ id: String, to kernel: String) throws {
    guard var baseline = kinds[kernel] else { return }
    defer { kinds[kernel] = baseline }
    switch kind {
    case "way":
      baseline.way = Baseline.Way(
        given: all("given"), tables: all("table"), chain: facts["chain"]?.first ?? [], tracked: try tracked())
    case "function": baseline.functions.append(try function(id, kernel))
    case "annotation": baseline.annotations.append(try annotation(id, kernel))
    case "result":
      baseline.results.append(
        ResultFacts(
          id: id, era: first("era"), proof: try one("proof"), formula: try one("formula"), subject: try one("subject"),
          location: places[kernel]?["result \(id)"]?.location, inputs: all("input"), open: all("open")))
    case "answer":
      baseline.answers.append(
        AnswerPrint(
          name: id, location: try place("answer \(id)", kernel).location, value: first("value"), text: try one("text"),
          asks: facts["asks"]?.first ?? []))
    case "knob":
      baseline.knobs.append(
        KnobFacts(
          name: id, standard: first("default"), range: first("range") ?? "", type: try one("type"),
          reads: facts["read"]?.first ?? []))
    default:
      let parts = id.split(separator: " ").map(String.init)
      guard parts.count == 2 else { throw malformed(head?.line ?? 1, "a counter without its function") }
      baseline.counters.append(
        CounterPrint(
          counter: parts[0], function: parts[1], location: try place("counter \(id)", kernel).location,
          acts: all("act"),
          callers: facts["callers"]?.first ?? []))
    }
  }

  private func function(_ name: String, _ kernel: String) throws -> FunctionFacts {
    let place = try place("function \(name)", kernel)
    let words = try one("pieces").split(separator: " ")
    let pieces = words.compactMap(TextPiece.init)
    guard pieces.count == words.count else { throw malformed(head?.line ?? 1, "a function with a damaged piece") }
    return FunctionFacts(
      name: name, location: place.location, endLine: place.endLine, text: try one("text"),
      sketch: try one("sketch").split(separator: " ").compactMap { UInt32($0, radix: 36) }, pieces: pieces,
      calls: facts["calls"]?.first ?? [], role: first("role"), caller: first("caller"))
  }

  private func annotation(_ id: String, _ kernel: String) throws -> AnnotationFacts {
    let place = try place("annotation \(id)", kernel)
    var found = AnnotationFacts(
      id: id, function: first("function"), file: place.location.file, line: place.location.line, endLine: place.endLine,
      role: try one("role"), names: facts["names"]?.first ?? [], text: try one("text"), shape: first("shape"),
      meaning: meaning(), before: first("before"), after: first("after"))
    found.known = facts["known"]?.first ?? []
    return found
  }

  private func meaning() -> SitePrint.Meaning? {
    guard let leaves = first("means") else { return nil }
    var meaning = SitePrint.Meaning(
      values: all("value"),
      given: all("given").map {
        ConditionPrint(text: $0, subjects: [], location: SourceLocation(file: "", line: 0), source: "")
      }, returns: facts["returns"]?.first ?? [], earlier: facts["earlier"]?.first ?? [],
      later: facts["later"]?.first ?? [], asks: facts["asks"]?.first ?? [])
    meaning.leaves = leaves.isEmpty ? nil : leaves == "leaves"
    return meaning
  }

  private func first(_ key: String) -> String? { facts[key]?.first?.first }
  private func all(_ key: String) -> [String] { (facts[key] ?? []).compactMap(\.first) }

  private func one(_ key: String) throws -> String {
    guard let found = first(key) else { throw malformed(head?.line ?? 1, "a stanza that lacks its \(key)") }
    return found
  }

  private func place(_ what: String, _ kernel: String) throws -> (location: SourceLocation, endLine: Int) {
    guard let found = places[kernel]?[what] else {
      throw malformed(head?.line ?? 1, "a stanza that lacks its place in \(kernel)")
    }
    return found
  }

  private func tracked() throws -> TrackedPosition? {
    guard let fields = facts["tracked"]?.first else { return nil }
    guard fields.count == 2, let position = Int(fields[0]), let count = Int(fields[1]) else {
      throw malformed(head?.line ?? 1, "a parameter without its place")
    }
    return TrackedPosition(position: position, count: count)
  }

  private func malformed(_ line: Int, _ what: String) -> UserError {
    UserError(
      "\(file):\(line): the lock is damaged, as it has \(what): restore it from version control",
      exitStatus: ExitStatus.unchecked)
  }
}
