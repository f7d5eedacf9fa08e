public import WalkerKernel
public import WalkerModel

/// Finds sysctls by name, and what the source says of each: the parsed `ctl_table` entries with that `procname`.
public struct SysctlSearch {
  private let program: Program
  private let finder: KnobFinder

  /// Throws `UserError` when libclang can't be started.
  public init(tree: any KernelTree, environment: ParseEnvironment) throws {
    program = try Program(tree: tree, environment: environment)
    finder = KnobFinder(program: program)
  }

  public struct Answer: Sendable {
    public var found: [SysctlReport] = []
    /// Why a name was not found, by the name.
    public var missing: [(name: String, why: String)] = []
    /// The last parts of all names that the kernel has.
    public var known: Set<String> = []
  }

  /// - Parameter names: `net.core.somaxconn`, `net/core/somaxconn`, or the last part alone, which may be several sysctls';
  ///   `net.ipv4.tcp_rmem[2]` for one element of an array.
  /// - Throws: `UserError` when the tree can't be searched, or does not hold a file that is needed.
  public func find(_ names: [String]) throws -> Answer {
    var answer = Answer()
    let mentions = try mentions()
    answer.known = Set(mentions.map(\.procname))
    for name in names {
      let asked = AskedSysctl(name)
      let own = mentions.filter { $0.procname == asked.last }
      var reports: [SysctlReport] = []
      for file in Set(own.map(\.file)).sorted() {
        for (entry, directory) in try finder.entries(of: file) where entry.procname == asked.last {
          guard let directory, asked.isMeant(directory) else { continue }
          reports += try self.reports(entry, directory, element: asked.element)
        }
      }
      for report in reports where !answer.found.contains(report) { answer.found.append(report) }
      guard reports.isEmpty else { continue }
      answer.missing.append((name, why(own, asked)))
    }
    return answer
  }

  private func why(_ mentions: [Mention], _ asked: AskedSysctl) -> String {
    guard !mentions.isEmpty else { return "no ctl_table entry is written with this name" }
    let places = mentions.map { "\(SourceLocation(file: $0.file, line: $0.line))" }.joined(separator: ", ")
    let files = Set(mentions.map(\.file))
    if let (place, why) = finder.unreadable.filter({ files.contains($0.key.file) }).min(by: { $0.key < $1.key }) {
      return "entries of that name stand at \(places), and \(place.file) can't be read: \(why)"
    }
    if let element = asked.element {
      return "entries of that name stand at \(places), none of them is known to have an element \(element)"
    }
    if asked.isPath {
      return "entries of that last name stand at \(places), none of them is known to be in this folder"
    }
    return "it stands at \(places), but in which folder its table is registered the source does not tell, "
      + "or the configuration leaves it out"
  }

  /// An entry by the text alone.
  private struct Mention {
    let procname: String
    let file: String
    /// Of its `.procname`.
    let line: Int
  }

  private func mentions() throws -> [Mention] {
    let files = Set(try program.tree.answer(.initializer(field: "proc_handler")).map(\.file))
    return files.sorted().flatMap { file in
      let tokens = CTokens(program.bytes(file)).all
      return tokens.indices.dropLast(2).compactMap { at -> Mention? in
        guard tokens[at].text == "procname", tokens[at + 1].text == "=", tokens[at + 2].text.hasPrefix("\"") else {
          return nil
        }
        return Mention(
          procname: String(tokens[at + 2].text.dropFirst().dropLast()), file: file, line: tokens[at].line)
      }
    }
  }

  /// More elements than this are told by the first ones.
  private static let shown = 16

  private func reports(_ entry: SysctlEntry, _ directory: [String], element wanted: Int?) throws -> [SysctlReport] {
    let handler = entry.handler
    let place = SourceLocation(file: entry.file, line: entry.nameLine)
    var notes: [String] = []
    if let unit = HandlerWords.unit(handler) { notes.append(unit) }
    if let handler, !entry.isRanged, !handler.hasPrefix("proc_do") {
      notes.append("which values it takes is decided by \(handler)()")
    }
    guard let data = entry.data else {
      guard wanted == nil else { return [] }
      notes.append("its default is not found: the entry holds no variable's address")
      return [
        SysctlReport(
          name: (directory + [entry.procname]).joined(separator: "."),
          location: place, storage: nil, type: HandlerWords.type(handler), handler: handler, namespace: nil,
          defaultValue: nil, defaultFormula: nil, defaultLocation: nil, minimum: nil, maximum: nil, notes: notes)
      ]
    }
    guard let type = data.type ?? HandlerWords.type(handler) else {
      notes.append("its type is not told by \(handler ?? "the entry, which has no proc_handler")")
      let whole = KnobFinder.Element(entry: entry, data: data, directory: directory, index: nil)
      return [report(try finder.knob(whole, named: entry.procname, .s32), entry, nil, notes)]
    }
    if data.count > Self.shown { notes.append("it has \(data.count) elements") }
    let indices = wanted.map { [$0] } ?? Array(0..<min(data.count, Self.shown))
    return try indices.filter { $0 < data.count }.map { index in
      let element = KnobFinder.Element(
        entry: entry, data: data, directory: directory, index: data.count > 1 ? index : nil)
      return report(try finder.knob(element, named: element.shortName, type), entry, type, notes)
    }
  }

  private func report(_ knob: Knob, _ entry: SysctlEntry, _ type: IntegerType?, _ notes: [String]) -> SysctlReport {
    SysctlReport(
      name: knob.name, location: SourceLocation(file: entry.file, line: entry.nameLine), storage: knob.storage,
      type: type, handler: entry.handler,
      namespace: knob.namespace, defaultValue: knob.defaultValue, defaultFormula: knob.defaultFormula,
      defaultLocation: knob.defaultLocation, minimum: knob.minimum, maximum: knob.maximum,
      notes: notes + [knob.defaultNote.map { "its default is not told: \($0)" }].compactMap(\.self))
  }
}

/// `net.ipv4.tcp_rmem[2]`, read.
private struct AskedSysctl {
  let parts: [String]
  let element: Int?

  init(_ name: String) {
    var text = name[...]
    var element: Int?
    if text.last == "]", let open = text.lastIndex(of: "["),
      let number = Int(text[text.index(after: open)...].dropLast())
    {
      element = number
      text = text[..<open]
    }
    parts = text.split { $0 == "." || $0 == "/" }.map(String.init)
    self.element = element
  }

  var last: String? { parts.last }
  var isPath: Bool { parts.count > 1 }

  func isMeant(_ directory: [String]) -> Bool { directory.suffix(parts.count - 1).elementsEqual(parts.dropLast()) }
}

/// What an entry's handler says.
private enum HandlerWords {
  static func type(_ handler: String?) -> IntegerType? {
    let byHandler: [(String, IntegerType)] = [
      ("proc_dointvec", .s32), ("proc_douintvec", .u32), ("proc_doulongvec", .u64), ("proc_dou8vec", .u8),
      ("proc_dobool", .bool),
    ]
    return handler.flatMap { handler in byHandler.first { handler.hasPrefix($0.0) }?.1 }
  }

  static func unit(_ handler: String?) -> String? {
    guard let handler else { return nil }
    if handler.contains("userhz_jiffies") { return "it is kept in jiffies, read and written in hundredths of seconds" }
    if handler.contains("ms_jiffies") { return "it is kept in jiffies, read and written in milliseconds" }
    return handler.contains("jiffies") ? "it is kept in jiffies, read and written in seconds" : nil
  }
}
