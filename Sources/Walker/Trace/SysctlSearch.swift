public import WalkerKernel
public import WalkerModel

/// Finds sysctls by name, and what the source says of each: the `ctl_table` entries with that `procname`, read from the text.
///
/// The folder, the default and the range are what `KnobFinder` makes of the entry's variable. What it says of another entry
/// (two variables may have one last name) is not taken for this one.
public struct SysctlSearch {
  private let program: Program

  /// Throws `UserError` when libclang can't be started.
  public init(tree: any KernelTree, environment: ParseEnvironment) throws {
    program = try Program(tree: tree, environment: environment)
  }

  public struct Answer: Sendable {
    public var found: [SysctlReport] = []
    /// Why a name was not found, by the name.
    public var missing: [(name: String, why: String)] = []
    /// The last parts of all names that the kernel has.
    public var known: Set<String> = []
  }

  /// - Parameter names: `net.core.somaxconn`, `net/core/somaxconn`, or the last part alone, which may be several sysctls'.
  /// - Throws: `UserError` when the tree can't be searched.
  public func find(_ names: [String]) throws -> Answer {
    var answer = Answer()
    let entries = try entries()
    answer.known = Set(entries.map(\.procname))
    for name in names {
      let parts = name.split { $0 == "." || $0 == "/" }.map(String.init)
      let own = entries.filter { $0.procname == parts.last }
      let wanted = parts.joined(separator: ".")
      let reports = try own.compactMap(report)
        .filter { parts.count == 1 || $0.name == wanted || $0.name.hasSuffix("." + wanted) }
      for report in reports where !answer.found.contains(report) { answer.found.append(report) }
      guard reports.isEmpty else { continue }
      answer.missing.append((name, why(own, isPath: parts.count > 1)))
    }
    return answer
  }

  private func why(_ entries: [Entry], isPath: Bool) -> String {
    guard !entries.isEmpty else { return "no ctl_table entry is written with this name" }
    let places = entries.map { "\(SourceLocation(file: $0.file, line: $0.line))" }.joined(separator: ", ")
    return isPath
      ? "entries of that last name stand at \(places), none of them is known to be in this folder"
      : "it stands at \(places), but the text does not tell in which folder its table is registered"
  }

  private struct Entry {
    let procname: String
    let file: String
    /// Of its `.procname`.
    let line: Int
  }

  private func entries() throws -> [Entry] {
    let files = Set(try program.tree.answer(.initializer(field: "proc_handler")).map(\.file))
    return files.sorted().flatMap { file in
      let tokens = CTokens(program.bytes(file)).all
      return tokens.indices.dropLast(2).compactMap { at -> Entry? in
        guard tokens[at].text == "procname", tokens[at + 1].text == "=", tokens[at + 2].text.hasPrefix("\"") else {
          return nil
        }
        return Entry(
          procname: String(tokens[at + 2].text.dropFirst().dropLast()), file: file, line: tokens[at].line)
      }
    }
  }

  /// nil where the text does not tell in which folder the entry's table is registered.
  private func report(_ entry: Entry) throws -> SysctlReport? {
    guard let block = InitializerBlock(bytes: program.bytes(entry.file), line: entry.line, file: entry.file) else {
      return nil
    }
    let handler = block.fields["proc_handler"]
    var notes: [String] = []
    let (type, elements) = SysctlType.read(handler: handler, size: block.fields["maxlen"])
    if type == nil {
      notes.append("its type is not told by \(handler ?? "the entry, which has no proc_handler")")
    }
    if elements { notes.append("it is an array, of which the default of the elements is not told") }
    if let unit = SysctlType.unit(handler) { notes.append(unit) }
    let storage = block.fields["data"].map { String($0.drop { $0 == "&" || $0 == "(" }) }
    guard let knob = try knob(entry, block, storage, type ?? .s32) else { return nil }
    if knob.defaultValue == nil, knob.defaultFormula == nil, !elements {
      let size = block.fields["maxlen"].map { ", and it may be an array, as its maxlen is \($0)" } ?? ""
      notes.append("its default is not found" + size)
    }
    if handler?.contains("minmax") != true, handler?.hasPrefix("proc_do") != true, let handler {
      notes.append("which values it takes is decided by \(handler)()")
    }
    return SysctlReport(
      name: knob.name, location: SourceLocation(file: entry.file, line: entry.line), storage: storage, type: type,
      handler: handler, namespace: SysctlType.namespace(storage), defaultValue: elements ? nil : knob.defaultValue,
      defaultFormula: elements ? nil : knob.defaultFormula, defaultLocation: elements ? nil : knob.defaultLocation,
      minimum: knob.minimum, maximum: knob.maximum, notes: notes)
  }

  /// What `KnobFinder` says of the variable, if it speaks of this entry.
  private func knob(_ entry: Entry, _ block: InitializerBlock, _ storage: String?, _ type: IntegerType) throws -> Knob?
  {
    let words = storage.map { CTokens(Array($0.utf8)).all.map(\.text) } ?? []
    guard let name = words.last(where: { $0.first.map { $0.isLetter || $0 == "_" } ?? false }) else { return nil }
    let input = Input(id: "asked", name: name, role: .opaque, type: type)
    let origin = InputOrigin(
      storage: storage ?? name, name: name, isGlobal: words.count == 1,
      location: SourceLocation(file: entry.file, line: entry.line))
    let found = try KnobFinder(program: program, origins: [input.id: origin]).find([input]).knobs.first
    guard let found, found.location.file == entry.file, found.name.split(separator: ".").last == entry.procname[...],
      let other = InitializerBlock(bytes: program.bytes(entry.file), line: found.location.line, file: entry.file),
      other.variable == block.variable, other.fields == block.fields
    else { return nil }
    return found
  }
}

/// What an entry's handler and size say.
private enum SysctlType {
  /// The type of one element, and whether there are several.
  static func read(handler: String?, size: String?) -> (IntegerType?, isArray: Bool) {
    let byHandler: [(String, IntegerType)] = [
      ("proc_dointvec", .s32), ("proc_douintvec", .u32), ("proc_doulongvec", .u64), ("proc_dou8vec", .u8),
      ("proc_dobool", .bool),
    ]
    let type = handler.flatMap { handler in byHandler.first { handler.hasPrefix($0.0) }?.1 }
    let isArray = size?.contains("*") == true || size?.contains("+") == true
    guard type == nil, let size, !isArray else { return (type, isArray) }
    let bySize: [String: IntegerType] = [
      "sizeof(int)": .s32, "sizeof(unsignedint)": .u32, "sizeof(u8)": .u8, "sizeof(unsignedlong)": .u64,
      "sizeof(long)": .s64, "sizeof(bool)": .bool, "sizeof(u32)": .u32,
    ]
    return (bySize[size], false)
  }

  static func unit(_ handler: String?) -> String? {
    guard let handler else { return nil }
    if handler.contains("userhz_jiffies") { return "it is kept in jiffies, read and written in hundredths of seconds" }
    if handler.contains("ms_jiffies") { return "it is kept in jiffies, read and written in milliseconds" }
    return handler.contains("jiffies") ? "it is kept in jiffies, read and written in seconds" : nil
  }

  static func namespace(_ storage: String?) -> String? {
    let names = [
      "init_net": "network", "init_ipc_ns": "ipc", "init_uts_ns": "uts", "init_user_ns": "user", "init_pid_ns": "pid",
    ]
    return storage.flatMap { storage in names.first { storage.hasPrefix($0.key + ".") }?.value }
  }
}
