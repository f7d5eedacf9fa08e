internal import WalkerClang
internal import WalkerModel

/// What a variable's initializer puts where, as C has it: braces that are left out, designators, the last one of several.
///
/// libclang shows the initializer as it is written, and its own evaluator crashes on some of them: so scalars alone are
/// evaluated, each by itself.
struct StaticInitializer {
  enum Content {
    case number(Int128, at: Cursor?)
    /// The expression is no constant that libclang can evaluate.
    case expression(Cursor)
    /// Something in the initializer could not be read, so that nothing is known of any part.
    case unreadable
  }

  private let program: Program
  private var leaves: [Int: (value: Cursor, type: CType)] = [:]
  private var isReadable = true

  /// - Parameter declaration: the variable's definition.
  init(_ declaration: Cursor, program: Program) {
    self.program = program
    if let initializer = declaration.initializer { put(initializer, declaration.type, at: 0) }
  }

  /// What stands at that many bits from the start; 0 where the initializer leaves it out.
  func content(at offset: Int, _ type: IntegerType) -> Content {
    guard isReadable else { return .unreadable }
    if let leaf = leaves[offset] {
      guard let number = Self.number(leaf.value, as: leaf.type.integer ?? type) else { return .expression(leaf.value) }
      return .number(number, at: leaf.value)
    }
    let isCovered = leaves.contains { start, leaf in
      start < offset && offset < start + (leaf.type.size ?? 0) * 8
    }
    return isCovered ? .unreadable : .number(0, at: nil)
  }

  /// What is written for a part, whatever its type; nil where nothing is.
  ///
  /// - Throws: `Unreadable` when something in the initializer could not be read.
  func written(at offset: Int) throws -> Cursor? {
    guard isReadable else { throw Unreadable() }
    return leaves[offset]?.value
  }

  struct Unreadable: Error {}

  /// An expression's value, converted to the type of what it is given to.
  static func number(_ cursor: Cursor, as type: IntegerType) -> Int128? {
    guard let number = cursor.evaluatedInteger() else { return nil }
    if type == .bool { return number == 0 ? 0 : 1 }
    return type.number(fromBits: type.bits(of: number))
  }

  private mutating func put(_ value: Cursor, _ type: CType, at offset: Int) {
    var list = value
    if let literal = Self.compoundLiteral(value) { list = literal }
    guard list.kind == .initializerList else {
      remove(offset, type)
      leaves[offset] = (value, type)
      return
    }
    guard type.isRecord || type.isArray else {
      // Braces around a scalar.
      if let inner = list.children.first { put(inner, type, at: offset) }
      return
    }
    remove(offset, type)
    var items = list.children[...]
    fill(type, at: offset, from: &items, isBraced: true)
  }

  private mutating func remove(_ offset: Int, _ type: CType) {
    let end = offset + (type.size ?? 0) * 8
    for start in leaves.keys where start >= offset && start < end { leaves[start] = nil }
  }

  /// The subobjects in order, each from the next item; a designator says where to go on.
  private mutating func fill(_ type: CType, at offset: Int, from items: inout ArraySlice<Cursor>, isBraced: Bool) {
    var position = 0
    while let item = items.first, isReadable {
      if let designated = designator(item) {
        guard isBraced else { return }
        items.removeFirst()
        guard let place = Self.place(designated.path, in: type), let first = designated.path.first,
          let next = Self.position(first, in: type)
        else {
          isReadable = false
          return
        }
        put(designated.value, place.type, at: offset + place.offset)
        position = next + 1
        continue
      }
      guard let part = Self.part(position, of: type) else { return }
      position += 1
      if (part.type.isRecord || part.type.isArray), !isWhole(item, part.type) {
        fill(part.type, at: offset + part.offset, from: &items, isBraced: false)
      } else {
        items.removeFirst()
        put(item, part.type, at: offset + part.offset)
      }
      // Of a union one member is initialized.
      if type.declaration?.kind == .unionDeclaration { if isBraced { continue } else { return } }
    }
  }

