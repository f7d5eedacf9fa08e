internal import FoundationEssentials
internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// A function as it was read out of the parse of a file that sees it.
struct KnownFunction: Codable {
  /// The file of its definition, a header maybe.
  let definedIn: String
  let isWeak: Bool
  let isStatic: Bool
  let summary: FunctionSummary
  /// The records that it writes, with those that they hold.
  let layouts: [String: Set<String>]
  /// Names of services that the file sees no definition of, and whether the tree has them in its core.
  let asked: [String: Bool]
}

/// Functions of files that the walk itself does not need: each file is parsed once, and what was read is kept beside the index,
/// for walks to come. What another walk may ask of it is read as well, since the parse is what costs.
final class FunctionSummaries {
  private let tree: any KernelTree
  private let kept: KeptParses
  private var files: [String: KnownFile] = [:]
  private var unknown: Set<String> = []
  /// The tree's answers to questions that are no part of the walk yet.
  private var coreNames: [String: Bool] = [:]

  /// - Parameter tree: what is asked here is no part of the walk.
  convenience init(tree: any KernelTree, environment: ParseEnvironment, store: SummaryStore?) {
    let kept = KeptParses(tree: tree, environment: environment, store: store)
    self.init(tree: kept.tree, kept: kept)
  }

  init(tree: any KernelTree, kept: KeptParses) { (self.tree, self.kept) = (tree, kept) }

  /// The function that the file sees under that name, and how many declarations there are in the file. Throws `UserError` when
  /// the file can't be parsed.
  func function(_ name: String, in file: String, _ program: Program) throws -> (KnownFunction?, declarations: Int) {
    if let known = try self.file(file), let answer = try known.function(name), isCurrent(answer, program) {
      program.visitApart(file, opened: known.opened, unfound: known.unfound)
      return (answer.function, known.declarations)
    }
    let unit = try program.unitApart(file)
    let known = files[file] ?? KnownFile(unit, program)
    files[file] = known
    known.set(name, unit.functions[name].map { read($0, unit, program) })
    readAhead(known, unit, program)
    // What was just read of the tree is from now on part of the walk.
    let answer = try known.function(name)
    if let answer { _ = isCurrent(answer, program) }
    return (answer?.function, known.declarations)
  }

  /// Keeps what was read. A file that can't be read again is not kept: the walk has said so, or did not need it.
  func keep() {
    for (path, file) in files.sorted(by: { $0.key < $1.key }) where file.isNew {
      guard let text = try? file.encoded() else { continue }
      try? kept.keep(text, of: path, opened: file.opened, unfound: file.unfound)
      file.isNew = false
    }
  }

  private func file(_ path: String) throws -> KnownFile? {
    if let known = files[path] { return known }
    guard !unknown.contains(path) else { return nil }
    if let text = try kept.text(of: path), let known = KnownFile(text) {
      files[path] = known
      return known
    }
    unknown.insert(path)
    return nil
  }

  /// Whether the tree says of all names what it said when the function was read.
  private func isCurrent(_ answer: KnownFile.Answer, _ program: Program) -> Bool {
    answer.function?.asked.allSatisfy { program.isCore($0.key, from: nil) == $0.value } ?? true
  }

  private func read(_ definition: Cursor, _ unit: ParsedFile, _ program: Program) -> KnownFunction {
    let layouts = RecordLayouts()
    let reader = SummaryReader(program: program, definition: definition, file: unit.path, layouts: layouts) { name in
      self.isCore(name)
    }
    let summary = reader.read()
    return KnownFunction(
      definedIn: program.location(definition).file, isWeak: definition.isWeak, isStatic: definition.isStatic,
      summary: summary, layouts: layouts.parts, asked: reader.asked)
  }

  private func isCore(_ name: String) -> Bool {
    if let known = coreNames[name] { return known }
    let answer = CoreServices.isDefinedInCore(name, tree)
    coreNames[name] = answer
    return answer
  }

  /// Functions that are read ahead in one file.
  private static let most = 400

  /// Reads what others can call of the file, and what that calls.
  private func readAhead(_ known: KnownFile, _ unit: ParsedFile, _ program: Program) {
    guard !known.isReadAhead else { return }
    known.isReadAhead = true
    let own = unit.unit.file(program.environment.prefix + "/" + unit.path)
    var next = unit.allFunctions.filter { !$0.isStatic && $0.file == own }.map(\.spelling)
    next += known.names
    var seen = Set(next)
    while let name = next.popLast(), known.count < Self.most {
      if !known.has(name) { known.set(name, unit.functions[name].map { read($0, unit, program) }) }
      for callee in known.callees(of: name) where seen.insert(callee).inserted { next.append(callee) }
    }
  }
}

/// What is known of one file.
private final class KnownFile {
  struct Answer {
    /// Nil: the file sees none of that name.
    let function: KnownFunction?
  }

  let opened: [String]
  let unfound: [String]
  let declarations: Int
  /// Something was added since it was kept.
  var isNew = false
  var isReadAhead = false
  private var functions: [String: KnownFunction?] = [:]
  /// As they were kept, each still to be read.
  private var lines: [String: Substring] = [:]

  init(_ unit: ParsedFile, _ program: Program) {
    opened = unit.unit.includedFiles.compactMap(program.relative)
    unfound = unit.unit.unfoundHeaders
    declarations = unit.declarationCount
  }

  /// Nil when the text is not one of ours.
  init?(_ text: String) {
    var parts = text.utf8.split(separator: UInt8(ascii: "\n"))[...]
    guard let head = parts.popFirst(), let known = try? JSONDecoder().decode(Head.self, from: Data(head)) else {
      return nil
    }
    (opened, unfound, declarations) = (known.opened, known.unfound, known.declarations)
    for line in parts {
      guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
      lines[String(Substring(line[..<space]))] = Substring(line[line.index(after: space)...])
    }
    isReadAhead = true
  }

  private struct Head: Codable {
    let opened: [String]
    let unfound: [String]
    let declarations: Int
  }

  private struct Line: Codable {
    let function: KnownFunction?
  }

  var names: [String] { functions.keys.sorted() }
  var count: Int { functions.count + lines.count }
  func has(_ name: String) -> Bool { functions[name] != nil || lines[name] != nil }

  /// Nil where nothing is known of that name.
  func function(_ name: String) throws -> Answer? {
    if let known = functions[name] { return Answer(function: known) }
    guard let line = lines.removeValue(forKey: name) else { return nil }
    // Verified by its checksum, and written by this engine.
    let function = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).function
    functions[name] = .some(function)
    return Answer(function: function)
  }

  func set(_ name: String, _ function: KnownFunction?) {
    functions[name] = .some(function)
    isNew = true
  }

  func callees(of name: String) -> [String] {
    guard let known = functions[name], let function = known else { return [] }
    return function.summary.calls.compactMap { site in
      if case .function(let name) = site.callee { name } else { nil }
    }.sorted()
  }

  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var found = [try text(Head(opened: opened, unfound: unfound, declarations: declarations))]
    for name in Set(functions.keys).union(lines.keys).sorted() {
      if let line = lines[name] { found.append("\(name) \(line)") }
      if let known = functions[name] { found.append("\(name) \(try text(Line(function: known)))") }
    }
    return found.joined(separator: "\n") + "\n"
  }
}
