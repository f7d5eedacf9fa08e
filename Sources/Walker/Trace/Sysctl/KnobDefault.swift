internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// What a sysctl is before anybody sets it: what the start-up code gives its variable, else what the variable is defined with.
final class KnobDefault {
  private let program: Program
  private let boot: BootCode
  private var definitions: [MemoryObject: [DefinedPart]] = [:]

  init(program: Program) {
    self.program = program
    boot = BootCode(program: program)
  }

  struct Initial: Hashable, Codable {
    /// nil: computed when the kernel starts.
    let number: Int128?
    /// As the source writes it, with local variables of the function replaced by what they were given.
    let text: String
    let location: SourceLocation
  }

  enum Answer {
    case initial(Initial)
    /// A sentence.
    case undecided(String)
  }

  /// - Parameter element: bits from the start of the entry's variable.
  /// - Throws: `UserError` when the tree can't be searched, or does not hold a file that is needed.
  func find(_ entry: SysctlEntry, _ data: SysctlEntry.Data, element offset: Int, _ type: IntegerType) throws -> Answer {
    do { return try decide(entry, data, element: offset, type) } catch let error as UnreadableFile {
      return .undecided("\(error.path) could not be parsed: \(error.why)")
    }
  }

  private func decide(
    _ entry: SysctlEntry, _ data: SysctlEntry.Data, element offset: Int, _ type: IntegerType
  ) throws -> Answer {
    let target = BootAssignments.Target(
      object: data.object, variable: data.variable, record: data.record, isNamespace: data.isNamespace,
      offset: offset, type: type, field: data.field, fieldRecord: data.fieldRecord)
    var possible: [Initial] = []
    var mayStay = true
    for (file, functions) in try writers(data, target, of: entry).sorted(by: { $0.key < $1.key }) {
      let found = try assigned(target, by: functions, in: file)
      if !found.mayStay { mayStay = false }
      possible += found.values.filter { !possible.contains($0) }
    }
    if mayStay {
      switch try defined(data, offset, type, near: entry) {
      case .initial(let initial): possible.append(initial)
      case .undecided(let why): if possible.isEmpty { return .undecided(why) } else { return different(possible, why) }
      }
    }
    let numbers = Set(possible.map { $0.number.map(String.init) ?? $0.text })
    guard let first = possible.first, numbers.count == 1 else { return different(possible, nil) }
    return .initial(first)
  }

  private func different(_ values: [Initial], _ why: String?) -> Answer {
    let texts = values.map { "\($0.text) (\($0.location))" } + [why].compactMap(\.self)
    return .undecided("it may start as \(texts.joined(separator: " or "))")
  }

  // MARK: - Start-up code

