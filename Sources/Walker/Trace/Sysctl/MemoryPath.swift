internal import WalkerClang
internal import WalkerModel

/// The memory that an expression of the source names without being executed: where it starts, and how many bits from there.
struct MemoryPath {
  enum Root: Hashable {
    /// By the name that the walk gives its object (`MemoryObject.global`).
    case variable(MemoryObject)
    /// What some pointer leads to, by its record.
    case pointee(String)
  }

  let root: Root
  /// Of a variable.
  var declaration: Cursor?
  /// Bits from the start of the root.
  var offset: Int
  /// Of what stands there.
  var type: CType

  func moved(by bits: Int, _ type: CType) -> MemoryPath {
    MemoryPath(root: root, declaration: declaration, offset: offset + bits, type: type)
  }
}

/// Reads constant addresses and lvalues: `&object.path[element]`, `array + 1`, `(void *)&x`, `net->core.limit`.
struct MemoryPathReader {
  let program: Program

  /// What a pointer expression points to; nil where no variable and no record is its start.
  func address(_ cursor: Cursor) -> MemoryPath? {
    let cursor = Self.stripped(cursor)
    if cursor.type.isArray { return lvalue(cursor) }
    let children = cursor.children
    switch cursor.kind {
    case .unaryOperator where cursor.unaryOperator == .addressOf: return children.first.flatMap(lvalue)
    case .binaryOperator where [.add, .subtract].contains(cursor.binaryOperator) && children.count == 2:
      guard let base = address(children[0]), let count = children[1].evaluatedInteger(), abs(count) < 1 << 32,
        let size = cursor.type.pointee.size
      else { return nil }
      let bits = Int(count) * size * 8
      return base.moved(by: cursor.binaryOperator == .add ? bits : -bits, cursor.type.pointee)
    default:
      guard cursor.type.isPointer, let record = cursor.type.pointee.recordName else { return nil }
      return MemoryPath(root: .pointee(record), offset: 0, type: cursor.type.pointee)
    }
  }

  /// nil as in `address`, and for an element whose number is not constant.
  func lvalue(_ cursor: Cursor) -> MemoryPath? {
    let cursor = Self.stripped(cursor)
    let children = cursor.children
    switch cursor.kind {
    case .declarationReference:
      guard let declaration = cursor.referenced, declaration.kind == .variableDeclaration,
        declaration.isAtFileScope || declaration.isExtern || declaration.isStatic
      else { return nil }
      return MemoryPath(
        root: .variable(object(declaration)), declaration: declaration, offset: 0, type: declaration.type)
    case .memberAccess:
      guard let base = children.first, let field = cursor.referenced,
        let start = base.type.isPointer ? address(base) : lvalue(base)
      else { return nil }
      let record = base.type.isPointer ? base.type.pointee : base.type
      let name = field.fieldName
      let offset = name.isEmpty ? field.fieldOffset : (record.offset(ofField: name) ?? field.fieldOffset)
      guard !field.isBitField, let offset else { return nil }
      return start.moved(by: offset, field.type)
    case .subscript_:
      guard children.count == 2, let number = children[1].evaluatedInteger(), abs(number) < 1 << 32,
        let size = cursor.type.size, let base = address(children[0])
      else { return nil }
      return base.moved(by: Int(number) * size * 8, cursor.type)
    case .unaryOperator where cursor.unaryOperator == .dereference:
      return children.first.flatMap(address).map { $0.moved(by: 0, cursor.type) }
    default: return nil
    }
  }

  /// As the walk names the variable's object.
  func object(_ declaration: Cursor) -> MemoryObject {
    guard declaration.isStatic else { return .global(declaration.spelling) }
    return declaration.isAtFileScope
      ? .global(program.location(declaration).file + ":" + declaration.spelling) : .global(declaration.usr)
  }

  /// Without casts, parentheses and implicit conversions.
  static func stripped(_ cursor: Cursor) -> Cursor {
    var inner = cursor
    while [.parenthesized, .unexposedExpression, .cast].contains(inner.kind),
      let next = inner.children.last, next.kind.isExpression
    {
      inner = next
    }
    return inner
  }
}
