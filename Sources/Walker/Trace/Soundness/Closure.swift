internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// A function as a call names it: by its name, in a file that sees it.
struct FunctionReference: Hashable {
  let name: String
  let file: String?
}

/// Something that could not be looked into.
struct Gap: Hashable {
  let kind: Obligation.Kind
  let subject: String
  let location: SourceLocation
  let why: String
}

/// Functions with their summaries, found where they are defined. A file that only they need is parsed, read and let go.
final class FunctionFinder {
  let program: Program
  private let layouts: RecordLayouts
  private let known: FunctionSummaries
  private(set) var summaries: [String: FunctionSummary] = [:]
  private var keys: [FunctionReference: [String]] = [:]
  /// Declarations that were read for files that the walk itself does not need.
  private(set) var cost = 0

  init(program: Program, layouts: RecordLayouts, known: FunctionSummaries) {
    self.program = program
    self.layouts = layouts
    self.known = known
  }

  func known(_ reference: FunctionReference) -> [String]? { keys[reference] }

  /// Whether finding it needs no further file.
  func isNear(_ reference: FunctionReference) -> Bool {
    keys[reference] != nil || reference.file == nil || reference.file == program.apartPath
      || program.parsedFiles.contains { $0.path == reference.file }
  }

  /// The functions that are meant: more than one where several files define it. Throws `UserError` when the tree can't
  /// answer.
  func find(_ reference: FunctionReference) throws -> [String] {
    if let known = keys[reference] { return known }
    var found: [String] = []
    if let file = reference.file {
      if let own = try function(reference.name, in: file) {
        // Another file's definition takes the place of a weak one.
        found = [take(own)]
        if own.isWeak { found += try definitions(of: reference.name).filter { !found.contains($0) } }
      }
    }
    if found.isEmpty { found = try definitions(of: reference.name) }
    keys[reference] = found
    return found
  }

  private func definitions(of name: String) throws -> [String] {
    let outside = FunctionReference(name: name, file: nil)
    if let known = keys[outside] { return known }
    var found: [String] = []
    for file in program.parsedFiles where found.isEmpty {
      if let own = file.functions[name], !own.isStatic || isInHeader(own), !own.isWeak {
        found = [take(.walked(own, in: file))]
      }
    }
    if found.isEmpty {
      let hits = try program.tree.answer(.definition(name)).map(\.file).filter { $0.hasSuffix(".c") }
      // Other architectures' are not of this kernel; the same for tools that the build runs.
      var seen: Set<String> = []
      // Drivers last: they have functions of every name, mostly of their own.
      let inOrder = hits.filter { !Self.isDriver($0) } + hits.filter(Self.isDriver)
      for file in inOrder where seen.insert(file).inserted && Self.isBuilt(file) {
        if Self.isDriver(file), !found.isEmpty { break }
        if let own = try function(name, in: file), !own.isStatic { found.append(take(own)) }
      }
    }
    keys[outside] = found
    return found
  }

  private static func isDriver(_ file: String) -> Bool { file.hasPrefix("drivers/") || file.hasPrefix("sound/") }

  private static func isBuilt(_ file: String) -> Bool {
    if file.hasPrefix("arch/") { return file.hasPrefix("arch/x86/") && !file.hasPrefix("arch/x86/boot/") }
    return !["tools/", "scripts/", "Documentation/", "samples/", "usr/"].contains { file.hasPrefix($0) }
  }

  /// A function that a file sees: of a file that the walk needed as it was parsed, of another as it was read when that was
  /// parsed once.
  private enum Found {
    case walked(Cursor, in: ParsedFile)
    case known(KnownFunction)

    var isWeak: Bool {
      switch self {
      case .walked(let definition, _): definition.isWeak
      case .known(let function): function.isWeak
      }
    }

    var isStatic: Bool {
      switch self {
      case .walked(let definition, _): definition.isStatic
      case .known(let function): function.isStatic
      }
    }
  }

  private func function(_ name: String, in file: String) throws -> Found? {
    if let walked = program.walkedFile(file) { return walked.functions[name].map { .walked($0, in: walked) } }
    let isHere = isNear(FunctionReference(name: "", file: file))
    let (found, declarations) = try known.function(name, in: file, program)
    if !isHere { cost += declarations }
    return found.map(Found.known)
  }

  private func isInHeader(_ definition: Cursor) -> Bool { program.location(definition).file.hasSuffix(".h") }

  /// A function is known by the file that defines it, since static ones share names.
  private func take(_ found: Found) -> String {
    switch found {
    case .walked(let definition, let file):
      let key = "\(program.location(definition).file):\(definition.spelling)"
      if summaries[key] == nil {
        let reader = SummaryReader(
          program: program, definition: definition, file: file.path, layouts: layouts
        ) { [program] in program.isCore($0, from: nil) }
        summaries[key] = reader.read()
      }
      return key
    case .known(let function):
      let key = "\(function.definedIn):\(function.summary.name)"
      if summaries[key] == nil {
        layouts.merge(function.layouts)
        summaries[key] = function.summary
      }
      return key
    }
  }
}

/// All functions that one may lead to, and what they write, as its caller sees it.
struct Closure {
  struct Write {
    let function: String
    let location: SourceLocation
  }

  /// In the order in which they were found.
  var functions: [String] = []
  /// With the first function's parameters as bases.
  var writes: [ModifiedPath: Write] = [:]
  var open: [Gap] = []
  /// Of the first function, those that it, or what it hands them to, calls.
  var calledParameters: Set<Int> = []
  /// Calls that hand nothing on were not followed: there were too many of them.
  var isHandedOnly = false
}
