internal import WalkerClang
internal import WalkerKernel
internal import WalkerModel

/// The objects of one record type that are initialized by place, as the text has them, read by libclang.
struct PositionalTables {
  let program: Program
  let hits: [IndexHit]

  /// Records that hold one of that type.
  var holders: [String] {
    Set(hits.compactMap(\.value).filter { $0.contains("/") }).sorted().map { $0.replacing("/", with: " ") }
  }

  /// What the objects give a field of a record in them; nil where that can't be told of one.
  func functions(record: String, field: String) throws -> Set<TableFunction>? {
    var found: Set<TableFunction> = []
    let own = hits.filter { OpsTables.isCompiled($0.file) && $0.value?.contains("/") != true }
    guard own.count <= OpsTables.limit else { return nil }
    for (file, hits) in Dictionary(grouping: own, by: \.file).sorted(by: { $0.key < $1.key }) {
      let names = Set(hits.compactMap(\.value))
      guard file.hasSuffix(".c"), hits.allSatisfy({ $0.value != nil }) else { return nil }
      let parsed = try program.unitApart(file)
      for name in names.sorted() {
        let objects = objects(name, in: parsed, file)
        // A branch that is not compiled holds no object; what does not compile may.
        if objects.isEmpty, !parsed.unit.errors.isEmpty { return nil }
        for object in objects {
          guard let functions = functions(of: object, record, field) else { return nil }
          found.formUnion(functions.map { TableFunction(name: $0, file: file) })
        }
      }
    }
    return found
  }

  /// The variables of that name, at file scope and in functions.
  private func objects(_ name: String, in parsed: ParsedFile, _ file: String) -> [Cursor] {
    func below(_ cursor: Cursor) -> [Cursor] {
      let own = cursor.kind == .variableDeclaration && cursor.spelling == name && cursor.initializer != nil
      return own ? [cursor] : cursor.children.flatMap(below)
    }
    return parsed.unit.root.children.filter { program.location($0).file == file }.flatMap(below)
  }

  private func functions(of object: Cursor, _ record: String, _ field: String) -> Set<String>? {
    guard program.firstError(in: object) == nil else { return nil }
    let initializer = StaticInitializer(object, program: program)
    var found: Set<String> = []
    for offset in offsets(record, field, in: object.type, at: 0) {
      do {
        guard let value = try initializer.written(at: offset) else { continue }
        let functions = OpsTables.functionNames(in: value)
        if functions.isEmpty, value.evaluatedInteger() != 0, MemoryPathReader.stripped(value).evaluatedInteger() != 0 {
          return nil
        }
        found.formUnion(functions)
      } catch {
        return nil
      }
    }
    return found
  }

  /// Where in an object of that type the field stands, in bits: once for each record of that kind in it.
  private func offsets(_ record: String, _ field: String, in type: CType, at start: Int) -> [Int] {
    if type.isArray {
      guard let size = type.element.size, let whole = type.size, size > 0, type.element.isRecord || type.element.isArray
      else { return [] }
      return (0..<min(whole / size, 4096)).flatMap {
        offsets(record, field, in: type.element, at: start + $0 * size * 8)
      }
    }
    guard type.isRecord else { return [] }
    if type.recordName == record { return type.offset(ofField: field).map { [start + $0] } ?? [] }
    return type.fields.flatMap { inner in
      inner.fieldOffset.map { offsets(record, field, in: inner.type, at: start + $0) } ?? []
    }
  }
}
