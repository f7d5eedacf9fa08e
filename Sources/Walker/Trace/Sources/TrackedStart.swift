internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Where a walk begins: the followed number at its source, and the arguments that the entry is called with.
struct TrackedStart {
  let input: Input
  let source: TrackedSource
  /// The parameter's position.
  let position: Int
  /// Where the number stands in what the parameter points to; nil: the parameter is the number.
  let extent: Extent?

  /// The first of the walkthrough's sources that the entry has a parameter for; nil: none.
  static func source(_ walkthrough: Walkthrough, in entry: Cursor) -> (TrackedSource, Int)? {
    let arguments = entry.arguments
    for source in walkthrough.sources {
      if let position = arguments.firstIndex(where: { $0.spelling == source.parameter }) { return (source, position) }
    }
    guard let known = walkthrough.trackedPosition, known.count == arguments.count,
      arguments.indices.contains(known.position), let source = walkthrough.sources.first
    else { return nil }
    // By its place only what has the type that it needs.
    if source.kind == .parameter, arguments[known.position].type.integer == nil { return nil }
    return (source, known.position)
  }

  /// Throws `UserError` when there is no number at the source.
  init(_ walkthrough: Walkthrough, in entry: Cursor, _ file: ParsedFile?) throws {
    guard let (source, position) = Self.source(walkthrough, in: entry) else {
      throw UserError(
        "\(entry.spelling) has no parameter \(walkthrough.track): check `track` of \(walkthrough.name).",
        exitStatus: ExitStatus.unchecked)
    }
    let parameter = entry.arguments[position]
    self.source = source
    self.position = position
    let integer: IntegerType
    if source.kind == .parameter {
      guard let type = parameter.type.integer else {
        throw UserError(
          "The parameter \(source.parameter) of \(entry.spelling) is no integer: walker follows numbers. \(Self.hint(source, parameter))",
          exitStatus: ExitStatus.unchecked)
      }
      (integer, extent) = (type, nil)
    } else {
      let found = try Self.target(source, parameter, entry, file)
      (integer, extent) = (found.0, found.1)
    }
    input = Input(id: "tracked", name: walkthrough.track, role: .tracked, type: integer)
  }

  /// The type and the place of a number behind one of the entry's parameters. Throws `UserError` when there is none.
  static func number(
    _ source: TrackedSource, in entry: Cursor, _ file: ParsedFile?
  ) throws -> (IntegerType, Extent) {
    guard let parameter = entry.arguments.first(where: { $0.spelling == source.parameter }) else {
      throw UserError("\(entry.spelling) has no parameter \(source.parameter).", exitStatus: ExitStatus.unchecked)
    }
    return try target(source, parameter, entry, file)
  }

  /// How to follow what the parameter points to.
  private static func hint(_ source: TrackedSource, _ parameter: Cursor) -> String {
    let pointee = parameter.type.pointee
    guard parameter.type.isPointer else { return "Name another parameter in `track`." }
    let isUser = parameter.type.spelling.contains("__user")
    let key = isUser ? "user" : "pointer"
    if let record = pointee.recordName, let field = pointee.fields.first(where: { $0.type.integer != nil }) {
      return
        "It points to a \(record): write `track: {\(key): \(source.parameter), field: \(field.spelling)}` for one of its fields (with `user:` where it points into the caller's memory)."
    }
    return
      "It is a pointer: write `track: {user: \(source.parameter), as: int}` for the number that it leads to in the caller's memory."
  }