  /// Functions that run at start and may write to the variable, by file.
  private func writers(
    _ data: SysctlEntry.Data, _ target: BootAssignments.Target, of entry: SysctlEntry
  ) throws -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    if data.isStatic {
      let outline = boot.outline(entry.file)
      for function in outline.functions where outline.mentions(target.name, in: function) {
        found[entry.file, default: []].insert(function.name)
      }
    } else {
      let query = data.field.map { IndexQuery.writer(field: $0) } ?? .variable(data.variable)
      for hit in try program.tree.answer(query) where hit.file.hasSuffix(".c") {
        if let function = hit.value { found[hit.file, default: []].insert(function) }
      }
    }
    var running: [String: Set<String>] = [:]
    for (file, functions) in found {
      let own = try functions.filter { try boot.runsAtStart($0, in: file) }
      if !own.isEmpty { running[file] = own }
    }
    return running
  }

  private struct Assigned: Codable {
    var values: [Initial] = []
    var mayStay = true
  }

  /// What is asked of a file's parse.
  private struct AssignmentQuestion: Encodable {
    let target: BootAssignments.Target
    let followed: [String]
    let first: [String]
  }

  private struct DefinitionQuestion: Encodable {
    struct Place: Encodable {
      let offset: Int
      let type: IntegerType
    }

    let variable: String
    let places: [Place]
  }

  private func assigned(
    _ target: BootAssignments.Target, by writers: Set<String>, in file: String
  ) throws -> Assigned {
    let outline = boot.outline(file)
    var followed = writers
    var new = writers
    while !new.isEmpty {
      let callers = Set(new.flatMap { outline.calling($0).map(\.name) }).subtracting(followed)
      new = try callers.filter { try boot.runsAtStart($0, in: file) }
      followed.formUnion(new)
    }
    let first = followed.filter { name in
      outline.starts.contains(name) || !outline.calling(name).contains { $0.name != name && followed.contains($0.name) }
    }
    let question = AssignmentQuestion(
      target: target, followed: followed.sorted(), first: (first.isEmpty ? followed : first).sorted())
    return try program.fact(question, of: file, bodies: true) { parsed in
      var found = Assigned()
      for function in question.first {
        var assignments = BootAssignments(
          program: program, file: parsed, outline: outline, target: target, functions: followed)
        assignments.follow(function)
        if !assignments.possible.contains(nil) { found.mayStay = false }
        for value in assignments.possible.compactMap(\.self) {
          let initial = Initial(number: value.number, text: value.text, location: value.location)
          if !found.values.contains(initial) { found.values.append(initial) }
        }
      }
      return found
    }
  }

  // MARK: - The definition

  private func defined(
    _ data: SysctlEntry.Data, _ offset: Int, _ type: IntegerType, near entry: SysctlEntry
  ) throws -> Answer {
    if let part = data.initial.first(where: { $0.offset == offset }) { return answer(part, data) }
    let parts = try parts(
      data.object, data.variable, isStatic: data.isStatic, offsets: data.offsets.map { ($0, type) })
    let own = Set(parts.filter { $0.offset == offset })
    guard let part = own.min(by: { $0.location < $1.location }) else {
      return .undecided("where \(data.variable) is defined is not found")
    }
    guard Set(own.map(\.number)).count == 1 else {
      let places = own.map(\.location).sorted().map { "\($0)" }
      return .undecided("\(data.variable) is defined more than once: \(places.joined(separator: ", "))")
    }
    return answer(part, data)
  }

  private func answer(_ part: DefinedPart, _ data: SysctlEntry.Data) -> Answer {
    guard let text = part.text else {
      return .undecided("the initializer of \(data.variable) (\(part.location)) could not be read")
    }
    return .initial(Initial(number: part.number, text: text, location: part.location))
  }

  /// What the definitions of a variable put at some places; none where the tree has no definition of that name at file scope.
  private func parts(
    _ object: MemoryObject, _ variable: String, isStatic: Bool, offsets: [(Int, IntegerType)]
  ) throws -> [DefinedPart] {
    let known = definitions[object]?.filter { part in offsets.contains { $0.0 == part.offset } } ?? []
    if !known.isEmpty || isStatic { return known }
    var found: [DefinedPart] = []
    let files = Set(try program.tree.answer(.variable(variable)).filter { $0.value == nil }.map(\.file))
    for file in files.sorted() where file.hasSuffix(".c") {
      let question = DefinitionQuestion(
        variable: variable, places: offsets.map { DefinitionQuestion.Place(offset: $0.0, type: $0.1) })
      found += try program.fact(question, of: file, bodies: false) { parsed -> [DefinedPart] in
        guard let cursor = parsed.variables[variable], !cursor.isStatic,
          let definition = DefinedVariable(cursor, program: program)
        else { return [] }
        return offsets.map { definition.part(at: $0.0, $0.1) }
      }
    }
    definitions[object, default: []] += found
    return found
  }

  /// The number that an `extra1` or `extra2` points to; nil when it is not constant, or not found.
  ///
  /// - Throws: `UserError` as `find` does.
  func number(_ bound: SysctlEntry.Bound?) throws -> Int128? {
    guard let bound else { return nil }
    if let number = bound.number { return number }
    let parts: [DefinedPart]
    do {
      parts = try self.parts(
        bound.object, bound.variable, isStatic: bound.isStatic, offsets: [(bound.offset, bound.type)])
    } catch is UnreadableFile {
      // A range that is not known is a wider one, which promises nothing.
      return nil
    }
    let numbers = Set(parts.filter { $0.offset == bound.offset }.map(\.number))
    return numbers.count == 1 ? numbers.first ?? nil : nil
  }
}
