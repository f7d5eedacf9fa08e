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
        "\(file):\(position + 1): the lock has conflict markers: keep the stanzas of both sides, remove the markers, or take one side and run `walker accept` again",
        exitStatus: ExitStatus.unchecked)
    }
    let head = lines.first.map(String.init) ?? ""
    guard head.hasPrefix(Self.header), let number = Int(head.dropFirst(Self.header.count)) else {
      throw UserError(
        "\(file):1: this is no lock, as its first line is not \"\(Self.header)\(Self.version)\": restore it, or remove it and run `walker accept`",
        exitStatus: ExitStatus.unchecked)
    }
    guard number == Self.version else {
      throw UserError(
        "\(file):1: the lock has version \(number), and this walker knows \(Self.version): use a \(number > Self.version ? "newer" : "matching") walker",
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
    try reader.close()
    self.init(baselines: reader.baselines.values.sorted { $0.kernel.name < $1.kernel.name })
  }

  private static let markers = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
}

private struct Reader {
  let file: String
  var baselines: [String: Baseline] = [:]
  private var head: (kind: String, id: String, kernel: String, line: Int)?
  private var facts: [String: [[String]]] = [:]
  private var seen: Set<String> = []

  init(file: String) { self.file = file }

  mutating func take(_ line: Substring, number: Int) throws {
    if line.hasPrefix("  ") {
      let fields = line.dropFirst(2).split(separator: "\t", omittingEmptySubsequences: false).map(Stanza.unescaped)
      guard head != nil, fields.count >= 2 else { throw malformed(number, "a fact without a stanza or a value") }
      facts[fields[0], default: []].append(Array(fields.dropFirst()))
      return
    }
    try close()
    let parts = line.split(separator: " ", maxSplits: 2).map(Stanza.unescaped)
    switch parts.first {
    case "kernel", "path":
      let name = line.split(separator: " ", maxSplits: 1).dropFirst().first.map(Stanza.unescaped)
      guard let name else { throw malformed(number, "a stanza without a kernel") }
      head = (parts[0], "", name, number)
    case "function", "annotation", "result":
      guard parts.count == 3 else { throw malformed(number, "a stanza without name and kernel") }
      head = (parts[0], parts[1], parts[2], number)
    default: throw malformed(number, "a stanza of no known kind")
    }
    guard seen.insert(String(line)).inserted else { throw malformed(number, "a stanza that stands here twice") }
  }

  mutating func close() throws {
    guard let head else { return }
    defer {
      self.head = nil
      facts = [:]
    }
    var baseline =
      baselines[head.kernel]
      ?? Baseline(
        kernel: Baseline.Kernel(name: head.kernel, version: "", source: "", configuration: ""), path: nil,
        functions: [],
        annotations: [], results: [])
    switch head.kind {
    case "kernel":
      baseline.kernel = Baseline.Kernel(
        name: head.kernel, version: try one("version"), source: try one("source"), configuration: try one("config"))
    case "path":
      baseline.path = Baseline.Path(
        given: try conditions("given"), exits: try conditions("exit"), tables: all("table"), reaches: all("reach"),
        openEnds: all("open-end"), chain: facts["chain"]?.first ?? [], happenings: try happenings(),
        tracked: try tracked())
    case "function": baseline.functions.append(try function(head.id))
    case "annotation": baseline.annotations.append(try annotation(head.id))
    default: baseline.results.append(try result(head.id))
    }
    baselines[head.kernel] = baseline
  }

  private func function(_ name: String) throws -> FunctionFacts {
    let place = try place("at")
    return FunctionFacts(
      name: name, location: place.location, endLine: place.endLine, text: try one("text"),
      sketch: try one("sketch").split(separator: " ").compactMap { UInt32($0, radix: 16) },
      behaviour: first("behaviour"),
      calls: facts["calls"]?.first ?? [], role: first("role"), caller: first("caller"))
  }

  private func annotation(_ id: String) throws -> AnnotationFacts {
    let place = try place("at")
    return AnnotationFacts(
      id: id, function: first("function"), file: place.location.file, line: place.location.line, endLine: place.endLine,
      role: try one("role"), names: facts["names"]?.first ?? [], text: try one("text"), shape: first("shape"),
      expansion: first("expansion"), uses: all("uses"), value: first("value"), given: try conditions("given"),
      before: first("before"),
      after: first("after"))
  }

  private func result(_ id: String) throws -> ResultFacts {
    ResultFacts(
      id: id, era: first("era"), proof: try one("proof"), formula: try one("formula"), subject: try one("subject"),
      location: facts["at"] == nil ? nil : try place("at").location, inputs: all("input"))
  }

  private func first(_ key: String) -> String? { facts[key]?.first?.first }
  private func all(_ key: String) -> [String] { (facts[key] ?? []).compactMap(\.first) }

  private func one(_ key: String) throws -> String {
    guard let found = first(key) else { throw malformed(head?.line ?? 1, "a stanza that lacks its \(key)") }
    return found
  }

  private func place(_ key: String) throws -> (location: SourceLocation, endLine: Int) {
    guard let fields = facts[key]?.first, fields.count >= 2, let line = Int(fields[1]) else {
      throw malformed(head?.line ?? 1, "a stanza that lacks its place")
    }
    return (SourceLocation(file: fields[0], line: line), fields.count > 2 ? Int(fields[2]) ?? line : line)
  }

  private func conditions(_ key: String) throws -> [ConditionPrint] {
    try (facts[key] ?? []).map { fields in
      guard fields.count >= 3, let line = Int(fields[2]) else {
        throw malformed(head?.line ?? 1, "a condition without its place")
      }
      return ConditionPrint(
        text: fields[0], subjects: Array(fields.dropFirst(3)), location: SourceLocation(file: fields[1], line: line),
        source: "")
    }
  }

  private func happenings() throws -> [Happening] {
    try (facts["does"] ?? []).map { fields in
      guard fields.count == 5, let line = Int(fields[3]) else {
        throw malformed(head?.line ?? 1, "something that happens without its place")
      }
      return Happening(
        function: fields[0], text: fields[4], digest: fields[1], location: SourceLocation(file: fields[2], line: line))
    }
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