  /// The number's type and place in what the parameter points to.
  private static func target(
    _ source: TrackedSource, _ parameter: Cursor, _ entry: Cursor, _ file: ParsedFile?
  ) throws -> (IntegerType, Extent) {
    func fail(_ why: String) -> UserError {
      UserError("\(source.parameter) of \(entry.spelling): \(why)", exitStatus: ExitStatus.unchecked)
    }
    let declared = parameter.type.isPointer ? parameter.type.pointee : nil
    guard let field = source.field else {
      if let name = source.type {
        guard let type = IntegerType.named(name) else {
          throw fail("\"\(name)\" is no integer type: write `as: int`, or name a field of the record by `field:`.")
        }
        return (type, Extent(offset: 0, width: max(type.width, 8)))
      }
      guard let type = declared?.integer else {
        throw fail("what it points to has no type of a number: say which by `as: int`.")
      }
      return (type, Extent(offset: 0, width: max(type.width, 8)))
    }
    let record: CType
    if let name = source.type {
      guard let found = file?.records[name]?.type else {
        throw fail("there is no \(name) where it is declared: check `as:`.")
      }
      record = found
    } else if let found = declared, found.isRecord {
      record = found
    } else {
      throw fail("what it points to is no record: say which by `as: struct …`.")
    }
    var (here, offset) = (record, 0)
    var integer: IntegerType?
    var width = 0
    for name in field.split(separator: ".").map(String.init) {
      guard let declaration = here.member(name), let at = here.offset(ofField: name) else {
        let names = here.allMembers
        let hint = Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
        throw fail(
          "\(here.recordName ?? "the record") has no field \(name); \(hint ?? "it has \(names.prefix(12).joined(separator: ", "))")"
        )
      }
      offset += at
      here = declaration.type
      integer = declaration.type.integer
      width = max(integer?.width ?? 0, 8)
      if declaration.isBitField, let known = integer {
        integer = IntegerType(width: declaration.bitFieldWidth, isSigned: known.isSigned)
        width = declaration.bitFieldWidth
      }
    }
    guard let integer else { throw fail("\(field) is no number: name a field of an integer type.") }
    return (integer, Extent(offset: offset, width: width))
  }
}

extension CType {
  /// The declaration of a field, also of one inside of an anonymous member.
  func member(_ name: String) -> Cursor? {
    for field in fields {
      if field.fieldName == name { return field }
      if field.fieldName.isEmpty, let inner = field.type.member(name) { return inner }
    }
    // An anonymous record is no field of libclang's own.
    for inner in declaration?.children ?? []
    where [.structDeclaration, .unionDeclaration].contains(inner.kind) && inner.isAnonymousRecord {
      if let found = inner.type.member(name) { return found }
    }
    return nil
  }

  var allMembers: [String] {
    let own = fields.flatMap { $0.fieldName.isEmpty ? $0.type.allMembers : [$0.fieldName] }
    let inner = (declaration?.children ?? []).filter {
      [.structDeclaration, .unionDeclaration].contains($0.kind) && $0.isAnonymousRecord
    }
    var seen: Set<String> = []
    return (own + inner.flatMap(\.type.allMembers)).filter { seen.insert($0).inserted }
  }
}

extension Tracer {
  /// Sets memory up and gives what the entry is called with.
  func arguments(of entry: Cursor, _ start: TrackedStart) -> [Argument] {
    entry.arguments.enumerated().map { place, parameter in
      Argument(cursor: parameter, value: value(of: parameter, at: place, start))
    }
  }

  private func value(of parameter: Cursor, at place: Int, _ start: TrackedStart) -> Value {
    let tracked = Expression.input(start.input)
    let unknown = machine.unknown(
      parameter.type, name: parameter.spelling, id: "p:" + parameter.spelling, isArgument: true)
    guard place == start.position else {
      if parameter.type.spelling.contains("__user"), let object = unknown.place?.object {
        machine.userMemory.insert(object)
      }
      return unknown
    }
    guard let extent = start.extent else { return .scalar(tracked) }
    let object = MemoryObject.pointee("p:" + parameter.spelling)
    if start.source.kind == .user { machine.userMemory.insert(object) }
    machine.sources.insert(object)
    machine.state?.cells[object, default: [:]][extent] = Cell(value: .scalar(tracked))
    var pointer = Place(object: object, text: parameter.spelling)
    pointer.isNeverNull = true
    if parameter.type.isRecord { return wrapped(pointer, parameter) }
    return .pointer(pointer)
  }

  /// A pointer in a record that is handed over by value, as `sockptr_t`: at its beginning.
  private func wrapped(_ pointer: Place, _ parameter: Cursor) -> Value {
    let object = MemoryObject.pointee("p:" + parameter.spelling + " itself")
    machine.state?.cells[object, default: [:]][Extent(offset: 0, width: 64)] = Cell(value: .pointer(pointer))
    // Which of its members counts: the caller's, where the walkthrough says that it is the caller's memory.
    if let offset = parameter.type.offset(ofField: "is_kernel") {
      let isKernel = !machine.userMemory.contains(pointer.object)
      machine.state?.cells[object, default: [:]][Extent(offset: offset, width: 8)] = Cell(
        value: .scalar(.constant(isKernel ? 1 : 0, .bool)))
      machine.assumed.take("\(parameter.spelling).is_kernel == \(isKernel ? 1 : 0)")
    }
    return .aggregate(Place(object: object, text: parameter.spelling))
  }
}