  /// The item initializes the whole record or array, rather than its first part.
  private func isWhole(_ item: Cursor, _ type: CType) -> Bool {
    if item.kind == .initializerList || Self.compoundLiteral(item) != nil { return true }
    if type.isArray { return MemoryPathReader.stripped(item).kind == .stringLiteral }
    guard item.type.isRecord else { return false }
    return item.type.recordName == type.recordName && item.type.size == type.size
  }

  private static func compoundLiteral(_ cursor: Cursor) -> Cursor? {
    let inner = MemoryPathReader.stripped(cursor)
    return inner.kind == .compoundLiteral ? inner.children.last { $0.kind == .initializerList } : nil
  }

  private enum Designator {
    case field(String)
    case element(Int)
    /// `[first ... last]`, of which each element would have to be given the value.
    case range
  }

  private func designator(_ item: Cursor) -> (path: [Designator], value: Cursor)? {
    guard item.kind == .unexposedExpression else { return nil }
    let children = item.children
    guard children.count > 1, let value = children.last else { return nil }
    let isRange = startsBracketed(item)
    var path: [Designator] = []
    for child in children.dropLast() {
      if child.kind == .memberReference {
        path.append(.field(child.spelling))
      } else if let number = child.evaluatedInteger(), isRange || !path.isEmpty, abs(number) < 1 << 32 {
        path.append(.element(Int(number)))
      } else {
        return nil
      }
    }
    if let dots = text(item, to: value), dots.contains("...") { path = [.range] }
    return path.isEmpty ? nil : (path, value)
  }

  private func startsBracketed(_ item: Cursor) -> Bool {
    guard let start = item.start, let path = program.relative(start.path) else { return false }
    let bytes = program.bytes(path)
    return start.offset < bytes.count && bytes[start.offset] == UInt8(ascii: "[")
  }

  private func text(_ item: Cursor, to value: Cursor) -> String? {
    guard let start = item.start, let end = value.start, start.path == end.path, start.offset < end.offset,
      let path = program.relative(start.path)
    else { return nil }
    let bytes = program.bytes(path)
    return end.offset <= bytes.count ? String(decoding: bytes[start.offset..<end.offset], as: UTF8.self) : nil
  }

  private static func place(_ path: [Designator], in type: CType) -> (offset: Int, type: CType)? {
    var (offset, type) = (0, type)
    for step in path {
      switch step {
      case .field(let name):
        guard let more = type.offset(ofField: name), let field = field(name, of: type) else { return nil }
        (offset, type) = (offset + more, field.type)
      case .element(let number):
        guard type.isArray, let size = type.element.size else { return nil }
        (offset, type) = (offset + number * size * 8, type.element)
      case .range: return nil
      }
    }
    return (offset, type)
  }

  /// Also one of an anonymous member's.
  private static func field(_ name: String, of type: CType) -> Cursor? {
    for field in type.fields {
      if field.fieldName == name { return field }
      if field.fieldName.isEmpty, let inner = self.field(name, of: field.type) { return inner }
    }
    return nil
  }

  private static func position(_ step: Designator, in type: CType) -> Int? {
    switch step {
    case .field(let name):
      type.fields.firstIndex { field in
        field.fieldName == name || (field.fieldName.isEmpty && self.field(name, of: field.type) != nil)
      }
    case .element(let number): number
    case .range: nil
    }
  }

  private static func part(_ position: Int, of type: CType) -> (offset: Int, type: CType)? {
    if type.isArray {
      guard let size = type.element.size, let whole = type.size, size > 0, position < whole / size else { return nil }
      return (position * size * 8, type.element)
    }
    let fields = type.fields.filter { !($0.isBitField && $0.spelling.isEmpty) }
    guard fields.indices.contains(position), let offset = fields[position].fieldOffset else { return nil }
    return (offset, fields[position].type)
  }
}
